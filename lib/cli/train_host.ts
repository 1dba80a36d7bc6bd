/**
 * All that `deno task train` needs of the world, so that a test can give it another one.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { UserError } from "@/io/user_error.ts";
import type { Experiment } from "@/runs/run.ts";
import type { Files } from "@/io/files.ts";
import type { SeedWorker } from "@/runs/seeds.ts";
import type { Terminal } from "@/io/terminal.ts";

/** The world around the command. */
export interface TrainHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** What can be trained; the first is trained if none is named. */
  readonly experiments: readonly Experiment[];
  /** How many seeds can be trained at a time. */
  readonly cores: number;
  /** A clock in milliseconds. */
  now(): number;
  /** Lets signals and messages in. */
  pause(): Promise<void>;
  /** Calls `listener` at Ctrl-C, until the function that it returns is called. */
  onInterrupt(listener: () => void): () => void;
  /** Starts a thread for one seed at a time. */
  startSeedWorker(): SeedWorker;
  /** Draws a figure as the text of an SVG file. */
  drawFigure(figure: Figure): Promise<string>;
}

/**
 * Does something that can be asked to stop by Ctrl-C.
 *
 * @param host Where signals come from.
 * @param onStop Called at the first Ctrl-C.
 * @param work What to do; it is given a function that tells whether there has been a Ctrl-C.
 * @returns What `work` returns.
 */
export async function interruptible<T>(
  host: TrainHost,
  onStop: () => void,
  work: (stopRequested: () => boolean) => Promise<T>,
): Promise<T> {
  let requested = false;
  const forget = host.onInterrupt(() => {
    requested = true;
    onStop();
  });
  try {
    return await work(() => requested);
  } finally {
    forget();
  }
}

/**
 * How to go on with a run.
 *
 * @example A path with a blank in it is quoted.
 * ```ts
 * import { resumeCommand } from "@/cli/train_host.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(resumeCommand(".runs/a"), "deno task train --resume .runs/a");
 * assertEquals(resumeCommand("my runs/a"), "deno task train --resume 'my runs/a'");
 * ```
 * @param path The run folder.
 * @returns A command line.
 */
export function resumeCommand(path: string): string {
  const word = /^[\w./\\:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  return `deno task train --resume ${word}`;
}

/**
 * Does something with a run whose folder may become unusable while it is being used, as when a disk fills up.
 *
 * @example The error says how to go on.
 * ```ts
 * import { adviseToResume } from "@/cli/train_host.ts";
 * import { UserError } from "@/io/user_error.ts";
 * import { assertRejects } from "@std/assert";
 *
 * const full = new UserError("write a/b", "a place that can be written", '"No space left on device"');
 * const advice = '"No space left on device"; go on with: deno task train --resume a';
 * await assertRejects(() => adviseToResume("a", () => Promise.reject(full)), UserError, advice);
 * ```
 * @param path The run folder, which exists: its last checkpoint is whole.
 * @param work What to do.
 * @returns What `work` returns.
 * @throws {UserError} If `work` throws one: the same, and how to go on if something could not be written.
 */
export async function adviseToResume<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // What is damaged cannot be gone on with; what cannot be written can, once there is room.
    if (!(error instanceof UserError) || !/^(write|start) /.test(error.action)) throw error;
    const { action, wanted, got } = error;
    throw new UserError(action, wanted, `${got}; go on with: ${resumeCommand(path)}`);
  }
}
