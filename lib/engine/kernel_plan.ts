/**
 * The plan: where everything lies in the kernels' memory, and how wide it is. It is the one argument of every kernel.
 *
 * The tables below are the only list of its fields. The host writes them through {@linkcode Struct}; the kernels read them
 * as the classes that `deno task kernels` makes from these tables (`assembly/plan_fields.ts`).
 *
 * Letters: a *row* is one string's state after so many steps; row(τ, slot) = rowStart[τ] + slot, τ from 0, the trained
 * start. Strings are sorted by length, longest in slot 0, so that the strings that are still under way at a step are the
 * first `active[t]` slots and no row is padding. Step t leads from row(t − 1, slot) to row(t, slot).
 *
 * Addresses (`usize`) are bytes into the memory. Widths count numbers (f32 unless said otherwise), and every width is
 * padded as the kernels need it.
 *
 * @module
 */
import type { MemoryName } from "@/memory/memories.ts";
import type { CellName } from "@/models/sequence_shape.ts";

/** How a field is stored. */
export type FieldType = "i32" | "usize" | "f32" | "f64";

/** The fields of a struct in their order. */
export type FieldTypes = Readonly<Record<string, FieldType>>;

/** Values of some fields. */
export type FieldValues<Types extends FieldTypes> = { readonly [Name in keyof Types]?: number };

/** One recurrent layer. A row of `states` is [input | h]: what the layer's product takes in at the next step. */
export const LAYER_FIELDS = {
  /** Width of the input part: the reads' or the context's for the first layer (0 without either), `hidden` for the others. */
  inputWidth: "i32",
  /** inputWidth + hidden: the product's inner dimension. */
  depth: "i32",
  /** `depth` rounded up to whole panels: the distance between rows of states and of weights. */
  stateWidth: "i32",
  states: "usize",
  /** ∂L/∂states of two steps by turns: row (t mod 2, slot). */
  gStates: "usize",
  /** Sums, then activations, then gradients with respect to the sums: rows × gateWidth. */
  gates: "usize",
  /** LSTM: c and tanh(c), rows × hidden; ∂L/∂c, slots × hidden. */
  cells: "usize",
  tanhCells: "usize",
  gCells: "usize",
  /** sumWidth × stateWidth; and the two ways it is packed. */
  weights: "usize",
  packedForward: "usize",
  packedBackward: "usize",
  gWeights: "usize",
  bias: "usize",
  gBias: "usize",
  h0: "usize",
  gH0: "usize",
  c0: "usize",
  gC0: "usize",
} as const satisfies FieldTypes;

/** Everything else. */
export const PLAN_FIELDS = {
  /** One of {@linkcode CELL}. */
  cell: "i32",
  layers: "i32",
  /** The layers' descriptions, one after the other. */
  layerAt: "usize",
  /** Numbers of h, and of a row of gates (vanilla: hidden, LSTM and GRU: 4 × hidden). */
  hidden: "i32",
  gateWidth: "i32",
  /** How many of them the input has a part in, and so many h: 3 × hidden in a GRU (see layer_product.ts), all in the others. */
  sumWidth: "i32",

  /** Symbols; embedding: symbols × embeddingWidth; its product with the first layer's input weights. */
  symbols: "i32",
  embeddingWidth: "i32",
  embedding: "usize",
  gEmbedding: "usize",
  /** sumWidth × embeddingWidth. */
  inputWeights: "usize",
  packedInputForward: "usize",
  packedInputBackward: "usize",
  gInputWeights: "usize",
  /** symbols × gateWidth: W_x e + b for every symbol, and its gradient. */
  table: "usize",
  gTable: "usize",

  /** One of {@linkcode MEMORY}, and its ports: P. What port p does at a row is number row · P + p of its list. */
  memory: "i32",
  ports: "i32",
  /** M rounded up to whole vectors; `tailMask` clears what is beyond M in a row's last vector. */
  valueWidth: "i32",
  tailMask: "usize",
  /** M: the column of the push in a port's part of a row of heads; the pop is next to it, and then the no-op, if there is one. */
  pushColumn: "i32",
  /** Width of a port's part of a row of heads: M + 2, with a no-op M + 3, rounded up to whole vectors. */
  portHeadWidth: "i32",
  /** All ports' parts rounded up to whole panels. Heads: headWidth × hidden. */
  headWidth: "i32",
  headWeights: "usize",
  packedHeadForward: "usize",
  packedHeadBackward: "usize",
  gHeadWeights: "usize",
  headBias: "usize",
  gHeadBias: "usize",
  /** Rows × headWidth: sums forwards, their gradients backwards. */
  heads: "usize",
  /** Rows × P × valueWidth. */
  values: "usize",
  gValues: "usize",
  /** One number for each row and port. */
  pushes: "usize",
  pops: "usize",
  gStrength: "usize",
  gPop: "usize",
  pushNoise: "usize",
  popNoise: "usize",
  /** The line of each slot has this many places, and the log of line.ts as many. */
  entriesPerSlot: "i32",
  /** Entries with strength left: their rows of values and strengths by place; of each slot the bottom one, and that beyond the top. */
  liveRow: "usize",
  liveStrength: "usize",
  bottomEntry: "usize",
  topEntry: "usize",
  /** The log: what each step's pop has removed. */
  logRow: "usize",
  logStrength: "usize",
  logCount: "usize",
  removedCount: "usize",
  partialStrength: "usize",
  /** The most cells of a superposition stack; `topEntry` has how many each slot's has. */
  mostCells: "i32",
  /** In training the cells of all steps, slot by slot, `cellsPerSlot` rows of valueWidth for each: see superposition_stack.ts. */
  cellsPerSlot: "i32",
  stackCells: "usize",
  /** ∂L/∂cells after the step that is reversed: slots × entriesPerSlot rows of valueWidth. */
  gStackCells: "usize",
  /**
   * 1: nothing is kept for a backward pass, and values lie by place, slot × entriesPerSlot + place; after them those of the
   * last step, slot × P + port. 0: training.
   */
  inference: "i32",
  /** The kind of each row's step: its place in `STEP_KINDS`. */
  stepKind: "usize",
  /** Of each port and kind of step [push's anchor | pop's | weight of the squared distances of their sums]. */
  anchors: "usize",
  /** Weight of the squares of how far a sum is above the bound: the pop's at steps that read, the push's at the others. */
  hingeWeight: "f32",
  hingeBound: "f32",
  /** The two parts of the loss at each row and port. */
  anchorLoss: "usize",
  hingeLoss: "usize",

  /** One of {@linkcode ATTENTION}. Widths of a projection and of a place, A and C, rounded up to whole panels; 1 / √A. */
  attention: "i32",
  attentionWidth: "i32",
  placeWidth: "i32",
  attentionScale: "f32",
  /** attentionWidth × hidden. */
  queryWeights: "usize",
  packedQueryForward: "usize",
  packedQueryBackward: "usize",
  gQueryWeights: "usize",
  /** attentionWidth × placeWidth. */
  keyWeights: "usize",
  packedKeyForward: "usize",
  packedKeyBackward: "usize",
  gKeyWeights: "usize",
  /** Additive attention: one row of attentionWidth. */
  scoreWeights: "usize",
  gScoreWeights: "usize",
  /** The places of all slots, those of slot b from firstPlace[b] to firstPlace[b + 1] − 1: places × placeWidth. */
  firstPlace: "usize",
  places: "usize",
  gPlaces: "usize",
  /** Places × attentionWidth. */
  keys: "usize",
  gKeys: "usize",
  /** Rows × attentionWidth: of the h of a row, for the step that starts from it. */
  queries: "usize",
  gQueries: "usize",
  /** Rows × placesPerRow: α; and the gradients with respect to the scores of one step, slots × placesPerRow. */
  placesPerRow: "i32",
  placeWeights: "usize",
  gPlaceScores: "usize",
  /** Additive attention: ∂L/∂w from each slot, slots × attentionWidth. */
  gSlotScoreWeights: "usize",
  /** The row whose input part is the context that the logits of a loss row see. */
  contextRow: "usize",

  /** o or h: M or hidden, rounded up to whole panels. */
  outputWidth: "i32",
  /** Numbers that the logits are made of, for each loss row: `outputWidth`, and more if they see reads or a context. */
  decoderWidth: "i32",
  decoderInput: "usize",
  gDecoderInput: "usize",
  /** With a memory: the h of each loss row, and the layer o = tanh(W h + b), outputWidth × hidden. */
  lossStates: "usize",
  gLossStates: "usize",
  outputWeights: "usize",
  packedOutputForward: "usize",
  packedOutputBackward: "usize",
  gOutputWeights: "usize",
  outputBias: "usize",
  gOutputBias: "usize",
  /** Symbols rounded up to whole panels; the padding's bias is so low that its share of the softmax is 0. */
  logitWidth: "i32",
  logitWeights: "usize",
  packedLogitForward: "usize",
  packedLogitBackward: "usize",
  gLogitWeights: "usize",
  logitBias: "usize",
  gLogitBias: "usize",
  /** What the loss rows from `previousFrom` on are decoded with, in the place of the logits' weights; 0 without such rows. */
  previousWeights: "usize",
  packedPreviousForward: "usize",
  packedPreviousBackward: "usize",
  gPreviousWeights: "usize",
  previousBias: "usize",
  gPreviousBias: "usize",
  /** Loss rows × logitWidth: logits, then their gradients. */
  logits: "usize",
  /**
   * Loss rows: first `outputLosses` rows of o, then rows of v, from `previousFrom` on for the symbol before, `losses` in all;
   * of which row, and of which row of values.
   */
  outputLosses: "i32",
  previousFrom: "i32",
  losses: "i32",
  lossRow: "usize",
  /** The loss row of each row's state, −1 for none. */
  lossOfRow: "usize",
  lossTarget: "usize",
  lossWeight: "usize",
  loss: "usize",

  /** The batch: strings, steps of the longest, rows in all; rowStart[0 … steps + 1], active[0 … steps], symbol of a row. */
  slots: "i32",
  steps: "i32",
  rows: "i32",
  rowStart: "usize",
  active: "usize",
  symbol: "usize",
  /** Of each slot, what the host has written for it, a sum of {@linkcode GIVEN}; the rest starts as h0, c0 and 0. */
  given: "usize",
  /** Added to the sums of the lowest layer's first step where {@linkcode GIVEN} says so: slots × gateWidth. */
  firstSums: "usize",
  /** While strings are being read: rows of the first slot's state before and after the step. */
  readFrom: "i32",
  readTo: "i32",

  /** All parameters lie together, as do their gradients and the optimizer's two memories: `parameters` numbers. */
  parameters: "i32",
  weightsAt: "usize",
  gradientsAt: "usize",
  firstMoment: "usize",
  secondMoment: "usize",
  /** Sums of squares (f64), one for each chunk of the gradient. */
  squares: "usize",
  /** Scratch of outer.ts, `scratchBytes` for each worker. */
  scratch: "usize",
  scratchBytes: "i32",

  /** The optimizer: one of {@linkcode RULE}, and its numbers, written by optimizer.ts before each update. */
  rule: "i32",
  /** Length to which a longer gradient is shortened; Infinity for none. */
  clip: "f64",
  /** Learning rate; Adam's is divided by 1 − β₁ⁿ at the n-th step. */
  rate: "f64",
  /** Adam: what is kept of the first moment. */
  beta1: "f64",
  /** Adam and RMSProp: what is kept of the second moment. */
  beta2: "f64",
  epsilon: "f64",
  /** Adam: 1 / √(1 − β₂ⁿ), by which the second moment's root is multiplied. */
  rootScale: "f64",
  /** What is left of the cells' parameters, numbers `cellsFrom` … `cellsTo` − 1, before each step: weight decay. */
  cellFactor: "f64",
  cellsFrom: "i32",
  cellsTo: "i32",
  /** ‖∂L/∂θ‖₂ before clipping: what the kernels found at the last step. */
  gradientNorm: "f64",
} as const satisfies FieldTypes;

/** Values of the field `cell`. */
export const CELL = { rnn: 0, lstm: 1, gru: 2 } as const satisfies Record<CellName, number>;

/**
 * What a string may bring with it: the state that it starts from, in row(0); ∂L/∂ its final state, in the rows of `gStates`
 * and `gCells` in which its last step takes it; what is added to its first sums.
 */
export const GIVEN = { nothing: 0, start: 1, gFinal: 2, firstSums: 4 } as const;

/** Values of the field `memory`. */
export const MEMORY = {
  none: 0,
  stack: 1,
  queue: 2,
  deque: 3,
  superposition: 4,
} as const satisfies Record<MemoryName, number>;

/** Values of the field `attention`. */
export const ATTENTION = { none: 0, additive: 1, dotProduct: 2 } as const;

/** Values of the field `rule`. */
export const RULE = { sgd: 0, rmsprop: 1, adam: 2 } as const;

/** Bytes of a field, which starts at a multiple of them; and what a DataView calls its type. */
const STORAGE = {
  i32: [4, "Int32"],
  usize: [4, "Uint32"],
  f32: [4, "Float32"],
  f64: [8, "Float64"],
} as const;

/** Where each field starts, in bytes, and where the last one ends. */
function placeFields(types: FieldTypes): { readonly starts: Map<string, number>; end: number } {
  const starts = new Map<string, number>();
  let end = 0;
  for (const [name, type] of Object.entries(types)) {
    const [bytes] = STORAGE[type], start = Math.ceil(end / bytes) * bytes;
    starts.set(name, start);
    end = start + bytes;
  }
  return { starts, end };
}

/** Bytes of a struct, padded so that another can follow it. */
export function structBytes(types: FieldTypes): number {
  return Math.ceil(placeFields(types).end / 8) * 8;
}

/**
 * A struct in the kernels' memory, read and written field by field.
 *
 * @example A whole number and an f64, which starts at a multiple of eight bytes.
 * ```ts
 * import { Struct } from "@/engine/kernel_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const buffer = new ArrayBuffer(32);
 * const struct = new Struct({ steps: "i32", rate: "f64" }, buffer, 16);
 * struct.set({ steps: 7, rate: 0.1 });
 * assertEquals([struct.get("steps"), struct.get("rate")], [7, 0.1]);
 * assertEquals(new Float64Array(buffer)[3], 0.1);
 * ```
 */
export class Struct<Types extends FieldTypes> {
  readonly #types: Types;
  readonly #starts: ReadonlyMap<string, number>;
  readonly #view: DataView;

  /**
   * @param types Its fields in order.
   * @param buffer The memory; shared memory may grow later, and stays where it is.
   * @param address Where the struct starts, in bytes: a multiple of 8.
   */
  constructor(types: Types, buffer: ArrayBufferLike, address: number) {
    const { starts, end } = placeFields(types);
    this.#types = types;
    this.#starts = starts;
    this.#view = new DataView(buffer, address, end);
  }

  /** Writes some fields. */
  set(values: FieldValues<Types>): void {
    for (const [name, value] of Object.entries(values)) {
      const [, type] = STORAGE[this.#types[name]];
      this.#view[`set${type}`](this.#starts.get(name) as number, value as number, true);
    }
  }

  /** Reads a field. */
  get(name: keyof Types & string): number {
    const [, type] = STORAGE[this.#types[name]];
    return this.#view[`get${type}`](this.#starts.get(name) as number, true);
  }
}
