import { assertEquals } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { disk } from "@/io/disk.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { loadTrainedModel } from "@/training/trained_model.ts";

const READ = Deno.permissions.querySync({ name: "read", path: "lib" }).state === "granted";
const SHIPPED = "lib/training/weights/string_reversal.safetensors";

/** Strings that no run has seen: seeds of training are the small ones. */
const SEED = 20_150_608;

Deno.test({
  name:
    "the network that the project ships answers 1,000 strings of 65 to 128 characters right in full",
  ignore: !READ,
  fn() {
    const { shape, symbols, parameters } = loadTrainedModel(disk, SHIPPED);
    const set = { purpose: "test", lengths: { shortest: 65, longest: 128 }, seed: SEED } as const;
    const stepper = createStepper(shape, parameters);
    const { strict } = evaluateNetwork(stepper, symbols, { ...set, strings: 1000 });
    assertEquals([strict.strings, strict.exact], [1000, 1000]);
  },
});

Deno.test({
  name: "it answers a string of 20,000 characters, with either build of the kernels",
  ignore: !READ,
  fn() {
    const { shape, symbols, parameters } = loadTrainedModel(disk, SHIPPED);
    const lengths = { shortest: 20_000, longest: 20_000 };
    for (const build of ["relaxed", "strict"] as const) {
      const stepper = createStepper(shape, parameters, build);
      const set = { purpose: "test", lengths, seed: SEED, strings: 1 } as const;
      const { strict } = evaluateNetwork(stepper, symbols, set);
      assertEquals(strict.coarse, 1, build);
    }
  },
});

Deno.test({
  name: "it is a network of the default shape",
  ignore: !READ,
  fn() {
    const { shape, symbols } = loadTrainedModel(disk, SHIPPED);
    assertEquals([shape.cell, shape.memory, shape.hidden, symbols.characters], [
      "lstm",
      "stack",
      64,
      128,
    ]);
  },
});
