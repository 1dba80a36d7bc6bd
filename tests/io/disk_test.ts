import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { disk, renamePatiently } from "@/io/disk.ts";
import { writeAtomically, writeBytesAtomically } from "@/io/files.ts";
import { claimNewFolder, fillFolder } from "@/runs/claimed_folder.ts";
import { testWithDeno } from "../jupyter/needs_kernel.ts";
import { inScratchFolder, makeLink, mayScratch } from "./scratch_folder.ts";

Deno.test({
  name: "files and folders of the real disk do what those in memory do",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      assertEquals([disk.makeFolder(`${path}/runs/a`), disk.makeFolder(`${path}/runs/a/`)], [
        true,
        false,
      ]);
      disk.writeText(`${path}/runs/a/config.json`, "{}");
      disk.writeText(`${path}/runs/a/metrics.jsonl`, "1\n");
      disk.appendText(`${path}/runs/a/metrics.jsonl`, "2\n");
      writeAtomically(disk, `${path}/runs/a/config.json`, "[]");
      assertEquals(disk.list(`${path}/runs`), ["a"]);
      assertEquals(disk.list(`${path}/runs/a`), ["config.json", "metrics.jsonl"]);
      assertEquals(disk.readText(`${path}/runs/a/metrics.jsonl`), "1\n2\n");
      assertEquals(disk.readText(`${path}/runs/a/config.json`), "[]");
      assertEquals(disk.kindOf(`${path}/runs`), "folder");
      assertEquals(disk.kindOf(`${path}/runs/a/config.json`), "file");
      assertEquals(disk.kindOf(`${path}/walks`), "nothing");
      disk.writeBytes(`${path}/runs/a/bytes`, new Uint8Array([0, 200, 255]));
      assertEquals([...disk.readBytes(`${path}/runs/a/bytes`, 3)], [0, 200, 255]);
      disk.remove(`${path}/runs`);
      assertEquals(disk.list(path), []);
    }),
});

Deno.test({
  name: "a folder that is there already becomes the run folder itself, as a mount point must",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      disk.makeFolder(`${path}/a`);
      const { ino } = Deno.statSync(`${path}/a`);
      const folder = claimNewFolder(disk, `${path}/a/`);
      fillFolder(disk, folder, "{}");
      folder.release();
      assertEquals(disk.list(path), ["a"]);
      assertEquals(disk.list(`${path}/a`), ["config.json", "lock"]);
      assertEquals(Deno.statSync(`${path}/a`).ino, ino);
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
      disk.writeBytes(`${path}/a`, new Uint8Array([33]));
      assertEquals(disk.readText(`${path}/a`), "!");
    }),
});

Deno.test({
  name: "a private file can be read by its owner alone; a file that exists is refused",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      disk.writePrivateText(`${path}/key`, "secret");
      assertEquals(disk.readText(`${path}/key`), "secret");
      const { mode } = Deno.statSync(`${path}/key`);
      if (Deno.build.os !== "windows") assertEquals(mode! & 0o777, 0o600);
      disk.writeText(`${path}/open`, ""); // everybody could read it, whatever mode is asked for
      assertThrows(() => disk.writePrivateText(`${path}/open`, "secret"), UserError, "File exists");
      assertEquals(disk.readText(`${path}/open`), "");
    }),
});

Deno.test({
  name: "a file in place of a folder is named as what it is",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      disk.writeText(`${path}/a`, "");
      const { message } = assertThrows(() => disk.makeFolder(`${path}/a`), UserError);
      assertEquals(message, `Cannot write ${path}/a: wanted a folder, got a file`);
    }),
});

testWithDeno(
  "a link to a folder that does not exist is named as what it is",
  () =>
    inScratchFolder(async (path) => {
      await makeLink("missing", `${path}/link`);
      for (const folder of [`${path}/link`, `${path}/link/a`]) {
        const { message } = assertThrows(() => disk.makeFolder(folder), UserError);
        assertEquals(
          message,
          `Cannot write ${path}/link: wanted a folder, got a link whose target does not exist`,
        );
      }
    }),
);

Deno.test({
  name: "what the system refuses is one sentence with its cause, without numbers or stacks",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      disk.writeText(`${path}/file`, "");
      assertEquals(disk.kindOf(`${path}/file/a`), "nothing");
      const refused = [
        () => disk.readText(`${path}/none`),
        () => disk.readText(path),
        () => disk.writeText(`${path}/none/a`, ""),
        () => disk.makeFolder(`${path}/file/a`),
        () => disk.list(`${path}/file`),
        () => disk.readBytes(`${path}/none`, 9),
        () => disk.writeBytes(`${path}/none/a`, new Uint8Array(1)),
        () => claimNewFolder(disk, `${path}/file/a`),
      ];
      for (const attempt of refused) {
        const { message } = assertThrows(attempt, UserError);
        assertMatch(
          message,
          /^Cannot (read|write|start a run in) \S+: wanted .+, got ("[\w ]+"|a file)$/,
        );
      }
    }),
});

Deno.test({
  name:
    "a file above the limit, a folder and a device without end are refused before they are read",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      disk.writeBytes(`${path}/a`, new Uint8Array(10));
      assertEquals(disk.readBytes(`${path}/a`, 10).length, 10);
      const refusal = (name: string) =>
        assertThrows(() => disk.readBytes(name, 9), UserError).message.replace(/^.*: /, "");
      assertEquals(refusal(`${path}/a`), "wanted a file of at most 9 bytes, got 10");
      assertEquals(refusal(path), "wanted a file, got a folder");
      const mayReadDevices = Deno.permissions.querySync({ name: "read", path: "/dev/zero" }).state;
      if (mayReadDevices === "granted" && Deno.build.os === "linux") {
        assertEquals(refusal("/dev/zero"), "wanted a file, got a device");
      }
    }),
});

Deno.test({
  name: "what Deno does not permit is one sentence that says so",
  permissions: { read: false, write: false },
  fn() {
    const attempts = [
      () => disk.readText("a"),
      () => disk.readBytes("a", 9),
      () => disk.writeBytes("a", new Uint8Array(1)),
      () => disk.makeFolder("a"),
    ];
    for (const attempt of attempts) {
      const { message } = assertThrows(attempt, UserError);
      assertMatch(message, /^Cannot \w+ a: wanted .+, got no permission from Deno \(--allow-/);
    }
  },
});

/** A renaming that throws these errors, one at each attempt, and counts the attempts. */
function refusing(...errors: Error[]) {
  const attempts: string[] = [];
  return {
    attempts,
    rename(from: string, to: string): void {
      attempts.push(`${from} to ${to}`);
      const error = errors.shift();
      if (error) throw error;
    },
  };
}

Deno.test("a renaming that is refused for a moment is tried again, with the same names", () => {
  const { attempts, rename } = refusing(
    new Deno.errors.PermissionDenied("in use"),
    new Deno.errors.Busy("in use"),
  );
  renamePatiently("a.tmp", "a", rename);
  assertEquals(attempts, ["a.tmp to a", "a.tmp to a", "a.tmp to a"]);
});

Deno.test("a renaming that is always refused fails after five attempts, any other failure at once", () => {
  const denied = Array.from({ length: 9 }, () => new Deno.errors.PermissionDenied("in use"));
  const always = refusing(...denied);
  assertThrows(() => renamePatiently("a.tmp", "a", always.rename), Deno.errors.PermissionDenied);
  assertEquals(always.attempts.length, 5);
  const missing = refusing(new Deno.errors.NotFound("gone"));
  assertThrows(() => renamePatiently("a.tmp", "a", missing.rename), Deno.errors.NotFound);
  assertEquals(missing.attempts.length, 1);
});

Deno.test({
  name: "a lock is held by one at a time, names its holder, and is free again when released",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      const lock = disk.lock(`${path}/lock`, "process 1\n");
      assertEquals(disk.readText(`${path}/lock`), "process 1\n");
      assertEquals(disk.lock(`${path}/lock`, "process 2\n"), undefined);
      assertEquals(disk.readText(`${path}/lock`), "process 1\n");
      lock?.release();
      const next = disk.lock(`${path}/lock`, "me");
      assertEquals([next !== undefined, disk.readText(`${path}/lock`)], [true, "me"]);
      next?.release();
    }),
});

/** Records in their order the writes to files, their syncs and the renamings of some work. */
function recordDisk(work: () => void): string[] {
  const events: string[] = [], { writeSync, syncDataSync } = Deno.FsFile.prototype;
  const rename = Deno.renameSync;
  Deno.FsFile.prototype.writeSync = function (bytes) {
    events.push("write");
    return writeSync.call(this, bytes);
  };
  Deno.FsFile.prototype.syncDataSync = function () {
    events.push("sync");
    syncDataSync.call(this);
  };
  Deno.renameSync = (from, to) => {
    events.push("rename");
    rename(from, to);
  };
  try {
    work();
  } finally {
    Object.assign(Deno.FsFile.prototype, { writeSync, syncDataSync });
    Deno.renameSync = rename;
  }
  return events;
}

Deno.test({
  name: "what is written is synced to the disk at once, and before a renaming makes it count",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      const bytes = new Uint8Array(9);
      const replaced = ["write", "sync", "rename"];
      assertEquals(recordDisk(() => writeAtomically(disk, `${path}/a`, "text")), replaced);
      assertEquals(recordDisk(() => writeBytesAtomically(disk, `${path}/b`, bytes)), replaced);
      assertEquals(recordDisk(() => disk.writeText(`${path}/c`, "text")), ["write", "sync"]);
      assertEquals(recordDisk(() => disk.writeBytes(`${path}/d`, bytes)), ["write", "sync"]);
      assertEquals(recordDisk(() => disk.appendText(`${path}/c`, "more")), ["write", "sync"]);
      const folder = claimNewFolder(disk, `${path}/e`);
      const filled = recordDisk(() => fillFolder(disk, folder, "{}", { a: "text", b: bytes }));
      folder.release();
      assertEquals(filled, ["write", "sync", "write", "sync", ...replaced]);
    }),
});

testWithDeno(
  "a lock is not taken through a link, which would overwrite another file",
  () =>
    inScratchFolder(async (path) => {
      disk.writeText(`${path}/precious`, "text");
      await makeLink("precious", `${path}/lock`);
      const { message } = assertThrows(() => disk.lock(`${path}/lock`, "me"), UserError);
      assertEquals(message, `Cannot write ${path}/lock: wanted a file, got something else`);
      assertEquals(disk.readText(`${path}/precious`), "text");
    }),
);

Deno.test({
  name: "where the file system has no locks, every one is free",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      const { tryLockSync } = Deno.FsFile.prototype;
      Deno.FsFile.prototype.tryLockSync = () => {
        throw new Error("No locks available (os error 37)");
      };
      try {
        disk.lock(`${path}/lock`, "me")?.release();
        assertEquals(disk.readText(`${path}/lock`), "me");
      } finally {
        Deno.FsFile.prototype.tryLockSync = tryLockSync;
      }
    }),
});

Deno.test({
  name: "the disk tries a refused renaming again",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      const { renameSync } = Deno;
      let refusals = 1;
      Deno.renameSync = (from, to) => {
        if (refusals-- > 0) throw new Deno.errors.PermissionDenied("in use");
        renameSync(from, to);
      };
      try {
        writeAtomically(disk, `${path}/a`, "text");
        assertEquals([disk.readText(`${path}/a`), refusals], ["text", -1]);
      } finally {
        Deno.renameSync = renameSync;
      }
    }),
});
