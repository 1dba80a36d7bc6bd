import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { disk } from "@/io/disk.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { MemoryDisk, PowerCut } from "../io/memory_disk.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";
import { timeless } from "../runs/timeless.ts";
import { denoCommand, end } from "./deno_process.ts";
import { SMALL_LINE, trainSmall } from "./small_training.ts";

const deno = await denoCommand();
const BEGIN = [...SMALL_LINE, "--strings", "480", "--run-folder", "runs/a"];
const RESUME = ["--resume", "runs/a"];

async function train(line: readonly string[], files: MemoryDisk): Promise<number> {
  return (await trainSmall(line, files)).code;
}

/** What the folder holds after a run that nothing disturbed, and how often that wrote. */
async function undisturbed(): Promise<{ folder: unknown; operations: number }> {
  const files = new MemoryDisk();
  assertEquals(await train(BEGIN, files), 0);
  return { folder: timeless(files, "runs/a"), operations: files.operations };
}

/** Begins, or resumes what there is, and loses power in one of the next writes. */
async function cutOff(files: MemoryDisk, random: RandomSource, operations: number) {
  files.cutAt = files.operations + random.integer(1, operations + 1);
  files.cutShare = random.uniform(0, 1);
  const begun = files.kindOf("runs/a/config.json") !== "nothing";
  await train(begun ? RESUME : BEGIN, files).then(assertUndisturbed, assertPowerCut);

  function assertUndisturbed(code: number): void {
    assert(begun && code === 0, "a resumed run may be shorter than what was drawn");
  }
  function assertPowerCut(error: unknown): void {
    if (!(error instanceof PowerCut)) throw error;
  }
}

Deno.test("a run killed sixty times, in mid-write too, resumes to the undisturbed folder", async () => {
  const { folder, operations } = await undisturbed(), random = seededRandom("kill -9");
  const moments = new Set<string>();
  let kills = 0;
  while (kills < 60) {
    const files = new MemoryDisk();
    for (let lives = random.integer(1, 4); lives > 0; lives--) {
      await cutOff(files, random, operations);
      if (files.operations < files.cutAt) break; // it ended before
      kills++;
      moments.add(`${files.cutAt}`);
    }
    files.cutAt = Infinity;
    const begun = files.kindOf("runs/a/config.json") !== "nothing";
    assertEquals(await train(begun ? RESUME : BEGIN, files), 0);
    assertEquals(timeless(files, "runs/a"), folder, `the last of ${kills} kills`);
  }
  assertGreater(moments.size, 30);
});

Deno.test("a run stopped at any of fifteen readings of the clock resumes to the same folder", async () => {
  const { folder } = await undisturbed();
  let stops = 0;
  for (let stopAtReading = 1; stopAtReading <= 600; stopAtReading += 40) {
    const files = new MemoryDisk(), { code } = await trainSmall(BEGIN, files, { stopAtReading });
    if (code === 130) stops++;
    if (code === 130) assertEquals(await train(RESUME, files), 0);
    assertEquals(timeless(files, "runs/a"), folder, `stopped at reading ${stopAtReading}`);
  }
  assertGreater(stops, 10);
});

Deno.test("a run that is cut off in its first write is not there; a whole one stays as it is", async () => {
  const files = new MemoryDisk();
  files.cutAt = 1;
  await assertRejects(() => train(BEGIN, files), PowerCut);
  assertEquals(files.kindOf("runs/a/config.json"), "nothing");
  files.cutAt = Infinity;
  await train(BEGIN, files);
  const before = timeless(files, "runs/a");
  assertEquals(await train(RESUME, files), 0);
  assertEquals(timeless(files, "runs/a"), before);
});

Deno.test("a disk that fills up anywhere is one sentence; with room again the run ends the same", async () => {
  const whole = new MemoryDisk();
  await train([...BEGIN.slice(0, -1), "runs/b"], whole);
  const least = whole.readText("runs/b/checkpoint.safetensors").length, most = whole.used();
  const { folder } = await undisturbed(), random = seededRandom("full disk");
  let refused = 0;
  for (let i = 0; i < 12; i++) {
    const files = new MemoryDisk();
    files.room = random.integer(least, most);
    const { code, host } = await trainSmall(BEGIN, files);
    if (code === 0) continue;
    refused++;
    assertEquals(code, 2);
    const last = host.noted[host.noted.length - 1];
    assert(/^Cannot .+: wanted .+, got "No space left on device"/.test(last), last);
    const begun = files.kindOf("runs/a/config.json") !== "nothing";
    assertEquals(last.endsWith("; resume with: deno task train --resume runs/a"), begun, last);
    assertEquals([...files.entries.keys()].filter((path) => path.endsWith(".tmp")), []);
    files.room = Infinity;
    assertEquals(await train(begun ? RESUME : BEGIN, files), 0);
    assertEquals(timeless(files, "runs/a"), folder);
  }
  assertGreater(refused, 5);
});

/** A training in a process of its own, doomed to die in the write of that number. */
function start(line: readonly string[], fatal = 0, share = 0): Deno.ChildProcess {
  const permissions = ["--allow-read=.", "--allow-write=.runs", "--allow-run"]; // to kill itself
  const args = ["run", "--no-check", "--no-prompt", ...permissions, "tests/cli/doomed_train.ts"];
  return new Deno.Command(String(deno), {
    args: [...args, String(fatal), String(share), ...line],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Waits for a process to end, and kills it if that takes longer than so many milliseconds. */
async function endWithin(child: Deno.ChildProcess, milliseconds: number): Promise<void> {
  const timer = setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  }, milliseconds);
  await end(child);
  clearTimeout(timer);
}

/** As many writes as there are in any session: last weights and best, checkpoint, result, report, two for each. */
const WRITES = 10;
const DOOMED = 3;

/** A run, killed by turns while it writes and, if it takes long enough, from outside; how often while it wrote. */
async function killed(path: string, random: RandomSource): Promise<number> {
  const begin = [...SMALL_LINE, "--strings", "2000", "--run-folder", path];
  const next = () => disk.kindOf(`${path}/config.json`) === "nothing" ? begin : ["--resume", path];
  let kills = 0;
  for (let doomed = 0; doomed < DOOMED; doomed++) {
    const child = start(next(), random.integer(1, WRITES + 1), random.uniform(0, 1));
    if ((await end(child)).code !== 0) kills++;
    await endWithin(start(next()), random.uniform(200, 600));
  }
  const { code, err } = await end(start(next()));
  assertEquals(code, 0, err.join("\n"));
  return kills;
}

Deno.test({
  name: "processes killed by kill -9, from outside and in mid-write, resume to the same folder",
  ignore: deno === undefined,
  fn: () =>
    inScratchFolder(async (scratch) => {
      const whole = start([...SMALL_LINE, "--strings", "2000", "--run-folder", `${scratch}/whole`]);
      const [{ code }, ...kills] = await Promise.all([
        end(whole),
        ...["a", "b"].map((name) =>
          killed(`${scratch}/${name}`, seededRandom(`killed processes, ${name}`))
        ),
      ]);
      assertEquals(code, 0);
      assertEquals(kills, [DOOMED, DOOMED]);
      const wanted = timeless(disk, `${scratch}/whole`);
      for (const name of ["a", "b"]) assertEquals(timeless(disk, `${scratch}/${name}`), wanted);
    }),
});
