/** The engine beside the reference: the same batch on both, and all that comes out held to each other. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import type { SequenceBatch } from "@/models/sequence_batch.ts";
import type { SequenceParameters } from "@/models/sequence_parameters.ts";
import { isOfControls, type SequenceModelShape } from "@/models/sequence_shape.ts";
import type { CellState, CellStateGradient } from "@/network/cell.ts";
import { assertNear, norm, normOfAll } from "./tensors.ts";

export const BUILDS = ["relaxed", "strict"] as const;

/** Of each tensor, and of each string's logits. */
const WITHIN = 1e-5;
/**
 * A tensor of a few numbers (a push's bias, the weights of a cell with up to three hidden units) is a sum over all steps
 * of which hardly anything may be left; its rounding errors are as large as those of the sum's terms. So it is with the weights
 * of a control or of an output of one number, which are a number for each step times o′. They are held to this share of the
 * whole gradient. Nothing wider needs it.
 */
const OF_ALL = 1e-7;
/** The state of a few units is a sum of terms of about 1, of which hardly anything may be left either. */
const OF_ONE = 1e-6;

export interface Case {
  readonly shape: SequenceModelShape;
  readonly parameters: SequenceParameters;
  readonly batch: SequenceBatch;
}

/** Runs a case on an engine and on the reference, and holds all that comes out to each other. */
export function compare({ shape, parameters, batch }: Case, build: typeof BUILDS[number]) {
  const engine = createEngine(shape, { build }), what = JSON.stringify(shape);
  engine.setParameters(parameters);
  const [got, logits] = [engine.gradient(batch), engine.logits(batch)];
  const wanted = batchLossAndGradient(shape, parameters, batch);
  assertAlmostEquals(got.loss, wanted.loss, WITHIN * Math.abs(wanted.loss), what);
  const parts = got.outputLoss + got.valueLoss + got.previousLoss + got.anchorLoss + got.hingeLoss;
  assertAlmostEquals(parts, got.loss, 1e-12 * got.loss);
  assertEquals(logits.map(({ length }) => length), wanted.logits.map((l) => l.flat().length));
  logits.forEach((rows, i) => {
    const string = wanted.logits[i].flat();
    assertNear(rows, string, WITHIN * norm(string), `logits of string ${i}, ${what}`);
  });
  const all = normOfAll(wanted.gradient);
  for (const [name, gradient] of Object.entries(wanted.gradient)) {
    const narrow = gradient.length <= 9 || isOfControls(name) || shape.valueWidth === 1;
    const room = narrow ? OF_ALL * all : 0;
    assertNear(got.gradients[name], gradient, WITHIN * norm(gradient) + room, `${name}, ${what}`);
  }
  compareStates(got.final, wanted.final, what);
  compareStartGradients(got.gStart, wanted.gStart, OF_ALL * all, what);
  return { engine, got, wanted };
}

type Each<Of> = readonly (readonly Of[])[];

function compareStates(
  got: Each<CellState<Float32Array>>,
  wanted: Each<CellState>,
  what: string,
): void {
  assertEquals(got.map(({ length }) => length), wanted.map(({ length }) => length));
  wanted.forEach((layers, i) =>
    layers.forEach(({ h, c }, l) => {
      const { h: gotH, c: gotC } = got[i][l], which = `layer ${l}, string ${i}, ${what}`;
      assertNear(gotH, h, WITHIN * norm(h) + OF_ONE, `final h of ${which}`);
      assertEquals(gotC?.length, c?.length);
      assertNear(gotC ?? [], c ?? [], WITHIN * norm(c ?? []) + OF_ONE, `final c of ${which}`);
    })
  );
}

function compareStartGradients(
  got: Each<CellStateGradient<Float32Array>>,
  wanted: Each<CellStateGradient>,
  room: number,
  what: string,
): void {
  assertEquals(got.map(({ length }) => length), wanted.map(({ length }) => length));
  wanted.forEach((layers, i) =>
    layers.forEach(({ gH, gC }, l) => {
      const g = got[i][l], which = `layer ${l}, string ${i}, ${what}`;
      assertNear(g.gH, gH, WITHIN * norm(gH) + room, `gradient by the starting h of ${which}`);
      assertNear(g.gC, gC, WITHIN * norm(gC) + room, `gradient by the starting c of ${which}`);
    })
  );
}
