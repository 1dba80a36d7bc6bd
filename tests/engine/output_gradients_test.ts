/** A loss that is computed outside of the engine: outputs of every step out, their gradients in. */
import { assertEquals, assertThrows } from "@std/assert";
import { createEngine, type Engine } from "@/engine/engine.ts";
import { range } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import type { SequenceBatch, SequenceString } from "@/models/sequence_batch.ts";
import type { SequenceParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { asGradients, randomStates } from "../models/segments.ts";
import { assertSame } from "../same.ts";
import {
  float32Batch,
  float32Parameters,
  float32Shape,
  KINDS,
  randomLengths,
} from "./float32_sequences.ts";
import { BUILDS } from "./reference_comparison.ts";
import { assertNear, norm, normOfAll } from "./tensors.ts";

interface Case {
  readonly shape: SequenceModelShape;
  readonly parameters: SequenceParameters;
  readonly strings: readonly SequenceString[];
}

/** Strings without losses but that of the outputs, some with a state to start from and a gradient of their final one. */
function randomCase(random: RandomSource, kind: typeof KINDS[number]): Case {
  const shape = float32Shape(random, kind), plain = shape.memory === "none";
  const { strings } = float32Batch(random, shape, randomLengths(random, 9));
  const parameters = float32Parameters(random, shape);
  parameters["logits.read_weight"]?.fill(0); // the outputs are h alone
  return {
    shape,
    parameters,
    strings: strings.map(({ inputs, targets, pushNoise, popNoise }) => ({
      inputs,
      targets,
      pushNoise,
      popNoise,
      ...(plain && random.uniform() < 0.5 && { start: randomStates(random, shape) }),
      ...(plain && { gFinal: asGradients(randomStates(random, shape)) }),
    })),
  };
}

function engineOf({ shape, parameters }: Case, options?: Parameters<typeof createEngine>[1]) {
  const engine = createEngine(shape, options);
  engine.setParameters(parameters);
  return engine;
}

/** y = W x + b. */
function affine(parameters: SequenceParameters, name: string, x: readonly number[]): number[] {
  const W = parameters[`${name}.weight`], b = parameters[`${name}.bias`];
  return [...b].map((y, i) => x.reduce((sum, xj, j) => sum + W[i * x.length + j] * xj, y));
}

/** Wᵀ gY. */
function affineBackward(parameters: SequenceParameters, name: string, gY: readonly number[]) {
  const W = parameters[`${name}.weight`], inputs = W.length / gY.length;
  return range(inputs).map((j) => gY.reduce((sum, g, i) => sum + W[i * inputs + j] * g, 0));
}

/** ∂L/∂h of one step, L the cross-entropy of its target, if it has one. */
function gOutput(c: Case, h: readonly number[], target: number): number[] {
  if (target < 0) return h.map(() => 0);
  const memory = c.shape.memory !== "none";
  const o = memory ? affine(c.parameters, "output", h).map(Math.tanh) : h;
  const scores = affine(c.parameters, "logits", o).map(Math.exp);
  const all = scores.reduce((sum, score) => sum + score, 0);
  const gO = affineBackward(
    c.parameters,
    "logits",
    scores.map((score, k) => score / all - Number(k === target)),
  );
  if (!memory) return gO;
  return affineBackward(c.parameters, "output", gO.map((g, i) => g * (1 - o[i] ** 2)));
}

/** Runs the strings forwards, and back from the loss computed here. */
function reverseThere(c: Case, engine: Engine): void {
  const { hidden: H } = c.shape, plain = c.shape.memory === "none";
  const strings = c.strings.map(({ gFinal: _, ...string }) => string);
  const outputs = engine.forward({ strings, outputWeight: 0 });
  const gOutputs = outputs.map((all, i) =>
    c.strings[i].targets.flatMap((target, t) =>
      gOutput(c, [...all.subarray(t * H, (t + 1) * H)], target)
    )
  );
  engine.backward(gOutputs, plain ? c.strings.map(({ gFinal }) => gFinal!) : undefined);
}

for (const build of BUILDS) {
  for (const kind of KINDS) {
    const what = `${build}, ${kind.layers} ${kind.cell}, ${kind.memory}`;
    Deno.test(`a loss that is computed elsewhere has the reference's gradient: ${what}`, () => {
      const random = seededRandom(`outputs ${what}`);
      for (let n = 0; n < 12; n++) {
        const c = randomCase(random, kind), engine = engineOf(c, { build });
        const batch: SequenceBatch = { strings: c.strings, outputWeight: 1 };
        const wanted = batchLossAndGradient(c.shape, c.parameters, batch);
        // what another loss has left behind must not count again
        const Wr = c.parameters["logits.read_weight"]?.map((_, i) => i % 3 - 1);
        engine.setParameters({ ...c.parameters, ...(Wr && { "logits.read_weight": Wr }) });
        engine.logits(batch); // takes all the memory that it needs
        engine.gradient(batch);
        engine.setParameters(c.parameters);
        reverseThere(c, engine);
        const gradients = engine.gradients(), all = normOfAll(wanted.gradient);
        for (const [name, gradient] of Object.entries(wanted.gradient)) {
          const outside = /^(logits|output)\./.test(name);
          const part = outside ? new Float64Array(gradient.length) : gradient;
          assertNear(gradients[name], part, 1e-5 * norm(gradient) + 1e-6 * all, `${name}, ${what}`);
        }
        engine.startGradients().forEach((layers, i) =>
          layers.forEach(({ gH, gC }, l) => {
            const g = wanted.gStart[i][l];
            assertNear(gH, g.gH, 1e-5 * norm(g.gH) + 1e-6 * all, `start h, ${what}`);
            assertNear(gC, g.gC, 1e-5 * norm(g.gC) + 1e-6 * all, `start c, ${what}`);
          })
        );
      }
    });
  }
}

const [KIND] = KINDS.filter(({ cell, memory }) => cell === "lstm" && memory === "none");

Deno.test("a batch that ran forwards leaves nothing behind for the next one", () => {
  const random = seededRandom("nothing behind"), c = randomCase(random, KIND), engine = engineOf(c);
  const batch = { strings: c.strings, outputWeight: 1 };
  reverseThere(c, engine);
  assertSame(engine.gradient(batch), engineOf(c).gradient(batch));
});

Deno.test("a step along a gradient is the step of an update, in its three parts", () => {
  const c = randomCase(seededRandom("three parts"), KIND),
    [whole, parts] = [
      engineOf(c),
      engineOf(c),
    ];
  const batch = { strings: c.strings, outputWeight: 1 };
  const optimizer = { rule: "adam", rate: 0.01, clip: 0.1 } as const;
  for (let n = 0; n < 3; n++) {
    const { gradientNorm, applied } = whole.update(batch, optimizer);
    if (n === 0) parts.gradient(batch);
    else parts.takeGradient(batch);
    assertEquals(parts.gradientNorm(), gradientNorm);
    assertEquals(parts.step(optimizer), { gradientNorm, applied });
  }
  assertSame(parts.parameters(), whole.parameters());
});

Deno.test("what cannot be reversed is refused", () => {
  const c = randomCase(seededRandom("refused"), KIND),
    engine = engineOf(c),
    { hidden: H } = c.shape;
  const strings = [{ inputs: [0, 1], targets: [-1, -1] }], batch = { strings, outputWeight: 1 };
  const refuse = (gOutputs: number[][], sentence: string) =>
    assertThrows(() => engine.backward(gOutputs), Error, sentence);
  refuse([], "Cannot reverse a batch: wanted one that ran forwards last, got none");
  engine.forward(batch);
  refuse([], "Cannot reverse the batch: wanted gradients of the outputs of 1 strings, got 0");
  const zeros = Array<number>(2 * H).fill(0);
  refuse(
    [[...zeros, 0]],
    `wanted ${2 * H} numbers (2 × ${H}) of the outputs of string 0, got ${2 * H + 1}`,
  );
  refuse(
    [[...zeros.slice(1), 1e39]],
    `wanted numbers within 3.4e38 in the gradient of the outputs of string 0, got 1e+39 at ${
      2 * H - 1
    }`,
  );
  engine.backward([zeros]);
  engine.gradient(batch);
  refuse([zeros], "Cannot reverse a batch: wanted one that ran forwards last, got none");
});
