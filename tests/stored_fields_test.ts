/** Every field of the stored tables has a reader: a notebook shows or checks it, or a test does. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ATTENTION_NETWORK } from "@/studies/attention_study.ts";
import { UNDO_FILES } from "@/studies/board_study.ts";
import { CAPTION_ROWS } from "@/studies/caption_study.ts";
import { HIDDEN_STATES_ROWS } from "@/studies/hidden_states_study.ts";
import { TYPESCRIPT_SNAPSHOT } from "@/text/corpus.ts";
import { parseNotebook } from "@/jupyter/notebook_file.ts";

const DATA = "notebooks/data";
const NOTEBOOK = {
  8: "notebooks/08_the_autoencoder_fix.ipynb",
  9: "notebooks/09_only_what_it_touches.ipynb",
  11: "notebooks/11_reversing_strings.ipynb",
  12: "notebooks/12_every_seed.ipynb",
  14: "notebooks/14_five_tasks.ipynb",
  15: "notebooks/15_any_length.ipynb",
  16: "notebooks/16_letter_by_letter.ipynb",
  17: "notebooks/17_how_far_back.ipynb",
  18: "notebooks/18_what_a_hidden_state_knows.ipynb",
  19: "notebooks/19_sequence_to_sequence.ipynb",
  20: "notebooks/20_looking_back.ipynb",
  21: "notebooks/21_saying_what_it_sees.ipynb",
};
const RESULTS = "tests/results_test.ts";
const STUDY_19 = "tests/studies/sequence_to_sequence_study_test.ts";
const BOARD_ROWS = "lib/studies/board_rows.ts";
const PAPER_ROWS = "lib/studies/paper_rows.ts";

/** A file that reads a field, and the text in it that does so. */
type Reader = readonly [file: string, text: string];

/** One seed of notebook 8's table. */
const TRIAL: Record<string, Reader> = {
  seed: [NOTEBOOK[8], "stored[k].seed"],
  success: [NOTEBOOK[8], "({ success }) => success"],
  strings: [NOTEBOOK[8], "trials.map(({ strings }) => strings)"],
  level: [NOTEBOOK[8], "({ level }) => level === 10"],
  right: [NOTEBOOK[8], "({ right }) => right === 1"],
  rightLong: [NOTEBOOK[8], "({ rightLong }) => rightLong === 1"],
  // These three are recomputed.
  restarts: [NOTEBOOK[8], "assertEquals(again, stored)"],
  push: [NOTEBOOK[8], "assertEquals(again, stored)"],
  pop: [NOTEBOOK[8], "assertEquals(again, stored)"],
};

const prefixed = (prefix: string, fields: Record<string, Reader>): Record<string, Reader> =>
  Object.fromEntries(Object.entries(fields).map(([name, reader]) => [prefix + name, reader]));

const SCORES: Record<string, Reader> = {
  coarse: [NOTEBOOK[11], "[a.coarse, b.coarse]"],
  fine: [NOTEBOOK[11], "[a.fine, b.fine]"],
  publishedFine: [NOTEBOOK[11], "({ publishedFine: places }: CurveScores)"],
};
const BOTH_SETS = { ...prefixed("validation.", SCORES), ...prefixed("test.", SCORES) };
const ENTRY: Record<string, Reader> = {
  steps: [NOTEBOOK[9], "one.microseconds / one.steps"],
  rows: [NOTEBOOK[9], 'growthSeries(statistics, "rows")'],
  bytes: [NOTEBOOK[9], 'growthSeries(statistics, "bytes")'],
  microseconds: [NOTEBOOK[9], "one.microseconds / one.steps"],
};

/**
 * The fields of each table and who reads them. Names of recipes, networks and seeds are written *; numbers in a list
 * count as one field; `settings.` stands for all settings of a training.
 */
const READERS: Readonly<Record<string, Record<string, Reader>>> = {
  "attention.json": {
    "*.seed": ["tests/studies/attention_study_test.ts", "table[name].map(({ seed }) => seed)"],
    "*.strings": ["tests/studies/attention_study_test.ts", "strings <= settings.strings"],
    "*.scores.*.length": [NOTEBOOK[20], "score.length === length"],
    "*.scores.*.exact": [NOTEBOOK[20], "scoreOf(record, length, words).exact / answered"],
    "*.scores.*.fine": [NOTEBOOK[20], "scoreOf(record, 32).fine"],
    "*.scores.*.loss": [NOTEBOOK[20], "scoreOf(record, length).loss"],
    "*.scores.*.mass": [NOTEBOOK[20], "mean(scoreOf(record, length).mass!)"],
    "*.hidden.hidden": [NOTEBOOK[20], "({ hidden }) => hidden === m"],
    "*.hidden.onTrue": [NOTEBOOK[20], 'found("onTrue")'],
    "*.hidden.onCounted": [NOTEBOOK[20], 'found("onCounted")'],
  },
  "autoencoder_statistics.json": {
    ...prefixed("comparison.*.", TRIAL),
    ...prefixed("ablation.*.", TRIAL),
  },
  "captions.json": {
    "*.seed": [NOTEBOOK[21], "records.map(({ seed, test }) =>"],
    "*.points": [NOTEBOOK[21], "points.map(([images]) => images)"],
    "*.test.images": [NOTEBOOK[21], "test.exact / test.images"],
    "*.test.exact": [NOTEBOOK[21], "test.exact / test.images"],
    "*.test.prefix": [NOTEBOOK[21], "prefix: test.prefix"],
    "*.test.looks.*": [NOTEBOOK[21], "test.looks![role]"],
    "*.heldOut.images": [NOTEBOOK[21], "heldOut.exact / heldOut.images"],
    "*.heldOut.exact": [NOTEBOOK[21], "heldOut.exact / heldOut.images"],
    "*.heldOut.prefix": [NOTEBOOK[21], "heldOut.prefix"],
    "*.heldOut.looks.*": ["tests/studies/caption_study_test.ts", "heldOut.looks![role]"],
  },
  "board.json": {
    "*.plan.": ["lib/studies/training_table.ts", "isPlanOf(stored.plan, setup)"],
    "*.planned": ["tests/studies/board_study_test.ts", "assertEquals(planned, last - first + 1)"],
    "*.runs.seed": ["tests/studies/board_study_test.ts", "runs.map(({ seed }) => seed)"],
    "*.runs.strings": [BOARD_ROWS, "exact.map((run) => run.strings)"],
    "*.runs.seconds": [BOARD_ROWS, "exact.map((run) => run.seconds)"],
    "*.runs.threads": ["tests/studies/board_study_test.ts", "[threads, strings]"],
    "*.runs.scores.*": [BOARD_ROWS, 'rightShare(runs, "1000")'],
    "*.runs.every.lengths": ["tests/studies/board_study_test.ts", "every!.lengths"],
    "*.runs.every.strings": [
      "tests/studies/board_study_test.ts",
      "{ strings, faulty, bins } = every!",
    ],
    "*.runs.every.faulty": [BOARD_ROWS, "every.faulty === 0"],
    "*.runs.every.bins": [BOARD_ROWS, "bins.map(([, , wrong]) => wrong)"],
    "*.runs.deep.*": [BOARD_ROWS, "Object.values(deep)"],
    "*.runs.files.*": [BOARD_ROWS, "Object.values(files)"],
  },
  "exact_lengths.json": {
    "benchmark.source": ["tests/studies/board_rows_test.ts", "benchmark.source"],
    "benchmark.strings": [NOTEBOOK[15], "published.benchmark.strings"],
    "benchmark.solved": [NOTEBOOK[15], "published.benchmark.solved"],
    "benchmark.scores.*": [NOTEBOOK[15], "published.benchmark.scores"],
    "undo.source": ["tests/studies/board_rows_test.ts", "undo.source"],
    "undo.scores.*": [NOTEBOOK[15], "published.undo.scores"],
  },
  "grefenstette_2015.json": {
    "source": ["tests/studies/paper_rows_test.ts", "published.source"],
    "columns": ["tests/studies/paper_rows_test.ts", "published.columns"],
    "tasks.*": [PAPER_ROWS, "tasks[task]?.[NETWORKS[memory]]"],
  },
  "hidden_states.json": {
    "*.untrained": [NOTEBOOK[18], "table[lines]"],
    "*.points": [NOTEBOOK[18], "table[name].points"],
  },
  "paper_statistics.json": {
    "*.plan.": ["lib/studies/training_table.ts", "isPlanOf(stored.plan, setup)"],
    "*.planned": ["tests/studies/paper_study_test.ts", "assertEquals(planned, last - first + 1)"],
    "*.runs.seed": ["tests/studies/paper_study_test.ts", "runs.map(({ seed }) => seed)"],
    "*.runs.strings": [PAPER_ROWS, "runs.map(({ strings }) => strings)"],
    "*.runs.seconds": [NOTEBOOK[14], "({ seconds }) => seconds)"],
    "*.runs.threads": ["tests/studies/paper_study_test.ts", "assertEquals(threads, 1)"],
    "*.runs.scores.*": [PAPER_ROWS, 'scores["65..128"]'],
  },
  "reversal_baselines.json": {
    "*.layers": [NOTEBOOK[11], "end.layers"],
    "*.hidden": [NOTEBOOK[11], "({ hidden }) => hidden === 256"],
    "*.strings": [RESULTS, "layers, strings, validation, test"],
    "*.byLength": [NOTEBOOK[11], "byLength.map("],
    ...prefixed("*.", BOTH_SETS),
  },
  "reversal_curves.json": {
    "*.settings.": [NOTEBOOK[11], 'trainingPlan(curves["LSTM + stack"].settings)'],
    "*.points.strings": [NOTEBOOK[11], "points.map(({ strings }) => strings)"],
    "*.points.loss": [NOTEBOOK[11], "({ loss }) => loss"],
    ...prefixed("*.points.", BOTH_SETS),
    ...prefixed("*.end.", BOTH_SETS),
  },
  "reversal_studies.json": {
    "*.changes.": ["tests/studies/reversal_study_test.ts", "assertEquals(table[name].changes"],
    "*.seeds.seed": [NOTEBOOK[12], "[0].seed === 1"],
    "*.seeds.success": [NOTEBOOK[12], "({ success }: RunRecord) => success"],
    "*.seeds.strings": [NOTEBOOK[12], ".map(({ strings }) => strings)"],
    "*.seeds.seconds": [NOTEBOOK[12], "({ seconds }) => seconds < 300"],
    "*.seeds.left": [NOTEBOOK[12], "({ left }) => left === null"],
    "*.seeds.scores.*": [NOTEBOOK[12], 'scores["65..128"][1]'],
    "*.seeds.softness": [NOTEBOOK[12], "({ softness }) => softness!"],
    "*.seeds.valuesRecovered": [NOTEBOOK[12], "({ valuesRecovered }) => valuesRecovered!"],
    "*.seeds.end.loss": [NOTEBOOK[12], "end!.loss"],
    "*.seeds.end.push": [NOTEBOOK[12], "const { push, pop } = record.end!"],
    "*.seeds.end.pop": [NOTEBOOK[12], "const { push, pop } = record.end!"],
  },
  "sequence_to_sequence.json": {
    "networks.*.seed": [STUDY_19, "stored[name].map(({ seed }) => seed)"],
    "networks.*.course.*": [NOTEBOOK[19], "course![after][1]"],
    "networks.*.gradient.*": [NOTEBOOK[19], "gradient![after][k]"],
    "networks.*.scores.*.nats": [NOTEBOOK[19], "mean(scores[length].nats)"],
    "networks.*.scores.*.exact": [NOTEBOOK[19], "scores[length].exact"],
    "networks.*.scores.*.fine": [NOTEBOOK[19], "scores[length].fine"],
    "memories.*.seed": [STUDY_19, "stored[name].map(({ seed }) => seed)"],
    "memories.*.strings": [NOTEBOOK[19], "records.map(({ strings }) => strings)"],
    "memories.*.exact.*": [NOTEBOOK[19], "exact[length] === strings"],
  },
  "text_models.json": {
    "*.seed": ["tests/studies/text_study_test.ts", "runs.map(({ seed }) => seed)"],
    "*.points": [NOTEBOOK[16], "table[cell][0].points"],
    "*.bits": [NOTEBOOK[16], "({ bits }) => bits"],
    "*.samples.*": [NOTEBOOK[16], "table.LSTM[0].samples"],
  },
  "touched_rows.json": {
    "width": [NOTEBOOK[9], "createReversalSequence(300, width)"],
    ...prefixed("contenders.*.", ENTRY),
  },
  "truncation.json": {
    "*.delays": [NOTEBOOK[17], "one.delays === delays"],
    "*.window": [NOTEBOOK[17], "one.window === window"],
    "*.seed": [NOTEBOOK[17], "({ seed }) => seed === 1"],
    "*.steps": [NOTEBOOK[17], "({ right, steps, delays }) =>"],
    "*.right.*": [NOTEBOOK[17], "one.right[one.delays]"],
  },
  "window_times.json": {
    "rounds": [NOTEBOOK[17], "${times.rounds} rounds"],
    "windows.window": [NOTEBOOK[17], "({ window, ratio, quartiles }, n)"],
    "windows.ratio": [NOTEBOOK[17], "({ ratio }) => ratio"],
    "windows.quartiles": [NOTEBOOK[17], "quartiles.map("],
  },
};

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

/** The paths of all numbers, texts and nulls in a table, with lists left out. */
function leafPaths(value: unknown, path: string[] = []): string[] {
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => leafPaths(item, path));
    return items.length > 0 ? items : [path.join(".")];
  }
  if (value === null || typeof value !== "object") return [path.join(".")];
  return Object.entries(value).flatMap(([name, item]) => leafPaths(item, [...path, name]));
}

/** Whether a path belongs to a declared field, in which * stands for any name, and a last point for all below. */
function isField(path: string, field: string): boolean {
  const name = (part: string) => part === "*" ? "[^]+?" : part.replace(/\W/g, "\\$&");
  const pattern = field.split(".").map(name).join("\\.");
  return new RegExp(`^${pattern}${field.endsWith(".") ? "[^]*" : ""}$`).test(path);
}

/** A source's text, of a notebook its code. */
function codeOf(file: string): string {
  const text = Deno.readTextFileSync(file);
  if (!file.endsWith(".ipynb")) return text;
  const { cells } = parseNotebook(text, file);
  return cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source)
    .join("\n");
}

Deno.test({
  name: "every field that is stored has a reader, and every reader a field",
  ignore: !mayRead,
  fn() {
    const files = [...Deno.readDirSync(DATA)].map(({ name }) => `${DATA}/${name}`);
    const tables = Object.keys(READERS).map((name) => `${DATA}/${name}`);
    const networks = [...HIDDEN_STATES_ROWS, ...CAPTION_ROWS].flatMap(({ network }) =>
      network ?? []
    );
    networks.push(ATTENTION_NETWORK, `${DATA}/odds_first_queue.safetensors`);
    const texts = [TYPESCRIPT_SNAPSHOT, ...Object.values(UNDO_FILES)];
    assertEquals(files.sort(), [...tables, ...texts, ...networks].sort());
    for (const [file, fields] of Object.entries(READERS)) {
      const paths = new Set(leafPaths(JSON.parse(Deno.readTextFileSync(`${DATA}/${file}`))));
      const of = (path: string) => Object.keys(fields).filter((field) => isField(path, field));
      for (const path of paths) assert(of(path).length > 0, `${file}: nothing reads ${path}`);
      const used = new Set([...paths].flatMap(of));
      assertEquals(Object.keys(fields).filter((field) => !used.has(field)), [], file);
    }
  },
});

Deno.test({
  name: "each stored field is read where the list of readers says",
  ignore: !mayRead,
  fn() {
    for (const [file, text] of Object.values(READERS).flatMap((fields) => Object.values(fields))) {
      assertStringIncludes(codeOf(file).replace(/\s+/g, " "), text, file);
    }
  },
});
