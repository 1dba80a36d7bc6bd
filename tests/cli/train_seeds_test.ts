import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Figure } from "@/figures/figure.ts";
import type { Experiment } from "@/runs/run.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { standIn } from "../runs/stand_in.ts";
import { timeless } from "../runs/timeless.ts";
import { type MemoryHost, memoryHost, trainStandIn } from "./memory_host.ts";

Deno.test("many seeds end with a table, a success rate and its interval", async () => {
  const host = memoryHost();
  assertEquals(await trainStandIn(["--seeds", "3..8"], host), 0);
  assertEquals(host.files.list(".runs"), ["walk-seeds3-8"]);
  assertEquals(
    host.noted[0],
    "Training walk with seeds 3 to 8, 2 at a time, in .runs/walk-seeds3-8",
  );
  assertMatch(host.printed[0], /^seed +success +iterations +error +seconds$/);
  assertEquals(host.printed.slice(1, 7).map((line) => line.trim().split(/\s+/)[0]), [..."345678"]);
  const successes = host.printed.filter((line) => /\byes\b/.test(line)).length;
  assertStringIncludes(host.printed[8], `${successes} of 6 seeds succeeded: `);
  assertMatch(host.printed[8], /: \d+\.\d % \(95 % Wilson interval \d+\.\d % to \d+\.\d %\)$/);
  const report = host.files.readText(".runs/walk-seeds3-8/report.html");
  assertStringIncludes(report, host.printed[8]);
});

Deno.test("there are as many workers as cores, as --workers or as seeds, and all are closed", async () => {
  const workers: [line: string, count: number][] = [
    ["--seeds 1..3", 2],
    ["--seeds 1..3 --workers 3", 3],
    ["--seeds 1..3 --workers 9", 3],
    ["--seeds 7..7", 1],
  ];
  for (const [line, started] of workers) {
    const host = memoryHost();
    assertEquals(await trainStandIn([...line.split(" "), "--iterations", "9"], host), 0);
    assertEquals([host.workers, host.listening], [{ started, open: 0 }, 0], line);
  }
});

Deno.test("many seeds stopped by Ctrl-C keep what is done, and resume to the same end", async () => {
  const host = memoryHost({ stopAtReading: 4000 });
  assertEquals(await trainStandIn(["--seeds", "3..8"], host), 130);
  assertStringIncludes(
    host.noted[host.noted.length - 1],
    "deno task train --resume .runs/walk-seeds3-8",
  );
  assertEquals([host.workers, host.listening], [{ started: 2, open: 0 }, 0]);
  const done = host.files.list(".runs/walk-seeds3-8").filter((name) => name.startsWith("seed-"));
  assertGreater(done.length, 1);
  assertGreater(6, done.length);

  const resumed = memoryHost({ files: host.files });
  assertEquals(await trainStandIn(["--resume", ".runs/walk-seeds3-8"], resumed), 0);
  const whole = memoryHost();
  await trainStandIn(["--seeds", "3..8"], whole);
  const untimed = (lines: string[]) => lines.map((line) => line.replace(/ +[\d.]+$/, ""));
  assertEquals(untimed(resumed.printed), untimed(whole.printed));
  for (const name of whole.files.list(".runs/walk-seeds3-8")) {
    if (!name.startsWith("seed-")) continue;
    const seed = `.runs/walk-seeds3-8/${name}`;
    assertEquals(timeless(resumed.files, seed), timeless(whole.files, seed));
  }
});

Deno.test("every seed of many ends as it does alone", async () => {
  const host = memoryHost();
  await trainStandIn(["--seeds", "3..5"], host);
  await trainStandIn(["--seed", "4"], host);
  const [among, alone] = [".runs/walk-seeds3-5/seed-4", ".runs/walk-seed4"];
  for (const file of ["parameters.json", "metrics.jsonl", "config.json"]) {
    assertEquals(host.files.readText(`${among}/${file}`), host.files.readText(`${alone}/${file}`));
  }
});

Deno.test("a disk that fills up while many seeds are trained is one sentence with advice", async () => {
  const host = memoryHost(), line = ["--seeds", "1..4", "--run-folder", "many"];
  host.files.room = 40_000;
  assertEquals(await trainStandIn(line, host), 2);
  assertMatch(
    host.noted.at(-1)!,
    /^Cannot .+: wanted .+, got "No space left on device"; resume with: deno task train --resume many$/,
  );
  assertEquals([host.workers.open, host.listening, host.printed], [0, 0, []]);
  host.files.room = Infinity;
  const resumed = memoryHost({ files: host.files }), whole = memoryHost();
  assertEquals(await trainStandIn(["--resume", "many"], resumed), 0);
  await trainStandIn(line, whole);
  for (const seed of [1, 2, 3, 4].map((seed) => `many/seed-${seed}`)) {
    assertEquals(timeless(host.files, seed), timeless(whole.files, seed));
  }
});

Deno.test("many seeds with --json end with counts, interval and every result", async () => {
  const host = memoryHost();
  await trainStandIn(["--seeds", "1..3", "--json"], host);
  const result = JSON.parse(host.printed[host.printed.length - 1]);
  assertEquals([result.trials, result.runs.length, result.seeds], [3, 3, { first: 1, last: 3 }]);
  assertEquals(Object.keys(result.interval), ["low", "high"]);
});

Deno.test("a bar shows the share of all seeds, how many are done and how many succeeded", async () => {
  const host = memoryHost({ columns: 100 });
  await trainStandIn(["--seeds", "3..8"], host);
  const successes = host.printed.filter((line) => /\byes\b/.test(line)).length;
  assertMatch(host.overwritten[0], /^░+ +0 % {2}0 of 6 seeds done$/);
  assertMatch(host.overwritten.at(-1)!, /^█+ 100 % {2}6 of 6 seeds done/);
  assertStringIncludes(host.overwritten.at(-1)!, `${successes} succeeded`);
});

Deno.test("the report of many seeds has a picture of how long they took", async () => {
  const drawn: string[] = [];
  const drawFigure = ({ layout }: Figure) => {
    drawn.push(String(Object(layout.title).text));
    return Promise.resolve("<svg></svg>");
  };
  const line = ["--seeds", "1..3", "--run-folder", "runs/a"], host = memoryHost();
  assertEquals(await trainStandIn(line, { ...host, drawFigure }), 0);
  assertMatch(drawn[0], /(took 400 iterations or less|No seed succeeded)/);
  assertStringIncludes(host.files.readText("runs/a/report.html"), "<svg></svg>");
});

/** A host on which the numbers of some seeds explode. */
function exploding(seeds: readonly number[], files = new MemoryDisk()): MemoryHost {
  type Settings = Parameters<typeof standIn.start>[0];
  const doomed = (settings: Settings) => (
    { ...settings, explodeAt: seeds.includes(settings.seed) ? 9 : null }
  );
  const experiment = {
    ...standIn,
    start: (settings: Settings) => standIn.start(doomed(settings)),
    resume: (settings: Settings, state: never) => standIn.resume(doomed(settings), state),
  };
  return memoryHost({ files, experiments: [experiment as unknown as Experiment] });
}

Deno.test("one seed that diverges among many: the others are trained, and the exit code is 1", async () => {
  const host = exploding([4]), line = ["--seeds", "3..6", "--run-folder", "runs/a", "--json"];
  assertEquals(await trainStandIn(line, host), 1);
  const outcomes = host.printed.slice(1, 5).map((row) => row.trim().split(/\s+/)[1]);
  assertEquals(outcomes.map((word) => word === "diverged"), [false, true, false, false]);
  assertMatch(host.printed[6], /of 4 seeds succeeded: /);
  assertEquals(JSON.parse(host.printed.at(-1)!).runs.length, 4);
  const sentence = "Cannot train every seed to its end: wanted finite numbers for all 4, " +
    "got NaN or infinity for seed 4; the last good states are in runs/a";
  assertEquals(host.noted.at(-1), sentence);
  const again = exploding([4], host.files);
  assertEquals(await trainStandIn(["--resume", "runs/a"], again), 1);
  assertEquals(again.noted.at(-1), sentence);
});

Deno.test("every seed diverges: each is named", async () => {
  const host = memoryHost();
  assertEquals(await trainStandIn(["--seeds", "3..5", "--explode-at", "9"], host), 1);
  assertStringIncludes(host.noted.at(-1)!, "for seeds 3, 4, 5;");
});

Deno.test("where no seed diverges, nothing is said of it, whether it succeeded or not", async () => {
  const host = memoryHost();
  assertEquals(await trainStandIn(["--seeds", "3..5"], host), 0);
  assert(!host.noted.some((line) => line.startsWith("Cannot")));
});
