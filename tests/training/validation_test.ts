import { assert, assertEquals, assertGreater } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { firstStrings } from "@/tasks/streams.ts";
import { traceDecoding } from "@/training/decoding_trace.ts";
import {
  createExaminer,
  type Examination,
  type Examiner,
  sharpenGates,
} from "@/training/validation.ts";
import { type TrainingPlan, trainingPlan } from "@/training/plan.ts";
import { allAtOnce } from "@/training/steps.ts";
import { handMadeReverser } from "./hand_made_network.ts";
import { TINY_SETS, tinySettings } from "./tiny_training.ts";

const { shape, symbols, parameters } = handMadeReverser(2);
const plan: TrainingPlan = { ...trainingPlan(tinySettings()), shape, symbols };

/** @param network Parameters; the hand-made network's, if left out. */
function examine(examiner: Examiner, phaseComplete: boolean, network = parameters): Examination {
  return allAtOnce(examiner.examination(network, phaseComplete));
}

Deno.test("a network that is right on validation and longer strings is done, if it may be", () => {
  const examiner = createExaminer(plan, TINY_SETS);
  assertEquals(examine(examiner, true), { coarse: 1, fine: 1, done: true });
  assertEquals(examine(examiner, false), { coarse: 1, fine: 1, done: false });
});

Deno.test("an examination goes by small steps; left at any of them, the next one finds the same", () => {
  const examiner = createExaminer(plan, TINY_SETS), shares: number[] = [];
  for (const share of examiner.examination(parameters, true)) shares.push(share);
  assertGreater(shares.length, 2 * 4 + 2 * 9); // every symbol of the longest strings is one
  assertEquals([shares, shares.at(-1)], [shares.toSorted((a, b) => a - b), 1]);
  for (let steps = 0; steps <= shares.length; steps += 5) {
    const left = examiner.examination(parameters, true);
    for (let step = 0; step < steps; step++) left.next();
    assertEquals(examine(examiner, true), { coarse: 1, fine: 1, done: true });
  }
});

Deno.test("one mistake on a validation string or on a longer one, and it is not done", () => {
  const stumbling = handMadeReverser(2, 1).parameters; // writes 0 for 1
  const found = examine(createExaminer(plan, TINY_SETS), true, stumbling);
  assertEquals([found.coarse < 1, found.done], [true, false]);
  const shares = [...createExaminer(plan, TINY_SETS).examination(stumbling, true)];
  assertGreater(0.6, shares.at(-1)!); // the longer ones are not asked any more
  const lengths = { shortest: 1, longest: 1 }, sets = { ...TINY_SETS, examined: 1 };
  const first = (seed: number) => firstStrings(1, seed, "validation", symbols, lengths)[0][0];
  const seed = [1, 2, 3, 4, 5, 6, 7, 8].find((seed) => first(seed) === 0)!;
  const lucky = examine(createExaminer({ ...plan, lengths, seed }, sets), true, stumbling);
  assertEquals(lucky, { coarse: 1, fine: 1, done: false });
});

Deno.test("crisp controls decide as before, and are nearer to 0 and 1", () => {
  const soft = sharpenGates(parameters, 0.05), crisp = sharpenGates(soft, 2);
  const [before, after] = [soft, crisp].map((network) =>
    traceDecoding(createStepper(shape, network), symbols, [0, 1, 1])
  );
  assertEquals(before.answer, after.answer);
  for (const name of ["pushes", "pops"] as const) {
    after[name].forEach((now, t) => {
      const then = before[name][t], distance = (x: number) => Math.min(x, 1 - x);
      assertEquals(now > 0.5, then > 0.5);
      assert(distance(now) < distance(then) / 2, `${name} ${t}`);
    });
  }
});

Deno.test("crisp controls leave every other tensor alone, and a network without a stack as it is", () => {
  const crisp = sharpenGates(parameters, 3);
  const changed = Object.keys(parameters).filter((name) => crisp[name] !== parameters[name]);
  assertEquals(changed, ["push.weight", "push.bias", "pop.weight", "pop.bias"]);
  assertEquals(sharpenGates({ a: parameters["logits.bias"] }, 3), {
    a: parameters["logits.bias"],
  });
});
