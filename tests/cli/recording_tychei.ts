/**
 * Stands in for seedrandom's generator: the same numbers, and a record of every stream that is opened.
 *
 * `opened_streams.ts` is run with an import map that puts it there.
 */
import tychei from "seedrandom/tychei";

/** A stream that was opened. */
export interface OpenedStream {
  readonly seed: string;
  /** The line of the library that asked for it, as `file:line`. */
  readonly opener: string;
  /** Whether it was opened in order to train, or to decide when to stop. */
  readonly forTraining: boolean;
}

/** All streams so far, in their order. */
export const opened: OpenedStream[] = [];

Error.stackTraceLimit = 100;

/** Functions in which a network is trained, and those that decide when to stop. */
const TRAINS = /\b(advance|isOver|trainLearner) /;

function record(seed: string): void {
  const calls = new Error().stack!.split("\n").filter((line) => /\/lib\/.*\.ts:\d+/.test(line));
  const opener = calls.find((line) => !/\/(random|streams)\.ts:/.test(line)) ?? calls[0];
  opened.push({
    seed,
    opener: opener.replace(/^.*\/lib\/(.*\.ts:\d+).*$/, "$1"),
    forTraining: calls.some((line) => TRAINS.test(line)),
  });
}

/** Opens a stream, or restores one, which is no new one. */
export default function recordingTychei(seed: string, options: { readonly state: unknown }) {
  if (options.state === true) record(seed);
  return tychei(seed, options);
}
