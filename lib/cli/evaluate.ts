/**
 * `deno task evaluate`: scores a trained network on test strings.
 *
 * @module
 */
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { createStepper } from "@/engine/stepper.ts";
import type { Files } from "@/io/files.ts";
import { countText, durationText } from "@/io/readable_numbers.ts";
import { UserError } from "@/io/user_error.ts";
import { type Command, EXIT_CODES } from "@/options/command.ts";
import { choice, flag, integer, lengthRange, parseLengthRange } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { SEED_OPTION } from "@/options/settings.ts";
import { Stopped } from "@/runs/run.ts";
import type { JobContext, JobHandlers } from "@/runs/worker.ts";
import type { Scores } from "@/tasks/scores.ts";
import type { PairSet } from "@/tasks/streams.ts";
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
} from "@/weights/model_file.ts";
import { type CommandHost, processHost, stoppable } from "./host.ts";
import { openProgress } from "./progress.ts";

const COMMAND = {
  action: "evaluate",
  summary: "Lets a trained network answer strings of the test stream, and scores its answers.",
  usage: ["deno task evaluate RUN [options]"],
  words: {
    name: "RUN",
    description: "a run folder, whose best weights are used, or a .safetensors file",
    minimum: 1,
    maximum: 1,
    wanted: "one run folder or weights file",
  },
  options: {
    lengths: lengthRange({ default: "65..128", description: "characters in a string" }),
    strings: integer({ default: 1000, minimum: 1, maximum: 1e6, description: "how many strings" }),
    seed: SEED_OPTION,
    build: choice({
      choices: ["relaxed", "strict"],
      default: "relaxed",
      description: "kernels: the faster ones, or those that give the same bits on every machine",
    }),
    json: flag({ description: "end with the scores as one line of JSON" }),
  },
  notes: [
    "The network writes by itself, fed at each step what it wrote at the last one, until its own",
    "terminator or until its answer is too long. coarse is the share of answers that are right in",
    "full, terminator included (exact match); fine is the mean share of symbols before the first",
    "error (prefix accuracy).",
  ],
  exitCodes: { 130: EXIT_CODES[130] },
} satisfies Command;

/** All sources are drawn before the first is answered. */
const MOST_CHARACTERS = 1e8;

/** Which network, on which strings. */
export interface EvaluateJob {
  /** A weights file. */
  readonly path: string;
  readonly set: PairSet;
  readonly build: KernelBuild;
}

/**
 * Runs the command.
 *
 * @param words The command line, without the command.
 * @param host The world around it.
 * @returns The exit code: 0 done, 2 wrong input, 130 stopped.
 */
export function evaluateCommand(words: readonly string[], host: CommandHost): Promise<number> {
  return runCommand(COMMAND, words, host.terminal, async ({ words: [run], values }) => {
    const { strings, seed, build, json } = values, lengths = parseLengthRange(values.lengths)!;
    if (strings * lengths.longest > MOST_CHARACTERS) {
      const wanted = `--strings times the longest of --lengths to be at most ${MOST_CHARACTERS}`;
      throw new UserError("evaluate", wanted, String(strings * lengths.longest));
    }
    const path = findWeights(host.files, run), model = loadTrainedModel(host.files, path);
    const set = { strings, lengths, seed, purpose: "test" } as const, began = host.now();
    const evaluation = await evaluateInWorker({ path, set, build }, host);
    if (!evaluation) return 130;
    const seconds = (host.now() - began) / 1000;
    for (const line of evaluationTable(evaluation, model, set)) host.terminal.print(line);
    host.terminal.note(`Answered in ${durationText(seconds)}`);
    if (json) {
      const summary = evaluationSummary(evaluation, model, { path, set, build }, seconds);
      host.terminal.print(JSON.stringify(summary));
    }
    return 0;
  });
}

/** The scores, or nothing if a stop was requested. */
async function evaluateInWorker(
  job: EvaluateJob,
  host: CommandHost,
): Promise<Evaluation | undefined> {
  return await stoppable(host, async (stop) => {
    const worker = host.startWorker(stop), total = countText(job.set.strings);
    const progress = openProgress(host.terminal, "Evaluating", host.now);
    let where = `0 of ${total} strings`;
    host.terminal.note(`Evaluating ${job.path}`);
    const show = ({ answered, share }: EvaluationProgress) => {
      where = `${countText(answered)} of ${total} strings`;
      progress.show({ share, details: [where] });
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
    host.terminal.note(`Stopped after ${where}; there are no scores`);
  });
}

/** The time between two progress reports, in milliseconds. */
const REPORT_INTERVAL_MS = 50;

/**
 * The handler of evaluations, for a worker.
 *
 * @param files Where weights are.
 * @param now A clock in milliseconds.
 * @returns `evaluate`: gives the scores of an {@linkcode EvaluateJob}, null once a stop is requested.
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
        const network = createStepper(shape, parameters, build);
        return evaluateNetwork(network, task, set, onProgress);
      });
    } catch (error) {
      if (error instanceof Stopped) return null;
      throw error;
    }
  }
  return { evaluate };
}

/**
 * A score in four digits; 1 and 0 only for what is exactly so.
 *
 * @example One mistake in a hundred thousand is a mistake.
 * ```ts
 * import { scoreText } from "@/cli/evaluate.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 0.99999, 0.5, 0].map(scoreText), ["1.0000", "0.9999", "0.5000", "0.0000"]);
 * ```
 * @param score From 0 to 1.
 * @returns Its digits.
 */
export function scoreText(score: number): string {
  const bound = score < 1 ? 0.9999 : 1;
  return Math.max(score > 0 ? 0.0001 : 0, Math.min(bound, score)).toFixed(4);
}

/**
 * The scores of a network, as a small table.
 *
 * @param evaluation The scores.
 * @param model The network.
 * @param set Which strings they are of.
 * @returns Lines.
 */
export function evaluationTable(
  { strict, published }: Evaluation,
  { task }: Pick<TrainedModel, "task">,
  { strings, lengths: { shortest, longest }, seed }: PairSet,
): string[] {
  const range = shortest === longest
    ? countText(shortest)
    : `${countText(shortest)} to ${countText(longest)}`;
  const characters = countText(task.vocabulary.characters);
  const set = `${countText(strings)} test ${strings === 1 ? "string" : "strings"} of ${range} ` +
    `characters, seed ${seed}, ${characters} different characters`;
  return [
    `${task.title}: ${set}`,
    "",
    "                        coarse    fine  right in full",
    row("strict", strict),
    row("as published code", published),
  ];
}

function row(name: string, { strings, exact, coarse, fine }: Scores): string {
  const counts = `${countText(exact)} of ${countText(strings)}`;
  return `${name.padEnd(22)}  ${scoreText(coarse)}  ${scoreText(fine)}  ${counts}`;
}

/**
 * The same, as an object for one line of JSON.
 *
 * @param evaluation The scores.
 * @param model The network.
 * @param job Its file, and which strings they are of.
 * @param seconds How long it took.
 * @returns Plain data.
 */
export function evaluationSummary(
  { strict, published }: Evaluation,
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
    published: { exact: published.exact, coarse: published.coarse, fine: published.fine },
  };
}

if (import.meta.main) Deno.exit(await evaluateCommand(Deno.args, processHost()));
