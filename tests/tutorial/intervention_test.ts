import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { largestDifference, range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { runSequence } from "@/models/sequence_model.ts";
import { initialParameters, type SequenceParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import type { LstmStep } from "@/network/lstm_cell.ts";
import { createStepper } from "@/engine/stepper.ts";
import { copyTask } from "@/tasks/copy.ts";
import { traceDecoding } from "@/training/decoding_trace.ts";
import { followAnswer, followNetwork, type Intervention } from "@/tutorial/intervention.ts";

const H = 6;
const SIZES = { layers: 1, hidden: H, embedding: 3, valueWidth: 4, symbols: 5 };
const STACK = { cell: "lstm", memory: "stack", ...SIZES } as const;
const QUEUE = { ...STACK, memory: "queue" } as const;
const SEEING = { ...QUEUE, logitsSeeReads: true } as const;
const BARE = { cell: "lstm", memory: "none", ...SIZES, valueWidth: 0 } as const;
const INPUTS = range(30).map((t) => (t * t + 1) % 5);

/** Parameters whose gates and states are all in motion. */
function liveParameters(shape: SequenceModelShape, seed: number): SequenceParameters {
  const random = seededRandom(seed), parameters = initialParameters(shape, random);
  for (const W of Object.values(parameters)) W.forEach((w, i) => W[i] = 3 * w + random.normal());
  return parameters;
}

/** What the literal model does at each step, as `followNetwork` tells it. */
function literal(shape: SequenceModelShape, parameters: SequenceParameters) {
  const { steps } = runSequence(shape, parameters, { inputs: INPUTS, targets: INPUTS });
  return steps.map(({ cells: [cell], memory, logits }) => ({
    cell: cell as LstmStep,
    memory,
    logits,
  }));
}

/** The largest difference between what was followed and the literal model. */
function distance(
  shape: SequenceModelShape,
  [followed, parameters]: [parameters: SequenceParameters, literal: SequenceParameters],
  intervene?: Intervention,
): number {
  const steps = followNetwork(shape, followed, INPUTS, intervene);
  const differences = literal(shape, parameters).map(({ cell, memory, logits }, t) => {
    const step = steps[t];
    const both = [[step.c, cell.c], [step.h, cell.h], [step.logits, logits]];
    if (memory) {
      const { ports: [port], output } = memory.heads;
      const { pushSum, popSum, push, pop, value } = port;
      both.push([[step.pushSum, step.popSum, step.push, step.pop], [pushSum, popSum, push, pop]]);
      both.push([step.value, value], [step.output, output], [step.read, memory.read]);
    }
    return Math.max(...both.map(([ours, theirs]) => largestDifference(ours, theirs)));
  });
  return Math.max(...differences);
}

/** Parameters with the same numbers save for those of one gate (0 … 3: i, f, g, o) of one unit: no weights, a bias. */
function fixGate(parameters: SequenceParameters, gate: number, unit: number, bias: number) {
  const row = gate * H + unit, fixed = structuredClone(parameters);
  for (const name of ["cells.0.weight_ih", "cells.0.weight_hh"]) {
    const I = fixed[name].length / (4 * H);
    fixed[name].fill(0, row * I, (row + 1) * I);
  }
  fixed["cells.0.bias"][row] = bias;
  return fixed;
}

const nameOf = ({ memory, logitsSeeReads }: SequenceModelShape) =>
  logitsSeeReads ? `${memory} whose reads the logits see` : memory;

for (const shape of [STACK, QUEUE, SEEING, BARE]) {
  Deno.test(`left alone, a network with memory ${nameOf(shape)} does what the literal model does`, () => {
    for (const seed of range(1, 6)) {
      const parameters = liveParameters(shape, seed), left = new Float64Array(H);
      assertLess(distance(shape, [parameters, parameters]), 1e-10);
      assertLess(distance(shape, [parameters, parameters], (c) => left.set(c)), 1e-10);
      const gates = followNetwork(shape, parameters, INPUTS).map(({ f }) => f);
      const literalGates = literal(shape, parameters).map(({ cell }) => cell.f);
      assertLess(largestDifference(gates, literalGates), 1e-10);
      assertGreater(largestDifference(gates[3], gates[4]), 0.01); // they do move
    }
  });

  Deno.test(`memory ${nameOf(shape)}: a cell held at 0 is that of a unit without a candidate`, () => {
    const parameters = liveParameters(shape, 7), without = fixGate(parameters, 2, 4, 0);
    without["cells.0.c0"][4] = 0;
    assertLess(distance(shape, [parameters, without], (c) => void (c[4] = 0)), 1e-10);
    assertGreater(distance(shape, [parameters, without]), 0.1);
  });

  Deno.test(`memory ${nameOf(shape)}: a cell held at its start is that of a unit that only keeps`, () => {
    const parameters = liveParameters(shape, 8), [start] = parameters["cells.0.c0"];
    const keeping = fixGate(fixGate(parameters, 0, 0, -800), 1, 0, 800);
    assertLess(distance(shape, [parameters, keeping], (c) => void (c[0] = start)), 1e-10);
    assertGreater(distance(shape, [parameters, keeping]), 0.1);
  });
}

Deno.test("an intervention at one step changes that step and those after it, none before", () => {
  const parameters = liveParameters(STACK, 9), left = followNetwork(STACK, parameters, INPUTS);
  const seen: number[] = [];
  const kicked = followNetwork(STACK, parameters, INPUTS, (c, t) => {
    seen.push(t);
    if (t === 10) c[3] += 2;
  });
  assertEquals(seen, range(INPUTS.length));
  assertEquals(kicked.slice(0, 10), left.slice(0, 10));
  assertEquals(kicked[10].f, left[10].f); // the gates were there before
  assertEquals(kicked[10].c[3], left[10].c[3] + 2);
  for (const t of range(10, 15)) assert(largestDifference(kicked[t].h, left[t].h) > 1e-6, `${t}`);
});

Deno.test("without a memory nothing is pushed, popped or read", () => {
  const [step] = followNetwork(BARE, liveParameters(BARE, 1), [2]);
  assertEquals([step.push, step.pop, step.pushSum, step.popSum], [0, 0, -Infinity, -Infinity]);
  assertEquals([step.value, step.read, step.output], [[], [], [...step.h]]);
});

Deno.test("numbers in Float32 are followed in Float64", () => {
  const parameters = liveParameters(STACK, 2);
  const narrow = Object.fromEntries(
    Object.entries(parameters).map(([name, W]) => [name, Float32Array.from(W)]),
  );
  const wide = Object.fromEntries(
    Object.entries(narrow).map(([name, W]) => [name, Float64Array.from(W)]),
  );
  assertEquals(followNetwork(STACK, narrow, INPUTS), followNetwork(STACK, wide, INPUTS));
});

Deno.test("only one layer of LSTM can be followed, over symbols that it has", () => {
  const rnn = { ...STACK, cell: "rnn" } as const, deep = { ...STACK, layers: 2 };
  for (const [shape, got] of [[rnn, "1 of rnn"], [deep, "2 of lstm"]] as const) {
    assertThrows(
      () => followNetwork(shape, initialParameters(shape, seededRandom(1)), INPUTS),
      TypeError,
      `Cannot follow the network: wanted 1 layer of lstm, got ${got}`,
    );
  }
  const deque = { ...STACK, memory: "deque" } as const;
  assertThrows(
    () => followNetwork(deque, initialParameters(deque, seededRandom(1)), INPUTS),
    TypeError,
    "Cannot follow the network: wanted a memory of 1 port, got a deque of 2",
  );
  const parameters = liveParameters(STACK, 1);
  assertThrows(() => followNetwork(STACK, parameters, [5]), RangeError, "got 5 at 0");
  assertThrows(() => followNetwork(STACK, parameters, []), RangeError, "at least 1 input");
  assertThrows(() => followNetwork(BARE, parameters, [1]), TypeError, "Cannot follow the network");
});

const TASK = copyTask(2), PAIR = TASK.pairOf!([0, 1, 1]); // of five symbols, as above

for (const shape of [STACK, QUEUE, SEEING, BARE]) {
  Deno.test(`left alone, a network with memory ${nameOf(shape)} answers as the engine's does`, () => {
    for (const seed of range(1, 6)) {
      const parameters = liveParameters(shape, seed);
      const { answer, fed, steps } = followAnswer({ task: TASK, shape, parameters }, PAIR);
      const trace = traceDecoding(createStepper(shape, parameters), TASK, PAIR);
      assertEquals([answer, fed], [trace.answer, [...trace.fed]]);
      const [controls] = trace.ports;
      if (controls) {
        assertLess(largestDifference(steps.map(({ push }) => push), [...controls.pushes]), 1e-3);
        assertLess(largestDifference(steps.map(({ pop }) => pop), [...controls.pops]), 1e-3);
      }
    }
  });
}

/** Parameters with a constant push. */
function fixPush(parameters: SequenceParameters, bias: number): SequenceParameters {
  const fixed = structuredClone(parameters);
  fixed["push.weight"].fill(0);
  fixed["push.bias"].fill(bias);
  return fixed;
}

for (const shape of [STACK, QUEUE]) {
  Deno.test(`memory ${shape.memory}: a network whose pushes are forbidden is one that never pushes`, () => {
    const parameters = liveParameters(shape, 3), never = fixPush(parameters, -800);
    const network = { task: TASK, shape, parameters };
    const forbidden = followAnswer(network, PAIR, {
      controls: (controls) => ({ ...controls, push: 0 }),
    });
    const silent = followAnswer({ ...network, parameters: never }, PAIR);
    assertEquals(forbidden.answer, silent.answer);
    const logits = (steps: typeof silent.steps) => steps.map(({ logits }) => [...logits]);
    assertEquals(logits(forbidden.steps), logits(silent.steps));
    const left = followAnswer(network, PAIR);
    assertGreater(largestDifference(logits(left.steps)[2], logits(forbidden.steps)[2]), 1e-3);
  });
}

Deno.test("controls are changed at the step that is asked for; the memory gets them, the sums stay", () => {
  const parameters = liveParameters(QUEUE, 4), network = { task: TASK, shape: QUEUE, parameters };
  const left = followAnswer(network, PAIR).steps, value = [1, 2, 3, 4], seen: number[] = [];
  const { steps } = followAnswer(network, PAIR, {
    controls: (controls, t) => {
      seen.push(t);
      return t === 2 ? { value, pop: 9, push: 0.5 } : controls;
    },
  });
  assertEquals(seen, range(steps.length));
  assertEquals(steps.slice(0, 2), left.slice(0, 2));
  const { push, pop, pushSum, popSum, read } = steps[2];
  assertEquals([push, pop, steps[2].value], [0.5, 9, value]);
  assertEquals([pushSum, popSum], [left[2].pushSum, left[2].popSum]);
  assertEquals(read, value.map((x) => x / 2)); // a pop of 9 has emptied the queue
});

Deno.test("what an intervention makes a network write is what it is fed", () => {
  const shape = BARE, network = { task: TASK, shape, parameters: liveParameters(shape, 2) };
  const answers = [-3, 3].map((c) => {
    const { answer, fed } = followAnswer(network, PAIR, { cells: (cells) => cells.fill(c) });
    assertEquals(fed.slice(5), [...answer.slice(0, fed.length - 5)]);
    return [...answer];
  });
  assertGreater(new Set(answers.flat()).size, 1);
});
