import { assertEquals, assertThrows } from "@std/assert";
import { isUnfinished, writeAtomically } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import { MemoryDisk, PowerCut } from "./memory_disk.ts";

Deno.test("a power cut at any moment leaves the whole old text or the whole new one", () => {
  const found: (string | null | undefined)[] = [];
  for (let cutAt = 1; cutAt <= 2; cutAt++) {
    const files = new MemoryDisk();
    files.entries.set("a.json", "old text");
    files.cutAt = cutAt;
    assertThrows(() => writeAtomically(files, "a.json", "new text"), PowerCut);
    found.push(files.entries.get("a.json"));
  }
  assertEquals(found, ["old text", "old text"]);
});

Deno.test("writing takes two operations, so that the test above cuts at each of them", () => {
  const files = new MemoryDisk();
  writeAtomically(files, "a.json", "new text");
  assertEquals(files.operations, 2);
  assertEquals(files.snapshot(), [["a.json", "new text"]]);
});

Deno.test("a refusal names the file, not the temporary one", () => {
  const files = new MemoryDisk();
  files.writeText = (path) => {
    throw new UserError(`write ${path}`, "permission", `none: try --allow-write=${path}`);
  };
  assertThrows(
    () => writeAtomically(files, "a.json", "{}"),
    UserError,
    "Cannot write a.json: wanted permission, got none: try --allow-write=a.json",
  );
});

Deno.test("two replacements of one file have temporary names of their own", () => {
  const files = new MemoryDisk(), names = new Set<string>(), { rename } = files;
  files.rename = (from, to) => {
    names.add(from);
    rename.call(files, from, to);
  };
  for (let i = 0; i < 9; i++) writeAtomically(files, "a.json", `text ${i}`);
  assertEquals([names.size, [...names].every((name) => isUnfinished(name))], [9, true]);
});
