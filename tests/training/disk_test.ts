import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { BadInput } from "@/training/bad_input.ts";
import { disk } from "@/training/disk.ts";
import { writeAtomically } from "@/training/files.ts";
import { createFolder } from "@/training/new_folder.ts";
import { inScratchFolder, mayScratch } from "./scratch_folder.ts";

Deno.test({
  name: "files and folders of the real disk do what those in memory do",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      createFolder(disk, `${path}/runs/a`, { "config.json": "{}", "metrics.jsonl": "1\n" });
      disk.appendText(`${path}/runs/a/metrics.jsonl`, "2\n");
      writeAtomically(disk, `${path}/runs/a/config.json`, "[]");
      assertEquals(disk.list(`${path}/runs`), ["a"]);
      assertEquals(disk.list(`${path}/runs/a`), ["config.json", "metrics.jsonl"]);
      assertEquals(disk.readText(`${path}/runs/a/metrics.jsonl`), "1\n2\n");
      assertEquals(disk.readText(`${path}/runs/a/config.json`), "[]");
      assertEquals(disk.kindOf(`${path}/runs`), "folder");
      assertEquals(disk.kindOf(`${path}/runs/a/config.json`), "file");
      assertEquals(disk.kindOf(`${path}/walks`), "nothing");
      disk.remove(`${path}/runs`);
      assertEquals(disk.list(path), []);
    }),
});

Deno.test({
  name: "an empty folder that is there already becomes the run folder",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      disk.makeFolder(`${path}/a`);
      createFolder(disk, `${path}/a/`, { "config.json": "{}" });
      assertEquals(disk.list(path), ["a"]);
      assertEquals(disk.list(`${path}/a`), ["config.json"]);
    }),
});

Deno.test({
  name: "a shorter text leaves nothing of the longer one it takes the place of",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      disk.writeText(`${path}/a`, "a long text");
      disk.writeText(`${path}/a`, "short");
      assertEquals(disk.readText(`${path}/a`), "short");
    }),
});

Deno.test({
  name: "what the system refuses is one sentence with its cause, without numbers or stacks",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      disk.writeText(`${path}/file`, "");
      const refused = [
        () => disk.readText(`${path}/none`),
        () => disk.readText(path),
        () => disk.writeText(`${path}/none/a`, ""),
        () => disk.makeFolder(`${path}/file/a`),
        () => disk.kindOf(`${path}/file/a`),
        () => disk.list(`${path}/file`),
        () => createFolder(disk, `${path}/file/a`, {}),
      ];
      for (const attempt of refused) {
        const { message } = assertThrows(attempt, BadInput);
        assertMatch(message, /^Cannot (read|write|start a run in) \S+: wanted .+, got "[\w ]+"$/);
      }
    }),
});

Deno.test({
  name: "what Deno does not permit is one sentence that says so",
  permissions: { read: false, write: false },
  fn() {
    for (const attempt of [() => disk.readText("a"), () => disk.makeFolder("a")]) {
      const { message } = assertThrows(attempt, BadInput);
      assertMatch(message, /^Cannot \w+ a: wanted .+, got no permission from Deno \(--allow-/);
    }
  },
});
