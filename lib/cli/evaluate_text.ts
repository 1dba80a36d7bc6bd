/**
 * The evaluation of a network for text: bits per symbol and perplexity of a text.
 *
 * @module
 */
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { createStepper } from "@/engine/stepper.ts";
import { threadsThatPay } from "@/engine/worker_pool.ts";
import type { Files } from "@/io/files.ts";
import { countText, measureText } from "@/io/number_format.ts";
import type { StopCode } from "@/io/signals.ts";
import { UserError } from "@/io/user_error.ts";
import type { JobHandler } from "@/runs/worker.ts";
import { encodeText } from "@/text/alphabet.ts";
import { readCorpus } from "@/text/corpus.ts";
import { bitsPerSymbol, perplexityOf } from "@/text/text_score.ts";
import { readTextOfWeights } from "@/training/run_text.ts";
import { scoredStreams } from "@/training/text_run.ts";
import { type LoadedTextModel, loadTextModel } from "@/weights/text_model.ts";
import { useModel } from "@/weights/trained_model.ts";
import { evaluateInWorker, evaluationHandler, type EvaluationShare } from "./evaluation_job.ts";
import type { CommandHost } from "./host.ts";

/** A network, and the symbols of the text to evaluate it on. */
export interface EvaluateTextJob {
  /** The weights file. */
  readonly path: string;
  readonly text: Int32Array;
  readonly build: KernelBuild;
}

/** What is evaluated, and on which text. */
export interface TextEvaluation {
  /** The weights file. */
  readonly path: string;
  readonly model: LoadedTextModel;
  /** The name of a corpus or the path of a file; null for the part that the run has held out. */
  readonly corpus: string | null;
  readonly build: KernelBuild;
}

/** Scores as lines of a table, and as plain data for a line of JSON. */
export interface EvaluationReport {
  readonly lines: readonly string[];
  readonly summary: Readonly<Record<string, unknown>>;
}

/**
 * Evaluates a network on a text.
 *
 * @param evaluation The network and the text.
 * @param host The files, terminal, clock, signals and workers to use.
 * @returns The scores, or the exit code if a stop was requested.
 * @throws {UserError} If the text cannot be read, is too short or has a character that the network does not know.
 */
export async function evaluateText(
  { path, model, corpus: named, build }: TextEvaluation,
  host: CommandHost,
): Promise<EvaluationReport | StopCode> {
  const { text, corpus, part } = textToScore(path, model, named, host.files);
  const { shape, alphabet: { unit } } = model, total = `${countText(text.length)} ${unit}`;
  const job: EvaluateTextJob = { path, text, build };
  const position = ({ share } = { share: 0 }) =>
    `${countText(Math.floor(share * text.length))} of ${total}`;
  const scored = await evaluateInWorker<EvaluationShare, { readonly bits: number }>(
    { kind: "evaluate text", job, position },
    host,
  );
  if (typeof scored === "number") return scored;
  const { bits } = scored, perplexity = perplexityOf(bits), name = `bits per ${unit.slice(0, -1)}`;
  const lines = [
    `text: ${part} ${total} of ${corpus}`,
    "",
    `${name}  ${bits.toFixed(3)}`,
    `${"perplexity".padEnd(name.length)}  ${measureText(perplexity)}`,
  ];
  const scores = { corpus, unit, symbols: text.length, bits, perplexity };
  return { lines, summary: { weights: path, task: "text", shape, ...scores } };
}

/** The symbols to score a network on, and which part of which corpus they are. */
function textToScore(
  path: string,
  { alphabet, metadata }: LoadedTextModel,
  corpus: string | null,
  files: Files,
): { text: Int32Array; part: string; corpus: string } {
  if (corpus === null && !metadata.has("settings")) {
    const wanted = "--corpus, or the settings of a run in the metadata";
    throw new UserError(`evaluate ${path}`, wanted, "none");
  }
  if (corpus === null) {
    const { text, corpus } = readTextOfWeights(`evaluate ${path}`, metadata, files);
    return { text: text.validation, part: "the last", corpus };
  }
  const action = `evaluate on ${corpus}`;
  const text = encodeText(alphabet, readCorpus(corpus, files), action);
  if (text.length > 1) return { text, part: "all", corpus };
  throw new UserError(action, `a text of at least 2 ${alphabet.unit}`, String(text.length));
}

/**
 * Creates the handler of evaluations on text.
 *
 * @param files The file system with the weights.
 * @param now A clock in milliseconds.
 * @returns The handler of an {@linkcode EvaluateTextJob}; it returns the bits per symbol, or null if a stop is requested.
 */
export function evaluateTextHandler(files: Files, now: () => number): JobHandler {
  return evaluationHandler(
    ({ path, text, build }: EvaluateTextJob, onProgress: (progress: EvaluationShare) => void) => {
      const { shape, parameters } = loadTextModel(files, path);
      return useModel(path, () => {
        const threads = threadsThatPay(shape.hidden, navigator.hardwareConcurrency);
        const network = createStepper(shape, parameters, { build, threads });
        const onShareDone = (share: number) => onProgress({ share });
        const streams = scoredStreams(text.length);
        try {
          return { bits: bitsPerSymbol(network, shape.symbols, text, { streams, onShareDone }) };
        } finally {
          network.close();
        }
      });
    },
    now,
  );
}
