/**
 * The engine at a size: whole updates on fresh strings, timed.
 *
 * @module
 */
import { createEngine, type Engine } from "@/engine/engine.ts";
import { seededRandom } from "@/math/random.ts";
import type { SequenceBatch } from "@/models/sequence_batch.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import type { BenchSize } from "./sizes.ts";

/** As on the other side: pytorch_task.py. */
export const OPTIMIZER = { rule: "adam", rate: 1e-3, clip: 0.1 } as const;
const POOL = 32;

/** Anything that can be timed. */
export interface TimedProgram {
  readonly name: string;
  readonly threads: number;
  /** Seconds of `updates` whole updates. */
  round(updates: number): Promise<number>;
  /** Bytes of memory, as each counts them. */
  memoryBytes(): number;
  close(): void;
}

/** A pool of batches of a size. */
export function reversalBatches(
  { shape, batch, length }: BenchSize,
  seed: number,
): SequenceBatch[] {
  const random = seededRandom(seed), characters = shape.symbols - 3;
  const string = () => {
    const a = Array.from({ length }, () => random.integer(0, characters)), b = a.toReversed();
    return {
      inputs: [characters, ...a, characters + 1, ...b],
      targets: [...Array(length + 1).fill(-1), ...b, characters + 2],
    };
  };
  return Array.from({ length: POOL }, () => ({
    outputWeight: 1 / (batch * (length + 1)),
    strings: Array.from({ length: batch }, string),
  }));
}

/** Makes an engine of a size, with all its batches at hand. */
export function engineProgram(size: BenchSize, threads: number): TimedProgram {
  const engine: Engine = createEngine(size.shape, { threads });
  engine.setParameters(initialParameters(size.shape, seededRandom(1)));
  const batches = reversalBatches(size, 1);
  let next = 0;
  return {
    name: "engine",
    threads,
    round(updates) {
      const begun = performance.now();
      for (let i = 0; i < updates; i++) engine.update(batches[next++ % POOL], OPTIMIZER);
      return Promise.resolve((performance.now() - begun) / 1000);
    },
    memoryBytes: () => engine.memoryBytes(),
    close: () => engine.close(),
  };
}
