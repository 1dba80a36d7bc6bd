/**
 * The study `attention` of notebook 20: encoder–decoders without and with attention learn SVO–SOV from the same strings. Stored
 * is how each network does on new sentences of fixed lengths, most of them longer than any in training, and how much of its
 * attention is on the word that is due; and one of the networks.
 *
 * | wording       | the words of the sentences                                                         |
 * | ------------- | ---------------------------------------------------------------------------------- |
 * | as drawn      | as the grammar draws them                                                          |
 * | all different | no two subjects, no two verbs and no two objects are the same word                 |
 * | all the same  | all subjects are one word, and so are all verbs and all objects                    |
 *
 * `deno task statistics attention` takes about a quarter of an hour on one core; every training is stored when it is done, so
 * that a stopped study resumes.
 *
 * @module
 */
import { createEncoderDecoderEngine } from "@/engine/encoder_decoder_engine.ts";
import { engineSourceStepper } from "@/engine/greedy_answers.ts";
import { disk } from "@/io/disk.ts";
import { type Files, writeAtomically } from "@/io/files.ts";
import { mean, range } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import {
  type EncoderDecoderShape,
  type PairString,
  runEncoderDecoder,
} from "@/models/encoder_decoder.ts";
import type { NamedTensors } from "@/models/named_tensors.ts";
import type { SeedRange } from "@/options/option.ts";
import type { AlignedPair } from "@/tasks/grammar.ts";
import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { svoSovTask } from "@/tasks/svo_sov.ts";
import type { LengthRange } from "@/tasks/task.ts";
import {
  defaultEncoderDecoderSettings,
  type EncoderDecoderSettings,
} from "@/training/encoder_decoder_options.ts";
import {
  encoderDecoderCommand,
  type EncoderDecoderPlan,
  encoderDecoderPlan,
} from "@/training/encoder_decoder_plan.ts";
import { STANDARD_PAIR_SETS, startEncoderDecoderRun } from "@/training/encoder_decoder_run.ts";
import { evaluatePairs } from "@/training/evaluation.ts";
import { saveEncoderDecoder } from "@/weights/encoder_decoder_model.ts";
import { readStoredTable } from "./stored_table.ts";
import { chooseRows, chooseSeeds, type Study, type TitledRows } from "./study.ts";

/** Path of the table, from the project's folder. */
export const ATTENTION_FILE = "notebooks/data/attention.json";
/** Path of the network with additive attention and seed 1. */
export const ATTENTION_NETWORK = "notebooks/data/svo_sov_attention.safetensors";
/** Words of the sentences that the networks learn from. */
export const ATTENTION_TRAINED: LengthRange = { shortest: 3, longest: 16 };

/** How the words of an examination are chosen. */
export const WORDINGS = ["as drawn", "all different", "all the same"] as const;
/** One of them. */
export type Wording = typeof WORDINGS[number];

/** What a network is examined on. */
export interface AttentionExam {
  /** Words of the sentences, as lengths that are examined one by one. */
  readonly lengths: readonly number[];
  /** Sentences of each length that are answered. */
  readonly answered: number;
  /** Of those, the first ones that attention is measured on. */
  readonly attended: number;
}

/** The examination of the study. */
export const ATTENTION_EXAM: AttentionExam = {
  lengths: [3, 5, 8, 12, 16, 20, 24, 32],
  answered: 200,
  attended: 50,
};

/** How a network did on sentences of one length and wording. */
export interface AttentionScore {
  readonly length: number;
  /** Sentences that were right in full (exact match), of those that were answered. */
  readonly exact: number;
  /** The mean share of words that were right before the first error (prefix accuracy). */
  readonly fine: number;
  /** The cross-entropy with the right words fed, in nats per word or terminator. */
  readonly loss: number;
  /** With attention: at each word of the target, the mean weight α on the word that it translates. */
  readonly mass?: readonly number[];
}

/** The record of a training. */
export interface AttentionRecord {
  readonly seed: number;
  /** Strings after which the network was best in validation; that one was examined. */
  readonly strings: number;
  readonly scores: Readonly<Record<Wording, readonly AttentionScore[]>>;
}

/** Finished trainings by the name of the row. */
export type AttentionTable = Readonly<Record<string, readonly AttentionRecord[]>>;

/** A row of the study: a network, trained from several seeds. */
export interface AttentionRow {
  readonly name: string;
  readonly settings: EncoderDecoderSettings;
}

/** Seeds of each training. */
const SEEDS: SeedRange = { first: 1, last: 5 };
/** The row and the seed whose network is kept. */
const KEPT = { row: "additive attention", seed: 1 };

function settingsOf(changes: Partial<EncoderDecoderSettings>): EncoderDecoderSettings {
  return {
    ...defaultEncoderDecoderSettings(1),
    ...{ task: "svo-sov", lengths: `${ATTENTION_TRAINED.shortest}..${ATTENTION_TRAINED.longest}` },
    ...{ hidden: 64, strings: 128_000, batch: 32, learningRate: 0.003, build: "strict" },
    ...changes,
  };
}

/** The rows. */
export const ATTENTION_ROWS: readonly AttentionRow[] = [
  { name: "no attention", settings: settingsOf({ architecture: "encoder-decoder" }) },
  {
    name: "additive attention",
    settings: settingsOf({ architecture: "attention", attention: "additive" }),
  },
  {
    name: "dot-product attention",
    settings: settingsOf({ architecture: "attention", attention: "dot-product" }),
  },
];

/**
 * Changes the words of a sentence, and nothing else: a subject stays a subject, and its place in the target stays, too.
 *
 * @example Two subjects, which become one word.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { reword } from "@/studies/attention_study.ts";
 * import { svoSovTask } from "@/tasks/svo_sov.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const task = svoSovTask(), words = task.vocabulary.words!;
 * const pair = task.sampleAligned(seededRandom(5), { shortest: 4, longest: 4 });
 * const { source, alignment } = reword(pair, "all the same", seededRandom(1));
 * const [one, other] = Array.from(source, (symbol) => words[symbol]);
 * assert(one === other && one.startsWith("s"));
 * assertEquals(alignment, pair.alignment);
 * ```
 * @param pair The sentence.
 * @param wording How the new words are chosen; as drawn, it stays as it is.
 * @param random Where they come from.
 * @returns The sentence and its target in the new words.
 * @throws {RangeError} If all are to be different, and there are not as many words.
 */
export function reword(
  pair: AlignedPair,
  wording: Wording,
  random: Pick<RandomSource, "integer">,
): AlignedPair {
  if (wording === "as drawn") return pair;
  const task = svoSovTask(), words = task.vocabulary.words!;
  const kindOf = (symbol: number) => words[symbol].replace(/\d+$/, "");
  const byKind = Map.groupBy(words.keys(), kindOf);
  const choices = new Map<string, () => number>();
  for (const kind of ["si", "vi", "oi"]) {
    const left = [...byKind.get(kind)!],
      draw = () => left.splice(random.integer(0, left.length), 1);
    const [only] = draw();
    choices.set(
      kind,
      wording === "all the same" ? () => only : () => {
        if (left.length > 0) return draw()[0];
        throw new RangeError(`Cannot reword: wanted fewer words that begin with ${kind}`);
      },
    );
  }
  const source = pair.source.map((symbol) => choices.get(kindOf(symbol))?.() ?? symbol);
  return { ...task.pairOf!(source), alignment: pair.alignment };
}

/**
 * Reads off how much of its attention a network has on the word that it is to translate, with the right words fed.
 *
 * @param weights Of each step α_1 … α_S, `T` × `S`; steps after the last word of the target are left out.
 * @param alignment Of each word of the target its position in the source.
 * @returns α at that position, for each word of the target.
 */
export function massOnTrueWords(weights: Matrix, alignment: ArrayLike<number>): number[] {
  return Array.from(alignment, (s, t) => weights[t][s]);
}

/**
 * Runs a network with attention over a pair, the right words being fed.
 *
 * @param shape Its shape.
 * @param parameters Its parameters.
 * @param string The pair.
 * @returns Of each step α_1 … α_S, `T` × `S`: the alignment matrix.
 */
export function alignmentMatrix(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  string: PairString,
): Matrix {
  return runEncoderDecoder(shape, parameters, string).steps.map(({ attention }) =>
    attention!.weights
  );
}

/** The sentences of an examination; every network with the seed gets the same. */
function sentencesOf(seed: number, length: number, wording: Wording, strings: number) {
  const set = { strings, lengths: { shortest: length, longest: length }, purpose: "test" } as const;
  const pairs = firstPairs({ sample: svoSovTask().sampleAligned }, { ...set, seed });
  const random = seededRandom(`words ${wording}, length ${length}, seed ${seed}`);
  return pairs.map((pair) => reword(pair, wording, random));
}

/** A network as it is examined. */
interface ExaminedNetwork {
  readonly plan: Pick<EncoderDecoderPlan, "task" | "shape" | "order">;
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

/**
 * Examines a network.
 *
 * @param network The network.
 * @param seed Of the test sentences.
 * @param exam What it is examined on.
 * @returns Its scores, one for each length, by the wording.
 */
export function examineAttention(
  { plan: { task, shape, order }, parameters }: ExaminedNetwork,
  seed: number,
  { lengths, answered, attended }: AttentionExam,
): AttentionRecord["scores"] {
  const engine = createEncoderDecoderEngine(shape, { build: "strict" });
  engine.setParameters(parameters);
  const network = engineSourceStepper(engine, task.vocabulary, order);
  const reference = Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [name, Float64Array.from(tensor)]),
  );

  function scoreOf(length: number, wording: Wording): AttentionScore {
    const pairs = sentencesOf(seed, length, wording, answered);
    const { exact, fine } = evaluatePairs(network, task, pairs).strict;
    const strings = pairs.map((pair) => layOutSourceAndTarget(task.vocabulary, pair));
    const symbols = strings.reduce((sum, { targets }) => sum + targets.length, 0);
    const { loss } = engine.gradient({ strings, outputWeight: 1 / symbols });
    const score = { length, exact, fine: rounded(fine), loss: rounded(loss) };
    if (shape.attention === "none") return score;
    const masses = range(Math.min(attended, answered)).map((k) =>
      massOnTrueWords(alignmentMatrix(shape, reference, strings[k]), pairs[k].alignment)
    );
    return { ...score, mass: range(length).map((t) => rounded(mean(masses.map((m) => m[t])))) };
  }

  const scores = WORDINGS.map((wording) =>
    [wording, lengths.map((length) => scoreOf(length, wording))] as const
  );
  engine.close();
  return Object.fromEntries(scores) as Record<Wording, AttentionScore[]>;
}

const rounded = (number: number) => Number(number.toFixed(4));

/**
 * Trains the network of a row from a seed, and examines it.
 *
 * @param row The row.
 * @param seed Of its parameters, its training strings and its test sentences.
 * @param exam What it is examined on.
 * @param keep Receives the network.
 * @returns The record, the same on every machine.
 */
export function trainAttention(
  { settings }: AttentionRow,
  seed: number,
  exam: AttentionExam = ATTENTION_EXAM,
  keep: (
    plan: EncoderDecoderPlan,
    best: Readonly<{ parameters: Readonly<Record<string, Float32Array>>; strings: number }>,
  ) => void = () => {},
): AttentionRecord {
  const plan = encoderDecoderPlan({ ...settings, seed });
  const run = startEncoderDecoderRun(plan, STANDARD_PAIR_SETS);
  run.advance(run.iterations);
  const { best } = run.state();
  run.close?.();
  keep(plan, best);
  const { parameters, strings } = best;
  return { seed, strings, scores: examineAttention({ plan, parameters }, seed, exam) };
}

/** Formats the table as JSON with one training a line. */
function formatTable(table: AttentionTable): string {
  const parts = ATTENTION_ROWS.filter(({ name }) => name in table).map(({ name }) => {
    const records = table[name].toSorted((a, b) => a.seed - b.seed);
    const lines = records.map((record) => `    ${JSON.stringify(record)}`).join(",\n");
    return `  ${JSON.stringify(name)}: [\n${lines}\n  ]`;
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}

const readTable = (files: Files): AttentionTable => readStoredTable(files, ATTENTION_FILE, {});

/** Saves the network that the notebook opens. */
const saveNetwork = (files: Files): Parameters<typeof trainAttention>[3] => (plan, best) =>
  saveEncoderDecoder(files, ATTENTION_NETWORK, { ...plan, parameters: best.parameters }, [
    ["settings", JSON.stringify(plan.settings)],
    ["command", encoderDecoderCommand(plan.settings)],
    ["strings", String(best.strings)],
  ]);

/** Makes and stores a record, if it is not there. */
function makeRecord(row: AttentionRow, seed: number, files: Files): void {
  const stored = readTable(files)[row.name] ?? [];
  if (stored.some((record) => record.seed === seed)) return;
  const isKept = row.name === KEPT.row && seed === KEPT.seed;
  const record = trainAttention(row, seed, ATTENTION_EXAM, isKept ? saveNetwork(files) : undefined);
  const table = readTable(files); // of now: another process may have added to it
  const records = [...table[row.name] ?? [], record];
  writeAtomically(files, ATTENTION_FILE, formatTable({ ...table, [row.name]: records }));
}

/** The stored table for the terminal: exact match by length, as drawn, over all seeds. */
function tables(): TitledRows[] {
  const table = readTable(disk);
  const rows = Object.entries(table).map(([name, records]) => {
    const drawn = records.map(({ scores }) => scores["as drawn"]);
    const shares = drawn[0].map(({ length }, k) => {
      const exact = mean(drawn.map((scores) => scores[k].exact / ATTENTION_EXAM.answered));
      return [`${length} words`, exact.toFixed(2)];
    });
    return { network: name, seeds: `${records.length}`, ...Object.fromEntries(shares) };
  });
  return rows.length === 0 ? [] : [{ title: "Sentences right in full, mean over the seeds", rows }];
}

/** The study on the command line. */
export const ATTENTION_STUDY: Study = {
  name: "attention",
  about: `${ATTENTION_FILE} and a network beside it, for notebook 20; PART is a network`,
  takesSeeds: true,
  make(part, { terminal }, seeds) {
    const chosen = chooseRows(ATTENTION_ROWS, part);
    for (const seed of chooseSeeds(SEEDS, seeds)) {
      for (const row of chosen) {
        terminal.note(`${row.name}, seed ${seed}`);
        makeRecord(row, seed, disk);
      }
    }
  },
  tables,
};
