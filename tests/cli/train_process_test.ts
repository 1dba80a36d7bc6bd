import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { disk } from "@/io/disk.ts";
import { loadCheckpoint } from "@/runs/checkpoint.ts";
import { startSession } from "@/runs/session.ts";
import { train } from "@/runs/train.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";
import { standIn, walkSettings } from "../runs/stand_in.ts";
import { testHooks } from "../runs/hooks.ts";
import { denoCommand, end } from "./deno_process.ts";

const STAND_IN = "tests/cli/stand_in_train.ts";
const REAL = "lib/cli/train.ts";

const deno = await denoCommand();
const ignore = deno === undefined;

function start(script: string, ...words: string[]): Deno.ChildProcess {
  const permissions = ["--no-prompt", "--allow-read=.", "--allow-write=.runs"];
  return new Deno.Command(String(deno), {
    args: ["run", "--no-check", ...permissions, script, ...words],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits for a file that only a run which has got so far can have written. */
async function waitFor(path: string, holds: (text: string) => boolean = () => true): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    try {
      if (holds(Deno.readTextFileSync(path))) return;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    await pause(10);
  }
  throw new Error(`Cannot go on: wanted ${path}, got nothing in ten seconds`);
}

function text(path: string): string {
  return Deno.readTextFileSync(path);
}

/** The folder "a" of a walk that nothing disturbed. */
function uninterrupted(changes: Parameters<typeof walkSettings>[0]): MemoryDisk {
  const files = new MemoryDisk();
  train(startSession({ files, path: "a" }, standIn, walkSettings(changes)), testHooks());
  return files;
}

Deno.test({
  name: "kill -9, kill -9 and Ctrl-C, each resumed, end bit for bit as the uninterrupted run",
  ignore,
  fn: () =>
    inScratchFolder(async (scratch) => {
      const path = `${scratch}/a`;
      const settings = ["--iterations", "1500", "--milliseconds", "2", "--seed", "3"];
      const killed = start(STAND_IN, ...settings, "--run-folder", path);
      await waitFor(`${path}/config.json`);
      killed.kill("SIGKILL");
      assert((await end(killed)).code !== 0);

      const killedLater = start(STAND_IN, "--resume", path);
      await waitFor(`${path}/metrics.jsonl`, (metrics) => metrics !== "");
      killedLater.kill("SIGKILL");
      await end(killedLater);
      const measured = text(`${path}/metrics.jsonl`);

      const interrupted = start(STAND_IN, "--resume", path);
      await waitFor(`${path}/metrics.jsonl`, (metrics) => metrics.length > measured.length);
      interrupted.kill("SIGINT");
      const stopped = await end(interrupted);
      assertEquals(stopped.code, 130);
      assertMatch(
        stopped.err.at(-1)!,
        /^Stopped after [\d,]+ of 1,500 iterations; resume with: deno task/,
      );

      assertEquals((await end(start(STAND_IN, "--resume", path))).code, 0);
      const whole = uninterrupted({ iterations: 1500, seed: 3 });
      for (const file of ["parameters.json", "metrics.jsonl"]) {
        assertEquals(text(`${path}/${file}`), whole.readText(`a/${file}`));
      }
    }),
});

Deno.test({
  name: "SIGTERM, SIGHUP and SIGUSR2 stop a training with a checkpoint, advice and exit code 75",
  ignore: ignore || Deno.build.os === "windows", // which has no signal to send
  fn: () =>
    inScratchFolder(async (scratch) => {
      const path = `${scratch}/a`;
      const settings = ["--iterations", "2000", "--milliseconds", "3"];
      for (const signal of ["SIGTERM", "SIGHUP", "SIGUSR2"] as const) {
        const isNew = disk.kindOf(path) === "nothing";
        const child = start(
          STAND_IN,
          ...isNew ? [...settings, "--run-folder", path] : ["--resume", path],
        );
        const measured = isNew ? 0 : text(`${path}/metrics.jsonl`).length;
        await waitFor(`${path}/metrics.jsonl`, (metrics) => metrics.length > measured);
        child.kill(signal);
        const { code, err } = await end(child);
        assertEquals(code, 75, err.join("\n"));
        assertMatch(
          err.at(-1)!,
          /^Stopped after [\d,]+ of 2,000 iterations; resume with: deno task train/,
        );
      }
      assertEquals((await end(start(STAND_IN, "--resume", path))).code, 0);
      const metrics = uninterrupted({ iterations: 2000 }).readText("a/metrics.jsonl");
      assertEquals(text(`${path}/metrics.jsonl`), metrics);
    }),
});

Deno.test({
  name:
    "a run that another process trains is refused in one sentence, until that process is killed",
  ignore: ignore || Deno.build.os === "windows",
  fn: () =>
    inScratchFolder(async (scratch) => {
      const path = `${scratch}/a`;
      const settings = ["--iterations", "1500", "--milliseconds", "4"];
      for (
        const line of [["--run-folder", path], ["--seeds", "1..2", "--run-folder", `${path}s`]]
      ) {
        const folder = line.at(-1)!, owner = start(STAND_IN, ...settings, ...line);
        await waitFor(`${folder}/config.json`);
        const { code, out, err } = await end(start(STAND_IN, "--resume", folder));
        const used = `in use by process ${owner.pid}`;
        const wanted = "wanted a folder that no other process is writing";
        assertEquals([code, out], [2, [""]]);
        assertEquals(err, [`Cannot resume ${folder}: ${wanted}, got one ${used}`]);
        owner.kill("SIGKILL");
        await end(owner);
      }
      assertEquals((await end(start(STAND_IN, "--resume", path))).code, 0);
      const metrics = uninterrupted({ iterations: 1500 }).readText("a/metrics.jsonl");
      assertEquals(text(`${path}/metrics.jsonl`), metrics);
    }),
});

Deno.test({
  name: "a command that listens to no signal is ended by one, in the midst of its work too",
  ignore: ignore || Deno.build.os === "windows",
  async fn() {
    const child = start("tests/cli/busy_command.ts"), reader = child.stdout.getReader();
    assertEquals(new TextDecoder().decode((await reader.read()).value), "busy\n");
    reader.releaseLock();
    const began = performance.now();
    child.kill("SIGTERM");
    assertEquals((await end(child)).code, 143);
    assert(performance.now() - began < 20_000);
  },
});

Deno.test({
  name: "a second Ctrl-C ends a process whose training does not stop; the run can be resumed",
  ignore: ignore || Deno.build.os === "windows",
  fn: () =>
    inScratchFolder(async (scratch) => {
      const path = `${scratch}/a`;
      // One step takes a minute: a stop could only take effect after it.
      const settings = ["--iterations", "3", "--milliseconds", "60000"];
      const child = start(STAND_IN, ...settings, "--run-folder", path);
      await waitFor(`${path}/config.json`);
      await pause(200);
      const began = performance.now();
      child.kill("SIGINT");
      await pause(100);
      child.kill("SIGINT"); // the echo of one press
      await pause(700);
      child.kill("SIGINT");
      const { code, out, err } = await end(child);
      assertEquals([code, out], [130, [""]]);
      assert(performance.now() - began >= 750 && performance.now() - began < 20_000);
      assertEquals(err.filter((line) => line.startsWith("Stopped")), []);
      assertEquals(loadCheckpoint(disk, path).iteration, 0);
    }),
});

Deno.test({
  name: "the real command stops soon, in the middle of a validation of seconds",
  ignore: ignore || Deno.build.os === "windows",
  fn: () =>
    inScratchFolder(async (scratch) => {
      const sizes = "--symbols 2 --hidden 64 --value-width 32 --embedding 8 --lengths 2500..3000";
      const line = `${sizes} --strings 8 --run-folder ${scratch}/a`.split(" ");
      const child = start(REAL, ...line);
      await waitFor(`${scratch}/a/config.json`);
      await pause(1500);
      const began = performance.now();
      child.kill("SIGINT");
      const { code, err } = await end(child);
      assert(performance.now() - began < 5000, `${performance.now() - began}`);
      assertEquals(code, 130, err.join("\n"));
      assertMatch(err.at(-1)!, /^Stopped after \d of 8 strings; resume with: deno task train/);
    }),
});

Deno.test({
  name: "many seeds on threads, stopped by Ctrl-C and by kill -9, keep what is done and resume",
  ignore,
  fn: () =>
    inScratchFolder(async (scratch) => {
      const path = `${scratch}/a`;
      const line = ["--seeds", "1..6", "--workers", "2", "--iterations", "200"];
      const child = start(STAND_IN, ...line, "--milliseconds", "3", "--run-folder", path);
      await waitFor(`${path}/seed-1/result.json`);
      child.kill("SIGINT");
      const stopped = await end(child);
      assertEquals([stopped.code, stopped.out], [130, [""]]);
      assertStringIncludes(stopped.err.at(-1)!, `deno task train --resume ${path}`);
      const first = text(`${path}/seed-1/result.json`);

      const killed = start(STAND_IN, "--resume", path);
      await waitFor(`${path}/seed-4/config.json`);
      killed.kill("SIGKILL");
      await end(killed);

      const { code, out } = await end(start(STAND_IN, "--resume", path));
      assertEquals(code, 0);
      assertEquals(out.slice(1, 7).map((row) => row.trim()[0]), [..."123456"]);
      assertMatch(out[8], /^\d of 6 seeds succeeded/);
      assertEquals(text(`${path}/seed-1/result.json`), first);
      for (let seed = 1; seed <= 6; seed++) {
        const metrics = uninterrupted({ iterations: 200, seed }).readText("a/metrics.jsonl");
        assertEquals(text(`${path}/seed-${seed}/metrics.jsonl`), metrics);
      }
    }),
});

Deno.test({
  name: "the real command trains, says what it has learned, and reports",
  ignore,
  fn: () =>
    inScratchFolder(async (scratch) => {
      const path = `${scratch}/a`;
      const line = ["--experiment", "learn-to-push", "--run-folder", path, "--json"];
      const { code, out, err } = await end(start(REAL, ...line));
      assertEquals(code, 0);
      assertMatch(out[0], /^true sequence +0\.3000 +0\.2000 +0\.1000$/);
      assertMatch(out[1], /^learned sequence +0\.3000 +0\.2000 +0\.1000$/);
      assertEquals(JSON.parse(out.at(-1)!).success, true);
      assertStringIncludes(err[0], "Training learn-to-push with seed 1 in");
      assertStringIncludes(text(`${path}/report.html`), "</svg>");
    }),
});

Deno.test({
  name: "without a name of an experiment the real command trains a network to reverse strings",
  ignore,
  fn: () =>
    inScratchFolder(async (scratch) => {
      const path = `${scratch}/a`;
      const sizes = "--symbols 2 --hidden 4 --value-width 2 --embedding 2 --lengths 1..3";
      const line = `${sizes} --strings 40 --json --run-folder ${path}`.split(" ");
      const { code, out, err } = await end(start(REAL, ...line));
      assertEquals(code, 0, err.join("\n"));
      assertStringIncludes(err[0], "Training reversal-stack with seed 1 in");
      const rows = out.slice(1, 5).map((row) => row.trim().split(/ +/).slice(0, 3).join(" "));
      assertEquals(rows, [
        "validation 1000 1..3",
        "test 1000 4..6",
        "test 100 1000",
        "test 10 10000",
      ]);
      assertEquals(out[6], 'The strings have characters of "ab"');
      assertMatch(out[8], /^(Succeeded|Did not succeed): 40 strings in .+ s, loss \d/);
      const { settings, summary, seconds } = JSON.parse(out.at(-1)!);
      assertEquals([settings.seed, summary.strings, summary.scores.length], [1, 40, 4]);
      assert(seconds > 0);
      for (const name of ["best.safetensors", "last.safetensors"]) {
        assert(Deno.statSync(`${path}/${name}`).size > 1000);
      }
      assertStringIncludes(text(`${path}/report.html`), "trainable region");
    }),
});

Deno.test({
  name: "the real command trains many seeds on threads",
  ignore,
  fn: () =>
    inScratchFolder(async (scratch) => {
      const line = ["--seeds", "1..2", "--experiment", "learn-to-pop"];
      const { code, out } = await end(start(REAL, ...line, "--run-folder", `${scratch}/a`));
      assertEquals([code, out.length], [0, 6]);
      assertMatch(out[1], /^ +1 +yes /);
      assertMatch(out[4], /^2 of 2 seeds succeeded: 100\.0 % /);
    }),
});

Deno.test({
  name: "the real command refuses in one sentence with exit code 2, and no stack",
  ignore,
  fn: () =>
    inScratchFolder(async (scratch) => {
      Deno.writeTextFileSync(`${scratch}/file`, "");
      const lines = [
        ["--lenght", "5"],
        ["--learning-rate", "NaN"],
        ["--hidden", "4096", "--layers", "64"], // more than WebAssembly has room for
        ["--pop-bias", "1e308"], // more than a Float32 holds
        ["--hidden", "4096", "--layers", "64", "--seeds", "1..2"],
        ["--model", "lstm", "--without", "noise"],
        ["--memory", "none", "--ablate", "noise"],
        ["--threads", "2", "--seeds", "1..2"],
        ["--experiment", "learn-to-push", "--sequence", "0.1,b"],
        ["--run-folder", `${scratch}/file/a`],
        ["--run-folder", "elsewhere"],
        ["--resume", scratch],
      ];
      const refused = await Promise.all(lines.map((words) => end(start(REAL, ...words))));
      for (const { code, out, err } of refused) {
        assertEquals([code, out, err.length], [2, [""], 1], err.join("\n"));
        assertMatch(err[0], /^Cannot [^:]+: wanted .+, got .+$/);
      }
      assertEquals([...Deno.readDirSync(scratch)].map(({ name }) => name), ["file"]);
    }),
});
