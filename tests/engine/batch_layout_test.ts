import { assertEquals } from "@std/assert";
import {
  batchViews,
  ensureTrainingCapacity,
  measureBatch,
  writeBatch,
} from "@/engine/batch_layout.ts";
import { floats, integers } from "@/engine/engine_buffers.ts";
import { createEngineBuffers } from "@/engine/parameter_buffers.ts";
import type { SequenceBatch } from "@/models/sequence_batch.ts";

const SHAPE = {
  cell: "rnn",
  memory: "stack",
  layers: 1,
  hidden: 3,
  embedding: 2,
  valueWidth: 2,
  symbols: 9,
} as const;

/** Strings of 2, 1, 3 and 1 steps. */
const MIXED: SequenceBatch = {
  strings: [
    { inputs: [1, 2], targets: [-1, 5], valueTargets: [4, -1], pushNoise: [0.5, 1.5] },
    { inputs: [3], targets: [6] },
    { inputs: [4, 5, 6], targets: [7, -1, 8], valueTargets: [-1, 3, 2], popNoise: [-1, -2, -3] },
    { inputs: [7], targets: [-1], pushNoise: [2.5], popNoise: [3.5] },
  ],
  outputWeight: 0.25,
  valueWeight: 0.5,
  anchorWeight: 2,
  firstAnchorWeight: 6,
  anchorPush: -1,
  anchorPop: 3,
  previousWeight: 0.75,
  hingeWeight: 4,
  hingeBound: -5,
};

function placed(
  batch: SequenceBatch,
  everyStep = false,
  shape: Parameters<typeof createEngineBuffers>[0] = SHAPE,
) {
  const buffers = createEngineBuffers(shape, 1);
  const size = { slots: 0, steps: 0, rows: 0, outputLosses: 0, previousFrom: 0, losses: 0 };
  measureBatch(size, batch, everyStep);
  assertEquals(ensureTrainingCapacity(buffers, size), true);
  const views = batchViews(buffers);
  writeBatch(buffers, views, size, batch, everyStep);
  return { buffers, size, views };
}

Deno.test("the longest string is in slot 0, and strings of equal length keep their order", () => {
  const { views } = placed(MIXED);
  assertEquals([...views.stringAt], [2, 0, 1, 3]);
});

Deno.test("the strings under way at a step are the first slots, and no row is padding", () => {
  const { size, views } = placed(MIXED);
  const losses = { outputLosses: 4, previousFrom: 7, losses: 9 };
  assertEquals(size, { slots: 4, steps: 3, rows: 4 + 7, ...losses });
  assertEquals([...views.active], [4, 4, 2, 1]);
  assertEquals([...views.rowStart], [0, 4, 8, 10, 11]);
});

Deno.test("a row holds the symbol of the next step, and noise the row after that step", () => {
  const { views } = placed(MIXED);
  // after 0 steps: strings 2, 0, 1, 3; after 1: the same; after 2: strings 2 and 0; after 3: string 2
  assertEquals([...views.symbol], [4, 1, 3, 7, 5, 2, 0, 0, 6, 0, 0]);
  assertEquals([...views.pushNoise], [0, 0, 0, 0, 0, 0.5, 0, 2.5, 0, 1.5, 0]);
  assertEquals([...views.popNoise], [0, 0, 0, 0, -1, 0, 0, 3.5, -2, 0, -3]);
  assertEquals([...views.stepKind], [0, 0, 0, 0, 0, 2, 0, 0, 2, 0, 1]);
});

Deno.test("a deque's noise lies port after port in a string, and the two ports' side by side at a row", () => {
  const noise = { pushNoise: [1, 2, 3, 4], popNoise: [5, 6, 7, 8] };
  const valueTargets = [4, 3];
  const strings = [{ inputs: [3], targets: [6] }, {
    inputs: [1, 2],
    targets: [-1, 5],
    valueTargets,
    ...noise,
  }];
  const batch = { strings, outputWeight: 1, valueWeight: 1 };
  const { buffers, views } = placed(batch, false, { ...SHAPE, memory: "deque" });
  // rows: strings 1 and 0 after no step and after one, string 1 after two
  assertEquals([...views.pushNoise], [0, 0, 0, 0, 1, 3, 0, 0, 2, 4]);
  assertEquals([...views.popNoise], [0, 0, 0, 0, 5, 7, 0, 0, 6, 8]);
  assertEquals(buffers.plan.get("entriesPerSlot"), 2 * 2);
  assertEquals([...views.lossRow], [4, 3, 2 * 2, 2 * 4]); // values have a row for each port, the top's first
});

Deno.test("loss rows go string by string, the longest first: outputs, values, then the symbols before", () => {
  const { views } = placed(MIXED);
  assertEquals([...views.lossRow], [4, 10, 9, 6, 8, 10, 5, 8, 10]);
  assertEquals([...views.lossTarget], [7, 8, 5, 6, 3, 2, 4, 4, 5]);
  assertEquals([...views.lossWeight], [0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 0.75, 0.75]);
});

Deno.test("with every step's logits, a batch has a loss row for each step, and none for values", () => {
  const { size, views } = placed(MIXED, true);
  assertEquals([size.outputLosses, size.losses], [7, 7]);
  assertEquals([...views.lossRow], [4, 8, 10, 5, 9, 6, 7]);
  assertEquals([...views.lossTarget], [7, 0, 8, 0, 5, 6, 0]);
});

Deno.test("the plan holds the sizes and anchors of the batch", () => {
  const { buffers } = placed(MIXED), { plan } = buffers;
  const whole = ["slots", "steps", "rows", "outputLosses", "losses", "entriesPerSlot"] as const;
  assertEquals(whole.map((field) => plan.get(field)), [4, 3, 11, 4, 9, 3]);
  assertEquals((["hingeWeight", "hingeBound"] as const).map((field) => plan.get(field)), [4, -5]);
  assertEquals([...floats(buffers, "anchors", 9)], [-1, 3, 2, -1, 3, 2, -1, 3, 6]);
  assertEquals([...integers(buffers, "rowStart", 2)], [0, 4]);
});

Deno.test("what a batch leaves out is 0, not what the batch before had", () => {
  const { buffers, size, views } = placed(MIXED),
    strings = [{ inputs: [8], targets: [1] }, { inputs: [2, 3], targets: [-1, 4] }];
  const batch = { strings, outputWeight: 1 };
  measureBatch(size, batch, false);
  assertEquals(ensureTrainingCapacity(buffers, size), false); // there is room
  writeBatch(buffers, views, size, batch, false);
  assertEquals(size, { slots: 2, steps: 2, rows: 5, outputLosses: 2, previousFrom: 2, losses: 2 });
  assertEquals([[...views.active.slice(0, 3)], [...views.rowStart.slice(0, 4)]], [[2, 2, 1], [
    0,
    2,
    4,
    5,
  ]]);
  assertEquals([...views.stringAt.slice(0, 2)], [1, 0]);
  assertEquals([...views.symbol.slice(0, 5)], [2, 8, 3, 0, 0]);
  assertEquals(
    new Set([...views.pushNoise.slice(0, 5), ...views.popNoise.slice(0, 5)]),
    new Set([0]),
  );
  assertEquals([[...views.lossRow.slice(0, 2)], [...views.lossTarget.slice(0, 2)]], [[4, 3], [
    4,
    1,
  ]]);
  const { plan } = buffers;
  assertEquals((["hingeWeight", "hingeBound"] as const).map((field) => plan.get(field)), [0, 0]);
  assertEquals([...floats(buffers, "anchors", 9)], [0, 0, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals([...views.stepKind.slice(2, 5)], [0, 0, 0]);
});

Deno.test("without a memory there are no noise and no controls", () => {
  const shape = { ...SHAPE, memory: "none", valueWidth: 0 } as const;
  const { views, size } = placed(
    { strings: [{ inputs: [1, 2], targets: [3, 4] }], outputWeight: 1 },
    false,
    shape,
  );
  assertEquals([views.pushNoise, views.popNoise, views.pushes, views.pops].map((x) => x.length), [
    0,
    0,
    0,
    0,
  ]);
  assertEquals([[...views.symbol], [...views.lossTarget], size.rows], [[1, 2, 0], [3, 4], 3]);
});

Deno.test("capacity grows for a batch that is larger in any way, and for no other", () => {
  const buffers = createEngineBuffers(SHAPE, 1);
  const size = { slots: 3, steps: 4, rows: 12, outputLosses: 5, previousFrom: 6, losses: 6 };
  assertEquals(ensureTrainingCapacity(buffers, size), true);
  assertEquals(ensureTrainingCapacity(buffers, { ...size }), false);
  assertEquals(ensureTrainingCapacity(buffers, { ...size, slots: 1, rows: 3 }), false);
  for (const field of ["slots", "steps", "rows", "losses"] as const) {
    size[field]++;
    assertEquals(ensureTrainingCapacity(buffers, size), true, field);
    assertEquals(ensureTrainingCapacity(buffers, size), false, field);
  }
});
