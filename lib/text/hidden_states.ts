/**
 * The hidden states of a network over a text: of every unit, its activation after each symbol.
 *
 * `T` symbols, `H` hidden units.
 *
 * @module
 */
import type { CellState } from "@/network/cell.ts";
import type { SymbolStepper } from "@/tasks/decoding.ts";

/** A network that shows its state. */
export interface StatefulStepper extends SymbolStepper {
  /** The state of the cells of each string after the last step, layer by layer. */
  states(): readonly (readonly CellState<ArrayLike<number>>[])[];
}

/** What a layer's state consists of; c in an LSTM only. */
export const STATE_KINDS = ["h", "c"] as const;

/** A number of a network's state: h_t or c_t of a unit. */
export interface Unit {
  /** Its layer, from 0. */
  readonly layer: number;
  readonly kind: (typeof STATE_KINDS)[number];
  /** Its place in the layer, from 0. */
  readonly index: number;
}

/** The activations of a network's units over a text. */
export interface HiddenStates {
  /** `T`. */
  readonly symbols: number;
  /** h_t and, in an LSTM, c_t of each layer: `H` lists of `T` numbers. */
  readonly layers: readonly Readonly<Partial<Record<Unit["kind"], readonly Float32Array[]>>>[];
}

/**
 * Lets a network read a text from its initial state, and keeps its state after each symbol.
 *
 * @example A network of one unit, which holds the sum of what it has read.
 * ```ts
 * import { readHiddenStates } from "@/text/hidden_states.ts";
 * import { assertEquals } from "@std/assert";
 *
 * let h = 0;
 * const network = {
 *   start: () => void (h = 0),
 *   step: ([symbol]: Int32Array) => Float32Array.of(h += symbol),
 *   states: () => [[{ h: [h] }]],
 * };
 * const { layers } = readHiddenStates(network, [2, 0, 3]);
 * assertEquals([...layers[0].h![0]], [2, 2, 5]);
 * ```
 * @param network The network.
 * @param text The text, at least one symbol.
 * @returns The activations of all units.
 * @throws {RangeError} If the text is empty.
 */
export function readHiddenStates(
  network: StatefulStepper,
  text: ArrayLike<number>,
): HiddenStates {
  const T = text.length, fed = new Int32Array(1);
  if (T === 0) throw new RangeError("Cannot read a text: wanted at least 1 symbol, got none");
  const layers: Partial<Record<Unit["kind"], Float32Array[]>>[] = [];
  network.start(1);
  for (let t = 0; t < T; t++) {
    fed[0] = text[t];
    network.step(fed);
    for (const [layer, { h, c }] of network.states()[0].entries()) {
      layers[layer] ??= { h: makeLists(h.length, T), ...(c && { c: makeLists(c.length, T) }) };
      layers[layer].h!.forEach((list, index) => list[t] = h[index]);
      layers[layer].c?.forEach((list, index) => list[t] = c![index]);
    }
  }
  return { symbols: T, layers };
}

const makeLists = (H: number, T: number) => Array.from({ length: H }, () => new Float32Array(T));

/**
 * Lists the units of a network: of each layer h, then c if there is one.
 *
 * @param states Its states.
 * @returns All units.
 */
export function unitsOf({ layers }: HiddenStates): Unit[] {
  return layers.flatMap((lists, layer) =>
    STATE_KINDS.flatMap((kind) => (lists[kind] ?? []).map((_, index) => ({ layer, kind, index })))
  );
}

/**
 * Returns the activations of a unit.
 *
 * @param states The states of its network.
 * @param unit The unit.
 * @returns `T` numbers.
 * @throws {RangeError} If there is no such unit.
 */
export function activationsOf({ layers }: HiddenStates, unit: Unit): Float32Array {
  const activations = layers[unit.layer]?.[unit.kind]?.[unit.index];
  if (activations) return activations;
  const wanted = "a unit of the network";
  throw new RangeError(`Cannot show a unit: wanted ${wanted}, got ${unitName(unit)}`);
}

/**
 * Names a unit: c or h, its place in the layer and, above the first layer, the layer.
 *
 * @example Units of the first and the second layer.
 * ```ts
 * import { unitName } from "@/text/hidden_states.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(unitName({ layer: 0, kind: "c", index: 12 }), "c 12");
 * assertEquals(unitName({ layer: 1, kind: "h", index: 3 }), "h 3 of layer 2");
 * ```
 * @param unit The unit.
 * @returns Its name.
 */
export function unitName({ layer, kind, index }: Unit): string {
  return `${kind} ${index}${layer === 0 ? "" : ` of layer ${layer + 1}`}`;
}
