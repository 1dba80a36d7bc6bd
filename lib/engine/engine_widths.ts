/**
 * How wide everything is in the engine: padded to what the kernels need.
 *
 * `K` symbols, `E` embedding, `H` hidden, `M` value width, `G` sums for each hidden unit.
 *
 * @module
 */
import type { SequenceModelShape } from "@/models/sequence_shape.ts";

/** Widths as the kernels need them. */
export interface EngineWidths {
  /** Sums for each hidden unit: 4 for an LSTM, 1 for a vanilla cell. */
  readonly gates: number;
  /** H rounded up to whole panels. */
  readonly hidden: number;
  /** E rounded up to whole panels. */
  readonly embedding: number;
  /** M rounded up to whole vectors. */
  readonly value: number;
  /** Whether value, push and pop fit one vector: M ≤ 2. */
  readonly narrow: boolean;
  /** A row of each layer's state: M or H as padded, and H, rounded up to whole panels or to half ones if narrow. */
  readonly states: readonly number[];
  /** The column of the push among the heads: M, but at least 2. */
  readonly push: number;
  /** That and 2, rounded up to whole panels or to 4 if narrow; 0 without a stack. */
  readonly heads: number;
  /** What the logits are made of, M or H, rounded up to whole panels; 4 if narrow. */
  readonly decoder: number;
  /** K rounded up to whole panels. */
  readonly logits: number;
}

const roundUp = (n: number, to: number) => Math.ceil(n / to) * to;

/** Widths of a shape as the kernels need them. */
export function engineWidths(shape: SequenceModelShape): EngineWidths {
  const { hidden: H, valueWidth: M, memory } = shape, stack = memory === "stack";
  const narrow = stack && M <= 2, panel = narrow ? 4 : 8, push = Math.max(M, 2);
  const hidden = roundUp(H, 8), value = stack ? roundUp(M, 4) : 0;
  return {
    gates: shape.cell === "lstm" ? 4 : 1,
    hidden,
    embedding: roundUp(shape.embedding, 8),
    value,
    narrow,
    states: Array.from(
      { length: shape.layers },
      (_, l) => roundUp((l === 0 ? value : hidden) + hidden, panel),
    ),
    push,
    heads: stack ? roundUp(push + 2, panel) : 0,
    decoder: roundUp(stack ? M : H, panel),
    logits: roundUp(shape.symbols, 8),
  };
}
