import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createEngine, type Engine } from "@/engine/engine.ts";
import { createStepper } from "@/engine/stepper.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import type { CellStates, SequenceBatch, SequenceString } from "@/models/sequence_batch.ts";
import type { SequenceParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { asGradients, cutInTwo, randomStates, runSegments } from "../models/segments.ts";
import { assertSame } from "../same.ts";
import {
  float32Batch,
  float32Parameters,
  float32Shape,
  KINDS,
  randomLengths,
} from "./float32_sequences.ts";
import { BUILDS, type Case, compare } from "./reference_comparison.ts";
import { assertNear, norm } from "./tensors.ts";

const MAY_START_WORKERS =
  Deno.permissions.querySync({ name: "read", path: "lib" }).state === "granted";

const PLAIN = KINDS.filter(({ memory }) => memory === "none");

/** Strings of which some start from a state of their own, and some have a gradient from what reads their final one. */
function withStates(
  random: RandomSource,
  shape: SequenceModelShape,
  batch: SequenceBatch,
): SequenceBatch {
  const strings = batch.strings.map((string): SequenceString => ({
    ...string,
    ...(random.uniform() < 0.6 && { start: randomStates(random, shape) }),
    ...(random.uniform() < 0.6 && { gFinal: asGradients(randomStates(random, shape)) }),
  }));
  return { ...batch, strings };
}

function randomCase(random: RandomSource, kind: typeof KINDS[number], longest: number): Case {
  const shape = float32Shape(random, kind), parameters = float32Parameters(random, shape);
  const batch = float32Batch(random, shape, randomLengths(random, longest));
  return { shape, parameters, batch: withStates(random, shape, batch) };
}

for (const build of BUILDS) {
  for (const kind of PLAIN) {
    const what = `${build}, ${kind.layers} ${kind.cell}`;
    Deno.test(`from any start, with any gradient of the end, the engine gives the reference's numbers: ${what}`, () => {
      const random = seededRandom(`states ${what}`);
      for (let n = 0; n < 25; n++) compare(randomCase(random, kind, 12), build);
    });
  }
}

Deno.test("the reference's numbers with states for more rows than a gradient's product takes, and wide ones", () => {
  const random = seededRandom("many rows");
  for (const kind of PLAIN) {
    for (const [hidden, strings] of [[5, 40], [70, 5]]) {
      const shape = { ...kind, hidden, embedding: 9, valueWidth: 0, symbols: 37 };
      const lengths = Array.from({ length: strings }, (_, i) => 1 + (7 * i) % 16);
      const batch = withStates(random, shape, float32Batch(random, shape, lengths));
      compare({ shape, parameters: float32Parameters(random, shape), batch }, "relaxed");
    }
  }
});

function engineWith(
  shape: SequenceModelShape,
  parameters: SequenceParameters,
  options: Parameters<typeof createEngine>[1] = {},
): Engine {
  const engine = createEngine(shape, options);
  engine.setParameters(parameters);
  return engine;
}

Deno.test("one engine runs batches with and without states one after the other, none with another's", () => {
  const random = seededRandom("one after the other");
  for (const kind of PLAIN) {
    const { shape, parameters } = randomCase(random, kind, 1);
    const engine = engineWith(shape, parameters);
    for (let n = 0; n < 8; n++) {
      const plain = float32Batch(random, shape, randomLengths(random, 10));
      const batch = n % 2 ? plain : withStates(random, shape, plain);
      assertSame(engine.gradient(batch), engineWith(shape, parameters).gradient(batch));
    }
  }
});

Deno.test("a string that names the trained state has the same bits as one that starts from it", () => {
  const random = seededRandom("named");
  for (const kind of PLAIN) {
    const { shape, parameters } = randomCase(random, kind, 1);
    const batch = float32Batch(random, shape, [4, 2, 4]);
    const start = Array.from({ length: shape.layers }, (_, l) => {
      const [h, c] = [parameters[`cells.${l}.h0`], parameters[`cells.${l}.c0`]];
      return c ? { h, c } : { h };
    });
    const named = { ...batch, strings: batch.strings.map((string) => ({ ...string, start })) };
    const [a, b] = [batch, named].map((batch) => engineWith(shape, parameters).gradient(batch));
    assertSame([b.loss, b.final, b.gStart], [a.loss, a.final, a.gStart]);
    for (const name of Object.keys(a.gradients)) {
      const ofStart = /\.[hc]0$/.test(name);
      const wanted = ofStart ? new Float32Array(a.gradients[name].length) : a.gradients[name];
      assertSame(b.gradients[name], wanted, name);
    }
  }
});

Deno.test({
  name: "the same bits with states whatever the number of threads, also with more than strings",
  ignore: !MAY_START_WORKERS,
  fn() {
    const random = seededRandom("threads and states");
    for (const kind of PLAIN) {
      for (const build of BUILDS) {
        const { shape, parameters } = randomCase(random, kind, 1);
        const engines = [1, 2, 3].map((threads) =>
          engineWith(shape, parameters, { threads, build })
        );
        for (const lengths of [[5, 1, 3, 8, 2], [4, 4], [6]]) {
          const batch = withStates(random, shape, float32Batch(random, shape, lengths));
          const [one, ...others] = engines.map((engine) => ({
            ...engine.update(batch, { rule: "adam", rate: 0.01 }),
            parameters: engine.parameters(),
            final: engine.finalStates(),
            gStart: engine.startGradients(),
          }));
          for (const other of others) assertSame(other, one);
        }
        for (const engine of engines) engine.close();
      }
    }
  },
});

Deno.test("two segments, the second from where the first ended, are one string on the engine too", () => {
  const random = seededRandom("engine's segments");
  for (const kind of PLAIN) {
    for (let n = 0; n < 5; n++) {
      const shape = float32Shape(random, kind), parameters = float32Parameters(random, shape);
      const whole = float32Batch(random, shape, [9, 2, 6]), engine = engineWith(shape, parameters);
      const segments = cutInTwo(random, whole);
      const { loss, gradients, final } = runSegments(segments, false, engine.gradient);
      const wanted = batchLossAndGradient(shape, parameters, whole);
      assertAlmostEquals(loss, wanted.loss, 1e-5 * wanted.loss);
      for (const [name, gradient] of Object.entries(wanted.gradient)) {
        const all = norm(Object.values(wanted.gradient).flatMap((g) => [...g]));
        assertNear(gradients[name], gradient, 1e-5 * norm(gradient) + 1e-7 * all, name);
      }
      assertSame(final, engine.gradient(whole).final); // the very bits
    }
  }
});

Deno.test("updates that carry the state run each segment once, and end where the whole string does", () => {
  const random = seededRandom("carry");
  for (const kind of PLAIN) {
    const shape = float32Shape(random, kind), parameters = float32Parameters(random, shape);
    const whole = float32Batch(random, shape, [8, 5]), engine = engineWith(shape, parameters);
    let start: CellStates[] | undefined;
    for (const { strings, ...weights } of cutInTwo(random, whole)) {
      const continued = strings.map((string, i) => start ? { ...string, start: start[i] } : string);
      engine.update({ ...weights, strings: continued }, { rule: "sgd", rate: 0 }); // nothing moves
      start = engine.finalStates();
    }
    assertSame(start, engine.gradient(whole).final);
  }
});

Deno.test("the gradients by the starts are those of a batch that ran backwards", () => {
  const random = seededRandom("backwards"), kind = PLAIN[0];
  const { shape, parameters, batch } = randomCase(random, kind, 5);
  const engine = engineWith(shape, parameters);
  const message =
    "Cannot read the gradients by the starts: wanted a batch whose gradient was taken";
  assertEquals(engine.finalStates(), []);
  assertThrows(() => engine.startGradients(), Error, message);
  const { final, gStart } = engine.gradient(batch);
  assertSame([engine.finalStates(), engine.startGradients()], [final, gStart]);
  engine.logits(batch);
  assertSame(engine.finalStates(), final);
  assertThrows(() => engine.startGradients(), Error, message);
  final[0][0].h.fill(7); // a copy
  assert(engine.finalStates()[0][0].h.every((x) => x !== 7));
});

Deno.test("a batch has the same bits after one whose states and gradients were NaN", () => {
  const random = seededRandom("diverged");
  for (const kind of PLAIN) {
    const shape = { ...kind, hidden: 3, embedding: 2, valueWidth: 0, symbols: 4 };
    const parameters = float32Parameters(random, shape), engine = engineWith(shape, parameters);
    const { strings: [string, ...others], ...weights } = float32Batch(random, shape, [4, 3, 1]);
    const batch = withStates(random, shape, { ...weights, strings: [string, ...others] });
    const states = () => randomStates(random, shape);
    const all = {
      ...weights,
      strings: batch.strings.map((s) => ({ ...s, start: states(), gFinal: asGradients(states()) })),
    };
    const wanted = [engine.gradient(batch), engine.gradient(all)];
    const start = states().map(({ h, c }) => {
      const [hugeH, hugeC] = [h, c ?? []].map((numbers) => Array.from(numbers, () => 3e38));
      return c ? { h: hugeH, c: hugeC } : { h: hugeH };
    });
    const gFinal = asGradients(start), long = { ...string, gFinal, start };
    const wild = Object.entries(parameters).map(([name, tensor]) =>
      // sums of +∞ and −∞
      [name, tensor.map((w, i) => name.endsWith("weight_hh") ? (-1) ** i * 1e30 : w)] as const
    );
    engine.setParameters(Object.fromEntries(wild));
    const { final, gStart } = engine.gradient({ ...weights, strings: [long] });
    const isNaNIn = (layers: readonly object[]) =>
      layers.some((l) =>
        //
        Object.values(l).some((numbers) => numbers.some(Number.isNaN))
      );
    if (kind.cell === "gru") assert(isNaNIn(final[0])); // σ and tanh of NaN are numbers, r m is not
    if (kind.cell !== "rnn") assert(isNaNIn(gStart[0]));
    engine.setParameters(parameters);
    assertSame([engine.gradient(batch), engine.gradient(all)], wanted);
  }
});

Deno.test("a stepper that starts from a string's final state goes on as the string does, bit by bit", () => {
  const random = seededRandom("stepper's start");
  for (const kind of PLAIN) {
    for (const threads of kind.layers === 1 && MAY_START_WORKERS ? [1, 2] : [1]) {
      const shape = float32Shape(random, kind), parameters = float32Parameters(random, shape);
      const { symbols: K } = shape, whole = float32Batch(random, shape, [9, 9, 9]);
      const engine = engineWith(shape, parameters),
        stepper = createStepper(shape, parameters, { threads });
      const head = whole.strings.map(({ inputs, targets }) => //
      ({ inputs: inputs.slice(0, 4), targets: targets.slice(0, 4) }));
      engine.logits({ ...whole, strings: head });
      const states = engine.finalStates(),
        logits = engine.logits(whole),
        end = engine.finalStates();
      stepper.start(3, [states[0], undefined, states[2]]); // the second from the trained state
      for (let t = 4; t < 9; t++) {
        const got = stepper.step(Int32Array.from(whole.strings, ({ inputs }) => inputs[t]));
        for (const i of [0, 2]) {
          const wanted = logits[i].subarray(t * K, (t + 1) * K);
          assertSame(got.slice(i * K, (i + 1) * K), wanted.slice());
        }
      }
      const after = stepper.states();
      assertSame([after[0], after[2]], [end[0], end[2]]);
      stepper.start(3); // and begins anew
      const tail = whole.strings.map(({ inputs, targets }) => //
      ({ inputs: inputs.slice(4), targets: targets.slice(4) }));
      for (let t = 4; t < 9; t++) {
        stepper.step(Int32Array.from(whole.strings, ({ inputs }) => inputs[t]));
      }
      engine.logits({ ...whole, strings: tail });
      assertSame(stepper.states(), engine.finalStates());
      assertSame(after[1], engine.finalStates()[1]);
      stepper.close();
    }
  }
});

Deno.test("a stepper refuses states that do not fit, and any with a memory", () => {
  const random = seededRandom("misfits"),
    sizes = { layers: 1, hidden: 3, embedding: 2, symbols: 4 };
  const plain = { cell: "lstm", memory: "none", valueWidth: 0, ...sizes } as const;
  const stepper = createStepper(plain, float32Parameters(random, plain));
  const [state] = [randomStates(random, plain)], action = "Cannot start reading: wanted";
  assertThrows(() => stepper.start(2, [state]), TypeError, `${action} 2 states`);
  const narrow = [{ h: [1, 2], c: [1, 2, 3] }];
  const which = `${action} 3 numbers in h of layer 0 of state for string 1, got 2`;
  assertThrows(() => stepper.start(2, [state, narrow]), TypeError, which);
  const shape = { ...plain, memory: "stack", valueWidth: 2 } as const;
  const withStack = createStepper(shape, float32Parameters(random, shape));
  const memory =
    `${action} no state for string 0 with a memory (its contents are not carried), got one`;
  assertThrows(() => withStack.start(1, [state]), TypeError, memory);
});
