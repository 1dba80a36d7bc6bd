/**
 * Checks of a sequence model's parameters and strings, shared by the literal model and the engine.
 *
 * Each check is made once, before anything is computed.
 *
 * `T` steps, `K` symbols.
 *
 * @module
 */
import { checkVector } from "@/math/shapes.ts";
import { checkTensors } from "./named_tensors.ts";
import {
  type CellStates,
  type LossWeights,
  type SequenceBatch,
  type SequenceString,
  STEP_KINDS,
} from "./sequence_batch.ts";
import { memoryPorts, parameterShapes, type SequenceModelShape } from "./sequence_shape.ts";

/**
 * Checks that there is each of a model's tensors and no other, each of the right size and finite.
 *
 * @example A tensor that is one number short.
 * ```ts
 * import { checkParameters } from "@/models/sequence_checks.ts";
 * import { zeroParameters } from "@/models/sequence_parameters.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 0, symbols: 5 };
 * const shape = { cell: "rnn", memory: "none", ...sizes } as const;
 * const parameters = { ...zeroParameters(shape), "logits.weight": new Float64Array(14) };
 * assertThrows(
 *   () => checkParameters("run the model", shape, parameters),
 *   TypeError,
 *   "Cannot run the model: wanted 15 numbers (5 × 3) in logits.weight, got 14",
 * );
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param shape The model's shape.
 * @param parameters What to check; typed arrays or lists.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function checkParameters(
  action: string,
  shape: SequenceModelShape,
  parameters: Readonly<Record<string, ArrayLike<number>>>,
): void {
  checkTensors(action, parameterShapes(shape), parameters);
}

/**
 * Checks that a string fits a model.
 *
 * @example A symbol that the model does not have.
 * ```ts
 * import { checkString } from "@/models/sequence_checks.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 0, symbols: 5 };
 * const shape = { cell: "rnn", memory: "none", ...sizes } as const;
 * assertThrows(
 *   () => checkString("run the model", shape, { inputs: [0, 5], targets: [-1, 1] }),
 *   RangeError,
 *   "Cannot run the model: wanted inputs from 0 to 4 in string 0, got 5 at 1",
 * );
 * ```
 * @param action What the caller cannot do if the check fails.
 * @param shape The model's shape.
 * @param string What to check.
 * @param index Which of its batch it is, for the message; 0 if left out.
 * @throws {TypeError} If a list does not have an entry for each step, or there is noise without a memory.
 * @throws {RangeError} If the string is empty, a symbol is not a whole number in its range, or noise is NaN or
 * infinite.
 */
export function checkString(
  action: string,
  shape: SequenceModelShape,
  string: SequenceString,
  index = 0,
): void {
  const { inputs, targets, valueTargets, popping, pushNoise, popNoise } = string;
  const T = inputs.length;
  const [place, last] = [`in string ${index}`, shape.symbols - 1];
  if (T === 0) throw new RangeError(`Cannot ${action}: wanted at least 1 input ${place}, got 0`);
  checkSymbols(action, "inputs", place, inputs, T, 0, last);
  checkSymbols(action, "targets", place, targets, T, -1, last);
  if (valueTargets !== undefined) {
    checkSymbols(action, "valueTargets", place, valueTargets, T, -1, last);
  }
  if (popping !== undefined && popping.length !== T) {
    const wanted = `${T} steps that pop or do not ${place}`;
    throw new TypeError(`Cannot ${action}: wanted ${wanted}, got ${popping.length}`);
  }
  if (pushNoise !== undefined) checkNoise(action, shape, `pushNoise ${place}`, pushNoise, T);
  if (popNoise !== undefined) checkNoise(action, shape, `popNoise ${place}`, popNoise, T);
  if (string.start !== undefined) checkStates(action, shape, `start ${place}`, string.start);
  if (string.gFinal !== undefined) {
    const states = string.gFinal.map(({ gH: h, gC }) => gC.length > 0 ? { h, c: gC } : { h });
    checkStates(action, shape, `gFinal ${place}`, states);
  }
}

/**
 * Checks that the state of a model's cells, or its gradient, fits the model, and that the model has no other state.
 *
 * @example The state of a memory is more than that of the cells.
 * ```ts
 * import { checkStates } from "@/models/sequence_checks.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 1, embedding: 2, valueWidth: 3, symbols: 5 };
 * const shape = { cell: "rnn", memory: "stack", ...sizes } as const;
 * assertThrows(
 *   () => checkStates("train", shape, "start in string 0", [{ h: [0] }]),
 *   TypeError,
 *   "Cannot train: wanted no start in string 0 with a memory (its contents are not carried), got one",
 * );
 * ```
 * @param action What the caller cannot do if the check fails.
 * @param shape The model's shape.
 * @param name Which state it is, for the message.
 * @param states What to check.
 * @throws {TypeError} If there is a memory, or not a state for each layer, of as many numbers as it has units.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function checkStates(
  action: string,
  shape: SequenceModelShape,
  name: string,
  states: CellStates,
): void {
  const { cell, layers, hidden: H } = shape;
  if (memoryPorts(shape) > 0) {
    const wanted = `no ${name} with a memory (its contents are not carried)`;
    throw new TypeError(`Cannot ${action}: wanted ${wanted}, got one`);
  }
  if (states.length !== layers) {
    throw new TypeError(
      `Cannot ${action}: wanted ${layers} layers of ${name}, got ${states.length}`,
    );
  }
  states.forEach(({ h, c }, l) => {
    checkVector(action, `numbers in h of layer ${l} of ${name}`, h, H);
    const wantedC = cell === "lstm" ? H : 0;
    checkVector(action, `numbers in c of layer ${l} of ${name}`, c ?? [], wantedC);
  });
}

function checkNoise(
  action: string,
  shape: SequenceModelShape,
  name: string,
  noise: readonly number[],
  T: number,
): void {
  const ports = memoryPorts(shape);
  if (ports === 0) {
    throw new TypeError(`Cannot ${action}: wanted no ${name} without a memory, got some`);
  }
  const each = ports === 1 ? "each input" : "each input of each port";
  checkVector(action, `${name} (one for ${each})`, noise, ports * T);
}

/**
 * Checks a list of symbols.
 *
 * @param action What the caller cannot do if the check fails.
 * @param name The name of the symbols, in the plural.
 * @param place Which string they are of, for the message.
 * @param symbols What to check.
 * @param T How many there must be.
 * @param first The smallest symbol.
 * @param last The largest.
 * @throws {TypeError} If there are more or fewer.
 * @throws {RangeError} If a symbol is not a whole number from `first` to `last`.
 */
export function checkSymbols(
  action: string,
  name: string,
  place: string,
  symbols: readonly number[],
  T: number,
  first: number,
  last: number,
): void {
  if (symbols.length !== T) {
    const wanted = `${T} ${name} ${place} (one for each input)`;
    throw new TypeError(`Cannot ${action}: wanted ${wanted}, got ${symbols.length}`);
  }
  for (let t = 0; t < T; t++) {
    const x = symbols[t];
    if (x >= first && x <= last && Number.isInteger(x)) continue;
    const wanted = `${name} from ${first} to ${last} ${place}`;
    throw new RangeError(`Cannot ${action}: wanted ${wanted}, got ${x} at ${t}`);
  }
}

/**
 * Checks that a batch fits a model: its strings, and the weights of its loss.
 *
 * @example A batch of no strings.
 * ```ts
 * import { checkBatch } from "@/models/sequence_checks.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 0, symbols: 5 };
 * const shape = { cell: "rnn", memory: "none", ...sizes } as const;
 * assertThrows(
 *   () => checkBatch("train", shape, { strings: [], outputWeight: 1 }),
 *   RangeError,
 *   "Cannot train: wanted at least 1 string, got 0",
 * );
 * ```
 * @param action What the caller cannot do if the check fails.
 * @param shape The model's shape.
 * @param batch What to check.
 * @throws {TypeError} If a list does not have an entry for each step, or there is noise, or a loss on the memory's controls or values, without a memory.
 * @throws {RangeError} If there is no string, or one is empty, a symbol is not a whole number in its range, or a
 * number is NaN or infinite.
 */
export function checkBatch(action: string, shape: SequenceModelShape, batch: SequenceBatch): void {
  checkLossWeights(action, shape, batch);
  if (batch.strings.length === 0) {
    throw new RangeError(`Cannot ${action}: wanted at least 1 string, got 0`);
  }
  batch.strings.forEach((string, index) => checkString(action, shape, string, index));
}

/**
 * Checks that the weights of a loss are finite, and that a model without a memory has no loss on one.
 *
 * @param action What the caller cannot do if the check fails.
 * @param shape The model's shape.
 * @param weights What to check.
 * @throws {TypeError} If values or controls have a weight, but there is no memory, or the symbol before has one, but the
 * shape no parameters for it, or there are not anchors for each port.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function checkLossWeights(
  action: string,
  shape: SequenceModelShape,
  weights: LossWeights,
): void {
  const numbers = {
    valueWeight: 0,
    previousWeight: 0,
    anchorWeight: 0,
    firstAnchorWeight: 0,
    anchorPush: 0,
    anchorPop: 0,
    hingeWeight: 0,
    hingeBound: 0,
  };
  for (const name of ["outputWeight", ...Object.keys(numbers)] as (keyof typeof numbers)[]) {
    const number = weights[name] ?? numbers[name];
    if (!Number.isFinite(number)) {
      throw new RangeError(`Cannot ${action}: wanted a finite ${name}, got ${number}`);
    }
  }
  const { previousWeight = 0 } = weights, ports = memoryPorts(shape);
  for (const name of ["valueWeight", "anchorWeight", "firstAnchorWeight", "hingeWeight"] as const) {
    const weight = weights[name] ?? 0;
    if (ports === 0 && weight !== 0) {
      throw new TypeError(`Cannot ${action}: wanted ${name} 0 without a memory, got ${weight}`);
    }
  }
  if (!shape.namesPrevious && previousWeight !== 0) {
    const wanted = "previousWeight 0 in a model without previous.weight";
    throw new TypeError(`Cannot ${action}: wanted ${wanted}, got ${previousWeight}`);
  }
  checkAnchors(action, ports, weights);
}

function checkAnchors(action: string, ports: number, { anchors }: LossWeights): void {
  if (anchors === undefined) return;
  if (anchors.length !== ports) {
    const wanted = `${ports} anchors (one for each port)`;
    throw new TypeError(`Cannot ${action}: wanted ${wanted}, got ${anchors.length}`);
  }
  for (const port of anchors) {
    const numbers = STEP_KINDS.flatMap((kind) => {
      const { push, pop } = port[kind] ?? port.others;
      return [push, pop];
    });
    checkVector(action, "anchors of a port", numbers, numbers.length);
  }
}
