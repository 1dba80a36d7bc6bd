/**
 * A network that reverses strings without any training: its weights are set by hand.
 *
 * A vanilla cell of 2n + 1 hidden units. n units tell which character is read, n units what the stack's
 * read says, one is −1 until the separator and +1 from it on. At −1 the network pushes, at +1 it pops.
 * The start is pushed as a row of zeros: where the read is zero, the terminator is written.
 *
 * `n` characters, `K` = n + 3 symbols, `E` = n + 1 embedding width (characters and the separator), `M` = n.
 */
import { zeroParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { reversalTask } from "@/tasks/reversal.ts";
import type { AutoregressiveTask } from "@/tasks/task.ts";
import type { TrainedModel } from "@/weights/trained_model.ts";

/** A network for string reversal. */
export interface Reverser extends TrainedModel {
  readonly task: AutoregressiveTask;
}

/** Large enough that tanh and σ saturate. */
const SURE = 40;

/** The network; on a `stumble` it writes the first character instead of that one. */
export function handMadeReverser(n: number, stumble?: number): Reverser {
  const task = reversalTask(n), { size: K, separator, terminator } = task.vocabulary;
  const H = 2 * n + 1, E = n + 1, M = n;
  const sizes = { layers: 1, hidden: H, embedding: E, valueWidth: M, symbols: K };
  const shape: SequenceModelShape = { cell: "rnn", memory: "stack", ...sizes };
  const zeros = Object.entries(zeroParameters(shape));
  const p = Object.fromEntries(zeros.map(([name, { length }]) => [name, new Float32Array(length)]));
  const mode = 2 * n, I = E + M;
  for (let a = 0; a < n; a++) {
    p["embedding.weight"][a * E + a] = 1;
    p["cells.0.weight_ih"][a * I + a] = SURE;
    p["cells.0.weight_ih"][(n + a) * I + E + a] = SURE;
    p["value.weight"][a * H + a] = SURE;
    p["output.weight"][a * H + n + a] = SURE;
    p["logits.weight"][(a === stumble ? 0 : a) * M + a] = SURE;
  }
  p["embedding.weight"][separator * E + n] = 1;
  p["cells.0.weight_ih"][mode * I + n] = 3 * SURE;
  p["cells.0.weight_hh"][mode * H + mode] = SURE;
  p["cells.0.h0"][mode] = -1;
  p["push.weight"][mode] = -SURE;
  p["pop.weight"][mode] = SURE;
  p["logits.bias"][terminator] = SURE / 2;
  return { task, shape, parameters: p, metadata: new Map() };
}
