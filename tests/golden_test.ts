/**
 * Trainings whose every bit is known: with the strict build, the same seed gives the same metrics, weights and scores on
 * every machine and in every version. A change that is meant to change nothing must leave these hashes alone; one that is
 * meant to change a training says so, and puts the new hash here.
 *
 * Hashes cover numbers and tensor names, in their order. Words, options and files may be renamed.
 */
import { createHash } from "node:crypto";
import { assertEquals } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { EXPERIMENTS } from "@/cli/experiments.ts";
import { disk } from "@/io/disk.ts";
import { sequenceExperimentOn } from "@/training/sequence_experiment.ts";
import { readValues, SEED_OPTION } from "@/options/settings.ts";
import type { Experiment, Metrics, Run } from "@/runs/run.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { STANDARD_SETS } from "@/training/validation.ts";
import {
  BEST_WEIGHTS,
  LAST_WEIGHTS,
  loadTrainedModel,
  loadWeights,
} from "@/weights/trained_model.ts";
import { MemoryDisk } from "./io/memory_disk.ts";

const MAY_READ = Deno.permissions.querySync({ name: "read", path: "lib" }).state === "granted";
const SHIPPED = "lib/weights/shipped/reversal-stack.safetensors";

/** The numbers of plain data and of typed arrays, in their order; names and words do not count. */
function hashOf(...data: readonly unknown[]): string {
  const hash = createHash("sha256");
  const add = (value: unknown): void => {
    if (typeof value === "number") hash.update(new Uint8Array(Float64Array.of(value).buffer));
    else if (typeof value === "boolean" || value === null) hash.update(String(value));
    else if (ArrayBuffer.isView(value)) add([...value as Float64Array]);
    else if (typeof value === "object") Object.values(value as object).forEach(add);
  };
  data.forEach(add);
  return hash.digest("hex").slice(0, 16);
}

function experimentNamed(name: string): Experiment {
  return EXPERIMENTS.find((experiment) => experiment.name === name) as Experiment;
}

/** Trains to the end, or for so many iterations; measures ten times. */
function train(experiment: Experiment, line: string, iterations = Infinity) {
  const words = line.split(" ").filter(Boolean), given = new Map<string, string>();
  for (let i = 0; i < words.length; i += 2) given.set(words[i], words[i + 1]);
  const options = { ...experiment.options, seed: SEED_OPTION };
  const run: Run = experiment.start(readValues(options, given));
  const end = Math.min(iterations, run.iterations), rows: Metrics[] = [run.metrics()];
  while (!run.finished && run.iteration < end) {
    run.advance(Math.min(Math.ceil(end / 10), end - run.iteration));
    rows.push(run.metrics());
  }
  return { run, rows };
}

/** What a run leaves in its weights files: names, and bits. */
function weightsHash(run: Run): string {
  const files = new MemoryDisk();
  files.makeFolder("run");
  run.save!(files, "run");
  const tensors = [BEST_WEIGHTS, LAST_WEIGHTS].flatMap((name) =>
    [...loadWeights(files, `run/${name}`).tensors].sort(([a], [b]) => a < b ? -1 : 1)
  );
  const names = createHash("sha256").update(tensors.map(([name]) => name).join()).digest("hex");
  return hashOf(tensors.map(([, { data }]) => data)) + names.slice(0, 8);
}

Deno.test("golden: the first 600 strings of the default training", () => {
  const { run, rows } = train(experimentNamed("sequence"), "--build strict", 150);
  assertEquals([hashOf(rows), weightsHash(run)], ["9e0c753ad667138a", "943cf33fb8b8bd837af05be4"]);
});

Deno.test("golden: a small training with its noise, to the end, and its scores", () => {
  const exactly = (length: number) => ({ shortest: length, longest: length });
  const sets = {
    ...STANDARD_SETS,
    further: () => [{ strings: 4, lengths: exactly(100) }],
    scored: 50,
    test: () => [{ strings: 20, lengths: exactly(200) }],
  };
  const line = "--build strict --symbols 8 --hidden 16 --value-width 8 --embedding 8 --seed 1001";
  const { run, rows } = train(
    sequenceExperimentOn(sets),
    `${line} --lengths 2..12 --strings 12000`,
  );
  const { success, summary } = run.outcome(rows);
  assertEquals([
    run.iteration,
    success,
    hashOf(rows),
    weightsHash(run),
    hashOf(summary!.strings, summary!.scores),
  ], [1236, true, "3ece264c9594dbc6", "109a75ea0e6b4c547af05be4", "a20a32b61c28915f"]);
});

for (
  const [name, line, expected] of [
    ["LSTM without a stack", "--memory none --hidden 12 --embedding 6 --symbols 4 --strings 960", [
      "9a8f2d8c14d22da3",
      "9d6ae5717cd9f18e9f96ca80",
    ]],
    [
      "RNN without a stack",
      "--memory none --cell rnn --hidden 12 --layers 2 --symbols 4 --strings 480",
      [
        "a41d26d530621c5e",
        "db943ad51f558d9c7174d460",
      ],
    ],
    ["published recipe", "--recipe dusell-2017 --hidden 12 --symbols 4 --strings 400", [
      "6a0d08850165662a",
      "3fd12431feb4d0617af05be4",
    ]],
    ["another published recipe", "--recipe flamant-2019 --hidden 12 --symbols 4 --strings 400", [
      "7c76d4823ae7fc28",
      "e141da13f3e6d50f7af05be4",
    ]],
  ] as const
) {
  Deno.test(`golden: ${name}`, () => {
    const settings = `${line} --lengths 4..12 --build strict`;
    const { run, rows } = train(experimentNamed("sequence"), settings);
    assertEquals([hashOf(rows), weightsHash(run)], [...expected] as string[]);
  });
}

for (
  const [name, line, iterations, expected] of [
    ["learn-to-push", "", 300, [true, "96e19f694ddfe111", "ed106933bb8ee0b4"]],
    ["learn-to-pop", "", 300, [true, "f75e6fa7c45b06bd", "34f7b2d400e531df"]],
    ["steered", "", 300, [false, "ff814906fd9d5470", "09d73955222fd1b3"]],
    ["binary-addition", "", 1000, [false, "37f391cfbabdf5d5", "a086281982039020"]],
    ["rnn-controller", "", 1500, [false, "6c4f7eefa3408990", "d326c59e0f262545"]],
    ["autoencoder", "", 1500, [false, "6344effd3a6344ea", "8cf20b512ca1457d"]],
  ] as const
) {
  Deno.test(`golden: ${name}`, () => {
    const { run, rows } = train(experimentNamed(name), line, iterations);
    const { success, parameters } = run.outcome(rows);
    assertEquals([success, hashOf(rows), hashOf(parameters)], [...expected] as unknown[]);
  });
}

Deno.test({
  name: "golden: answers of the weights that are shipped, on strings that break them too",
  ignore: !MAY_READ,
  fn() {
    const { task, shape, parameters } = loadTrainedModel(disk, SHIPPED);
    const half = Object.entries(parameters).map(([name, tensor]) =>
      [name, name.startsWith("p") ? tensor.map((weight) => weight / 8) : tensor] as const
    );
    const networks = [parameters, Object.fromEntries(half)];
    const scores = networks.map((weights) => {
      const set = { strings: 30, lengths: { shortest: 65, longest: 128 }, seed: 1 };
      const stepper = createStepper(shape, weights, { build: "strict" });
      const { strict, published } = evaluateNetwork(stepper, task, { ...set, purpose: "test" });
      return { strict, published };
    });
    assertEquals([scores.map(({ strict }) => strict.exact), hashOf(scores)], [
      [30, 13],
      "b69989625b26a324",
    ]);
  },
});
