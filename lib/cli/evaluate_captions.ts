/**
 * The evaluation of a captioner: exact captions of test images, and where it looked for each word.
 *
 * @module
 */
import { createCaptionerEngine } from "@/engine/captioner_engine.ts";
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import type { Files } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import type { StopCode } from "@/io/signals.ts";
import type { JobHandler } from "@/runs/worker.ts";
import { type ScoredSet, scoreTestImages, shareLine } from "@/training/caption_run.ts";
import { scoreTable } from "@/training/outcome.ts";
import { loadCaptioner, type LoadedCaptioner } from "@/weights/caption_model.ts";
import { useModel } from "@/weights/trained_model.ts";
import type { EvaluationReport } from "./evaluate_text.ts";
import { evaluateInWorker, evaluationHandler, type EvaluationShare } from "./evaluation_job.ts";
import type { CommandHost } from "./host.ts";

/** A captioner, and the images to evaluate it on. */
export interface EvaluateCaptionsJob {
  /** The weights file. */
  readonly path: string;
  readonly images: number;
  readonly seed: number;
  readonly build: KernelBuild;
}

/**
 * Evaluates a captioner on test images.
 *
 * @param evaluation The network and the images.
 * @param host The files, terminal, clock, signals and workers to use.
 * @returns The scores, or the exit code if a stop was requested.
 */
export async function evaluateCaptions(
  { path, model: { shape }, images, seed, build }: EvaluateCaptionsJob & {
    readonly model: LoadedCaptioner;
  },
  host: CommandHost,
): Promise<EvaluationReport | StopCode> {
  const job: EvaluateCaptionsJob = { path, images, seed, build };
  const position = ({ share } = { share: 0 }) =>
    `${countText(Math.floor(2 * images * share))} of ${countText(2 * images)} images`;
  const sets = await evaluateInWorker<EvaluationShare, readonly ScoredSet[]>(
    { kind: "evaluate captions", job, position },
    host,
  );
  if (typeof sets === "number") return sets;
  const lines = [
    `captions: ${countText(images)} test images of each kind, seed ${seed}`,
    "",
    ...scoreTable(sets.map(({ scores }) => scores), "images"),
    ...sets.flatMap(({ scores, cellShares }) =>
      cellShares ? ["", `${scores.purpose}: ${shareLine(cellShares)}`] : []
    ),
  ];
  return { lines, summary: { weights: path, task: "captions", shape, seed, sets } };
}

/**
 * Creates the handler of evaluations on images.
 *
 * @param files The file system with the weights.
 * @param now A clock in milliseconds.
 * @returns The handler of an {@linkcode EvaluateCaptionsJob}; it returns the scores, or null if a stop is requested.
 */
export function evaluateCaptionsHandler(files: Files, now: () => number): JobHandler {
  return evaluationHandler(
    (
      { path, images, seed, build }: EvaluateCaptionsJob,
      onProgress: (progress: EvaluationShare) => void,
    ) => {
      const { shape, parameters } = loadCaptioner(files, path);
      return useModel(path, () => {
        const engine = createCaptionerEngine(shape, { build });
        try {
          engine.setParameters(parameters);
          return scoreTestImages(engine, seed, images, (share) => onProgress({ share }));
        } finally {
          engine.close();
        }
      });
    },
    now,
  );
}
