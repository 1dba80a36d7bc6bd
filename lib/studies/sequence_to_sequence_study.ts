/**
 * The study `sequence-to-sequence` of notebook 19: networks learn the task `substitution` on strings of 5 to 20 symbols.
 *
 * | networks             | what is different                                                               |
 * | -------------------- | ------------------------------------------------------------------------------- |
 * | as it is             | the source is read from its start, the target written from its start            |
 * | source reversed      | the source is read from its end                                                 |
 * | averaged predictions | of these two networks, each trained by itself                                    |
 * | both reversed        | the target is written from its end as well                                      |
 * | both directions      | two encoders of half the size, their final states side by side                  |
 * | …, pause of …        | between source and target the encoder reads some symbols that say nothing    |
 * | … hidden             | other sizes                                                                     |
 * | queue; stack         | one LSTM with a memory, trained by the library's recipe; the stack writes the target from its end |
 *
 * `deno task statistics sequence-to-sequence` takes about half an hour on one core; every training is stored when it is done,
 * so that a stopped study resumes. The engine's strict build computes the same bits on every machine.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { disk } from "@/io/disk.ts";
import { type Files, writeAtomically } from "@/io/files.ts";
import { mean } from "@/math/lists.ts";
import type { MemoryName } from "@/memory/memories.ts";
import type { SeedRange } from "@/options/option.ts";
import { reverseTargets } from "@/tasks/source_and_target.ts";
import type { AutoregressiveTask } from "@/tasks/task.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { startSequenceRun } from "@/training/sequence_run.ts";
import { defaultSettings } from "@/training/training_options.ts";
import { type TrainingPlan, trainingPlan } from "@/training/training_plan.ts";
import { STANDARD_SETS, type ValidationSets } from "@/training/validation.ts";
import {
  averagedRecord,
  COURSE_LENGTHS,
  type NetworkRecord,
  type NetworkSetup,
  STUDY_BUDGET,
  type StudyBudget,
  trainNetwork,
} from "./reading_orders.ts";
import { formatRecords, readStoredTable } from "./stored_table.ts";
import { chooseRows, chooseSeeds, type Study, type TitledRows } from "./study.ts";

/** Path of the table, from the project's folder. */
export const SEQUENCE_TO_SEQUENCE_FILE = "notebooks/data/sequence_to_sequence.json";
/** Symbols that say nothing, between source and target: a few, and as many as the longest source of the training has. */
export const PAUSES = [5, 20] as const;
/** The test strings of a network with a memory, by their length. */
export const MEMORY_TESTS: Readonly<Record<string, number>> = {
  5: 100,
  10: 100,
  20: 100,
  40: 100,
  128: 100,
  1000: 10,
};

/** Seeds 1 to 10, 1 to 5 and 1 to 3. */
const [TEN, FIVE, THREE]: readonly SeedRange[] = [10, 5, 3].map((last) => ({ first: 1, last }));

/** Encoder–decoders that are trained one after the other, from the same seed. */
export interface NetworkRow {
  readonly name: string;
  readonly seeds: SeedRange;
  readonly setups: readonly NetworkSetup[];
  /** The name of their averaged predictions, if they are asked for. */
  readonly averages?: string;
}

/** A network with a memory. */
export interface MemoryRow {
  readonly name: string;
  readonly seeds: SeedRange;
  readonly memory: MemoryName;
  readonly reverseTarget: boolean;
  /** Lengths of the training strings. */
  readonly lengths: string;
}

/** The record of a network with a memory. */
export interface MemoryRecord {
  readonly seed: number;
  /** Strings that it was trained on. */
  readonly strings: number;
  /** By the length of the source: how many of {@linkcode MEMORY_TESTS} are right in full. */
  readonly exact: Readonly<Record<string, number>>;
}

/** Finished trainings, by the name of the network. */
export interface SequenceToSequenceTable {
  readonly networks: Readonly<Record<string, readonly NetworkRecord[]>>;
  readonly memories: Readonly<Record<string, readonly MemoryRecord[]>>;
}

const [AS_IT_IS, REVERSED]: readonly NetworkSetup[] = [
  { name: "as it is" },
  { name: "source reversed", reverseSource: true },
];

/** A row of one network. */
const alone = (setup: NetworkSetup, seeds = TEN): NetworkRow => ({
  name: setup.name,
  seeds,
  setups: [setup],
});

/** The encoder–decoders. */
export const NETWORK_ROWS: readonly NetworkRow[] = [
  {
    name: `${AS_IT_IS.name} and ${REVERSED.name}`,
    seeds: TEN,
    setups: [AS_IT_IS, REVERSED],
    averages: "averaged predictions",
  },
  alone({ name: "both reversed", reverseSource: true, reverseTarget: true }),
  ...PAUSES.flatMap((pause) =>
    [AS_IT_IS, REVERSED].map((setup) =>
      alone({ ...setup, name: `${setup.name}, pause of ${pause}`, pause }, FIVE)
    )
  ),
  alone({ name: "both directions", bidirectional: true, hidden: STUDY_BUDGET.hidden / 2 }, FIVE),
  ...[8, 16, 64].map((hidden) => alone({ name: `${hidden} hidden`, hidden }, THREE)),
  alone({ name: "8 to 64 symbols", lengths: "8..64" }, THREE),
];

/** The networks with a memory. */
export const MEMORY_ROWS: readonly MemoryRow[] = [
  {
    name: "stack, target reversed",
    seeds: TEN,
    memory: "stack",
    reverseTarget: true,
    lengths: "5..20",
  },
  { name: "queue", seeds: FIVE, memory: "queue", reverseTarget: false, lengths: "5..20" },
  {
    name: "queue, 8 to 64 symbols",
    seeds: TEN,
    memory: "queue",
    reverseTarget: false,
    lengths: "8..64",
  },
];

/** The sets of a training with a memory: those of `deno task train`, but none of 10,000 symbols, and no test. */
export const MEMORY_SETS: ValidationSets = {
  ...STANDARD_SETS,
  further: (basis) => STANDARD_SETS.further(basis).filter(({ lengths }) => lengths.longest <= 1000),
  scored: 1,
  test: () => [],
};

/**
 * Trains one LSTM with a memory by the library's recipe and tests it.
 *
 * @param row Its memory.
 * @param seed Of its parameters and strings.
 * @param sets What it is validated on.
 * @param strings The most strings to train on; those of the recipe if left out.
 * @returns Its record, the same on every machine.
 */
export function trainWithMemory(
  { memory, reverseTarget, lengths }: Pick<MemoryRow, "memory" | "reverseTarget" | "lengths">,
  seed: number,
  sets: ValidationSets = MEMORY_SETS,
  strings: number | null = null,
): MemoryRecord {
  const { symbols, hidden, embedding } = STUDY_BUDGET;
  const plan = trainingPlan({
    ...defaultSettings(seed),
    ...{ memory, symbols, hidden, embedding, valueWidth: embedding, strings },
    ...{ task: "substitution", lengths, build: "strict" },
  });
  const written = plan.task as AutoregressiveTask;
  const task = reverseTarget ? reverseTargets(written) : written;
  return testMemory({ ...plan, task }, sets);
}

function testMemory(plan: TrainingPlan, sets: ValidationSets): MemoryRecord {
  const { task, shape, seed } = plan, run = startSequenceRun(plan, sets);
  run.advance(Infinity);
  const { parameters, strings } = run.state().best;
  const network = createStepper(shape, parameters, { build: "strict" });
  const exact = Object.entries(MEMORY_TESTS).map(([length, strings]) => {
    const lengths = { shortest: Number(length), longest: Number(length) };
    const set = { strings, lengths, purpose: "test", seed } as const;
    return [length, evaluateNetwork(network, task, set).strict.exact];
  });
  network.close();
  run.close?.();
  return { seed, strings, exact: Object.fromEntries(exact) };
}

const readTable = (files: Files): SequenceToSequenceTable =>
  readStoredTable(files, SEQUENCE_TO_SEQUENCE_FILE, { networks: {}, memories: {} });

/** The names of all encoder–decoders in the table, in their order. */
export const NETWORK_NAMES: readonly string[] = NETWORK_ROWS.flatMap(({ setups, averages }) => [
  ...setups.map(({ name }) => name),
  ...averages === undefined ? [] : [averages],
]);

/** Formats the table as JSON with one training a line. */
function formatTable({ networks, memories }: SequenceToSequenceTable): string {
  const memoryNames = MEMORY_ROWS.map(({ name }) => name);
  return `{\n  "networks": ${formatRecords(networks, NETWORK_NAMES, "  ")},\n` +
    `  "memories": ${formatRecords(memories, memoryNames, "  ")}\n}\n`;
}

/** Adds records to rows of the table. */
function store(
  files: Files,
  part: keyof SequenceToSequenceTable,
  records: Readonly<Record<string, { readonly seed: number }>>,
): void {
  const table = readTable(files);
  const added = Object.entries(records).map(([name, record]) => {
    const others = (table[part][name] ?? []).filter(({ seed }) => seed !== record.seed);
    return [name, [...others, record]];
  });
  const text = formatTable({ ...table, [part]: { ...table[part], ...Object.fromEntries(added) } });
  writeAtomically(files, SEQUENCE_TO_SEQUENCE_FILE, text);
}

const isStored = (files: Files, part: keyof SequenceToSequenceTable, name: string, seed: number) =>
  readTable(files)[part][name]?.some((record) => record.seed === seed) ?? false;

/**
 * Trains and stores what is missing of a row of encoder–decoders for a seed.
 *
 * @param row The row.
 * @param seed The seed.
 * @param files Where the table is.
 * @param budget How much; that of the study if left out.
 */
export function makeNetworks(
  { setups, averages }: NetworkRow,
  seed: number,
  files: Files,
  budget: StudyBudget = STUDY_BUDGET,
): void {
  const names = [...setups.map(({ name }) => name), ...averages === undefined ? [] : [averages]];
  if (names.every((name) => isStored(files, "networks", name, seed))) return;
  const trained = setups.map((setup) => ({ setup, ...trainNetwork(setup, budget, seed) }));
  const records = trained.map(({ setup, record }) => [setup.name, record] as const);
  const logits = trained.map(({ logits }) => logits);
  store(files, "networks", {
    ...Object.fromEntries(records),
    ...averages !== undefined &&
      { [averages]: averagedRecord(setups[0], budget, seed, logits) },
  });
}

function makeMemory(row: MemoryRow, seed: number, files: Files): void {
  if (isStored(files, "memories", row.name, seed)) return;
  store(files, "memories", { [row.name]: trainWithMemory(row, seed) });
}

/** The stored table for the terminal: means over the seeds. */
function tables(): TitledRows[] {
  const { networks, memories } = readTable(disk);
  const count = (total: number, records: readonly unknown[]) => (total / records.length).toFixed(1);
  return [{
    title: "Nats per symbol on test strings, by their length",
    rows: Object.entries(networks).map(([name, records]) => ({
      network: name,
      seeds: `${records.length}`,
      ...Object.fromEntries([...COURSE_LENGTHS, 40].map((length) => {
        const nats = records.map(({ scores }) => mean(scores[length].nats));
        return [`${length}`, mean(nats).toFixed(3)];
      })),
    })),
  }, {
    title: "Test strings right in full, mean over the seeds",
    rows: Object.entries(memories).map(([name, records]) => ({
      network: name,
      seeds: `${records.length}`,
      ...Object.fromEntries(
        Object.entries(MEMORY_TESTS).map(([length, strings]) => {
          const right = records.reduce((sum, { exact }) => sum + exact[length], 0);
          return [length, `${count(right, records)} of ${strings}`];
        }),
      ),
    })),
  }];
}

/** The study on the command line. */
export const SEQUENCE_TO_SEQUENCE_STUDY: Study = {
  name: "sequence-to-sequence",
  about: `${SEQUENCE_TO_SEQUENCE_FILE}, for notebook 19; PART is a row such as "both reversed"`,
  takesSeeds: true,
  make(part, { terminal }, seeds) {
    const rows = [...NETWORK_ROWS, ...MEMORY_ROWS];
    for (const row of chooseRows(rows, part)) {
      for (const seed of chooseSeeds(row.seeds, seeds)) {
        terminal.note(`${row.name}, seed ${seed}`);
        if ("setups" in row) makeNetworks(row, seed, disk);
        else makeMemory(row, seed, disk);
      }
    }
  },
  tables,
};
