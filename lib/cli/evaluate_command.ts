/**
 * What `deno task evaluate` does.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { firstStrings } from "@/tasks/reversal_streams.ts";
import { BadInput } from "@/training/bad_input.ts";
import type { Files } from "@/training/files.ts";
import { evaluationSteps, type ReversalEvaluation } from "@/training/reversal_evaluation.ts";
import {
  answering,
  loadTrainedModel,
  type TrainedModel,
  weightsOfRun,
} from "@/training/trained_model.ts";
import { EVALUATE_HELP, type EvaluateRequest, readEvaluateRequest } from "./evaluate_request.ts";
import { evaluationSummary, evaluationTable } from "./evaluation_table.ts";
import { openProgress } from "./progress_display.ts";
import { countText, durationText } from "./readable_numbers.ts";
import type { Terminal } from "./terminal.ts";

/** The world around the command. */
export interface EvaluateHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** A clock in milliseconds. */
  now(): number;
  /** Lets signals in. */
  pause(): Promise<void>;
  /** Calls `listener` at Ctrl-C, until the function that it returns is called. */
  onInterrupt(listener: () => void): () => void;
}

/** How long the command may be deaf to signals, in milliseconds. */
const DEAF_MS = 50;

/**
 * Runs the command.
 *
 * @param line The command line, without the command.
 * @param host The world around it.
 * @returns The exit code: 0 done, 2 wrong input, 130 stopped by Ctrl-C.
 */
export async function evaluateCommand(
  line: readonly string[],
  host: EvaluateHost,
): Promise<number> {
  const { terminal, files } = host;
  try {
    const request = readEvaluateRequest(line);
    if (request === "help") {
      EVALUATE_HELP.forEach((line) => terminal.print(line));
      return 0;
    }
    const path = weightsOfRun(files, request.run), model = loadTrainedModel(files, path);
    const began = host.now(), scores = await evaluate(model, path, request, host);
    if (!scores) return 130;
    const seconds = (host.now() - began) / 1000;
    evaluationTable(scores, model, request).forEach((line) => terminal.print(line));
    terminal.note(`Answered in ${durationText(seconds)}`);
    if (!request.json) return 0;
    terminal.print(JSON.stringify(evaluationSummary(scores, model, path, request, seconds)));
    return 0;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    terminal.note(error.message);
    return 2;
  }
}

/** The scores, or nothing if there was a Ctrl-C. */
async function evaluate(
  model: TrainedModel,
  path: string,
  { strings, seed, lengths, build }: EvaluateRequest,
  host: EvaluateHost,
): Promise<ReversalEvaluation | undefined> {
  const drawn = firstStrings(strings, seed, "test", model.symbols, lengths);
  const network = answering(path, () => createStepper(model.shape, model.parameters, build));
  const steps = evaluationSteps(network, model.symbols, drawn);
  const progress = openProgress(host.terminal, "Evaluating", host.now);
  let stopped = false, pausedAt = host.now(), where = "";
  const forget = host.onInterrupt(() => stopped = true);
  host.terminal.note(`Evaluating ${path}`);
  try {
    while (!stopped) {
      const next = answering(path, () => steps.next());
      if (next.done) return next.value;
      const { answered, share } = next.value;
      if (host.now() - pausedAt < DEAF_MS && share < 1) continue;
      where = `${countText(answered)} of ${countText(strings)} strings`;
      progress.show({ share, details: [where] });
      await host.pause();
      pausedAt = host.now();
    }
  } finally {
    forget();
    progress.end();
  }
  host.terminal.note(`Stopped by Ctrl-C after ${where}; there are no scores`);
}
