import { assertEquals } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { disk } from "@/io/disk.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { loadTrainedModel } from "@/weights/trained_model.ts";
import { readSafetensors, writeSafetensors } from "@/weights/safetensors.ts";

const READ = Deno.permissions.querySync({ name: "read", path: "lib" }).state === "granted";
const SHIPPED = "lib/weights/shipped/string_reversal.safetensors";

/** No run has seen the strings of this seed: trainings use small seeds. */
const SEED = 20_150_608;

Deno.test({
  name: "the shipped network answers 1,000 strings of 65 to 128 characters right in full",
  ignore: !READ,
  fn() {
    const { shape, task, parameters } = loadTrainedModel(disk, SHIPPED);
    const set = { purpose: "test", lengths: { shortest: 65, longest: 128 }, seed: SEED } as const;
    const stepper = createStepper(shape, parameters);
    const { strict } = evaluateNetwork(stepper, task, { ...set, strings: 1000 });
    assertEquals([strict.strings, strict.exact], [1000, 1000]);
  },
});

Deno.test({
  name: "it answers a string of 20,000 characters, with either build of the kernels",
  ignore: !READ,
  fn() {
    const { shape, task, parameters } = loadTrainedModel(disk, SHIPPED);
    const lengths = { shortest: 20_000, longest: 20_000 };
    for (const build of ["relaxed", "strict"] as const) {
      const stepper = createStepper(shape, parameters, { build });
      const set = { purpose: "test", lengths, seed: SEED, strings: 1 } as const;
      const { strict } = evaluateNetwork(stepper, task, set);
      assertEquals(strict.coarse, 1, build);
    }
  },
});

Deno.test({
  name: "it is a network of the default shape",
  ignore: !READ,
  fn() {
    const { shape, task } = loadTrainedModel(disk, SHIPPED);
    assertEquals([shape.cell, shape.memory, shape.hidden], ["lstm", "stack", 64]);
    assertEquals([task.name, task.vocabulary.characters], ["reversal", 128]);
  },
});

Deno.test({
  name: "written again, it is the same file byte for byte",
  ignore: !READ,
  fn() {
    const bytes = Deno.readFileSync(SHIPPED),
      { tensors, metadata } = readSafetensors(bytes, SHIPPED);
    assertEquals(writeSafetensors(tensors, { metadata }), bytes);
  },
});
