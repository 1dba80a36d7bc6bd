/**
 * The sizes at which the engine is measured, and the least speed wanted of it there.
 *
 * @module
 */
import { portsOf } from "@/memory/memories.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";

/** A size: a model, how many strings at once, and how long they are. */
export interface BenchSize {
  readonly name: string;
  readonly shape: SequenceModelShape;
  readonly batch: number;
  /** Characters to reverse; a string has 2 · length + 2 steps. */
  readonly length: number;
  /** How many times as fast as PyTorch's best the engine should be. */
  readonly wanted: number;
}

const lstm = { cell: "lstm", layers: 1, memory: "stack", symbols: 131 } as const;
const small = { ...lstm, hidden: 64, embedding: 32, valueWidth: 32 };
const medium = { ...lstm, hidden: 64, embedding: 64, valueWidth: 64 };
const paper = { ...lstm, hidden: 256, embedding: 64, valueWidth: 256 };
const blog = {
  cell: "rnn",
  layers: 1,
  memory: "stack",
  symbols: 6,
  hidden: 16,
  embedding: 2,
  valueWidth: 2,
} as const;

/** From the smallest to the largest. */
export const BENCH_SIZES: readonly BenchSize[] = [
  { name: "blog", shape: blog, batch: 50, length: 8, wanted: 20 },
  { name: "small", shape: small, batch: 32, length: 16, wanted: 4 },
  { name: "medium", shape: medium, batch: 50, length: 36, wanted: 4 },
  { name: "paper", shape: paper, batch: 10, length: 64, wanted: 2 },
  { name: "paper-512", shape: paper, batch: 10, length: 512, wanted: 6 },
];

/**
 * Floating-point operations of an update that cannot be avoided: the products, forwards and twice backwards.
 *
 * G·H × (P·M + H) and P (M + 2) × H at every step, with P ports; M × H and K × M where a symbol is asked for; and G·H × E once
 * for each symbol, since a string sees only K different inputs. A product of n × m counts 2nm.
 */
export function operations({ shape, batch, length }: BenchSize): number {
  const { hidden: H, valueWidth: M, embedding: E, symbols: K } = shape;
  const GH = (shape.cell === "lstm" ? 4 : 1) * H, steps = batch * (2 * length + 2);
  const P = portsOf(shape.memory),
    perStep = GH * (P * M + H) + P * (M + 2) * H,
    perTarget = M * H + K * M;
  return 3 * 2 * (steps * perStep + batch * (length + 1) * perTarget + K * GH * E);
}
