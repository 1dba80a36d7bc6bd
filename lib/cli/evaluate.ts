/**
 * `deno task evaluate`: scores a trained network on test strings, or on held-out text.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { threadsThatPay } from "@/engine/worker_pool.ts";
import { enterCallerFolder } from "@/io/caller_folder.ts";
import type { Files } from "@/io/files.ts";
import { countText, durationText } from "@/io/number_format.ts";
import type { StopCode } from "@/io/signals.ts";
import { UserError } from "@/io/user_error.ts";
import { type Command, EXIT_CODES } from "@/options/command.ts";
import { choice, flag, integer, lengthRange, parseLengthRange, text } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { BUILD_OPTION, flagOf, SEED_OPTION, type ValuesOf } from "@/options/settings.ts";
import type { JobHandlers } from "@/runs/worker.ts";
import { type Scores, scoreText } from "@/tasks/scores.ts";
import type { PairSet } from "@/tasks/streams.ts";
import type { Task } from "@/tasks/task.ts";
import { TASK_NAMES } from "@/tasks/tasks.ts";
import { symbolNoun } from "@/tasks/text.ts";
import { CORPUS_NAMES } from "@/text/corpus.ts";
import {
  evaluateNetwork,
  type Evaluation,
  type EvaluationProgress,
} from "@/training/evaluation.ts";
import type { EvaluateJob } from "@/training/evaluate_jobs.ts";
import { readTestStrings } from "@/training/test_strings.ts";
import {
  type AnyModel,
  isCaptioner,
  loadAnyModel,
  loadStringsModel,
  type StringsModel,
} from "@/weights/any_model.ts";
import { findWeights, useModel } from "@/weights/trained_model.ts";
import { createAnsweringNetwork, taskOf } from "./answering_network.ts";
import { evaluateCaptions, evaluateCaptionsHandler } from "./evaluate_captions.ts";
import { evaluateEach, evaluateEachHandler } from "./evaluate_each.ts";
import { evaluateText, evaluateTextHandler, type EvaluationReport } from "./evaluate_text.ts";
import { evaluateInWorker, evaluationHandler } from "./evaluation_job.ts";
import { type CommandHost, createProcessHost } from "./host.ts";
import { RUN_WORDS } from "./run_words.ts";

/** The command. */
export const COMMAND = {
  action: "evaluate",
  summary: "Evaluates a trained network on test strings, on text or on images, as it was trained.",
  usage: [
    "deno task evaluate RUN [--lengths A..B] [--strings N] [--seed N] [--task TASK] [options]",
    "deno task evaluate RUN --every-length A..B|--every-depth A..B [--strings N] [options]",
    "deno task evaluate RUN --strings-from FILE [options]",
    "deno task evaluate RUN [--corpus NAME|FILE] [options]",
    "deno task evaluate RUN [--images N] [--seed N] [options]",
  ],
  words: RUN_WORDS,
  options: {
    lengths: lengthRange({
      default: null,
      defaultText: "those of the task's tests",
      description: "number of characters or words in a string",
    }),
    everyLength: lengthRange({
      default: null,
      defaultText: "",
      description: "strings of every length from A to B, scored length by length",
    }),
    everyDepth: lengthRange({
      default: null,
      defaultText: "",
      description: "strings of every depth from A to B: undos in a row, brackets inside each other",
    }),
    stringsFrom: text({
      default: null,
      defaultText: "",
      placeholder: "FILE",
      description: "a file of strings, one a line, each with its answer after a tab",
    }),
    strings: integer({
      default: null,
      defaultText: "1000, or 20 of every length or depth",
      minimum: 1,
      maximum: 1e6,
      description: "number of strings",
    }),
    seed: SEED_OPTION,
    task: choice({
      choices: TASK_NAMES,
      default: null,
      defaultText: "the network's own",
      description: "the task whose strings to answer, one with the same symbols",
    }),
    corpus: text({
      default: null,
      defaultText: "the text that its run has held out",
      placeholder: "NAME|FILE",
      description: `of a network for text: another text, ${
        CORPUS_NAMES.join(", ")
      } or a file in UTF-8`,
    }),
    images: integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: "of a network for images: number of images of each kind",
    }),
    build: BUILD_OPTION,
    json: flag({ description: "print the scores as one line of JSON at the end" }),
  },
  notes: [
    "The network decodes greedily: each symbol that it writes is its next input. An answer ends at",
    "the network's own terminator, or when it is too long. In a task with blanks, or with answers among",
    "its inputs, it writes wherever it is asked. Scores: coarse is the share of answers that are entirely",
    "right, terminator included (exact match); fine is the mean share of symbols before the first error",
    "(prefix accuracy); the per-token accuracy counts symbols after an error, too. A text is read once,",
    "as it is; its score is bits per character. Images are of combinations of shape, colour and place",
    "that training shows, and with one that it never does.",
  ],
  exitCodes: { 75: EXIT_CODES[75], 130: EXIT_CODES[130] },
} satisfies Command;

/** How many strings there are unless others are asked for. */
const STRINGS = 1000;
/** The maximum number of characters of all strings together, which are drawn before the first is answered. */
const MAX_CHARACTERS = 1e8;

/**
 * Runs the command.
 *
 * @param words The arguments of the command line.
 * @param host The files, terminal, clock, signals and workers to use.
 * @returns The exit code, see {@linkcode EXIT_CODES}.
 */
export function evaluateCommand(words: readonly string[], host: CommandHost): Promise<number> {
  return runCommand(COMMAND, words, host.terminal, async ({ words: [run], values, given }) => {
    const path = findWeights(host.files, run), model = loadAnyModel(host.files, path);
    for (const warning of model.warnings) host.terminal.note(warning);
    checkApplicable(path, model, given);
    checkTogether(given);
    const { corpus, build, json } = values, start = host.now();
    const report = isCaptioner(model)
      ? await evaluateCaptions({ path, model, ...values }, host)
      : "alphabet" in model
      ? await evaluateText({ path, model, corpus, build }, host)
      : await evaluateOnStrings(path, model, values, host);
    if (typeof report === "number") return report;
    const seconds = (host.now() - start) / 1000;
    for (const line of report.lines) host.terminal.print(line);
    host.terminal.note(`Evaluated in ${durationText(seconds)}`);
    if (json) host.terminal.print(JSON.stringify({ ...report.summary, seconds }));
    return 0;
  });
}

/** The options that apply to some networks only, by what these are for. */
const OPTIONS_OF = {
  "a task on strings": [
    "lengths",
    "everyLength",
    "everyDepth",
    "stringsFrom",
    "strings",
    "task",
    "seed",
  ],
  "text": ["corpus"],
  "images": ["images", "seed"],
} as const;

/** Refuses options of networks of another kind. */
function checkApplicable(path: string, model: AnyModel, given: ReadonlySet<string>): void {
  const [own, title]: [keyof typeof OPTIONS_OF, string] = isCaptioner(model)
    ? ["images", "images"]
    : "alphabet" in model
    ? ["text", "text"]
    : ["a task on strings", model.task.title];
  const accepted: readonly string[] = OPTIONS_OF[own];
  for (const [purpose, names] of Object.entries(OPTIONS_OF)) {
    const other = names.find((name) => given.has(name) && !accepted.includes(name));
    if (other === undefined) continue;
    const wanted = `a network for ${purpose} for ${flagOf(other)}`;
    throw new UserError(`evaluate ${path}`, wanted, `one for ${title}`);
  }
}

/** Options that say which strings, and those that may not stand beside them. */
const EXCLUDED: Readonly<Record<string, readonly string[]>> = {
  stringsFrom: ["lengths", "everyLength", "everyDepth", "strings", "seed"],
  everyLength: ["lengths", "everyDepth"],
  everyDepth: ["lengths"],
};

/** Refuses options that contradict each other. */
function checkTogether(given: ReadonlySet<string>): void {
  for (const [one, excluded] of Object.entries(EXCLUDED)) {
    const other = given.has(one) && excluded.find((name) => given.has(name));
    if (!other) continue;
    throw new UserError("evaluate", `${flagOf(one)} without ${flagOf(other)}`, "both");
  }
}

function testSet(
  { strings: given, lengths: text, seed }: Omit<ValuesOf<typeof COMMAND["options"]>, "task">,
  { lengths: { test } }: Task,
): PairSet {
  const strings = given ?? STRINGS, lengths = text === null ? test : parseLengthRange(text)!;
  if (strings * lengths.longest > MAX_CHARACTERS) {
    const wanted = `--strings times the longest of --lengths to be at most ${MAX_CHARACTERS}`;
    throw new UserError("evaluate", wanted, String(strings * lengths.longest));
  }
  return { strings, lengths, seed, purpose: "test" };
}

async function evaluateOnStrings(
  path: string,
  model: StringsModel,
  { task: name, ...values }: ValuesOf<typeof COMMAND["options"]>,
  host: CommandHost,
): Promise<EvaluationReport | StopCode> {
  const task = taskOf(path, model, name), sets = readTestStrings(task, values, host.files);
  if (sets) {
    return await evaluateEach({ path, model, task, name, sets, build: values.build }, host);
  }
  const set = testSet(values, task);
  const job: EvaluateJob = { path, task: name, set, build: values.build };
  const total = countText(set.strings);
  const position = ({ answered } = { answered: 0 }) => `${countText(answered)} of ${total} strings`;
  const evaluation = await evaluateInWorker<EvaluationProgress, Evaluation>(
    { kind: "evaluate", job, position },
    host,
  );
  if (typeof evaluation === "number") return evaluation;
  const answered = { task, shape: model.shape };
  const lines = evaluationTable(evaluation, answered, set);
  return { lines, summary: evaluationSummary(evaluation, answered, job) };
}

/**
 * Creates the handlers of evaluation jobs.
 *
 * @param files The file system with the weights.
 * @param now A clock in milliseconds.
 * @returns `evaluate`, which returns the scores of an {@linkcode EvaluateJob}, or null if a stop is requested; `evaluate each`,
 * `evaluate text` and `evaluate captions`.
 */
export function evaluateHandlers(
  files: Files,
  now: () => number = () => performance.now(),
): JobHandlers {
  type OnProgress = (progress: EvaluationProgress) => void;
  function evaluate(job: EvaluateJob, onProgress: OnProgress): Evaluation {
    const { path, set, build } = job, model = loadStringsModel(files, path);
    const task = taskOf(path, model, job.task);
    return useModel(path, () => {
      const threads = threadsThatPay(model.shape.hidden, navigator.hardwareConcurrency);
      const network = createAnsweringNetwork(model, { build, threads });
      try {
        return evaluateNetwork(network, task, set, onProgress);
      } finally {
        network.close();
      }
    });
  }
  return {
    evaluate: evaluationHandler(evaluate, now),
    "evaluate each": evaluateEachHandler(files, now),
    "evaluate text": evaluateTextHandler(files, now),
    "evaluate captions": evaluateCaptionsHandler(files, now),
  };
}

/**
 * Writes the scores of a network as a table.
 *
 * @param evaluation The scores.
 * @param model The network.
 * @param set The strings on which it was evaluated.
 * @returns The lines.
 */
export function evaluationTable(
  { strict, published, perToken }: Evaluation,
  { task }: Pick<StringsModel, "task">,
  { strings, lengths: { shortest, longest }, seed }: PairSet,
): string[] {
  const range = shortest === longest
    ? countText(shortest)
    : `${countText(shortest)} to ${countText(longest)}`;
  const different = countText(task.vocabulary.characters), noun = symbolNoun(task.vocabulary);
  const set = `${countText(strings)} test ${strings === 1 ? "string" : "strings"} of ${range} ` +
    `${noun}, seed ${seed}, ${different} different ${noun}`;
  return [
    `${task.title}: ${set}`,
    "",
    "                        coarse    fine  right in full",
    row("strict", strict),
    // That code decodes on its own output; without it, there is nothing to count in another way.
    ...(task.autoregressive ? [row("as in Flamant 2019", published)] : []),
    "",
    `per-token accuracy      ${scoreText(perToken)}`,
  ];
}

function row(name: string, { strings, exact, coarse, fine }: Scores): string {
  const counts = `${countText(exact)} of ${countText(strings)}`;
  return `${name.padEnd(22)}  ${scoreText(coarse)}  ${scoreText(fine)}  ${counts}`;
}

/**
 * Collects the scores of a network for a line of JSON.
 *
 * @param evaluation The scores.
 * @param model The network.
 * @param job The weights file and the strings.
 * @returns The scores, as plain data.
 */
export function evaluationSummary(
  { strict, published, perToken }: Evaluation,
  { task, shape }: Pick<StringsModel, "task" | "shape">,
  { path, set: { strings, lengths, seed } }: EvaluateJob,
): EvaluationReport["summary"] {
  return {
    weights: path,
    task: task.name,
    shape,
    characters: task.vocabulary.characters,
    lengths,
    strings,
    seed,
    exact: strict.exact,
    coarse: strict.coarse,
    fine: strict.fine,
    perToken,
    published: { exact: published.exact, coarse: published.coarse, fine: published.fine },
  };
}

if (import.meta.main) {
  enterCallerFolder();
  Deno.exit(await evaluateCommand(Deno.args, createProcessHost()));
}
