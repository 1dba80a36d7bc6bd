import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Experiment } from "@/runs/run.ts";
import { sequenceExperimentOn } from "@/training/sequence_experiment.ts";
import { classifyValues, createRunRecord } from "@/studies/run_record.ts";
import { startSession } from "@/runs/session.ts";
import { train } from "@/runs/train.ts";
import { UserError } from "@/io/user_error.ts";
import { writeSafetensors } from "@/weights/safetensors.ts";
import { BEST_WEIGHTS, loadWeights, saveTrainedModel } from "@/weights/trained_model.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { TINY_SETS, tinySettings } from "../training/tiny_training.ts";
import { testHooks } from "../runs/hooks.ts";

const PATH = "runs/a";
const SETS = { soft: 20, longest: 30, values: 4 };
const tiny: Experiment = sequenceExperimentOn(TINY_SETS);

const jobOf = (changes: Parameters<typeof tinySettings>[0] = {}) => ({
  path: PATH,
  experiment: tiny.name,
  settings: tinySettings(changes),
});

function finished(changes: Parameters<typeof tinySettings>[0] = {}): MemoryDisk {
  const files = new MemoryDisk();
  train(startSession({ files, path: PATH }, tiny, tinySettings(changes)), testHooks());
  return files;
}

Deno.test("a record says what the run's own files say", () => {
  const files = finished(), record = createRunRecord(files, jobOf(), SETS)!;
  const result = JSON.parse(files.readText(`${PATH}/result.json`));
  assertEquals([record.seed, record.success], [1, result.success]);
  assertEquals(record.strings, result.summary.strings);
  assertEquals(record.scores["1..4"][0], result.summary.scores[0].coarse);
  assertEquals("30" in record.scores, result.success);
  const rows = files.readText(`${PATH}/metrics.jsonl`).trimEnd().split("\n").map((row) =>
    JSON.parse(row)
  );
  assertEquals(record.left, rows.find(({ error }) => error < 0.7 * Math.log(5))?.strings ?? null);
  const { error, readPush, readPop } = rows.at(-1);
  const [loss, push, pop] = [error, readPush, readPop].map((x) => Number(x.toPrecision(3)));
  assertEquals(record.end, { loss, push, pop });
});

Deno.test("saturated gates and values that tell symbols apart are measured, and blurred ones", () => {
  const files = finished(), model = handMadeReverser(2);
  saveTrainedModel(files, `${PATH}/${BEST_WEIGHTS}`, model);
  const crisp = createRunRecord(files, jobOf(), SETS)!;
  assertEquals([crisp.softness! < 1e-12, crisp.valuesRecovered], [true, 1]);
  const parameters = { ...model.parameters };
  parameters["push.weight"] = parameters["push.weight"].map((x) => x / 40);
  parameters["value.weight"] = parameters["value.weight"].map(() => 0);
  saveTrainedModel(files, `${PATH}/${BEST_WEIGHTS}`, { ...model, parameters });
  const blurred = createRunRecord(files, jobOf(), SETS)!, median = blurred.softness!;
  assert(Math.abs(median - 1 / (1 + Math.E)) < 0.01, `1 − σ(1), got ${median}`);
  assertEquals(blurred.valuesRecovered, 0);
  assertEquals([model, { ...model, parameters }].map((each) => classifyValues(each, 1, 4)), [1, 0]);
});

Deno.test("there is no record of a run that has not ended, and nothing to measure without a memory", () => {
  const files = new MemoryDisk();
  startSession({ files, path: PATH }, tiny, tinySettings());
  assertEquals(createRunRecord(files, jobOf(), SETS), undefined);
  const changes = { memory: "none", strings: 40 } as const;
  const record = createRunRecord(finished(changes), jobOf(changes), SETS)!;
  assertEquals([record.softness, record.valuesRecovered, record.end], [null, null, null]);
});

Deno.test("there is no record of weights without a checksum: they are not the run's own", () => {
  const files = finished(), path = `${PATH}/${BEST_WEIGHTS}`;
  const { tensors, metadata } = loadWeights(files, path);
  files.writeBytes(path, writeSafetensors(tensors, { metadata, checksum: false }));
  assertThrows(() => createRunRecord(files, jobOf(), SETS), UserError, "wanted a checksum");
});
