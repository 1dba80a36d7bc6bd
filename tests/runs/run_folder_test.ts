import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { createFolder } from "@/runs/run_folder.ts";
import { MemoryDisk, PowerCut } from "../io/memory_disk.ts";

const CONTENTS = { "config.json": "{}", "metrics.jsonl": "" };

Deno.test("a folder is created with all its files, and with the folders around it", () => {
  const files = new MemoryDisk();
  createFolder(files, "runs/a/", CONTENTS);
  assertEquals(files.list("runs"), ["a"]);
  assertEquals(files.list("runs/a"), ["config.json", "metrics.jsonl"]);
});

Deno.test("a power cut at any moment leaves no folder or a whole one", () => {
  const whole = new MemoryDisk();
  createFolder(whole, "runs/a", CONTENTS);
  for (let cutAt = 1; cutAt <= whole.operations; cutAt++) {
    const files = new MemoryDisk();
    files.cutAt = cutAt;
    assertThrows(() => createFolder(files, "runs/a", CONTENTS), PowerCut);
    assertEquals(files.kindOf("runs/a"), "nothing");
  }
});

Deno.test("a folder that cannot be written leaves nothing behind, and the error names it", () => {
  const files = new MemoryDisk();
  files.readOnly.push("runs/a");
  const before = files.snapshot();
  const error = assertThrows(() => createFolder(files, "runs/a", CONTENTS), UserError);
  assertEquals(
    error.message,
    'Cannot start a run in runs/a: wanted a folder that can be written, got "Permission denied"',
  );
  assertEquals(files.snapshot(), before);
});

Deno.test("a disk that is full costs no more than the attempt: what was begun is removed", () => {
  const files = new MemoryDisk();
  files.makeFolder("runs");
  files.room = 0;
  assertThrows(() => createFolder(files, "runs/a", CONTENTS), UserError, "No space left");
  assertEquals(files.snapshot(), [["runs", null]]);
});

Deno.test("an empty folder may be used; a file, a run and a folder of other things may not", () => {
  const files = new MemoryDisk();
  files.makeFolder("empty");
  createFolder(files, "empty", CONTENTS);
  assertEquals(files.list("empty"), ["config.json", "metrics.jsonl"]);

  files.makeFolder("photos");
  files.entries.set("photos/1.png", "");
  files.entries.set("file", "");
  const before = files.snapshot();
  for (
    const [path, got] of [
      ["empty", "one that already holds a run"],
      ["photos", "one with other files in it"],
      ["file", "a file"],
    ]
  ) {
    assertThrows(() => createFolder(files, path, CONTENTS), UserError, `empty folder, got ${got}`);
  }
  assertEquals(files.snapshot(), before);
});
