/**
 * Where each parameter lies in the engine's flat run of numbers, and how it is copied in and out.
 *
 * Outside, tensors are plain rows under PyTorch's names (`sequence_shape.ts`). Inside, widths are padded to whole
 * panels of 8, the weights of one product lie in one matrix, and all matrices follow each other, so that an optimizer
 * sees one run of numbers:
 *
 * | inside           | rows × width        | made of                                              |
 * | ---------------- | ------------------- | ---------------------------------------------------- |
 * | `embedding`      | K × E               | embedding.weight                                     |
 * | `inputWeights`   | G·H × E             | cells.0.weight_ih, its first E columns               |
 * | `weights.l`      | G·H × [P·M or H ; H] | the other columns of cells.l.weight_ih, then weight_hh |
 * | `bias.l`, `h0.l`, `c0.l` | one row     | cells.l.bias and bias_hn, h0, c0                     |
 * | `heads`, `headBias` | [M ; 1 ; 1] × H  | value, push, pop, and a no-op if there is one; of each port |
 * | `outputs`, `outputBias` | M × H        | output                                               |
 * | `logits`, `logitBias`   | K × M or H   | logits; the columns of logits.read_weight follow     |
 * | `previous`, `previousBias` | K × M     | previous, if the shape has it                        |
 * | `queries`, `keys`, `scores` | A × H, A × C, 1 × A | attention's query, key and score            |
 *
 * With attention the context, C numbers, has the place of the reads among the inputs of layer 0 and of the logits.
 *
 * A GRU's gates lie in the order n, r, z in what is multiplied with an input, in the order r, z, n in what is multiplied with h,
 * and the biases in the order n, r, z, hn; see assembly/layer_product.ts for why.
 *
 * `K` symbols, `E` embedding, `H` hidden, `M` value width, `P` ports of the memory, `G` sums for each hidden unit, `C` numbers
 * at a place, `A` in a projection of attention.
 *
 * @module
 */
import { hasNoOp } from "@/memory/memories.ts";
import {
  memoryPorts,
  portSuffixes,
  type SequenceModelShape,
  SUMS_OF_CELL,
} from "@/models/sequence_shape.ts";
import { engineParameterShapes, type EngineShape } from "./engine_shape.ts";

/** Widths of everything, padded to what the kernels need. */
export interface EngineWidths {
  /** Sums of an input for each hidden unit: 4 for an LSTM, 3 for a GRU, 1 for a vanilla cell. */
  readonly sums: number;
  /** Numbers in a row of gates for each hidden unit: `sums`, and for a GRU one more. */
  readonly gates: number;
  /** H rounded up to whole panels. */
  readonly hidden: number;
  /** E rounded up to whole panels. */
  readonly embedding: number;
  /** Ports of the memory; 0 without one. */
  readonly ports: number;
  /** M rounded up to whole vectors. */
  readonly value: number;
  /** What the first layer takes in besides the embedding: a read of each port, or the context, C rounded up to whole panels. */
  readonly reads: number;
  /** A row of each layer's state: its input (`reads` or H) and H, rounded up to whole panels. */
  readonly states: readonly number[];
  /** The column of the push among the heads of a port: M. */
  readonly push: number;
  /** The heads of a port: M + 2, or M + 3 with a no-op, rounded up to whole vectors. */
  readonly portHeads: number;
  /** Those of all ports, rounded up to whole panels; 0 without a memory. */
  readonly heads: number;
  /** A rounded up to whole panels; 0 without attention. */
  readonly attention: number;
  /** o_t or h_t, M or H, rounded up to whole panels. */
  readonly output: number;
  /** What the logits are made of: `output`, and `reads` rounded up to whole panels if they see r_t or z_t. */
  readonly decoder: number;
  /** K rounded up to whole panels. */
  readonly logits: number;
}

/** The least multiple of `to` that is not below n. */
export function roundUp(n: number, to: number): number {
  return Math.ceil(n / to) * to;
}

/** Pads the widths of a shape to what the kernels need. */
export function engineWidths(shape: EngineShape): EngineWidths {
  const { hidden: H, valueWidth: M, attention } = shape, ports = memoryPorts(shape);
  const hidden = roundUp(H, 8), value = roundUp(M, 4);
  const portHeads = roundUp(M + (hasNoOp(shape.memory) ? 3 : 2), 4);
  const isGru = shape.cell === "gru", sums = SUMS_OF_CELL[shape.cell];
  const reads = attention
    ? roundUp(attention.placeWidth, 8)
    : roundUp(ports * value, isGru ? 8 : 4); // a GRU's input has a product of its own
  const output = roundUp(ports > 0 ? M : H, 8);
  return {
    sums,
    gates: isGru ? sums + 1 : sums,
    hidden,
    embedding: roundUp(shape.embedding, 8),
    ports,
    value,
    reads,
    states: Array.from(
      { length: shape.layers },
      (_, l) => roundUp((l === 0 ? reads : hidden) + hidden, 8),
    ),
    push: M,
    portHeads,
    heads: roundUp(ports * portHeads, 8),
    attention: roundUp(attention?.width ?? 0, 8),
    output,
    decoder: output + (shape.logitsSeeReads || attention ? roundUp(reads, 8) : 0),
    logits: roundUp(shape.symbols, 8),
  };
}

/** A matrix in the flat run. */
export interface EngineMatrix {
  /** Index of its first number in the flat run. */
  readonly at: number;
  readonly rows: number;
  /** From one row to the next, in numbers. */
  readonly width: number;
}

/** A rectangle of a tensor, and where it lies in the flat run. */
interface Piece {
  readonly rows: number;
  readonly columns: number;
  /** The tensor's own width, and the rectangle's first row and column in it. */
  readonly tensorWidth: number;
  readonly fromRow: number;
  readonly fromColumn: number;
  /** Its first number in the flat run, and the distance between rows there. */
  readonly at: number;
  readonly width: number;
}

/** All matrices of a shape. */
export interface ParameterLayout {
  readonly widths: EngineWidths;
  /** By the names of the table above. */
  readonly matrices: Readonly<Record<string, EngineMatrix>>;
  /** How many numbers there are, padding included. */
  readonly size: number;
  /** The run from the first to the last of the tensors named `cells.*`, and nothing else's. */
  readonly cells: { readonly from: number; readonly to: number };
  /** Where each tensor's parts lie. */
  readonly pieces: ReadonlyMap<string, readonly Piece[]>;
  /** Names and sizes of the tensors. */
  readonly tensors: readonly (readonly [name: string, size: number])[];
}

/**
 * Places the parameters of a shape.
 *
 * @example Three hidden units are padded to eight.
 * ```ts
 * import { parameterLayout } from "@/engine/parameter_layout.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 0, symbols: 5 };
 * const { matrices } = parameterLayout({ cell: "rnn", memory: "none", ...sizes });
 * assertEquals(matrices.embedding, { at: 0, rows: 5, width: 8 });
 * assertEquals(matrices["weights.0"], { at: 40 + 64, rows: 8, width: 8 });
 * ```
 * @param shape The model's shape.
 * @returns Where everything lies.
 */
export function parameterLayout(shape: EngineShape): ParameterLayout {
  const widths = engineWidths(shape), matrices: Record<string, EngineMatrix> = {};
  let size = 0;
  const place = (name: string, rows: number, width: number) => {
    matrices[name] = { at: size, rows, width };
    size += rows * width;
  };
  const sums = widths.sums * widths.hidden;
  place("embedding", shape.symbols, widths.embedding);
  place("inputWeights", sums, widths.embedding);
  for (let l = 0; l < shape.layers; l++) {
    place(`weights.${l}`, sums, widths.states[l]);
    place(`bias.${l}`, 1, widths.gates * widths.hidden);
    place(`h0.${l}`, 1, widths.hidden);
    if (shape.cell === "lstm") place(`c0.${l}`, 1, widths.hidden);
  }
  if (widths.ports > 0) {
    place("heads", widths.heads, widths.hidden);
    place("headBias", 1, widths.heads);
    place("outputs", widths.output, widths.hidden);
    place("outputBias", 1, widths.output);
  }
  const [from, to] = [matrices.inputWeights.at, (matrices.heads ?? { at: size }).at];
  if (shape.attention) {
    place("queries", widths.attention, widths.hidden);
    place("keys", widths.attention, widths.reads);
    place("scores", 1, widths.attention);
  }
  place("logits", widths.logits, widths.decoder);
  place("logitBias", 1, widths.logits);
  if (shape.namesPrevious) {
    place("previous", widths.logits, widths.decoder);
    place("previousBias", 1, widths.logits);
  }
  const shapes = engineParameterShapes(shape);
  return {
    widths,
    matrices,
    size,
    cells: { from, to },
    pieces: new Map(shapes.map(([name]) => [name, piecesOf(name, shape, widths, matrices)])),
    tensors: shapes.map(([name, dimensions]) => [name, dimensions.reduce((a, b) => a * b, 1)]),
  };
}

function piecesOf(
  name: string,
  shape: EngineShape,
  widths: EngineWidths,
  matrices: Readonly<Record<string, EngineMatrix>>,
): Piece[] {
  const { hidden: H, embedding: E, valueWidth: M, symbols: K } = shape;
  const { width: A = 0, placeWidth: C = 0 } = shape.attention ?? {};
  const piece = (matrix: string, rows: number, columns: number, row = 0, column = 0): Piece => {
    const { at, width } = matrices[matrix];
    const tensor = { rows, columns, tensorWidth: columns, fromRow: 0, fromColumn: 0 };
    return { ...tensor, at: at + row * width + column, width };
  };
  const decoded = widths.ports > 0 ? M : H;
  const whole: Record<string, () => Piece> = {
    "embedding.weight": () => piece("embedding", K, E),
    "output.weight": () => piece("outputs", M, H),
    "output.bias": () => piece("outputBias", 1, M),
    "logits.weight": () => piece("logits", K, decoded),
    "logits.bias": () => piece("logitBias", 1, K),
    "previous.weight": () => piece("previous", K, M),
    "previous.bias": () => piece("previousBias", 1, K),
    "attention.query.weight": () => piece("queries", A, H),
    "attention.key.weight": () => piece("keys", A, C),
    "attention.score.weight": () => piece("scores", 1, A),
  };
  const addHead = (head: string, rows: number, row: number) => {
    whole[`${head}.weight`] = () => piece("heads", rows, H, row);
    whole[`${head}.bias`] = () => piece("headBias", 1, rows, 0, row);
  };
  portSuffixes(shape).forEach((suffix, p) => {
    const first = p * widths.portHeads, push = first + widths.push;
    addHead(`value${suffix}`, M, first);
    addHead(`push${suffix}`, 1, push);
    addHead(`pop${suffix}`, 1, push + 1);
    addHead(`no_op${suffix}`, 1, push + 2);
  });
  if (name === "logits.weight" && C > 0) return contextPieces(shape, widths, matrices.logits);
  if (name === "logits.read_weight") return readPieces(shape, widths, matrices.logits);
  return name in whole ? [whole[name]()] : cellPieces(name, shape, widths, matrices);
}

/** The columns of h and of the context, which are padded each on its own. */
function contextPieces(
  { symbols: K, hidden: H, attention }: EngineShape,
  widths: EngineWidths,
  { at, width }: EngineMatrix,
): Piece[] {
  const { placeWidth: C } = attention!, whole = { rows: K, tensorWidth: H + C, fromRow: 0, width };
  return [
    { ...whole, columns: H, fromColumn: 0, at },
    { ...whole, columns: C, fromColumn: H, at: at + widths.output },
  ];
}

/** The columns of each port's read, which are padded on their own. */
function readPieces(
  { symbols: K, valueWidth: M }: SequenceModelShape,
  widths: EngineWidths,
  { at, width }: EngineMatrix,
): Piece[] {
  const tensorWidth = widths.ports * M;
  return Array.from({ length: widths.ports }, (_, p) => {
    const inside = { at: at + widths.output + p * widths.value, width };
    return { rows: K, columns: M, tensorWidth, fromRow: 0, fromColumn: p * M, ...inside };
  });
}

/** A cell's tensors go gate by gate, since each gate is padded on its own. */
function cellPieces(
  name: string,
  shape: EngineShape,
  widths: EngineWidths,
  matrices: Readonly<Record<string, EngineMatrix>>,
): Piece[] {
  const { hidden: H, embedding: E, valueWidth: M, attention } = shape;
  const [, layer, tensor] = name.split("."), lowest = layer === "0";
  const input = lowest ? widths.reads : widths.hidden;
  const inOrder = Array.from({ length: widths.sums }, (_, gate) => gate);
  const ofInput = shape.cell === "gru" ? [1, 2, 0] : inOrder; // where gates r, z, n lie
  const perGate = (
    matrix: string,
    places: readonly number[],
    columns: number,
    tensorWidth: number,
    from: number,
    to: number,
  ) =>
    places.map((place, gate): Piece => {
      const { at, width } = matrices[matrix];
      const inside = { at: at + place * widths.hidden * width + to, width };
      return { rows: H, columns, tensorWidth, fromRow: gate * H, fromColumn: from, ...inside };
    });
  const row = (matrix: string, places: readonly number[]): Piece[] =>
    places.map((place, gate) => {
      const tensorPart = { rows: 1, columns: H, tensorWidth: H, fromRow: gate, fromColumn: 0 };
      return { ...tensorPart, at: matrices[matrix].at + place * widths.hidden, width: 0 };
    });
  if (tensor === "weight_hh") return perGate(`weights.${layer}`, inOrder, H, H, 0, input);
  if (tensor === "bias") return row(`bias.${layer}`, ofInput);
  if (tensor === "bias_hn") return row(`bias.${layer}`, [3]);
  if (tensor !== "weight_ih") return row(`${tensor}.${layer}`, [0]);
  if (!lowest) return perGate(`weights.${layer}`, ofInput, H, H, 0, 0);
  const [parts, width] = attention ? [1, attention.placeWidth] : [widths.ports, M];
  const inputs = E + parts * width;
  const reads = Array.from(
    { length: parts },
    (_, p) => perGate("weights.0", ofInput, width, inputs, E + p * width, p * widths.value),
  );
  return [...perGate("inputWeights", ofInput, E, inputs, 0, 0), ...reads.flat()];
}

/**
 * Copies a tensor in.
 *
 * @param pieces Of {@linkcode ParameterLayout}.
 * @param flat The engine's numbers.
 * @param tensor The tensor's numbers, row by row.
 */
export function writeTensor(
  pieces: readonly Piece[],
  flat: Float32Array,
  tensor: ArrayLike<number>,
): void {
  eachNumber(pieces, (inside, outside) => flat[inside] = tensor[outside]);
}

/** Copies a tensor out; the reverse of {@linkcode writeTensor}. */
export function readTensor(
  pieces: readonly Piece[],
  flat: Float32Array,
  tensor: Float32Array,
): void {
  eachNumber(pieces, (inside, outside) => tensor[outside] = flat[inside]);
}

function eachNumber(
  pieces: readonly Piece[],
  visit: (inside: number, outside: number) => void,
): void {
  for (const { rows, columns, tensorWidth, fromRow, fromColumn, at, width } of pieces) {
    for (let i = 0; i < rows; i++) {
      const outside = (fromRow + i) * tensorWidth + fromColumn, inside = at + i * width;
      for (let j = 0; j < columns; j++) visit(inside + j, outside + j);
    }
  }
}
