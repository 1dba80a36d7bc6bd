/**
 * The evaluation of a network on strings of every length or depth, or on the strings of a file, each scored on its own.
 *
 * @module
 */
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { threadsThatPay } from "@/engine/worker_pool.ts";
import type { Files } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import type { StopCode } from "@/io/signals.ts";
import type { JobHandler } from "@/runs/worker.ts";
import { scoreText } from "@/tasks/scores.ts";
import type { Task } from "@/tasks/task.ts";
import type { TaskName } from "@/tasks/tasks.ts";
import { symbolNoun } from "@/tasks/text.ts";
import type { EvaluationProgress } from "@/training/evaluation.ts";
import type { EvaluateEachJob } from "@/training/evaluate_jobs.ts";
import { evaluateBySize, type SizeScores } from "@/training/evaluation_by_size.ts";
import type { TestStrings } from "@/training/test_strings.ts";
import { loadStringsModel, type StringsModel } from "@/weights/any_model.ts";
import { useModel } from "@/weights/trained_model.ts";
import { createAnsweringNetwork, taskOf } from "./answering_network.ts";
import type { EvaluationReport } from "./evaluate_text.ts";
import { evaluateInWorker, evaluationHandler } from "./evaluation_job.ts";
import type { CommandHost } from "./host.ts";

/** What is evaluated. */
export interface EachEvaluation {
  /** The weights file. */
  readonly path: string;
  readonly model: Pick<StringsModel, "shape">;
  readonly task: Task;
  /** The name of the task, if it is not the network's own. */
  readonly name: TaskName | null;
  readonly sets: TestStrings;
  readonly build: KernelBuild;
}

/**
 * Evaluates a network size by size.
 *
 * @param evaluation The network and the strings.
 * @param host The files, terminal, clock, signals and workers to use.
 * @returns The scores, or the exit code if a stop was requested.
 */
export async function evaluateEach(
  { path, model, task, name, sets: strings, build }: EachEvaluation,
  host: CommandHost,
): Promise<EvaluationReport | StopCode> {
  const job: EvaluateEachJob = { path, task: name, sets: strings.sets, build };
  const total = countText(strings.sets.reduce((sum, { pairs }) => sum + pairs.length, 0));
  const position = ({ answered } = { answered: 0 }) => `${countText(answered)} of ${total} strings`;
  const scores = await evaluateInWorker<EvaluationProgress, SizeScores[]>(
    { kind: "evaluate each", job, position },
    host,
  );
  if (typeof scores === "number") return scores;
  const { lines, ...figures } = sizesReport(task, strings, scores);
  const summary = { weights: path, task: task.name, shape: model.shape, ...figures };
  return { lines, summary };
}

/**
 * Reports the scores of each size.
 *
 * @param task The task.
 * @param strings Which strings they are.
 * @param scores Of each size.
 * @returns The lines of a table; how many strings there are, how many are right in full, both accuracies; and for each size
 * its strings, its wrong answers and its per-token accuracy.
 */
export function sizesReport(
  { title, vocabulary }: Pick<Task, "title" | "vocabulary">,
  { title: which, noun }: Pick<TestStrings, "title" | "noun">,
  scores: readonly SizeScores[],
) {
  const sum = (of: (scores: SizeScores) => number) => scores.reduce((sum, s) => sum + of(s), 0);
  const strings = sum((each) => each.strings), exact = strings - sum(({ wrong }) => wrong);
  const coarse = exact / strings;
  const perToken = sum((each) => each.perToken * each.strings) / strings;
  const faulty = scores.filter(({ wrong }) => wrong > 0);
  const named = faulty.slice(0, MOST_NAMED).map(({ size, wrong, strings }) =>
    strings === 1 ? countText(size) : `${countText(size)} (${countText(wrong)})`
  );
  const more = faulty.length - named.length;
  const list = [...named, ...(more > 0 ? [`${countText(more)} more`] : [])].join(", ");
  const right = scores.length - faulty.length;
  const sizes = noun === "lines" ? [] : [
    `${noun} without a mistake`.padEnd(PADDING) +
    `${countText(right)} of ${countText(scores.length)}`,
  ];
  const unit = noun === "lengths" ? `, in ${symbolNoun(vocabulary)}` : "";
  const lines = [
    `${title}: ${which}${unit}`,
    "",
    "right in full".padEnd(PADDING) + `${countText(exact)} of ${countText(strings)}`,
    "exact match".padEnd(PADDING) + scoreText(coarse),
    "per-token accuracy".padEnd(PADDING) + scoreText(perToken),
    ...sizes,
    ...(faulty.length > 0 ? ["", `${noun} with mistakes: ${list}`] : []),
  ];
  return { lines, strings, exact, coarse, perToken, sizes: scores };
}

/** Sizes with mistakes that the table names. */
const MOST_NAMED = 40;
/** The width of the names in the table. */
const PADDING = 48;

/**
 * Creates the handler of evaluations size by size.
 *
 * @param files The file system with the weights.
 * @param now A clock in milliseconds.
 * @returns The handler of an {@linkcode EvaluateEachJob}; it returns the scores of each size, or null if a stop is requested.
 */
export function evaluateEachHandler(files: Files, now: () => number): JobHandler {
  return evaluationHandler(
    (
      { path, task: name, sets, build }: EvaluateEachJob,
      onProgress: (progress: EvaluationProgress) => void,
    ) => {
      const model = loadStringsModel(files, path), task = taskOf(path, model, name);
      return useModel(path, () => {
        const threads = threadsThatPay(model.shape.hidden, navigator.hardwareConcurrency);
        const network = createAnsweringNetwork(model, { build, threads });
        try {
          return evaluateBySize(network, task, sets, onProgress);
        } finally {
          network.close();
        }
      });
    },
    now,
  );
}
