import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { crossEntropy } from "@/network/cross_entropy.ts";
import { runSequence } from "@/models/sequence_model.ts";
import { engineContender, PEER_SIZES, peerTask } from "./peer_task.ts";

const TASK = peerTask({ name: "tiny", hidden: 2 });

Deno.test("the task is 32 strings of 34 steps with a target at each, the same at every call", () => {
  assertEquals(TASK, peerTask({ name: "tiny", hidden: 2 }));
  assertEquals([TASK.inputs.length, TASK.inputs[0].length], [32, 34]);
  TASK.inputs.forEach((inputs, n) => {
    assertEquals(TASK.targets[n].slice(0, -1), inputs.slice(1)); // the symbol after each input
  });
  assertEquals(PEER_SIZES.map(({ hidden }) => hidden), [64, 256]);
});

Deno.test("the engine's loss is the reference's mean cross-entropy, and falls", async () => {
  const engine = engineContender(TASK), { inputs, targets, symbols, embedding, hidden } = TASK;
  await engine.prepare(TASK);
  const [first, second] = [await engine.round(1), await engine.round(2)];
  engine.close();
  const sizes = { layers: 1, hidden, embedding, valueWidth: 0, symbols };
  const shape = { cell: "lstm", memory: "none", ...sizes } as const;
  const parameters = Object.fromEntries(
    Object.entries(TASK.parameters).map(([name, W]) => [name, Float64Array.from(W)]),
  );
  const losses = inputs.flatMap((inputs, n) =>
    runSequence(shape, parameters, { inputs, targets: targets[n] }).logits
      .map((logits, t) => crossEntropy(logits, targets[n][t]))
  );
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  assertAlmostEquals(first.loss!, mean, 1e-5);
  assertLess(second.loss!, first.loss!);
});
