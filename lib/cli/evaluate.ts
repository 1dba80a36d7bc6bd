/**
 * `deno task evaluate`: scores a trained network on test strings.
 *
 * @module
 */
import "@/io/require_deno.ts";
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { createStepper } from "@/engine/stepper.ts";
import { threadsThatPay } from "@/engine/worker_pool.ts";
import { enterCallerFolder } from "@/io/caller_folder.ts";
import type { Files } from "@/io/files.ts";
import type { StopCode } from "@/io/signals.ts";
import { countText, durationText } from "@/io/number_format.ts";
import { UserError } from "@/io/user_error.ts";
import { type Command, EXIT_CODES } from "@/options/command.ts";
import { flag, integer, lengthRange, parseLengthRange } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { BUILD_OPTION, SEED_OPTION } from "@/options/settings.ts";
import { Stopped } from "@/runs/run.ts";
import { type JobContext, type JobHandlers, withStopFlag } from "@/runs/worker.ts";
import { type Scores, scoreText } from "@/tasks/scores.ts";
import type { PairSet } from "@/tasks/streams.ts";
import { symbolNoun } from "@/tasks/text.ts";
import {
  evaluateNetwork,
  type Evaluation,
  type EvaluationProgress,
} from "@/training/evaluation.ts";
import {
  findWeights,
  loadTrainedModel,
  type TrainedModel,
  useModel,
} from "@/weights/trained_model.ts";
import { type CommandHost, createProcessHost } from "./host.ts";
import { createProgressBar } from "./progress.ts";

/** The command. */
export const COMMAND = {
  action: "evaluate",
  summary: "Evaluates a trained network on test strings.",
  usage: ["deno task evaluate RUN [options]"],
  words: {
    name: "RUN",
    description: "a run folder (its best weights are used) or a .safetensors file",
    minimum: 1,
    maximum: 1,
    wanted: "one run folder or weights file",
  },
  options: {
    lengths: lengthRange({
      default: null,
      defaultText: "those of the task's tests",
      description: "number of characters or words in a string",
    }),
    strings: integer({ default: 1000, minimum: 1, maximum: 1e6, description: "number of strings" }),
    seed: SEED_OPTION,
    build: BUILD_OPTION,
    json: flag({ description: "print the scores as one line of JSON at the end" }),
  },
  notes: [
    "The network decodes greedily: each symbol that it writes is its next input. An answer ends at",
    "the network's own terminator, or when it is too long. In a task with blanks, or with answers among",
    "its inputs, it writes wherever it is asked. Scores: coarse is the share of answers that are entirely",
    "right, terminator included (exact match); fine is the mean share of symbols before the first error",
    "(prefix accuracy); the per-token accuracy counts symbols after an error, too.",
  ],
  exitCodes: { 75: EXIT_CODES[75], 130: EXIT_CODES[130] },
} satisfies Command;

/** The maximum number of characters of all strings together, which are drawn before the first is answered. */
const MAX_CHARACTERS = 1e8;

/** A network, and the strings to evaluate it on. */
export interface EvaluateJob {
  /** The weights file. */
  readonly path: string;
  readonly set: PairSet;
  readonly build: KernelBuild;
}

/**
 * Runs the command.
 *
 * @param words The arguments of the command line.
 * @param host The files, terminal, clock, signals and workers to use.
 * @returns The exit code, see {@linkcode EXIT_CODES}.
 */
export function evaluateCommand(words: readonly string[], host: CommandHost): Promise<number> {
  return runCommand(COMMAND, words, host.terminal, async ({ words: [run], values }) => {
    const { strings, seed, build, json } = values;
    const path = findWeights(host.files, run), model = loadTrainedModel(host.files, path);
    const { test } = model.task.lengths;
    const lengths = values.lengths === null ? test : parseLengthRange(values.lengths)!;
    if (strings * lengths.longest > MAX_CHARACTERS) {
      const wanted = `--strings times the longest of --lengths to be at most ${MAX_CHARACTERS}`;
      throw new UserError("evaluate", wanted, String(strings * lengths.longest));
    }
    for (const warning of model.warnings) host.terminal.note(warning);
    const set = { strings, lengths, seed, purpose: "test" } as const, start = host.now();
    const evaluation = await evaluateInWorker({ path, set, build }, host);
    if (typeof evaluation === "number") return evaluation;
    const seconds = (host.now() - start) / 1000;
    for (const line of evaluationTable(evaluation, model, set)) host.terminal.print(line);
    host.terminal.note(`Evaluated in ${durationText(seconds)}`);
    if (json) {
      const summary = evaluationSummary(evaluation, model, { path, set, build }, seconds);
      host.terminal.print(JSON.stringify(summary));
    }
    return 0;
  });
}

/** Evaluates in a worker; returns the exit code if a stop was requested. */
async function evaluateInWorker(
  job: EvaluateJob,
  host: CommandHost,
): Promise<Evaluation | StopCode> {
  return await withStopFlag(host, async (stop) => {
    const worker = host.startWorker(stop), total = countText(job.set.strings);
    const progress = createProgressBar(host.terminal, "Evaluating", host.now);
    let position = `0 of ${total} strings`;
    host.terminal.note(`Evaluating ${job.path}`);
    const show = ({ answered, share }: EvaluationProgress) => {
      position = `${countText(answered)} of ${total} strings`;
      progress.show({ share, details: [position] });
    };
    try {
      const scores = await worker.run<EvaluateJob, EvaluationProgress, Evaluation | null>(
        "evaluate",
        job,
        show,
      );
      if (scores) return scores;
    } finally {
      progress.end();
      worker.close();
    }
    host.terminal.note(`Stopped after ${position}; no scores`);
    return "stopped";
  });
}

/** The time between two progress messages, in milliseconds. */
const REPORT_INTERVAL_MS = 50;

/**
 * Creates the handler of evaluation jobs.
 *
 * @param files The file system with the weights.
 * @param now A clock in milliseconds.
 * @returns `evaluate`, which returns the scores of an {@linkcode EvaluateJob}, or null if a stop is requested.
 */
export function evaluateHandlers(
  files: Files,
  now: () => number = () => performance.now(),
): JobHandlers {
  function evaluate({ path, set, build }: EvaluateJob, { stop, report }: JobContext) {
    const { task, shape, parameters } = loadTrainedModel(files, path);
    let reportedAt = -Infinity;
    const onProgress = (progress: EvaluationProgress) => {
      if (stop.requested) throw new Stopped();
      const time = now();
      if (time - reportedAt < REPORT_INTERVAL_MS && progress.share < 1) return;
      reportedAt = time;
      report(progress);
    };
    try {
      return useModel(path, () => {
        const threads = threadsThatPay(shape.hidden, navigator.hardwareConcurrency);
        const network = createStepper(shape, parameters, { build, threads });
        try {
          return evaluateNetwork(network, task, set, onProgress);
        } finally {
          network.close();
        }
      });
    } catch (error) {
      if (error instanceof Stopped) return null;
      throw error;
    }
  }
  return { evaluate };
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
  { task }: Pick<TrainedModel, "task">,
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
 * @param seconds The time that the evaluation took.
 * @returns The scores, as plain data.
 */
export function evaluationSummary(
  { strict, published, perToken }: Evaluation,
  { task, shape }: Pick<TrainedModel, "task" | "shape">,
  { path, set: { strings, lengths, seed } }: EvaluateJob,
  seconds: number,
): object {
  return {
    weights: path,
    task: task.name,
    shape,
    characters: task.vocabulary.characters,
    lengths,
    strings,
    seed,
    seconds,
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
