/** A decoder that attends to places, on the engine: trained starts and given ones, the gradients of the places, and the stepper. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import {
  type EngineBatch,
  engineParameterShapes,
  type EngineShape,
} from "@/engine/engine_shape.ts";
import { createStepper } from "@/engine/stepper.ts";
import { range } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { decoderBackward, runDecoder, targetLoss } from "@/models/decoder.ts";
import { decoderWeights } from "@/models/decoder_shape.ts";
import { type NamedTensors, zeroTensors } from "@/models/named_tensors.ts";
import type { CellStates } from "@/models/sequence_batch.ts";
import { SUMS_OF_CELL } from "@/models/sequence_shape.ts";
import { startCell } from "@/network/cell.ts";
import { randomTensors } from "../models/random_pairs.ts";
import { randomStates } from "../models/segments.ts";
import { assertSame } from "../same.ts";
import { randomLengths } from "./float32_sequences.ts";
import { BUILDS } from "./reference_comparison.ts";
import { assertNear, norm, normOfAll } from "./tensors.ts";

const MAY_START_WORKERS =
  Deno.permissions.querySync({ name: "read", path: "lib" }).state === "granted";

const KINDS = (["rnn", "lstm", "gru"] as const).flatMap((cell) =>
  (["additive", "dot-product"] as const).flatMap((kind) =>
    [1, 2].map((layers) => ({ cell, layers, kind }))
  )
);

interface Case {
  readonly shape: EngineShape & { readonly attention: NonNullable<EngineShape["attention"]> };
  readonly parameters: NamedTensors;
  readonly batch: EngineBatch;
}

function float32(random: RandomSource, length: number): number[] {
  return Array.from({ length }, () => Math.fround(random.normal()));
}

/** Strings with places of their own, each from 1 to 9, some with a state to start from, some with first sums. */
function randomCase(
  random: RandomSource,
  { cell, layers, kind }: typeof KINDS[number],
  lengths = randomLengths(random, 9),
): Case {
  const width = () => random.integer(1, random.uniform() < 0.2 ? 44 : 12);
  const attention = { kind, width: width(), placeWidth: width() }, { placeWidth: C } = attention;
  const sizes = { layers, hidden: width(), embedding: width(), symbols: random.integer(2, 20) };
  const shape = { cell, memory: "none", valueWidth: 0, ...sizes, attention } as const;
  const shapes = engineParameterShapes(shape), parameters = randomTensors(random, shapes);
  for (const [name, [, inputs = 1]] of shapes) {
    parameters[name].forEach((x, i, all) => all[i] = Math.fround(x / Math.sqrt(inputs)));
  }
  const strings = lengths.map((T) => ({
    inputs: range(T).map(() => random.integer(0, sizes.symbols)),
    targets: range(T).map(() => random.integer(-1, sizes.symbols)),
    places: float32(random, random.integer(1, 10) * C),
    ...(random.uniform() < 0.5 && { start: randomStates(random, shape) }),
    ...(random.uniform() < 0.5 &&
      { firstSums: float32(random, SUMS_OF_CELL[cell] * sizes.hidden) }),
  }));
  return { shape, parameters, batch: { strings, outputWeight: Math.fround(0.3) } };
}

function engineOf({ shape, parameters }: Case, options?: Parameters<typeof createEngine>[1]) {
  const engine = createEngine(shape, options);
  engine.setParameters(parameters);
  return engine;
}

/** The reference, string by string; the gradients with respect to trained starts are among its parameters'. */
function runReference({ shape, parameters, batch }: Case) {
  const { kind, width: attentionWidth, placeWidth: C } = shape.attention;
  const own = { attention: kind, attentionWidth, placeWidth: C, trainsStart: true };
  const gradient = zeroTensors(engineParameterShapes(shape));
  const [w, g] = [parameters, gradient].map((all) => decoderWeights({ ...shape, ...own }, all));
  let loss = 0;
  const strings = batch.strings.map(({ inputs, targets, places = [], start, firstSums }) => {
    const rows = range(places.length / C).map((s) => Array.from(places).slice(s * C, (s + 1) * C));
    const from = w.cells.map((cell, l) => startCell(cell, start?.[l])),
      given = { start: from, places: rows, firstSums: firstSums && Array.from(firstSums) };
    const steps = runDecoder(w, given, inputs), logits = steps.map((step) => step.logits);
    const target = targetLoss(logits, targets, batch.outputWeight);
    loss += target.loss;
    const { gStart, gPlaces, gFirstSums } = decoderBackward(w, g, given, steps, target.gLogits);
    if (!start) {
      gStart.forEach(({ gH, gC }, l) => {
        gH.forEach((x, i) => g.cells[l].h0[i] += x);
        gC.forEach((x, i) => g.cells[l].c0![i] += x);
      });
    }
    return { logits: logits.flat(), gPlaces: gPlaces.flat(), gStart, gFirstSums };
  });
  return { loss, gradient, strings };
}

for (const build of BUILDS) {
  for (const kind of KINDS) {
    const what = `${build}, ${kind.layers} ${kind.cell}, ${kind.kind}`;
    Deno.test(`a decoder that attends gives the reference's numbers: ${what}`, () => {
      const random = seededRandom(`places ${what}`);
      for (let n = 0; n < 6; n++) {
        const c = randomCase(random, kind), engine = engineOf(c, { build });
        const wanted = runReference(c), { loss, gradients, gStart } = engine.gradient(c.batch);
        const all = normOfAll(wanted.gradient), gPlaces = engine.placeGradients();
        const gFirstSums = engine.firstSumGradients();
        assertAlmostEquals(loss, wanted.loss, 1e-5 * wanted.loss, what);
        for (const [name, gradient] of Object.entries(wanted.gradient)) {
          const room = (gradient.length <= 4 ? 1e-7 : 2e-8) * all;
          assertNear(gradients[name], gradient, 1e-5 * norm(gradient) + room, `${name}, ${what}`);
        }
        wanted.strings.forEach((string, i) => {
          const near = 1e-5 * norm(string.gPlaces) + 1e-7 * all;
          assertNear(gPlaces[i], string.gPlaces, near, `places of string ${i}, ${what}`);
          const { gFirstSums: gSums } = string, room = 1e-5 * norm(gSums) + 1e-7 * all;
          assertNear(gFirstSums[i], gSums, room, `first sums of string ${i}, ${what}`);
          string.gStart.forEach(({ gH, gC }, l) => {
            assertNear(gStart[i][l].gH, gH, 1e-5 * norm(gH) + 1e-7 * all, `start h, ${what}`);
            assertNear(gStart[i][l].gC, gC, 1e-5 * norm(gC) + 1e-7 * all, `start c, ${what}`);
          });
        });
        engine.logits(c.batch).forEach((rows, i) => {
          const { logits } = wanted.strings[i];
          assertNear(rows, logits, 1e-5 * norm(logits), `logits of string ${i}, ${what}`);
        });
      }
    });
  }
}

Deno.test("scores of any size have a softmax, and equal places equal weights", () => {
  for (const kind of ["additive", "dot-product"] as const) {
    const sizes = { layers: 1, hidden: 2, embedding: 2, valueWidth: 0, symbols: 3 };
    const attention = { kind, width: 2, placeWidth: 2 };
    const shape = { cell: "rnn", memory: "none", ...sizes, attention } as const;
    const parameters = randomTensors(seededRandom(`softmax ${kind}`), engineParameterShapes(shape));
    for (
      const name of ["query.weight", "key.weight", ...(kind === "additive" ? ["score.weight"] : [])]
    ) {
      parameters[`attention.${name}`].forEach((x, i, all) => all[i] = Math.fround(300 * x));
    }
    for (
      const [places, within] of [[[1, 0, 0, 1, -1, 0.5], 1e-5], [[2, 1, 2, 1, 2, 1], 1e-6]] as const
    ) {
      const strings = [{ inputs: [0, 1], targets: [1, 2], places }],
        batch = { strings, outputWeight: 1 };
      const c = { shape, parameters, batch }, engine = engineOf(c), wanted = runReference(c);
      const { loss, gradients } = engine.gradient(batch);
      assertAlmostEquals(loss, wanted.loss, within);
      assert(Object.values(gradients).every((g) => g.every(Number.isFinite)));
    }
  }
});

Deno.test({
  name:
    "a decoder that attends has the same bits on any number of threads, and after larger batches",
  ignore: !MAY_START_WORKERS,
  fn() {
    const random = seededRandom("threads and places");
    for (const kind of KINDS.filter(({ cell, layers }) => (cell === "gru") === (layers === 2))) {
      const c = randomCase(random, kind, [7, 3, 5]), larger = { ...randomCase(random, kind), ...c };
      const strings = range(12).flatMap(() => c.batch.strings), batch = { ...c.batch, strings };
      for (const build of BUILDS) {
        const found = [1, 3].map((threads) => {
          const engine = engineOf(larger, { build, threads });
          if (threads > 1) engine.gradient(batch);
          const { gradients, ...others } = engine.gradient(c.batch);
          const all = { gradients, others, places: engine.placeGradients() };
          engine.close();
          return all;
        });
        assertSame(found[1], found[0]);
      }
    }
  },
});

Deno.test("a batch has the same bits after one whose contexts were NaN", () => {
  const random = seededRandom("diverged contexts");
  for (const kind of KINDS) {
    let c = randomCase(random, kind, [6, 4, 1]);
    while (c.shape.attention.width === 1) c = randomCase(random, kind, [6, 4, 1]);
    const engine = engineOf(c);
    const wanted = [engine.gradient(c.batch), engine.placeGradients()];
    // more steps and places than the others: what it leaves lies in all of their rows
    const { strings: [{ places = [] }] } = c.batch, T = 12;
    const long = {
      inputs: range(T).map(() => 0),
      targets: range(T).map(() => 1),
      places: range(12).flatMap(() => Array.from(places, () => 3e38)),
    };
    const filled = (name: string, x: number) => c.parameters[name]?.map(() => x);
    const w = filled("attention.score.weight", 3e38);
    engine.setParameters({
      ...c.parameters,
      "attention.key.weight": filled("attention.key.weight", 1e30), // keys of +∞, so scores of ±∞, of which the greatest is taken
      ...(w && { "attention.score.weight": w }),
    });
    engine.gradient({ ...c.batch, strings: [long, long, long] });
    assert(engine.placeGradients()[0].some(Number.isNaN));
    engine.setParameters(c.parameters);
    assertSame([engine.gradient(c.batch), engine.placeGradients()], wanted);
  }
});

Deno.test("a loss on the outputs comes back through attention", () => {
  const random = seededRandom("outputs of attention");
  for (const kind of KINDS) {
    const c = randomCase(random, kind, [5, 3]), engine = engineOf(c), { hidden: H } = c.shape;
    // the logits are h[0] in all but one symbol, and do not see the context
    const parameters = structuredClone(c.parameters);
    for (const name of ["logits.weight", "logits.bias"]) parameters[name].fill(0);
    parameters["logits.weight"][0] = 1;
    engine.setParameters(parameters);
    const strings = c.batch.strings.map((string) => ({
      ...string,
      targets: string.inputs.map(() => 0),
    }));
    const batch = { strings, outputWeight: 1 },
      wanted = engine.gradient(batch),
      K = c.shape.symbols;
    const gPlaces = engine.placeGradients();
    const gOutputs = engine.logits(batch).map((logits) =>
      Float32Array.from({ length: logits.length / K * H }, (_, i) => {
        if (i % H > 0) return 0;
        const own = Array.from(logits.subarray(i / H * K, (i / H + 1) * K), Math.exp);
        return own[0] / own.reduce((sum, x) => sum + x, 0) - 1;
      })
    );
    engine.forward(batch);
    engine.backward(gOutputs);
    const gradients = engine.gradients(), all = normOfAll(wanted.gradients);
    for (const [name, gradient] of Object.entries(wanted.gradients)) {
      if (name.startsWith("logits.")) continue;
      assertNear(gradients[name], gradient, 1e-5 * norm(gradient) + 1e-6 * all, name);
    }
    engine.placeGradients().forEach((g, i) =>
      assertNear(g, gPlaces[i], 1e-5 * norm(gPlaces[i]) + 1e-6 * all, "places")
    );
  }
});

Deno.test("a stepper that attends gives the bits of whole strings", () => {
  const random = seededRandom("steps and places");
  for (const kind of KINDS) {
    for (
      const threads of kind.layers === 1 && kind.cell === "lstm" && MAY_START_WORKERS ? [1, 2] : [1]
    ) {
      const c = randomCase(random, kind, [8, 8, 8, 8, 8]), { symbols: K } = c.shape;
      const stepper = createStepper(c.shape, c.parameters, { threads });
      for (const strings of [c.batch.strings.slice(0, 2), c.batch.strings]) {
        const logits = engineOf(c).logits({ ...c.batch, strings });
        const states: (CellStates | undefined)[] = strings.map(({ start }) => start);
        const [places, firstSums] = [
          strings.map(({ places }) => places!),
          strings.map(({ firstSums }) => firstSums),
        ];
        stepper.start(strings.length, states, places, firstSums);
        for (let t = 0; t < 8; t++) {
          const got = stepper.step(Int32Array.from(strings, ({ inputs }) => inputs[t]));
          strings.forEach((_, i) => {
            const wanted = logits[i].slice(t * K, (t + 1) * K);
            assertSame(got.slice(i * K, (i + 1) * K), wanted);
          });
        }
      }
      stepper.close();
    }
  }
});

Deno.test("first sums that do not fit are refused in one sentence", () => {
  const c = randomCase(seededRandom("first sums"), KINDS[0], [2]), [string] = c.batch.strings;
  const refuse = (firstSums: number[], sentence: string) =>
    assertThrows(
      () => engineOf(c).gradient({ ...c.batch, strings: [{ ...string, firstSums }] }),
      Error,
      `Cannot take the gradient: wanted ${sentence}`,
    );
  const { hidden: H } = c.shape; // of an RNN
  refuse(new Array(H + 1).fill(0), `${H} first sums of string 0, got ${H + 1}`);
  refuse(new Array(H).fill(1e39), "finite first sums of string 0, got Infinity at 0");
});

Deno.test("places that do not fit are refused in one sentence", () => {
  const random = seededRandom("misfits"),
    c = randomCase(random, KINDS[0], [2]),
    engine = engineOf(c);
  const { placeWidth: C } = c.shape.attention, [{ places: _, ...bare }] = c.batch.strings;
  const refuse = (places: number[] | undefined, sentence: string) =>
    assertThrows(
      () => engine.gradient({ ...c.batch, strings: [{ ...bare, places }] }),
      Error,
      `Cannot take the gradient: wanted ${sentence}`,
    );
  refuse(undefined, "places with attention in string 0, got none");
  refuse([], `places of ${C} numbers each in string 0, at least one, got 0 numbers`);
  refuse(
    float32(random, C + 1),
    `places of ${C} numbers each in string 0, at least one, got ${C + 1} numbers`,
  );
  refuse(
    [...float32(random, C - 1), NaN],
    `numbers within 3.4e38 in the places of string 0, got NaN at ${C - 1}`,
  );
  const { attention: _attention, ...plain } = c.shape;
  const without = createEngine(plain);
  assertThrows(
    () =>
      without.gradient({ strings: [{ inputs: [0], targets: [1], places: [1] }], outputWeight: 1 }),
    TypeError,
    "Cannot take the gradient: wanted no places without attention in string 0, got some",
  );
  without.gradient({ strings: [{ inputs: [0], targets: [1] }], outputWeight: 1 });
  assertEquals(without.placeGradients(), [new Float32Array(0)]);
  assertThrows(
    () => createStepper(c.shape, c.parameters).start(1),
    TypeError,
    "Cannot start reading: wanted places with attention in string 0, got none",
  );
  assertThrows(
    () => createEngine({ ...c.shape, memory: "stack", valueWidth: 2 }),
    TypeError,
    'Cannot make an engine: wanted memory "none" with attention, got stack',
  );
});
