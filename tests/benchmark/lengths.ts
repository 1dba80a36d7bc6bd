/**
 * (c) Time and memory for each step, against the length of the string.
 *
 * @module
 */
import { createEngine } from "@/engine/engine.ts";
import { createStepper } from "@/engine/stepper.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { OPTIMIZER } from "./engine_program.ts";
import { digits, printTable, record } from "./output.ts";
import { BENCH_SIZES } from "./sizes.ts";
import { spread } from "./statistics.ts";

const SHAPE = BENCH_SIZES[1].shape, STRINGS = 10;

/** Reads strings that only ever push, the worst for memory: nothing leaves the stack. */
function readingTimes(lengths: readonly number[], rounds: number): void {
  const parameters = initialParameters(SHAPE, seededRandom(1), { pushBias: 800, popBias: -800 });
  const rows: string[][] = [], symbol = new Int32Array(1), times = lengths.map((): number[] => []);
  const bytes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    lengths.forEach((length, i) => {
      const stepper = createStepper(SHAPE, parameters), before = stepper.memoryBytes();
      stepper.start(1);
      const repeats = Math.max(1, Math.round(20_000 / length)), begun = performance.now();
      for (let repeat = 0; repeat < repeats; repeat++) {
        if (repeat > 0) stepper.start(1);
        for (let t = 0; t < length; t++) {
          symbol[0] = t % SHAPE.symbols;
          stepper.step(symbol);
        }
      }
      times[i].push((performance.now() - begun) * 1000 / (repeats * length));
      bytes[i] = (stepper.memoryBytes() - before) / length;
    });
  }
  lengths.forEach((steps, i) => {
    const microseconds = spread(times[i]);
    record({ section: "length", what: "reading", steps, microseconds, bytes: bytes[i] });
    rows.push([
      steps.toLocaleString("en"),
      `${digits(microseconds.median)} (${digits(microseconds.least)}–${digits(microseconds.most)})`,
      digits(bytes[i]),
    ]);
  });
  printTable(["reading one string: steps", "µs a step", "bytes a step"], rows);
}

async function trainingTimes(lengths: readonly number[], rounds: number): Promise<void> {
  const random = seededRandom(1), rows: string[][] = [];
  const engines = await Promise.all(lengths.map((steps) => {
    const engine = createEngine(SHAPE), before = engine.memoryBytes();
    engine.setParameters(initialParameters(SHAPE, seededRandom(1)));
    const strings = Array.from({ length: STRINGS }, () => {
      const inputs = Array.from({ length: steps }, () => random.integer(0, SHAPE.symbols));
      return { inputs, targets: inputs.map((symbol, t) => t < steps / 2 ? -1 : symbol) };
    });
    const batch = { strings, outputWeight: 2 / (STRINGS * steps) };
    engine.update(batch, OPTIMIZER);
    const bytes = (engine.memoryBytes() - before) / (STRINGS * steps);
    return { steps, engine, batch, bytes, times: [] as number[] };
  }));
  for (let round = 0; round < rounds; round++) {
    for (const { steps, engine, batch, times } of engines) {
      const updates = Math.max(1, Math.round(5000 / steps)), begun = performance.now();
      for (let i = 0; i < updates; i++) engine.update(batch, OPTIMIZER);
      times.push((performance.now() - begun) * 1000 / (updates * steps * STRINGS));
    }
  }
  for (const { steps, engine, bytes, times } of engines) {
    engine.close();
    const microseconds = spread(times);
    record({ section: "length", what: "training", steps, microseconds, bytes });
    rows.push([
      steps.toLocaleString("en"),
      `${digits(microseconds.median)} (${digits(microseconds.least)}–${digits(microseconds.most)})`,
      digits(bytes),
    ]);
  }
  printTable(
    [`training on ${STRINGS} strings: steps`, "µs a step of a string", "bytes a step"],
    rows,
  );
}

/** Measures reading and training. */
export async function timesByLength(rounds: number): Promise<void> {
  readingTimes([1000, 10_000, 100_000, 1_000_000], Math.min(rounds, 3));
  await trainingTimes([128, 500, 2000, 8000, 20_000], rounds);
}
