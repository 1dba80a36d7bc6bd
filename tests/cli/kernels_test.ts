import { assertEquals, assertStringIncludes } from "@std/assert";
import { kernelsCommand } from "@/cli/kernels.ts";
import { UserError } from "@/io/user_error.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

/** A compiler whose output is the name of the build and the source as JSON. */
function setUp() {
  const files = new MemoryDisk(), printed: string[] = [], noted: string[] = [];
  files.makeFolder("engine/assembly");
  files.writeText("engine/assembly/index.ts", "one");
  const terminal = {
    print: (line: string) => void printed.push(line),
    note: (line: string) => void noted.push(line),
    overwrite: () => {},
    columns: () => null,
  };
  const build = (source: Readonly<Record<string, string>>, build: string) =>
    Promise.resolve(new TextEncoder().encode(build + JSON.stringify(source)));
  const generated = { "plan_fields.ts": "two" };
  const host = { files, terminal, folder: "engine", generated, build };
  return { files, printed, noted, host };
}

Deno.test("the plan's fields and both builds are written, and then match their source", async () => {
  const { files, host } = setUp();
  assertEquals(await kernelsCommand([], host), 0);
  const text = (name: string) => new TextDecoder().decode(files.readBytes(`engine/${name}`, 100));
  const source = '{"index.ts":"one","plan_fields.ts":"two"}';
  assertEquals(text("assembly/plan_fields.ts"), "two");
  assertEquals(text("kernels.wasm"), "relaxed" + source);
  assertEquals(text("kernels_strict.wasm"), "strict" + source);
  const { operations } = files;
  assertEquals(await kernelsCommand(["--check"], host), 0);
  assertEquals(files.operations, operations);
  assertEquals(files.list("engine"), ["assembly", "kernels.wasm", "kernels_strict.wasm"]);
});

Deno.test("a changed source, or a missing file, fails the check and changes nothing", async () => {
  const { files, noted, host } = setUp();
  assertEquals(await kernelsCommand(["--check"], host), 1);
  assertEquals(files.list("engine"), ["assembly"]);
  await kernelsCommand([], host);
  files.writeText("engine/assembly/index.ts", "two");
  assertEquals(await kernelsCommand(["--check"], host), 1);
  assertStringIncludes(noted.at(-1) ?? "", "kernels_strict.wasm differs from its compiled source");
  await kernelsCommand([], host);
  files.writeText("engine/assembly/plan_fields.ts", "three");
  assertEquals(await kernelsCommand(["--check"], host), 1);
  assertStringIncludes(noted.at(-1) ?? "", "plan_fields.ts differs from its compiled source");
});

Deno.test("source that does not compile, and unknown options, are one sentence and exit code 2", async () => {
  const { files, noted, host } = setUp();
  const build = () => Promise.reject(new UserError("build the kernels", "source", "none"));
  assertEquals(await kernelsCommand([], { ...host, build }), 2);
  assertEquals(await kernelsCommand(["--chek"], host), 2);
  assertEquals(noted.length, 2);
  assertEquals(files.list("engine"), ["assembly"]);
});
