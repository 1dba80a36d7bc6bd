import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { createInterrupts } from "@/io/signals.ts";
import { trainCommand } from "@/cli/train_command.ts";
import type { Figure } from "@/figures/figure.ts";
import type { Run } from "@/runs/run.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { standIn } from "../runs/stand_in.ts";
import { memoryHost } from "./memory_host.ts";

const RUN_FILES = [
  "checkpoint.json",
  "config.json",
  "metrics.jsonl",
  "parameters.json",
  "report.html",
  "result.json",
];

/** Everything in a folder that does not tell the time. */
function timeless(files: MemoryDisk, path: string): unknown {
  return files.list(path).map((name) => {
    const whole = `${path}/${name}`;
    if (files.kindOf(whole) === "folder") return [name, timeless(files, whole)];
    const text = files.readText(whole).replace(/"seconds":\s*[\d.e-]+/g, "").replace(
      /in [\d.]+ s/,
      "",
    );
    return [name, text.replace(/"sha256":"\w+"/, "")];
  });
}

Deno.test("without options the first experiment is trained, told about and kept", async () => {
  const host = memoryHost();
  assertEquals(await trainCommand([], host), 0);
  assertEquals(host.files.list(".runs"), ["walk-seed1"]);
  assertEquals(host.files.list(".runs/walk-seed1"), RUN_FILES);
  assertEquals(host.noted[0], "Training walk with seed 1 in .runs/walk-seed1");
  assertMatch(host.printed[0], /^walked to /);
  assertEquals(host.printed[1], "measured 201 times");
  assertMatch(host.printed[3], /^(Succeeded|Did not succeed): 400 iterations in .+ s, error \d/);
  assertEquals(host.printed[4], "Report: .runs/walk-seed1/report.html");
});

Deno.test("a second run takes the next free name and leaves the first alone", async () => {
  const host = memoryHost();
  await trainCommand([], host);
  const first = timeless(host.files, ".runs/walk-seed1");
  await trainCommand([], host);
  assertEquals(await trainCommand([], host), 0);
  assertEquals(host.files.list(".runs"), ["walk-seed1", "walk-seed1-2", "walk-seed1-3"]);
  assertEquals(timeless(host.files, ".runs/walk-seed1"), first);
  assertEquals(timeless(host.files, ".runs/walk-seed1-2"), first);
});

Deno.test("options reach the experiment and config.json", async () => {
  const host = memoryHost();
  const line = "--experiment stroll --step-length 0.5 --starts -1,2 --kind uniform --seed 7 " +
    "--iterations 9 --enough 5 --run-folder runs/mine";
  assertEquals(await trainCommand(line.split(" "), host), 0);
  assertEquals(JSON.parse(host.files.readText("runs/mine/config.json")), {
    experiment: "stroll",
    settings: {
      iterations: 9,
      stepLength: 0.5,
      starts: [-1, 2],
      kind: "uniform",
      backwards: false,
      explodeAt: null,
      enough: 5,
      milliseconds: 0,
      leisure: 1,
      seed: 7,
    },
  });
  assertEquals(JSON.parse(host.files.readText("runs/mine/result.json")).iteration, 5);
});

Deno.test("other seeds are other runs", async () => {
  const host = memoryHost();
  await trainCommand(["--seed", "1"], host);
  await trainCommand(["--seed", "2"], host);
  const places = [1, 2].map((seed) =>
    host.files.readText(`.runs/walk-seed${seed}/parameters.json`)
  );
  assert(places[0] !== places[1]);
});

Deno.test("Ctrl-C keeps a checkpoint and says how to go on; that ends as if it had not come", async () => {
  const host = memoryHost({ interruptAfter: 40 });
  assertEquals(await trainCommand(["--run-folder", "my runs/a"], host), 130);
  assertEquals(host.printed, []);
  const advice = host.noted[host.noted.length - 1];
  assertMatch(
    advice,
    /^Stopped at iteration \d+ of 400; go on with: deno task train --resume 'my runs\/a'$/,
  );
  assert(!host.files.list("my runs/a").includes("result.json"));

  const resumed = memoryHost({ files: host.files });
  assertEquals(await trainCommand(["--resume", "my runs/a"], resumed), 0);
  assertMatch(
    resumed.noted[0],
    /^Training walk with seed 1 from iteration [1-9]\d* in my runs\/a$/,
  );
  const whole = memoryHost();
  await trainCommand(["--run-folder", "my runs/a"], whole);
  assertEquals(timeless(resumed.files, "my runs/a"), timeless(whole.files, "my runs/a"));
});

Deno.test("a run is resumed with its own settings, which may be named again", async () => {
  const files = new MemoryDisk();
  const settings = ["--starts", "3,4", "--seed", "5"];
  await trainCommand([...settings, "--run-folder", "a"], memoryHost({ files, interruptAfter: 9 }));
  const line = ["--resume", "a", "--experiment", "walk", ...settings];
  assertEquals(await trainCommand(line, memoryHost({ files })), 0);
});

Deno.test("with --json the last line is the result as one object", async () => {
  const host = memoryHost();
  assertEquals(await trainCommand(["--json"], host), 0);
  const result = JSON.parse(host.printed[host.printed.length - 1]);
  const saved = JSON.parse(host.files.readText(".runs/walk-seed1/result.json"));
  assertEquals(result, { ...saved, folder: ".runs/walk-seed1" });
  assertEquals([result.experiment, result.settings.seed, result.iteration], ["walk", 1, 400]);
});

Deno.test("divergence is exit code 1 and one sentence that names the iteration", async () => {
  const host = memoryHost();
  assertEquals(await trainCommand(["--explode-at", "100"], host), 1);
  assertEquals(
    host.noted[host.noted.length - 1],
    "Cannot go on training: wanted a finite error, got NaN at iteration 100; " +
      "the last good state is in .runs/walk-seed1",
  );
  assertEquals(host.printed, []);
});

Deno.test("many seeds end with a table, a success rate and its interval", async () => {
  const host = memoryHost();
  assertEquals(await trainCommand(["--seeds", "3..8"], host), 0);
  assertEquals(host.files.list(".runs"), ["walk-seeds3-8"]);
  assertMatch(host.printed[0], /^seed +success +iterations +error +seconds$/);
  assertEquals(host.printed.slice(1, 7).map((line) => line.trim().split(/\s+/)[0]), [..."345678"]);
  const successes = host.printed.filter((line) => /\byes\b/.test(line)).length;
  assertStringIncludes(host.printed[8], `${successes} of 6 seeds succeeded: `);
  assertMatch(host.printed[8], /: \d+\.\d % \(95 % Wilson interval \d+\.\d % to \d+\.\d %\)$/);
  const report = host.files.readText(".runs/walk-seeds3-8/report.html");
  assertStringIncludes(report, host.printed[8]);
});

Deno.test("many seeds stopped by Ctrl-C keep what is done, and resume to the same end", async () => {
  const host = memoryHost({ interruptAfter: 4 });
  assertEquals(await trainCommand(["--seeds", "3..8"], host), 130);
  assertStringIncludes(
    host.noted[host.noted.length - 1],
    "deno task train --resume .runs/walk-seeds3-8",
  );
  assertEquals(host.workersStopped, 2);
  const done = host.files.list(".runs/walk-seeds3-8").filter((name) => name.startsWith("seed-"));
  assertGreater(done.length, 0);
  assertGreater(6, done.length);

  const resumed = memoryHost({ files: host.files });
  assertEquals(await trainCommand(["--resume", ".runs/walk-seeds3-8"], resumed), 0);
  const whole = memoryHost();
  await trainCommand(["--seeds", "3..8"], whole);
  const seconds = / +[\d.]+$/;
  const untimed = (lines: string[]) => lines.map((line) => line.replace(seconds, ""));
  assertEquals(untimed(resumed.printed), untimed(whole.printed));
});

Deno.test("every seed of many ends as it does alone", async () => {
  const host = memoryHost();
  await trainCommand(["--seeds", "3..5"], host);
  await trainCommand(["--seed", "4"], host);
  const [among, alone] = [".runs/walk-seeds3-5/seed-4", ".runs/walk-seed4"];
  for (const file of ["parameters.json", "metrics.jsonl", "config.json"]) {
    assertEquals(host.files.readText(`${among}/${file}`), host.files.readText(`${alone}/${file}`));
  }
});

Deno.test("many seeds with --json end with counts, interval and every result", async () => {
  const host = memoryHost();
  await trainCommand(["--seeds", "1..3", "--json"], host);
  const result = JSON.parse(host.printed[host.printed.length - 1]);
  assertEquals([result.trials, result.runs.length, result.seeds], [3, 3, { first: 1, last: 3 }]);
  assertEquals(Object.keys(result.interval), ["low", "high"]);
});

Deno.test("a Ctrl-C while the result is told does not end the command before it is kept", async () => {
  for (const line of [[], ["--seeds", "1..2"]]) {
    const host = memoryHost(), ended: string[] = [];
    let clock = 0;
    const interrupts = createInterrupts(() => clock += 1000, () => ended.push("end"));
    const terminal = {
      ...host.terminal,
      print(text: string) {
        if (host.printed.length === 0) interrupts.signal();
        host.terminal.print(text);
      },
    };
    const path = ["--run-folder", "runs/a"], onInterrupt = interrupts.listen;
    assertEquals(await trainCommand([...line, ...path], { ...host, terminal, onInterrupt }), 0);
    assertEquals([host.files.kindOf("runs/a/report.html"), ended], ["file", []]);
    interrupts.signal(); // the second one, or one when there is nothing left to do
    assertEquals(ended, ["end"]);
  }
});

Deno.test("the report of many seeds has a picture of how long they took", async () => {
  const drawn: string[] = [];
  const drawFigure = ({ layout }: Figure) => {
    drawn.push(String(Object(layout.title).text));
    return Promise.resolve("<svg></svg>");
  };
  const line = ["--seeds", "1..3", "--run-folder", "runs/a"], host = memoryHost();
  assertEquals(await trainCommand(line, { ...host, drawFigure }), 0);
  assertMatch(drawn[0], /(took 400 iterations or less|No seed succeeded)/);
  assertStringIncludes(host.files.readText("runs/a/report.html"), "<svg></svg>");
});

Deno.test("the pace is that of the training, however long its outcome takes to tell", async () => {
  const slow = (run: Run): Run =>
    Object.create(run, {
      outcomeSteps: {
        value: function* () {
          for (let share = 0; share < 1; share += 0.001) yield share;
          return run.outcome([]);
        },
      },
    });
  const walk = { ...standIn, start: (settings) => slow(standIn.start(settings)) } as typeof standIn;
  const host = memoryHost({ columns: 120 });
  await trainCommand([], { ...host, experiments: [walk] });
  const paces = host.overwritten.map((line) => line.match(/([\d.,]+)\/s/)?.[1]);
  assertGreater(paces.filter((pace) => pace === paces.at(-1)).length, 50);
});
