/**
 * (e) An update with each memory against one with a stack, on the same strings of the training lengths.
 *
 * @module
 */
import { createEngine } from "@/engine/engine.ts";
import { seededRandom } from "@/math/random.ts";
import { MEMORY_NAMES, type MemoryName } from "@/memory/memories.ts";
import type { SequenceBatch } from "@/models/sequence_batch.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { OPTIMIZER, reversalBatches } from "./engine_program.ts";
import { digits, printTable, record } from "./output.ts";
import { type BenchSize, operations } from "./sizes.ts";
import { spread } from "./statistics.ts";

/** Lengths of the strings of a batch: those of the paper's training. */
const SHORTEST = 8, LONGEST = 64;

/** A round takes at least about so long with a stack, in milliseconds. */
const ROUND_MS = 400;

function batchesOf(size: BenchSize): SequenceBatch[] {
  const random = seededRandom(1);
  const lengths = Array.from(
    { length: size.batch * 4 },
    () => random.integer(SHORTEST, LONGEST + 1),
  );
  return Array.from({ length: 4 }, (_, n) => ({
    strings: lengths.slice(n * size.batch, (n + 1) * size.batch).map((length, i) =>
      reversalBatches({ ...size, batch: 1, length }, n * size.batch + i)[0].strings[0]
    ),
    outputWeight: 1 / (size.batch * LONGEST),
  }));
}

/** The operations of an update's products, as a multiple of those with a stack. */
function productsOf(size: BenchSize, memory: MemoryName): number {
  const mean = { ...size, length: (SHORTEST + LONGEST) / 2 };
  return operations({ ...mean, shape: { ...size.shape, memory } }) / operations(mean);
}

/** Prints a table of times and of their ratios to a stack's, round by round. */
export function timesByMemory(sizes: readonly BenchSize[], rounds: number): void {
  for (const size of sizes) {
    const batches = batchesOf(size);
    const programs = MEMORY_NAMES.filter((name) => name !== "none").map((memory) => {
      const shape = { ...size.shape, memory }, engine = createEngine(shape);
      engine.setParameters(initialParameters(shape, seededRandom(1)));
      const update = (batch: SequenceBatch) => engine.update(batch, OPTIMIZER);
      batches.forEach(update);
      return { memory, update, engine, times: [] as number[], ratios: [] as number[] };
    });
    const begun = performance.now();
    batches.forEach(programs[0].update);
    const repeats = Math.max(1, Math.round(ROUND_MS / (performance.now() - begun)));
    for (let round = 0; round < rounds; round++) {
      for (const { times } of programs) times.push(0);
      for (let i = 0; i < repeats * batches.length; i++) { // the memories take turns at each batch
        for (const { update, times } of programs) {
          const begun = performance.now();
          update(batches[i % batches.length]);
          times[round] += (performance.now() - begun) / (repeats * batches.length);
        }
      }
      for (const { times, ratios } of programs) {
        ratios.push(times[round] / programs[0].times[round]);
      }
    }
    const rows = programs.map(({ memory, engine, times, ratios }) => {
      engine.close();
      const milliseconds = spread(times), ratio = spread(ratios);
      record({ section: "memory", size: size.name, memory, milliseconds, ratio });
      const { median, least, most } = ratio, fastest = Math.min(...times);
      const ofFastest = fastest / Math.min(...programs[0].times);
      const range = `${digits(least)}–${digits(most)}`, products = productsOf(size, memory);
      return [memory, digits(products), digits(fastest), digits(ofFastest), digits(median), range];
    });
    const heading = `${size.name}, ${SHORTEST} to ${LONGEST} characters, one thread`;
    const ofRounds = ["median of the rounds", "least–most"];
    printTable([heading, "products", "fastest (ms)", "times a stack's", ...ofRounds], rows);
  }
}
