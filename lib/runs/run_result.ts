/**
 * The result of a run: `result.json` in its folder, and the check of one that is read back, which may be another run's.
 *
 * @module
 */
import { type Files, join, readableJson, writeAtomically } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import type { RunConfig } from "./checkpoint.ts";
import { VERSION } from "./environment.ts";
import type { Measures, Metrics, OutcomeSummary, SetScores } from "./run.ts";

/** The file with the result. */
export const RESULT_FILE = "result.json";

/** The result of a run that has ended. */
export interface RunResult extends RunConfig {
  /** The version of this project. */
  readonly version: string;
  readonly success: boolean;
  readonly iteration: number;
  readonly seconds: number;
  /** The last measurements; null if the run diverged before the first. */
  readonly metrics: Metrics | null;
  /** The scores, if the experiment has any. */
  readonly summary?: OutcomeSummary;
  /** What was measured at the end, if the experiment has such measures. */
  readonly measures?: Measures;
  /** The message of the divergence that ended the run, if there was one. */
  readonly diverged?: string;
}

/**
 * Saves the result of a run.
 *
 * @param files The file system.
 * @param path The run folder.
 * @param result The result.
 * @throws {UserError} If it cannot be written.
 */
export function saveResult(files: Files, path: string, result: RunResult): void {
  writeAtomically(files, join(path, RESULT_FILE), readableJson(result));
}

/**
 * Reads the result of a run, and checks that it is a whole one of this run and this version.
 *
 * @param files The file system.
 * @param path The run folder.
 * @param config The experiment and the settings of the run.
 * @returns The result; undefined if the run has not ended.
 * @throws {UserError} If the result is damaged, edited, or that of another run or version.
 */
export function readResult(files: Files, path: string, config: RunConfig): RunResult | undefined {
  const file = join(path, RESULT_FILE);
  if (files.kindOf(file) === "nothing") return undefined;
  const stored = parse(files.readText(file));
  const fault = faultOf(stored, config);
  if (fault === undefined) return stored as unknown as RunResult;
  const wanted = `the result of this run and version ${VERSION} (or none: then it is resumed)`;
  throw new UserError(`read ${file}`, wanted, fault);
}

function parse(text: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(text) };
  } catch {
    return {};
  }
}

/** Says what is wrong with a stored result; undefined if nothing is. */
function faultOf(stored: Record<string, unknown>, config: RunConfig): string | undefined {
  const { version, experiment, settings, success, iteration, seconds } = stored;
  if (experiment === undefined || settings === undefined) return "something else";
  if (version !== VERSION) return `one of version ${version ?? "unknown"}`;
  if (experiment !== config.experiment) return `one of the experiment ${experiment}`;
  if (Object(settings).seed !== config.settings.seed) return `one of seed ${Object(settings).seed}`;
  if (JSON.stringify(settings) !== JSON.stringify(config.settings)) return "one of other settings";
  const faulty = Object.entries({
    success: typeof success === "boolean",
    iteration: isCount(iteration),
    seconds: isNotNegative(seconds),
    metrics: isMetrics(stored.metrics, iteration),
    summary: stored.summary === undefined || isSummary(stored.summary),
    measures: stored.measures === undefined || isMeasures(stored.measures),
    diverged: stored.diverged === undefined || typeof stored.diverged === "string",
  }).find(([, isRight]) => !isRight);
  return faulty &&
    `a damaged one (${faulty[0]} is ${JSON.stringify(stored[faulty[0]]) ?? "missing"})`;
}

function isNotNegative(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && Number.isFinite(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && isNotNegative(value);
}

/** Measurements are never later than the end. */
function isMetrics(value: unknown, end: unknown): boolean {
  if (value === null) return true;
  const { iteration, error } = Object(value);
  return isCount(iteration) && iteration <= Number(end) && Number.isFinite(error);
}

function isMeasures(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every(Number.isFinite);
}

function isSummary(value: unknown): boolean {
  const { strings, recipe, scores } = Object(value);
  return isCount(strings) && Object(recipe) === recipe && Array.isArray(scores) &&
    scores.every(isSetScores);
}

function isSetScores(value: unknown): boolean {
  const { purpose, lengths, strings, exact, coarse, fine }: SetScores = Object(value);
  return typeof purpose === "string" && typeof lengths === "string" && isCount(strings) &&
    isCount(exact) && exact <= strings && coarse === exact / strings && isNotNegative(fine) &&
    fine <= 1;
}
