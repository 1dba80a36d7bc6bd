import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { trainCommand } from "@/cli/train.ts";
import { createInterrupts } from "@/io/signals.ts";
import { currentEnvironment } from "@/runs/environment.ts";
import type { Experiment, Run } from "@/runs/run.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { STAND_INS, standIn } from "../runs/stand_in.ts";
import { timeless } from "../runs/timeless.ts";
import { OutputError } from "@/io/terminal.ts";
import { memoryHost, trainStandIn } from "./memory_host.ts";
import { trainingCommand } from "@/training/training_plan.ts";
import { loadTrainedModel } from "@/weights/trained_model.ts";
import { SMALL_LINE, trainSmall } from "./small_training.ts";

const RUN_FILES = [
  "checkpoint.safetensors",
  "config.json",
  "lock",
  "metrics.jsonl",
  "parameters.json",
  "report.html",
  "result.json",
];

Deno.test("without options the first experiment is trained, reported and saved", async () => {
  const host = memoryHost();
  assertEquals(await trainStandIn([], host), 0);
  assertEquals(host.files.list(".runs"), ["walk-seed1"]);
  assertEquals(host.files.list(".runs/walk-seed1"), RUN_FILES);
  assertEquals(host.noted[0], "Training walk with seed 1 in .runs/walk-seed1");
  assertMatch(host.printed[0], /^walked to /);
  assertEquals(host.printed[1], "measured 201 times");
  assertMatch(host.printed[3], /^(Succeeded|Did not succeed): 400 iterations in .+ s, error \d/);
  assertEquals(host.printed[4], "Report: .runs/walk-seed1/report.html");
  assertEquals([host.workers, host.listening], [{ started: 1, open: 0 }, 0]);
});

Deno.test("a second run takes the next free name and leaves the first alone", async () => {
  const host = memoryHost();
  await trainStandIn([], host);
  const first = timeless(host.files, ".runs/walk-seed1");
  await trainStandIn([], host);
  assertEquals(await trainStandIn([], host), 0);
  assertEquals(host.files.list(".runs"), ["walk-seed1", "walk-seed1-2", "walk-seed1-3"]);
  assertEquals(timeless(host.files, ".runs/walk-seed1"), first);
  assertEquals(timeless(host.files, ".runs/walk-seed1-2"), first);
});

Deno.test("options reach the experiment and config.json, beside the environment", async () => {
  const host = memoryHost();
  const line = "--experiment stroll --step-length 0.5 --starts -1,2 --kind uniform --seed 7 " +
    "--iterations 9 --enough 5 --run-folder runs/mine";
  assertEquals(await trainStandIn(line.split(" "), host), 0);
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
    environment: currentEnvironment(),
  });
  assertEquals(JSON.parse(host.files.readText("runs/mine/result.json")).iteration, 5);
});

Deno.test("other seeds are other runs", async () => {
  const host = memoryHost();
  await trainStandIn(["--seed", "1"], host);
  await trainStandIn(["--seed", "2"], host);
  const places = [1, 2].map((seed) =>
    host.files.readText(`.runs/walk-seed${seed}/parameters.json`)
  );
  assert(places[0] !== places[1]);
});

Deno.test("Ctrl-C leaves a checkpoint and says how to resume, to the uninterrupted end", async () => {
  const host = memoryHost({ stopAtReading: 200 });
  assertEquals(await trainStandIn(["--run-folder", "my runs/a"], host), 130);
  assertEquals(host.printed, []);
  const advice = host.noted[host.noted.length - 1];
  assertMatch(
    advice,
    /^Stopped after \d+ of 400 iterations; resume with: deno task train --resume 'my runs\/a'$/,
  );
  assert(!host.files.list("my runs/a").includes("result.json"));
  assertEquals([host.workers.open, host.listening], [0, 0]);

  const resumed = memoryHost({ files: host.files });
  assertEquals(await trainStandIn(["--resume", "my runs/a"], resumed), 0);
  assertMatch(
    resumed.noted[0],
    /^Training walk with seed 1 after [1-9]\d* iterations in my runs\/a$/,
  );
  const whole = memoryHost();
  await trainStandIn(["--run-folder", "my runs/a"], whole);
  assertEquals(timeless(resumed.files, "my runs/a"), timeless(whole.files, "my runs/a"));
});

Deno.test("a run is resumed with its own settings, which may be named again", async () => {
  const files = new MemoryDisk(), settings = ["--starts", "3,4", "--seed", "5"];
  const stopped = memoryHost({ files, stopAtReading: 50 });
  assertEquals(await trainStandIn([...settings, "--run-folder", "a"], stopped), 130);
  const line = ["--resume", "a", "--experiment", "walk", ...settings];
  assertEquals(await trainStandIn(line, memoryHost({ files })), 0);
});

Deno.test("resuming ignores the environment that config.json records", async () => {
  const files = new MemoryDisk(), whole = memoryHost();
  await trainStandIn(["--run-folder", "a"], memoryHost({ files, stopAtReading: 50 }));
  await trainStandIn(["--run-folder", "a"], whole);
  const config = { ...JSON.parse(files.readText("a/config.json")), environment: { deno: "1.0.0" } };
  for (const disk of [files, whole.files]) disk.writeText("a/config.json", JSON.stringify(config));
  assertEquals(await trainStandIn(["--resume", "a"], memoryHost({ files })), 0);
  assertEquals(timeless(files, "a"), timeless(whole.files, "a"));
});

Deno.test("with --json the last line is the result as one object", async () => {
  const host = memoryHost();
  assertEquals(await trainStandIn(["--json"], host), 0);
  const result = JSON.parse(host.printed[host.printed.length - 1]);
  const saved = JSON.parse(host.files.readText(".runs/walk-seed1/result.json"));
  assertEquals(result, { ...saved, folder: ".runs/walk-seed1" });
  assertEquals([result.experiment, result.settings.seed, result.iteration], ["walk", 1, 400]);
});

Deno.test("divergence is exit code 1 and one sentence that names the iteration", async () => {
  const host = memoryHost();
  assertEquals(await trainStandIn(["--explode-at", "100"], host), 1);
  assertEquals(
    host.noted[host.noted.length - 1],
    "Cannot train: wanted a finite error, got NaN at iteration 100; " +
      "the last good state is in .runs/walk-seed1",
  );
  assertEquals(host.printed, []);
});

Deno.test("a run that diverged ends with its result as JSON too", async () => {
  const host = memoryHost();
  assertEquals(await trainStandIn(["--explode-at", "100", "--json"], host), 1);
  const { success, diverged, folder } = JSON.parse(host.printed[0]);
  assertEquals([success, folder], [false, ".runs/walk-seed1"]);
  assertStringIncludes(diverged, "got NaN at iteration 100");
});

Deno.test("a fault of the program is not reported as the user's input", async () => {
  const faulty: Experiment = {
    ...standIn as Experiment,
    start: (settings) =>
      Object.create(standIn.start(settings as never), {
        advance: {
          value() {
            throw new TypeError("slip");
          },
        },
      }),
  };
  const host = memoryHost({ experiments: [faulty] });
  const error = await trainCommand([], host, [faulty]).then(String, String);
  assertEquals([error, host.workers.open, host.listening], ["TypeError: slip", 0, 0]);
  const advice = "The training has failed; resume with: deno task train --resume .runs/walk-seed1";
  assertEquals(host.noted.at(-1), advice);
});

Deno.test("a result that cannot be printed is kept, and the user is told how to get at it", async () => {
  const host = memoryHost();
  const print = () => {
    throw new OutputError("Cannot write the result: wanted an output that takes it, got no space");
  };
  const terminal = { ...host.terminal, print };
  assertEquals(await trainStandIn(["--run-folder", "a"], { ...host, terminal }), 1);
  assertStringIncludes(host.noted.at(-2)!, "resume with: deno task train --resume a");
  assertStringIncludes(host.noted.at(-1)!, "Cannot write the result");
  assertEquals(host.files.kindOf("a/result.json"), "file");
});

Deno.test("a Ctrl-C while the result is reported does not end the command before it is saved", async () => {
  for (const line of [[], ["--seeds", "1..2"]]) {
    const host = memoryHost(), ended: string[] = [];
    let clock = 0;
    const interrupts = createInterrupts(() => clock += 1000, () => ended.push("end"));
    const terminal = {
      ...host.terminal,
      print(text: string) {
        if (host.printed.length === 0) interrupts.signal(130);
        host.terminal.print(text);
      },
    };
    const path = ["--run-folder", "runs/a"], onStopSignal = interrupts.listen;
    assertEquals(await trainStandIn([...line, ...path], { ...host, terminal, onStopSignal }), 0);
    assertEquals([host.files.kindOf("runs/a/report.html"), ended], ["file", []]);
    interrupts.signal(130); // the second one, or one when there is nothing left to do
    assertEquals(ended, ["end"]);
  }
});

/** The walk, which is evaluated in a thousand steps. */
const slowlyEvaluated: Experiment = {
  ...standIn as Experiment,
  start(settings) {
    const run = standIn.start(settings as never);
    const outcome: Run["outcome"] = (history, onShareDone = () => {}) => {
      for (let step = 0; step < 1000; step++) onShareDone(step / 1000);
      return run.outcome(history);
    };
    return Object.create(run, { outcome: { value: outcome } });
  },
};

Deno.test("the pace shown is that of the training, however long its evaluation takes", async () => {
  const host = memoryHost({ columns: 120, experiments: [slowlyEvaluated] });
  assertEquals(await trainCommand([], host, [slowlyEvaluated]), 0);
  const evaluating = host.overwritten.filter((line) => /evaluated (\d+) %/.test(line));
  const paces = evaluating.map((line) => line.match(/([\d.,]+)\/s/)?.[1]);
  assertGreater(paces.length, 50);
  assertEquals(new Set(paces).size, 1);
});

Deno.test("threads are those of --threads, else what the experiment asks for on this machine", async () => {
  const seen: unknown[] = [];
  const watched: Experiment = {
    ...standIn as Experiment,
    threadsFor: ({ seed }, cores) => 10 * cores + seed,
    start: (
      settings,
      resources,
    ) => (seen.push(resources?.threads), standIn.start(settings as never)),
    resume: (settings, state, resources) => {
      seen.push(resources?.threads);
      return standIn.resume(settings as never, state as never);
    },
  };
  const host = memoryHost({ experiments: [watched] });
  const run = (...line: string[]) => trainCommand(line, host, [watched]);
  await run("--run-folder", "a", "--seed", "3");
  await run("--run-folder", "b", "--threads", "4");
  await run("--resume", "b");
  await run("--resume", "b", "--threads", "2");
  await trainCommand(["--run-folder", "c"], memoryHost(), STAND_INS);
  assertEquals(seen, [23, 4, 21, 2]);
});

Deno.test("a training on a task is named after its task and its memory", async () => {
  const files = new MemoryDisk();
  const line = ["--strings", "40", ...SMALL_LINE];
  const { code, host } = await trainSmall(line, files);
  assertEquals(code, 0);
  assertEquals(files.list(".runs"), ["reversal-stack-seed5"]);
  assertEquals(files.list(".runs/reversal-stack-seed5"), [
    "best.safetensors",
    ...RUN_FILES.slice(0, 2),
    "last.safetensors",
    "lock",
    "metrics.jsonl",
    "report.html",
    "result.json",
  ]);
  assertStringIncludes(host.noted[0], "Training reversal-stack with seed 5 in .runs/");
  assertMatch(host.printed.at(-2)!, /^(Succeeded|Did not succeed): 40 strings in .+, loss \d/);
  const withoutMemory = ["--memory", "none", "--value-width", "32"];
  const others = SMALL_LINE.filter((_, i) => i !== 2 && i !== 3);
  await trainSmall(["--task", "copy", ...withoutMemory, "--strings", "40", ...others], files);
  assertEquals(files.list(".runs"), ["copy-none-seed5", "reversal-stack-seed5"]);
});

Deno.test("a run has its task's memory and its recipe's budget, by name and in every file", async () => {
  const memories = { "reversal": "stack", "copy": "queue", "bigram-flip": "queue" };
  for (const [task, memory] of Object.entries(memories)) {
    const files = new MemoryDisk(), folder = `.runs/${task}-${memory}-seed5`;
    const { code, host } = await trainSmall(["--task", task, ...SMALL_LINE], files, {
      stopAtReading: 20,
    });
    assertEquals([code, files.list(".runs")], [130, [`${task}-${memory}-seed5`]]);
    assertStringIncludes(host.noted[0], `Training ${task}-${memory} with seed 5 in ${folder}`);
    const { settings } = JSON.parse(files.readText(`${folder}/config.json`));
    assertEquals([settings.memory, settings.strings], [memory, memory === "stack" ? 15e3 : 25e3]);
    const { metadata } = loadTrainedModel(files, `${folder}/last.safetensors`);
    assertEquals(JSON.parse(metadata.get("settings")!), settings);
    assertEquals(metadata.get("command"), trainingCommand(settings));
    const other = await trainSmall(["--resume", folder, "--memory", "deque"], files);
    const sentence = `wanted --memory as it was started with (${memory}), got deque`;
    assertEquals(other.host.noted, [`Cannot resume ${folder}: ${sentence}`]);
  }
});

Deno.test("many seeds have their task's memory and their recipe's budget", async () => {
  const files = new MemoryDisk(), sizes = SMALL_LINE.slice(0, -2);
  const line = ["--task", "copy", "--seeds", "1..2", ...sizes];
  const { code } = await trainSmall(line, files, { stopAtReading: 9 });
  assertEquals([code, files.list(".runs")], [130, ["copy-queue-seeds1-2"]]);
  const { settings } = JSON.parse(files.readText(".runs/copy-queue-seeds1-2/config.json"));
  assertEquals([settings.memory, settings.strings], ["queue", 25_000]);
});

/** The settings in config.json after a command line. */
async function settingsOf(line: string): Promise<Record<string, unknown>> {
  const files = new MemoryDisk(), sizes = "--hidden 2 --embedding 2 --symbols 2 --lengths 1..2";
  const words = `${sizes} --strings 16 --run-folder a ${line}`.trim().split(/ +/);
  const { code, host } = await trainSmall(words, files);
  assertEquals(code, 0, host.noted.join("\n"));
  return JSON.parse(files.readText("a/config.json"));
}

Deno.test("spellings of earlier versions mean what they did", async () => {
  const aliases: [earlier: string, now: string][] = [
    ["--model lstm+stack", "--cell lstm --memory stack"],
    ["--model lstm", "--cell lstm --memory none"],
    ["--model=rnn", "--cell rnn --memory none"],
    ["--stack-width 2", "--value-width 2"],
    ["--without noise", "--ablate noise"],
    ["--optimiser sgd", "--optimizer sgd"],
    ["--experiment string-reversal", "--experiment sequence"],
    ["--experiment string-reversal --model lstm+stack --stack-width=3", "--value-width 3"],
  ];
  for (const [earlier, now] of aliases) {
    assertEquals(await settingsOf(earlier), await settingsOf(now), earlier);
  }
  const { settings } = await settingsOf("--model rnn") as { settings: Record<string, unknown> };
  assertEquals([settings.cell, settings.memory], ["rnn", "none"]);
});

Deno.test("a run can be resumed with the spellings of earlier versions, if they say the same", async () => {
  const files = new MemoryDisk(), line = [...SMALL_LINE, "--strings", "40", "--run-folder", "a"];
  assertEquals((await trainSmall(line, files, { stopAtReading: 20 })).code, 130);
  const resume = ["--resume", "a", "--experiment", "string-reversal"];
  const other = await trainSmall([...resume, "--model", "lstm"], files);
  assertEquals([other.code, other.host.noted], [2, [
    "Cannot resume a: wanted --memory as it was started with (stack), got none",
  ]]);
  const same = ["--model", "lstm+stack", "--stack-width", "3"];
  assertEquals((await trainSmall([...resume, ...same], files)).code, 0);
});

Deno.test("spellings of earlier versions are refused where they contradict or are unknown", async () => {
  const refused: [line: string, message: string][] = [
    ["--model gru", 'Cannot read --model: wanted lstm+stack, lstm or rnn, got "gru"'],
    ["--model lstm --memory stack", "wanted --memory once, got --model and --memory"],
    ["--optimizer sgd --optimiser sgd", "wanted --optimizer once, got --optimizer and --optimiser"],
    ["--model lstm --without noise", "Cannot train: wanted a network with a memory for --ablate"],
    ["--stack-wdith 3", "such as --value-width, got --stack-wdith"],
  ];
  for (const [line, message] of refused) {
    const files = new MemoryDisk(), { code, host } = await trainSmall(line.split(" "), files);
    assertEquals([code, host.noted.length, files.snapshot()], [2, 1, []], line);
    assertStringIncludes(host.noted[0], message);
  }
});

Deno.test("a run folder of version 1 is refused in one sentence that names the version", async () => {
  const files = new MemoryDisk();
  files.makeFolder("old");
  const settings = { model: "lstm+stack", stackWidth: 32, without: "nothing", seed: 1 };
  const config = { experiment: "string-reversal", settings };
  files.writeText("old/config.json", JSON.stringify(config));
  files.writeText("old/checkpoint.json", JSON.stringify({ sha256: "0", ...config }));
  files.writeText("old/metrics.jsonl", "");
  const before = files.snapshot();
  const { code, host } = await trainSmall(["--resume", "old"], files);
  assertEquals([code, host.printed, files.snapshot()], [2, [], before]);
  assertEquals(host.noted, [
    'Cannot read old/checkpoint.json: wanted a checkpoint of version "2", got version "1"',
  ]);
});
