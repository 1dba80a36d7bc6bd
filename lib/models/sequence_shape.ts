/**
 * The sequence model's shape: its cells, its memory and their sizes; and the list of parameters that follows from it.
 *
 * The model reads a string of symbols, one a step, and predicts the next symbol at each step.
 * Its equations are in `sequence_model.ts`.
 *
 * `L` layers, `G` sums for each hidden unit (4 in an LSTM, 3 in a GRU, 1 in an RNN), `H` hidden units, `E` embedding width,
 * `M` value width, `P` ports of the memory, `K` symbols, `I` inputs of a layer: E + P·M in the lowest, H in the others.
 *
 * @module
 */

import { sum } from "@/math/lists.ts";
import { hasNoOp, MEMORY_NAMES, type MemoryName, portsOf, takesCells } from "@/memory/memories.ts";
import { type ParameterShape, tensorSize } from "./named_tensors.ts";

/** The kinds of cells. */
export const CELL_NAMES = ["lstm", "rnn", "gru"] as const;

/** One of them. */
export type CellName = (typeof CELL_NAMES)[number];

/** `G`: how many sums a cell takes of its input, for each hidden unit. */
export const SUMS_OF_CELL: Readonly<Record<CellName, number>> = { lstm: 4, rnn: 1, gru: 3 };

/** Everything that defines a sequence model except its parameters. */
export interface SequenceModelShape {
  /** The kind of every layer's cell. */
  readonly cell: CellName;
  /** `L`, at least 1. */
  readonly layers: number;
  /** `H`, hidden units in each layer. */
  readonly hidden: number;
  /** `E`, numbers that stand for a symbol. */
  readonly embedding: number;
  /** Its memory; "none" is a model without one. */
  readonly memory: MemoryName;
  /** `M`, numbers in a value of the memory; 0 without a memory. */
  readonly valueWidth: number;
  /** How many cells a superposition stack has; as many as there are steps, if left out. */
  readonly memoryCells?: number;
  /** `K`, how many symbols there are, marks such as a separator included. */
  readonly symbols: number;
  /** Whether it has `previous.weight` and `previous.bias`, which only its training needs; no, if left out. */
  readonly namesPrevious?: boolean;
  /** Whether the logits are made of r_t as well as of o_t, without a step's delay; no, if left out. */
  readonly logitsSeeReads?: boolean;
}

/** How many ports the model's memory has: 0 without a memory. */
export function memoryPorts({ memory }: Pick<SequenceModelShape, "memory">): 0 | 1 | 2 {
  return portsOf(memory);
}

/**
 * Lists what the names of each port's heads end in: nothing where there is one port, the end where there are two.
 *
 * @example A deque has heads for its top and for its bottom.
 * ```ts
 * import { portSuffixes } from "@/models/sequence_shape.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(portSuffixes({ memory: "deque" }), [".top", ".bottom"]);
 * assertEquals(portSuffixes({ memory: "queue" }), [""]);
 * assertEquals(portSuffixes({ memory: "none" }), []);
 * ```
 * @param shape The model's shape, or its memory alone.
 * @returns One for each port, in the order of the memory's ports.
 */
export function portSuffixes(shape: Pick<SequenceModelShape, "memory">): readonly string[] {
  return [[], [""], [".top", ".bottom"]][memoryPorts(shape)];
}

/**
 * Whether a parameter is one of the heads of the push, the pop and the no-op, of whatever port.
 *
 * @example Of a stack, of a deque and of a superposition stack.
 * ```ts
 * import { isOfControls } from "@/models/sequence_shape.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const names = ["push.weight", "pop.top.bias", "no_op.weight", "value.weight", "output.bias"];
 * assertEquals(names.map(isOfControls), [true, true, true, false, false]);
 * ```
 * @param name Its name.
 * @returns Whether it is.
 */
export function isOfControls(name: string): boolean {
  return /^(push|pop|no_op)\./.test(name);
}

/**
 * Checks that a shape is one that a model can have.
 *
 * @example A stack needs a value width.
 * ```ts
 * import { checkSequenceShape } from "@/models/sequence_shape.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 8, embedding: 4, valueWidth: 0, symbols: 6 };
 * assertThrows(
 *   () => checkSequenceShape("make a model", { cell: "lstm", memory: "stack", ...sizes }),
 *   RangeError,
 *   "Cannot make a model: wanted valueWidth of at least 1, got 0",
 * );
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param shape What to check.
 * @throws {TypeError} If there is no such cell or memory, values are to name symbols without a memory, or there is a number of
 * the memory's cells without a superposition stack.
 * @throws {RangeError} If a size is not a whole number of at least 1, or there is a value width without a memory.
 */
export function checkSequenceShape(action: string, shape: SequenceModelShape): void {
  const { cell, memory, layers, hidden, embedding, valueWidth, symbols, memoryCells } = shape;
  checkName(action, "cell", CELL_NAMES, cell);
  checkName(action, "memory", MEMORY_NAMES, memory);
  if (memoryCells !== undefined && !takesCells(memory)) {
    const wanted = "no memoryCells without a superposition stack";
    throw new TypeError(`Cannot ${action}: wanted ${wanted}, got ${memoryCells}`);
  }
  const cells = memoryCells === undefined ? {} : { memoryCells };
  const sizes = { layers, hidden, embedding, symbols, ...cells }, ports = portsOf(memory);
  const all = ports > 0 ? { ...sizes, valueWidth } : sizes;
  for (const [name, size] of Object.entries(all)) {
    if (!(Number.isSafeInteger(size) && size >= 1)) {
      throw new RangeError(`Cannot ${action}: wanted ${name} of at least 1, got ${size}`);
    }
  }
  for (const name of ["namesPrevious", "logitsSeeReads"] as const) {
    if (ports > 0 || !shape[name]) continue;
    throw new TypeError(`Cannot ${action}: wanted no ${name} without a memory, got true`);
  }
  if (ports === 0 && valueWidth !== 0) {
    throw new RangeError(
      `Cannot ${action}: wanted valueWidth 0 without a memory, got ${valueWidth}`,
    );
  }
}

function checkName(action: string, what: string, names: readonly string[], name: string): void {
  if (names.includes(name)) return;
  const wanted = names.map((name) => `"${name}"`).join(" or ");
  throw new TypeError(`Cannot ${action}: wanted ${what} ${wanted}, got ${name}`);
}

/**
 * Lists a model's parameters in their order.
 *
 * | name                 | dimensions | what it is                                            |
 * | -------------------- | ---------- | ----------------------------------------------------- |
 * | `embedding.weight`   | K × E      | what stands for each symbol                           |
 * | `cells.l.weight_ih`  | G·H × I    | input → sums of layer l, gates in the order i, f, g, o (LSTM) or r, z, n (GRU) |
 * | `cells.l.weight_hh`  | G·H × H    | h_{t−1} → sums                                        |
 * | `cells.l.bias`       | G·H        | of the sums                                           |
 * | `cells.l.bias_hn`    | H          | b_hn, the last H of PyTorch's `bias_hh`; GRU only     |
 * | `cells.l.h0`         | H          | h_0, trained                                          |
 * | `cells.l.c0`         | H          | c_0, trained; LSTM only                               |
 * | `push.weight`, `.bias`   | 1 × H, 1 | o′_t → d_t; of each port, with a memory only         |
 * | `pop.weight`, `.bias`    | 1 × H, 1 | o′_t → u_t; of each port                            |
 * | `no_op.weight`, `.bias`  | 1 × H, 1 | o′_t → 1 − d_t − u_t; of a superposition stack only |
 * | `value.weight`, `.bias`  | M × H, M | o′_t → v_t; of each port                            |
 * | `output.weight`, `.bias` | M × H, M | o′_t → o_t; with a memory only                      |
 * | `logits.weight`, `.bias` | K × M, K | o_t → logits; K × H from o′_t without a memory      |
 * | `logits.read_weight` | K × P·M    | r_t of all ports → logits, added to them; if asked for |
 * | `previous.weight`, `.bias` | K × M, K | v_t → logits of the symbol before; in training, if asked for |
 *
 * A deque's are `push.top.weight`, …, `push.bottom.weight`, …: first all of the top's, then all of the bottom's.
 *
 * Source: Grefenstette et al. 2015, section 3.4, for the parameters; the names are PyTorch's where it has one.
 *
 * @example The parameters of a small RNN without a memory.
 * ```ts
 * import { parameterShapes } from "@/models/sequence_shape.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shapes = parameterShapes({
 *   cell: "rnn",
 *   layers: 1,
 *   hidden: 16,
 *   embedding: 2,
 *   memory: "none",
 *   valueWidth: 0,
 *   symbols: 6,
 * });
 * assertEquals(shapes, [
 *   ["embedding.weight", [6, 2]],
 *   ["cells.0.weight_ih", [16, 2]],
 *   ["cells.0.weight_hh", [16, 16]],
 *   ["cells.0.bias", [16]],
 *   ["cells.0.h0", [16]],
 *   ["logits.weight", [6, 16]],
 *   ["logits.bias", [6]],
 * ]);
 * ```
 * @param shape The model's shape.
 * @returns Names and dimensions.
 * @throws {TypeError} If there is no such cell or memory.
 * @throws {RangeError} If a size is not a whole number of at least 1, or there is a value width without a memory.
 */
export function parameterShapes(shape: SequenceModelShape): ParameterShape[] {
  checkSequenceShape("list the parameters", shape);
  const { layers, hidden: H, embedding: E, valueWidth: M, symbols: K } = shape;
  const shapes: ParameterShape[] = [["embedding.weight", [K, E]]];
  for (let l = 0; l < layers; l++) shapes.push(...cellShapes(shape, l));
  const addHead = (name: string, rows: number) =>
    shapes.push([`${name}.weight`, [rows, H]], [`${name}.bias`, [rows]]);
  const suffixes = portSuffixes(shape);
  for (const suffix of suffixes) {
    addHead(`push${suffix}`, 1);
    addHead(`pop${suffix}`, 1);
    if (hasNoOp(shape.memory)) addHead(`no_op${suffix}`, 1);
    addHead(`value${suffix}`, M);
  }
  if (suffixes.length > 0) addHead("output", M);
  shapes.push(["logits.weight", [K, suffixes.length > 0 ? M : H]], ["logits.bias", [K]]);
  if (shape.logitsSeeReads) shapes.push(["logits.read_weight", [K, suffixes.length * M]]);
  if (shape.namesPrevious) shapes.push(["previous.weight", [K, M]], ["previous.bias", [K]]);
  return shapes;
}

/**
 * Counts a model's parameters.
 *
 * @example A small RNN: its embeddings, its cell with a bias and a starting state, and its logits.
 * ```ts
 * import { parameterCount } from "@/models/sequence_shape.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 2, embedding: 1, valueWidth: 0, symbols: 2 };
 * const embedding = 2 * 1, cell = 2 * 1 + 2 * 2 + 2 + 2, logits = 2 * 2 + 2;
 * assertEquals(parameterCount({ cell: "rnn", memory: "none", ...sizes }), embedding + cell + logits);
 * ```
 * @param shape The model's shape.
 * @returns How many numbers its parameters have together, biases and starting states included.
 * @throws {TypeError} If there is no such cell or memory.
 * @throws {RangeError} If a size is not a whole number of at least 1, or there is a value width without a memory.
 */
export function parameterCount(shape: SequenceModelShape): number {
  return sum(parameterShapes(shape).map(([, dimensions]) => tensorSize(dimensions)));
}

function cellShapes(shape: SequenceModelShape, l: number): ParameterShape[] {
  const { cell, hidden: H, embedding: E, valueWidth: M } = shape;
  const G = SUMS_OF_CELL[cell], I = l === 0 ? E + memoryPorts(shape) * M : H;
  const shapes: ParameterShape[] = [
    [`cells.${l}.weight_ih`, [G * H, I]],
    [`cells.${l}.weight_hh`, [G * H, H]],
    [`cells.${l}.bias`, [G * H]],
  ];
  if (cell === "gru") shapes.push([`cells.${l}.bias_hn`, [H]]);
  shapes.push([`cells.${l}.h0`, [H]]);
  if (cell === "lstm") shapes.push([`cells.${l}.c0`, [H]]);
  return shapes;
}
