import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { mean, range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { sequenceLoss } from "@/models/sequence_loss.ts";
import { runSequence } from "@/models/sequence_model.ts";
import {
  initialParameters,
  sequenceWeights,
  zeroParameters,
} from "@/models/sequence_parameters.ts";
import {
  answerOf,
  countRightAnswers,
  createLearner,
  drawParameters,
  drawString,
  hasLearned,
  lossChart,
  meansOfTen,
  networkShape,
  readBeforeLearning,
  readSymbols,
  readWeights,
  trainLearner,
} from "@/tutorial/remembering_a_symbol.ts";
import { assertSame } from "../same.ts";

const VANILLA = { name: "vanilla", cell: "rnn" } as const;
const LSTM = { name: "LSTM", cell: "lstm" } as const;

/** The four blocks of a tensor of an LSTM: i, f, g, o. */
function blocks(tensor: Float64Array): number[][] {
  const size = tensor.length / 4;
  return range(4).map((k) => [...tensor.subarray(k * size, (k + 1) * size)]);
}

Deno.test("a string is a symbol of 0 to 3, noise of 4 to 7 and an 8; the symbol is wanted at the end", () => {
  const draws = seededRandom(1), counts = new Array<number>(8).fill(0);
  for (const _ of range(400)) {
    const { inputs: [symbol, ...rest], targets } = drawString(4, draws);
    assertEquals(targets, [-1, -1, -1, -1, -1, symbol]);
    assertEquals(rest.pop(), 8);
    assert(symbol < 4 && rest.length === 4 && rest.every((noise) => noise >= 4));
    for (const drawn of [symbol, ...rest]) counts[drawn]++;
  }
  assert(counts.slice(0, 4).every((count) => count > 70 && count < 130), `${counts}`);
  assert(counts.slice(4).every((count) => count > 340 && count < 460), `${counts}`);
});

Deno.test("the symbol is drawn before the noise", () => {
  const [draws, again] = [seededRandom(2), seededRandom(2)];
  const { inputs } = drawString(9, draws);
  const noise = () => range(9).map(() => again.integer(4, 8));
  assertEquals(inputs, [again.integer(0, 4), ...noise(), 8]);
});

Deno.test("a gap may be 0, but not negative or a fraction", () => {
  assertEquals(drawString(0, seededRandom(1)).inputs.length, 2);
  for (const gap of [-1, 0.5, NaN, Infinity]) {
    assertThrows(
      () => drawString(gap, seededRandom(1)),
      RangeError,
      `Cannot draw a string: wanted a gap of at least 0, got ${gap}`,
    );
  }
});

Deno.test("each of an LSTM's options changes its own block, and nothing else", () => {
  const plain = drawParameters(LSTM, seededRandom(1));
  assertSame(plain, initialParameters(networkShape("lstm"), seededRandom(1), { forgetBias: 0 }));
  const options = { forgetBias: 5, inputBias: -5, candidateScale: 0.5 };
  const changed = drawParameters({ ...LSTM, ...options }, seededRandom(1));
  assertEquals(
    blocks(changed["cells.0.bias"]),
    [-5, 5, 0, 0].map((bias) => new Array(16).fill(bias)),
  );
  for (const name of ["cells.0.weight_ih", "cells.0.weight_hh"]) {
    const [i, f, g, o] = blocks(plain[name]);
    assertEquals(blocks(changed[name]), [i, f, g.map((weight) => 0.5 * weight), o]);
  }
  const others = Object.keys(plain).filter((name) => !/cells\.0\.(bias|weight)/.test(name));
  assertEquals(others.map((name) => changed[name]), others.map((name) => plain[name]));
});

Deno.test("a vanilla network's loop is drawn or the identity; the rest is the same", () => {
  const plain = drawParameters(VANILLA, seededRandom(1));
  assertSame(plain, initialParameters(networkShape("rnn"), seededRandom(1)));
  const loop = drawParameters({ ...VANILLA, identityLoop: true }, seededRandom(1));
  const ones = range(16).map((k) => 16 * k + k);
  assertEquals(
    [...loop["cells.0.weight_hh"]],
    range(256).map((k) => ones.includes(k) ? 1 : 0),
  );
  assertEquals({ ...loop, "cells.0.weight_hh": plain["cells.0.weight_hh"] }, plain);
});

Deno.test("an update follows the mean loss of 16 new strings, clipped at 1, with Adam", () => {
  for (const start of [VANILLA, LSTM]) {
    const learner = createLearner(start, 3, 7), draws = seededRandom(7);
    const engine = createEngine(networkShape(start.cell), { build: "strict" });
    const parameters = drawParameters(start, draws);
    engine.setParameters(parameters);
    for (const n of range(3)) {
      assertEquals(learner.learn(), 16);
      const batch = { strings: range(16).map(() => drawString(3, draws)), outputWeight: 1 / 16 };
      if (n === 0) {
        const losses = batch.strings.map((string) => {
          const trace = runSequence(networkShape(start.cell), parameters, string);
          return sequenceLoss({ outputWeight: 1 }, string, trace);
        });
        assertAlmostEquals(learner.losses[0], mean(losses), 1e-5);
      }
      engine.update(batch, { rule: "adam", rate: 0.01, clip: 1 });
    }
    assertEquals(learner.losses.length, 3);
    assertSame(learner.engine.parameters(), engine.parameters());
  }
});

Deno.test("a gradient that is longer than 1 is clipped", () => {
  const learner = createLearner(VANILLA, 3, 1), { engine } = learner;
  const wrong = drawParameters(VANILLA, seededRandom(1));
  wrong["logits.bias"][8] = 50; // sure of a wrong answer
  engine.setParameters(wrong);
  learner.learn();
  const norm = Math.hypot(
    ...Object.values(engine.optimizerState().first).flatMap((tensor) => [...tensor]),
  );
  assertAlmostEquals(norm, 0.1, 1e-4); // Adam's m is a tenth of the clipped gradient
});

Deno.test("another rate is another training; a seed repeats one", () => {
  const trainedAt = (seed: number, rate?: number) => {
    const learner = createLearner(VANILLA, 3, seed, rate);
    for (const _ of range(3)) learner.learn();
    return learner.losses;
  };
  assertEquals(trainedAt(1), trainedAt(1, 0.01));
  assertNotEquals(trainedAt(1), trainedAt(1, 0.03));
  assertNotEquals(trainedAt(1), trainedAt(2));
});

Deno.test("learned is a mean below 0.05 over the last 20 updates", () => {
  const losses = (first: number, last: number, count: number) => [
    ...new Array(5).fill(first),
    ...new Array(count).fill(last),
  ];
  assertEquals(hasLearned({ losses: losses(0, 0.01, 14) }), false); // 19 updates
  assertEquals(hasLearned({ losses: losses(9, 0.01, 20) }), true); // what is before does not count
  assertEquals(hasLearned({ losses: losses(0, 0.051, 20) }), false);
  assertEquals(hasLearned({ losses: losses(0.9, 0.049, 20) }), true);
  assertEquals(hasLearned({ losses: losses(9, 0.01, 19) }), false); // one of the last 20 is large
});

Deno.test("training ends when the gap is learned, or when the updates are spent", () => {
  const learned = trainLearner(VANILLA, 1, 1);
  assert(learned.losses.length < 600 && hasLearned(learned));
  assertEquals(hasLearned({ losses: learned.losses.slice(0, -1) }), false);
  assertEquals(trainLearner(VANILLA, 50, 1, { budget: 4 }).losses.length, 4);
  assertEquals(
    trainLearner(VANILLA, 5, 1, { budget: 4, rate: 0.03 }).losses,
    trainLearner(VANILLA, 5, 1, { budget: 8, rate: 0.03 }).losses.slice(0, 4),
  );
  assertNotEquals(
    trainLearner(VANILLA, 5, 1, { budget: 4, rate: 0.03 }).losses,
    trainLearner(VANILLA, 5, 1, { budget: 4 }).losses,
  );
});

Deno.test("whoever has not learned spends 600 updates", () => {
  assertEquals(trainLearner(VANILLA, 100, 1).losses.length, 600);
});

Deno.test("an answer is the likeliest symbol at the question mark of a hundred fixed strings", () => {
  const shape = networkShape("rnn"), engine = createEngine(shape, { build: "strict" });
  const parameters = zeroParameters(shape);
  parameters["logits.bias"][2] = 1; // always says 2
  engine.setParameters(parameters);
  const draws = seededRandom("exam");
  const twos = range(100).filter(() => drawString(6, draws).inputs[0] === 2).length;
  assert(twos > 10 && twos < 40);
  assertEquals(countRightAnswers({ engine }, 6), twos);

  // Says what it reads: right only if the answer at the first step counted.
  parameters["logits.bias"].fill(0);
  for (const symbol of range(9)) {
    parameters["embedding.weight"][symbol * 8 + symbol % 8] = symbol < 8 ? 5 : 0;
    if (symbol === 8) continue;
    parameters["cells.0.weight_ih"][symbol * 8 + symbol] = 1;
    parameters["logits.weight"][symbol * 16 + symbol] = 5;
  }
  engine.setParameters(parameters);
  assert(countRightAnswers({ engine }, 6) < 40);
});

Deno.test("weights are read as they are in the engine", () => {
  const learner = createLearner({ ...LSTM, forgetBias: 5 }, 5, 1);
  learner.learn();
  const weights = readWeights(learner), parameters = learner.engine.parameters();
  const [cell] = weights.cells;
  assertEquals([...cell.Wih], [...parameters["cells.0.weight_ih"]]);
  assertEquals([...cell.c0!], [...parameters["cells.0.c0"]]);
  assertEquals([...weights.Wl], [...parameters["logits.weight"]]);
});

Deno.test("losses are averaged over ten updates, from the first on", () => {
  assertEquals(meansOfTen([]), []);
  assertEquals(meansOfTen(range(29)), [4.5, 14.5]);
  assertEquals(meansOfTen(range(30)), [4.5, 14.5, 24.5]);
});

Deno.test("the chart of losses begins at ln 4, a guess, and claims nothing before all are done", () => {
  const learner = { ...createLearner(VANILLA, 5, 1), losses: new Array(600).fill(0.5) };
  const other = { ...learner, losses: new Array(599).fill(0.25) };
  const titleOf = (...learners: typeof learner[]) =>
    lossChart("All learn", learners).layout.title?.text;
  assertEquals(titleOf(learner, other), "Learning to remember a symbol");
  assertEquals(titleOf(other, learner), "Learning to remember a symbol");
  assertEquals(titleOf(learner, learner), "All learn");
  const short = { ...learner, losses: learner.losses.slice(0, 20) };
  const [guess, line] = lossChart("All learn", [short]).data as { x: number[]; y: number[] }[];
  assertEquals([line.x, line.y], [[0, 10, 20], [1.386, 0.5, 0.5]]);
  assertEquals([guess.x, guess.y], [[0, 20], [1.386, 1.386]]);
});

Deno.test("what is read and answered is what the sequence model makes of the string", () => {
  for (const start of [VANILLA, { ...LSTM, forgetBias: 2 }]) {
    const shape = networkShape(start.cell), parameters = drawParameters(start, seededRandom(3));
    parameters["cells.0.h0"].fill(0.5);
    parameters["logits.bias"].set([0, 0.4, 0.8, 0, 0.4, 0.8, 0, 0.4, 0.8]);
    const weights = sequenceWeights(shape, parameters);
    const string = drawString(6, seededRandom(4));
    const { steps, logits } = runSequence(shape, parameters, string);
    const read = readSymbols(weights, string.inputs);
    assertEquals(read, steps.map(({ cells: [step] }) => step));
    assertEquals(readSymbols(weights, string.inputs.slice(3), read[2]), read.slice(3));
    assertEquals(
      read.map(({ h }) => answerOf(weights, h)),
      logits.map((ofStep) => ofStep.indexOf(Math.max(...ofStep))),
    );
  }
});

Deno.test("before learning, parameters and string come from seed 1, in this order", () => {
  for (const start of [VANILLA, { ...LSTM, forgetBias: 2 }]) {
    const draws = seededRandom(1), shape = networkShape(start.cell);
    const weights = sequenceWeights(shape, drawParameters(start, draws));
    const { cell, steps } = readBeforeLearning(start, 9);
    assertSame(cell, weights.cells[0]);
    assertEquals(steps, readSymbols(weights, drawString(9, draws).inputs));
  }
});
