/** Each network that ships with the project: which it is, how to train it again, and that it answers long strings. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { disk } from "@/io/disk.ts";
import { PAPER_TASKS } from "@/studies/paper_setups.ts";
import { defaultMemory } from "@/tasks/tasks.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { trainingCommand, trainingPlan } from "@/training/training_plan.ts";
import { readSafetensors, writeSafetensors } from "@/weights/safetensors.ts";
import { loadTrainedModel, shippedWeights } from "@/weights/trained_model.ts";

const READ = Deno.permissions.querySync({ name: "read", path: "lib" }).state === "granted";
const FOLDER = "lib/weights/shipped";
const SHIPPED = READ ? shippedWeights(disk, FOLDER) : new Map();

/** No run has seen the strings of this seed: trainings use small seeds. */
const SEED = 20_150_608;

/** Tasks whose network is not always right on very long strings. */
const NOT_VERY_LONG = ["svo-sov"];

const load = (path: string) => loadTrainedModel(disk, path, { checksum: "required" });

Deno.test({
  name: "a file is the network of a task with its default memory; together they are below 1.5 MB",
  ignore: !READ,
  fn() {
    const files = disk.list(FOLDER).map((name) => `${FOLDER}/${name}`);
    assertEquals(files, [...SHIPPED.values()].sort());
    for (const task of PAPER_TASKS) assert(SHIPPED.has(task), task);
    const bytes = files.map((path) => Deno.statSync(path).size);
    assertLess(bytes.reduce((sum, size) => sum + size), 1.5e6);
  },
});

for (const [name, path] of SHIPPED) {
  Deno.test(`${path} has the settings of the command in it`, () => {
    const { task, shape, metadata } = load(path), settings = JSON.parse(metadata.get("settings")!);
    const plan = trainingPlan(settings);
    const younger = { logitsSeeReads: false }; // a flag that came after the first networks
    assertEquals([{ ...younger, ...settings }, task.name], [plan.settings, name]);
    assertEquals([task.vocabulary, shape], [plan.task.vocabulary, plan.shape]);
    assertEquals([shape.cell, shape.memory, shape.hidden], ["lstm", defaultMemory(name), 64]);
    assertEquals(metadata.get("command"), trainingCommand(settings));
  });

  Deno.test(`${path} answers strings of 65 to 128 symbols right in full`, () => {
    const { shape, task, parameters } = load(path);
    const set = { purpose: "test", lengths: { shortest: 65, longest: 128 }, seed: SEED } as const;
    const stepper = createStepper(shape, parameters);
    const { strict } = evaluateNetwork(stepper, task, { ...set, strings: 1000 });
    assertEquals([strict.strings, strict.exact], [1000, 1000]);
  });

  Deno.test(`${path}, written again, is the same file byte for byte`, () => {
    const bytes = Deno.readFileSync(path), { tensors, metadata } = readSafetensors(bytes, path);
    assertEquals(writeSafetensors(tensors, { metadata }), bytes);
  });

  if (NOT_VERY_LONG.includes(name)) continue;
  Deno.test(`${path} answers a very long string with either build of the kernels`, () => {
    const { shape, task, parameters } = load(path);
    const length = task.vocabulary.words ? 10_000 : 20_000; // drawing sentences takes seconds
    const lengths = { shortest: length, longest: length };
    for (const build of ["relaxed", "strict"] as const) {
      const stepper = createStepper(shape, parameters, { build });
      const set = { purpose: "test", lengths, seed: SEED, strings: 1 } as const;
      const { strict } = evaluateNetwork(stepper, task, set);
      assertEquals(strict.coarse, 1, build);
    }
  });
}
