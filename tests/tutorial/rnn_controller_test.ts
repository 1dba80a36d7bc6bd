import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { nextStrengths, nextValues, readStack } from "@/memory/stack.ts";
import type { FlatStack } from "@/tutorial/flat_stack.ts";
import { RnnController } from "@/tutorial/rnn_controller.ts";
import {
  type ControllerDesign,
  createParameters,
  drawParameters,
} from "@/tutorial/controller_parameters.ts";
import { controllerLoss } from "@/tutorial/controller_measurements.ts";
import {
  createReversalString,
  drawReversalString,
  inputWidth,
  type ReversalTask,
} from "@/tutorial/tutorial_reversal.ts";
import { assertSame } from "../same.ts";

const LONGEST = 6;

function design(task: ReversalTask, more: Partial<ControllerDesign> = {}): ControllerDesign {
  const K = inputWidth(task);
  return {
    sizes: { inputs: K, hidden: 5, outputPrime: 4, stackWidth: 2, outputs: K },
    longest: LONGEST,
    output: "sigmoid",
    start: "zeros",
    readouts: { hidden: 1, outputPrime: 1, value: 1 },
    stackGradient: "exact",
    ...more,
  };
}

/** A controller whose weights are large enough to take its controls all over their range. */
function wildController(wanted: ControllerDesign, seed: number): RnnController {
  const random = seededRandom(seed), parameters = createParameters(wanted.sizes);
  for (let i = 0; i < parameters.flat.length; i++) parameters.flat[i] = random.normal(0, 0.8);
  return new RnnController(wanted, parameters);
}

function randomString(task: ReversalTask, length: number, seed: number) {
  const string = createReversalString(task, LONGEST);
  drawReversalString(task, string, length, seededRandom(`string ${seed}`));
  return string;
}

/** Which side of every max and min a string is on; a difference across a kink says nothing. */
function branches(stack: FlatStack, steps: number): string {
  const T = stack.steps, s = stack.strengths;
  let sides = "";
  for (let t = 0; t < steps; t++) {
    for (let i = t - 1, above = 0; i >= 0; i--) {
      const over = Math.max(0, stack.pops[t] - above);
      sides += (over > 0 ? "p" : "-") + (s[(t - 1) * T + i] > over ? "s" : "-");
      above += s[(t - 1) * T + i];
    }
    for (let i = t, above = 0; i >= 0; i--) {
      sides += (above < 1 ? "r" : "-") + (s[t * T + i] <= 1 - above ? "m" : "-");
      above += s[t * T + i];
    }
  }
  return sides;
}

/** Compares each parameter's gradient with central differences; returns the worst error and how many were skipped. */
function checkAgainstDifferences(
  controller: RnnController,
  string: ReturnType<typeof randomString>,
) {
  const steps = 2 * string.length - 1, step = 2e-4, { flat } = controller.parameters;
  controller.forward(string);
  const sides = branches(controller.stack, steps);
  controller.backward();
  let [worst, skipped] = [0, 0];
  for (let k = 0; k < flat.length; k++) {
    const kept = flat[k],
      lossAt = (x: number) => {
        flat[k] = x;
        controller.forward(string);
        return branches(controller.stack, steps) === sides ? controllerLoss(controller) : NaN;
      };
    // Two widths together, so that the error falls with the fourth power of the step.
    const narrow = (lossAt(kept + step) - lossAt(kept - step)) / (2 * step);
    const wide = (lossAt(kept + 2 * step) - lossAt(kept - 2 * step)) / (4 * step);
    const slope = (4 * narrow - wide) / 3;
    flat[k] = kept;
    if (Number.isNaN(slope)) skipped++;
    else {
      const g = controller.gradient.flat[k];
      worst = Math.max(worst, Math.abs(slope - g) / Math.max(1e-2, Math.abs(slope), Math.abs(g)));
    }
  }
  return { worst, skipped, checked: flat.length - skipped };
}

const NONE = { hidden: 0, outputPrime: 0, value: 0 };
const KINDS = [
  ["without readouts", { marks: 1, start: "one-hot", readouts: NONE }],
  ["with the tutorial's readouts", {
    marks: 2,
    start: "zeros",
    readouts: { ...NONE, hidden: 1, outputPrime: 1 },
  }],
  ["with all readouts", {
    marks: 2,
    start: "one-hot",
    readouts: { hidden: 0.3, outputPrime: 0.7, value: 3 },
  }],
] as const;
for (const output of ["sigmoid", "tanh"] as const) {
  for (const [kind, { marks, start, readouts }] of KINDS) {
    const task = { symbols: 2, marks };
    Deno.test(`every parameter's gradient is that of central differences: ${output}, ${kind}`, () => {
      let [worst, skipped, checked] = [0, 0, 0];
      for (let seed = 0; seed < 24; seed++) {
        const controller = wildController(design(task, { output, start, readouts }), seed);
        const result = checkAgainstDifferences(
          controller,
          randomString(task, 1 + seed % LONGEST, seed),
        );
        worst = Math.max(worst, result.worst);
        skipped += result.skipped;
        checked += result.checked;
      }
      assertLess(worst, 1e-7);
      assertLess(skipped, 0.02 * checked);
      assertGreater(checked, 2000);
    });
  }
}

/** W x, of a matrix that lies in rows. */
function times(W: Float64Array, x: readonly number[]): number[] {
  const rows = W.length / x.length;
  return Array.from(
    { length: rows },
    (_, j) => x.reduce((sum, x_i, i) => sum + W[j * x.length + i] * x_i, 0),
  );
}

const plus = (...vectors: ArrayLike<number>[]) =>
  Array.from(vectors[0], (_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0));
const sigma = (a: number) => 1 / (1 + Math.exp(-a));

/** The equations at the top of rnn_controller.ts, line by line, with the reference's stack; also the loss. */
function literalRun(
  { parameters, design }: RnnController,
  string: ReturnType<typeof randomString>,
) {
  const { Wx, Wh, Wr, bh, Wp, bp, Wd, bd, Wu, bu, Wv, bv, Wo, bo, Ah, Ap, Av } = parameters;
  const { inputs: K, hidden: H, stackWidth: M } = design.sizes, T = 2 * string.length;
  const first = design.start === "one-hot" ? 1 : 0,
    rows = (numbers: Float64Array, t: number) => [...numbers.slice(t * K, t * K + K)];
  let [h, r] = [[first, ...new Array(H - 1).fill(0)], [first, ...new Array(M - 1).fill(0)]];
  let [V, s]: [number[][], number[]] = [[], []], sum = 0;
  const outputs: number[][] = [], controls: number[][] = [];
  const miss = (got: number[], wanted: number[]) =>
    got.reduce((sum, got_k, k) => sum + (got_k - wanted[k]) ** 2, 0);
  for (let t = 0; t < T; t++) {
    h = plus(bh, times(Wx, rows(string.inputs, t)), times(Wh, h), times(Wr, r)).map(Math.tanh);
    const p = plus(bp, times(Wp, h)).map(Math.tanh);
    const o = plus(bo, times(Wo, p)).map(design.output === "tanh" ? Math.tanh : sigma);
    const [d, u] = [sigma(plus(bd, times(Wd, p))[0]), sigma(plus(bu, times(Wu, p))[0])];
    const v = plus(bv, times(Wv, p)).map(Math.tanh);
    outputs.push(o);
    sum += miss(o, rows(string.targets, t));
    const guesses = [[Ah, h, design.readouts.hidden], [
      Ap,
      p,
      design.readouts.outputPrime,
    ]] as const;
    if (t > 0) {
      const x = rows(string.inputs, t - 1);
      for (const [A, from, weight] of guesses) sum += weight * miss(times(A, from).map(sigma), x);
      if (t < T - 1) sum += design.readouts.value * miss(times(Av, v).map(sigma), x);
    }
    if (t === T - 1) break;
    controls.push([d, u]);
    [V, s] = [nextValues(V, v), nextStrengths(s, u, d)];
    r = readStack(V, s);
  }
  return { outputs, controls, loss: sum / T };
}

Deno.test("forward is the equations, line by line: outputs, controls and loss", () => {
  for (let seed = 0; seed < 60; seed++) {
    const [, { marks, start, readouts }] = KINDS[seed % 3], task = { symbols: 2, marks };
    const output = seed % 2 === 0 ? "tanh" : "sigmoid";
    const controller = wildController(design(task, { start, readouts, output }), seed);
    const string = randomString(task, 1 + seed % LONGEST, seed);
    controller.forward(string);
    const { outputs, controls, loss } = literalRun(controller, string);
    outputs.flat().forEach((o, i) => assertAlmostEquals(controller.layers.output.y[i], o, 1e-13));
    controls.forEach(([d, u], t) => {
      assertAlmostEquals(controller.stack.pushes[t], d, 1e-13);
      assertAlmostEquals(controller.stack.pops[t], u, 1e-13);
    });
    assertAlmostEquals(controllerLoss(controller), loss, 1e-12);
  }
});

Deno.test("noise moves the controls by its deviation before σ, push first, and nothing where there is none", () => {
  const task = { symbols: 2, marks: 2 } as const, string = randomString(task, 4, 1);
  const [quiet, noisy] = [wildController(design(task), 1), wildController(design(task), 1)];
  quiet.forward(string);
  const logit = (y: number) => Math.log(y / (1 - y)), drawn: number[] = [];
  const normal = () => drawn[drawn.push(drawn.length + 1) - 1];
  noisy.forward(string, { deviation: 0.1, normal });
  assertEquals(drawn.length, 2 * 7);
  assertAlmostEquals(logit(noisy.stack.pushes[0]) - logit(quiet.stack.pushes[0]), 0.1, 1e-9);
  assertAlmostEquals(logit(noisy.stack.pops[0]) - logit(quiet.stack.pops[0]), 0.2, 1e-9);
});

Deno.test("the controls of the gradient check reach into the stack: more than a quarter of the pops are alive", () => {
  const task = { symbols: 2, marks: 2 } as const;
  let [alive, all] = [0, 0];
  for (let seed = 0; seed < 24; seed++) {
    const controller = wildController(design(task), seed);
    controller.forward(randomString(task, 5, seed));
    controller.backward();
    for (let t = 1; t < 9; t++, all++) alive += Number(controller.stack.gPops[t] !== 0);
  }
  assertGreater(alive, all / 4);
});

Deno.test("gradients of several strings add up to the sum of each by itself", () => {
  const task = { symbols: 2, marks: 2 } as const;
  for (const stackGradient of ["exact", "published"] as const) {
    const batch = wildController(design(task, { stackGradient }), 3);
    const sum = new Float64Array(batch.parameters.flat.length);
    for (let k = 0; k < 8; k++) {
      const string = randomString(task, 1 + k % LONGEST, k);
      batch.forward(string);
      batch.backward();
      const alone = wildController(design(task, { stackGradient }), 3);
      alone.forward(string);
      alone.backward();
      alone.gradient.flat.forEach((g, i) => sum[i] += g);
    }
    batch.gradient.flat.forEach((g, i) => assertAlmostEquals(g, sum[i], 1e-12));
  }
});

Deno.test("a short string after a long one leaves nothing of the long one behind", () => {
  const task = { symbols: 2, marks: 2 } as const;
  const used = wildController(design(task), 4), fresh = wildController(design(task), 4);
  used.forward(randomString(task, 6, 1));
  used.backward();
  used.gradient.flat.fill(0);
  for (const controller of [used, fresh]) {
    controller.forward(randomString(task, 2, 2));
    controller.backward();
  }
  assertSame(used.gradient.flat, fresh.gradient.flat);
  assertEquals(controllerLoss(used), controllerLoss(fresh));
});

Deno.test("the published gradient differs from the exact one only in what passes through the stack", () => {
  const task = { symbols: 2, marks: 2 } as const;
  let difference = 0;
  for (let seed = 0; seed < 10; seed++) {
    const [exact, published] = (["exact", "published"] as const).map((stackGradient) => {
      const controller = wildController(design(task, { stackGradient }), seed);
      controller.forward(randomString(task, 6, seed));
      controller.backward();
      return controller.gradient;
    });
    assertEquals(exact.Wo, published.Wo);
    assertEquals(exact.Ah, published.Ah);
    exact.Wu.forEach((g, i) => difference = Math.max(difference, Math.abs(g - published.Wu[i])));
  }
  assertGreater(difference, 1e-3);
});

Deno.test("the readouts without weight in the loss change nothing", () => {
  const task = { symbols: 2, marks: 2 } as const;
  const [without, with_] = [NONE, design(task).readouts].map((readouts) => {
    const controller = wildController(design(task, { readouts }), 6);
    controller.forward(randomString(task, 4, 6));
    controller.backward();
    return controller;
  });
  assert(without.gradient.Ah.every((g) => g === 0) && without.gradient.Ap.every((g) => g === 0));
  assertEquals(without.layers.output.y, with_.layers.output.y);
  assertSame(without.gradient.Wo, with_.gradient.Wo);
  assertEquals([without.layers.readouts.length, with_.layers.readouts.length], [0, 3]);
});

Deno.test("starting parameters lie where the tutorial draws them, in columns of its order", () => {
  const { sizes } = design({ symbols: 2, marks: 2 });
  let n = 0;
  const counting = { uniform: () => n++ / 1000 };
  const { flat, Wx, Ah, bd, bu } = drawParameters(sizes, {
    pushBias: 1,
    popBias: -1,
    valueReadout: false,
  }, counting);
  assertEquals(n, flat.length - sizes.inputs * sizes.stackWidth);
  // The second draw is from input 0 to hidden unit 1: row 1, column 0 of our H × K matrix.
  assertAlmostEquals(Wx[1 * sizes.inputs], 0.001 * 0.2 - 0.1);
  assertAlmostEquals(Wx[1], 0.005 * 0.2 - 0.1);
  assertAlmostEquals(Ah[0], 0.02 * 0.2 - 0.1);
  assert(bd[0] >= 1 && bd[0] < 1.2 && bu[0] >= -1 && bu[0] < -0.8);
});

Deno.test("what cannot be run is refused in one sentence", () => {
  const task = { symbols: 2, marks: 2 } as const;
  const controller = wildController(design(task), 1);
  assertThrows(
    () => controller.backward(),
    TypeError,
    "Cannot use the last string: wanted a forward pass first, got none",
  );
  assertThrows(
    () => controller.forward({ ...randomString(task, 3, 1), length: 7 }),
    RangeError,
    "Cannot run the controller: wanted 1 to 6 symbols, got 7",
  );
  assertThrows(
    () => createParameters({ ...controller.design.sizes, hidden: 0 }),
    RangeError,
    "Cannot make a controller: wanted hidden of at least 1, got 0",
  );
});
