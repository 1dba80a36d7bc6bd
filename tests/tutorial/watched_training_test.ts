import { assertEquals, assertNotEquals } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { summarizeControls } from "@/training/control_summary.ts";
import { ablate } from "@/training/ablation.ts";
import { startTrainer } from "@/training/trainer.ts";
import { defaultSettings } from "@/training/training_options.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { controlPath, watchTraining } from "@/tutorial/watched_training.ts";
import { assertSame } from "../same.ts";

const SMALL = { symbols: 2, hidden: 4, valueWidth: 2, embedding: 2, lengths: "1..4" };
const plan = trainingPlan({ ...defaultSettings(3), ...SMALL, build: "strict" });

Deno.test("watching does not change a training: the same weights and the same loss", () => {
  const watched = watchTraining(plan), alone = startTrainer(plan);
  watched.learnUntil(300);
  while (alone.strings < 300) alone.update();
  assertSame(watched.trainer.state(), alone.state());
  assertEquals(watched.course.map(({ strings }) => strings), [100, 200, 300]);
  assertEquals(watched.course[2].loss, alone.loss);
  assertNotEquals(watched.course[1].loss, alone.loss);
});

Deno.test("a look sees the first eight validation strings of the plan's seed, without noise", () => {
  const { trainer, course, learn } = watchTraining(plan);
  assertEquals(learn(), 100);
  const { task, shape, lengths, seed } = plan;
  const set = { purpose: "validation", strings: 8, lengths, seed } as const;
  const strings = firstPairs(task, set).map((pair) => task.layOut(pair));
  const engine = createEngine(shape, { build: "strict" });
  engine.setParameters(trainer.parameters());
  engine.logits({ strings, outputWeight: 1 });
  const { loss } = trainer, controls = summarizeControls(engine.controls()[0], strings);
  assertEquals(course, [{ strings: 100, loss, ...controls }]);
});

Deno.test("it ends with the last phase, in the middle of a hundred strings if need be", () => {
  // The noise begins at once, and lasts for 248 strings.
  const noise = { ...plan.recipe.noise!, below: 9, strings: 248 };
  const training = watchTraining({ ...plan, recipe: { ...plan.recipe, noise } });
  training.learnUntil(10_000);
  assertEquals(training.course.map(({ strings }) => strings), [100, 200, 252]); // 4, then 248
  assertEquals(training.learn(), 0);
  assertEquals(training.course.length, 3);
});

Deno.test("without a noise phase it ends with the budget", () => {
  const recipe = { ...ablate(plan.recipe, "anchor"), noise: null };
  const training = watchTraining({ ...plan, recipe, updates: 30 });
  assertEquals([training.learn(), training.learn(), training.learn()], [100, 20, 0]);
});

Deno.test("a path has the pushes and pops of its phase", () => {
  const { course, learnUntil } = watchTraining(plan);
  learnUntil(200);
  const [a, b] = course;
  assertEquals(controlPath("r", course, "read"), {
    name: "r",
    pushes: [a.readPush, b.readPush],
    pops: [a.readPop, b.readPop],
  });
  assertEquals(controlPath("w", course, "write"), {
    name: "w",
    pushes: [a.writePush, b.writePush],
    pops: [a.writePop, b.writePop],
  });
});
