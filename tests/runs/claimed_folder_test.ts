import { assert, assertEquals, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import {
  type ClaimedFolder,
  claimNewFolder,
  claimRunFolder,
  claimUnusedFolder,
  fillFolder,
} from "@/runs/claimed_folder.ts";
import { MemoryDisk, PowerCut } from "../io/memory_disk.ts";

const CONTENTS = { "metrics.jsonl": "", "checkpoint.safetensors": "whole" };
const WHOLE = ["checkpoint.safetensors", "config.json", "lock", "metrics.jsonl"];

/** Claims a folder and fills it. */
function create(files: MemoryDisk, path: string): ClaimedFolder {
  const folder = claimNewFolder(files, path);
  fillFolder(files, folder, "{}", CONTENTS);
  return folder;
}

Deno.test("a folder is created with all its files, and with the folders around it", () => {
  const files = new MemoryDisk();
  create(files, "runs/a");
  assertEquals(files.list("runs"), ["a"]);
  assertEquals(files.list("runs/a"), WHOLE);
});

Deno.test("after a power cut at any moment there is a whole run, or none, and it can be started again", () => {
  const whole = new MemoryDisk();
  create(whole, "runs/a");
  for (let cutAt = 1; cutAt <= whole.operations; cutAt++) {
    const files = new MemoryDisk();
    files.cutAt = cutAt;
    assertThrows(() => create(files, "runs/a"), PowerCut);
    assertEquals(files.kindOf("runs/a/config.json"), "nothing", `cut at ${cutAt}`);
    files.cutAt = Infinity;
    create(files, "runs/a").release();
    assertEquals(files.list("runs/a"), WHOLE);
    assertEquals(files.readText("runs/a/checkpoint.safetensors"), "whole");
  }
});

Deno.test("a folder that cannot be written leaves nothing behind, and the error names it", () => {
  const files = new MemoryDisk();
  files.readOnly.push("runs/a");
  const before = files.snapshot();
  const error = assertThrows(() => create(files, "runs/a"), UserError);
  assertEquals(
    error.message,
    'Cannot start a run in runs/a: wanted a folder that can be written, got "Permission denied"',
  );
  assertEquals(files.snapshot(), before);
});

Deno.test("a disk that is full costs no more than the attempt: what was begun is removed", () => {
  const files = new MemoryDisk();
  files.makeFolder("runs");
  files.makeFolder("mounted");
  files.room = 20;
  for (const path of ["runs/a", "mounted"]) {
    const folder = claimNewFolder(files, path), long = { "metrics.jsonl": " ".repeat(30) };
    assertThrows(() => fillFolder(files, folder, "{}", long), UserError, "No space left");
  }
  assertEquals(files.snapshot(), [["mounted", null], ["runs", null]]);
  assertEquals(files.locked.size, 0);
});

Deno.test("a folder of logs may be used, such as a mount point; a file, a run and other things may not", () => {
  const files = new MemoryDisk();
  files.makeFolder("mounted");
  const others = ["slurm-12.out", "job.err", "job.o4711", "lost+found", "stdout", "train.log"];
  for (const name of others) {
    files.entries.set(`mounted/${name}`, "of another program");
  }
  create(files, "mounted").release();
  assertEquals(files.list("mounted"), [
    ...["checkpoint.safetensors", "config.json", "job.err", "job.o4711", "lock", "lost+found"],
    ...["metrics.jsonl", "slurm-12.out", "stdout", "train.log"],
  ]);
  assertEquals(files.readText("mounted/job.err"), "of another program");

  files.makeFolder("photos");
  files.entries.set("photos/1.png", "");
  files.entries.set("file", "");
  files.makeFolder("headless");
  files.entries.set("headless/metrics.jsonl", '{"iteration":0}\n');
  const before = files.snapshot();
  for (
    const [path, got] of [
      ["mounted", "one that already holds a run (--resume mounted would continue it)"],
      ["photos", "one with other files in it"],
      ["headless", "one with measurements but without config.json"],
      ["file", "a file"],
    ]
  ) {
    const { message } = assertThrows(() => create(files, path), UserError);
    assertEquals(
      message,
      `Cannot start a run in ${path}: wanted a new or empty folder, got ${got}`,
    );
  }
  assertEquals(files.snapshot(), before);
  assertEquals(files.locked.size, 0);
});

Deno.test("of the names base, base-2, base-3 … the first that does not exist is taken", () => {
  const files = new MemoryDisk();
  const taken = () => claimUnusedFolder(files, "runs/a").path;
  assertEquals([taken(), taken(), taken()], ["runs/a", "runs/a-2", "runs/a-3"]);
  files.entries.set("runs/b", "a file");
  files.makeFolder("runs/b-2");
  assertEquals(claimUnusedFolder(files, "runs/b").path, "runs/b-3");
});

Deno.test("a name that another process takes at the last instant is left to it", () => {
  const files = new MemoryDisk(), kindOf = files.kindOf.bind(files);
  files.kindOf = (path) => {
    const kind = kindOf(path);
    if (path === "runs/a" && kind === "nothing") files.entries.set(path, null); // by the other process
    return kind;
  };
  assertEquals(claimUnusedFolder(files, "runs/a").path, "runs/a-2");
  assertEquals(files.list("runs/a"), []);
});

Deno.test("a folder has one owner at a time, who is named", () => {
  const files = new MemoryDisk(), owner = create(files, "a");
  const refusals = [
    assertThrows(() => claimRunFolder(files, "a"), UserError).message,
    assertThrows(() => claimNewFolder(files, "a"), UserError).message,
  ];
  const used = `a folder that no other process is writing, got one in use by process ${Deno.pid}`;
  assertEquals(refusals[0], `Cannot resume a: wanted ${used}`);
  assert(refusals[1].includes("already holds a run"));
  owner.release();
  claimRunFolder(files, "a").release();

  files.remove("a/config.json");
  files.locked.add("a/lock"); // another process has only just begun
  const { message } = assertThrows(() => claimNewFolder(files, "a"), UserError);
  assertEquals(message, `Cannot start a run in a: wanted ${used}`);
});

Deno.test("a run that starts between the look into a folder and the claim is not written over", () => {
  const files = new MemoryDisk();
  files.makeFolder("a");
  const lock = files.lock.bind(files);
  files.lock = (path, holder) => {
    files.entries.set("a/config.json", "{}"); // by another process, which has ended again
    return lock(path, holder);
  };
  assertThrows(() => claimNewFolder(files, "a"), UserError, "already holds a run");
  assertEquals(files.locked.size, 0);
});

Deno.test("the claim of a run removes what a killed process was writing, and nothing else", () => {
  const files = new MemoryDisk();
  create(files, "a").release();
  files.entries.set("a/checkpoint.safetensors.0123abcd.tmp", "half");
  files.entries.set("a/notes.tmp", "the user's");
  claimRunFolder(files, "a");
  assertEquals(files.list("a"), [...WHOLE, "notes.tmp"]);
});
