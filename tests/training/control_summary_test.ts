import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { createVocabulary, type LaidOutPair, teacherForced } from "@/tasks/task.ts";
import { summarizeControls } from "@/training/control_summary.ts";

const vocabulary = createVocabulary(3);
const sizes = { layers: 1, hidden: 5, embedding: 3, valueWidth: 3, symbols: vocabulary.size };
const shape = { cell: "lstm", memory: "stack", ...sizes } as const;

function laidOut(source: readonly number[], target: readonly number[]): LaidOutPair {
  const pair = { source: Int32Array.from(source), target: Int32Array.from(target) };
  return teacherForced(vocabulary, pair);
}

/** Targets as long as their sources, shorter and longer ones, and one of nothing. */
const PAIRS = [
  laidOut([0, 1], [1, 0]),
  laidOut([2, 2, 1, 0, 1], [2]),
  laidOut([1], [1, 1, 1, 1, 1, 1]),
  laidOut([0, 2, 1, 1, 0], []),
  laidOut([2, 1, 0], [0, 1, 2]),
];

Deno.test("a batch of sources and targets of many lengths comes to the mean of its strings alone", () => {
  const engine = createEngine(shape);
  engine.setParameters(initialParameters(shape, seededRandom(4), { popBias: -0.2 }));
  const summaryOf = (strings: LaidOutPair[]) => {
    engine.gradient({ strings, outputWeight: 1 });
    return summarizeControls(engine.controls()[0], strings);
  };
  const together = summaryOf(PAIRS), alone = PAIRS.map((pair) => summaryOf([pair]));
  const written = PAIRS.map(({ targets }) => targets.filter((target) => target >= 0).length);
  const steps = PAIRS.map(({ targets }) => targets.length);
  const read = steps.map((T, i) => T - written[i]);
  const weights = {
    live: steps,
    readPush: read,
    readPop: read,
    writePush: written,
    writePop: written,
  };
  for (const name of ["live", "readPush", "readPop", "writePush", "writePop"] as const) {
    const total = weights[name].reduce((sum, weight) => sum + weight, 0);
    const sum = alone.reduce((sum, summary, i) => sum + summary[name] * weights[name][i], 0);
    assertAlmostEquals(together[name], sum / total, 1e-7, name);
  }
});

Deno.test("targets alone decide what is reading and what is writing, wherever they stand", () => {
  const controls = { pushes: [1, 0, 0.5, 0.25], pops: [0, 0.5, 1, 0.75] };
  const { readPush, readPop, writePush, writePop } = summarizeControls(controls, [
    { targets: [7, -1, -1, 9] },
  ]);
  assertEquals([readPush, readPop, writePush, writePop], [0.25, 0.75, 0.625, 0.375]);
});

Deno.test("numbers come step by step, at each the longest string's first, whatever the order", () => {
  // Steps 1 and 2 of both strings, the longer one first; then step 3 of the longer one.
  const controls = { pushes: [1, 0.5, 1, 0.5, 0], pops: [0, 0, 0, 0, 1] };
  const strings = [{ targets: [-1, 4] }, { targets: [-1, -1, 4] }];
  for (const order of [strings, strings.toReversed()]) {
    const { readPush, writePush, writePop } = summarizeControls(controls, order);
    assertAlmostEquals(readPush, (1 + 0.5 + 1) / 3, 1e-12);
    assertEquals([writePush, writePop], [0.25, 0.5]);
  }
});

Deno.test("the trainable region has no edges: u = 2d − 1 and u = d are outside", () => {
  const controls = { pushes: [0.75, 0.75, 0.75, 0.75], pops: [0.5, 0.75, 0.6, 0.9] };
  assertEquals(summarizeControls(controls, [laidOut([1], [1])]).live, 0.25);
  // A queue's has no lower edge: u = 0.5 is inside.
  assertEquals(summarizeControls(controls, [laidOut([1], [1])], "queue").live, 0.5);
  assertEquals(summarizeControls(controls, [laidOut([1], [1])], "deque").live, 0.25);
  assertEquals(summarizeControls(controls, [laidOut([1], [1])], "superposition").live, 1);
});

Deno.test("where every step is answered, nothing is read, and its means are 0", () => {
  const controls = { pushes: [1, 0.5], pops: [0.5, 0.25] };
  const summary = summarizeControls(controls, [{ targets: [3, 4] }]);
  assertEquals([summary.readPush, summary.readPop], [0, 0]);
  assertEquals([summary.writePush, summary.writePop], [0.75, 0.375]);
});
