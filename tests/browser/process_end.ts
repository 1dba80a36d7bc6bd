/**
 * Whether and when other programs end.
 *
 * @module
 */
import { pause } from "./waiting.ts";

/** Seconds that a program has for ending by itself. */
const GRACE = 60;

/** Whether a program has ended by now. */
export function hasEnded({ status }: Deno.ChildProcess): Promise<boolean> {
  return Promise.race([status.then(() => true), pause(0).then(() => false)]);
}

/** Waits for the end of a program that was asked to end, and ends it if that takes too long. */
export async function endOf(process: Deno.ChildProcess): Promise<void> {
  let isOver = false;
  process.status.then(() => isOver = true);
  const deadline = performance.now() + 1000 * GRACE;
  while (!isOver && performance.now() < deadline) await pause(50);
  if (!isOver) process.kill("SIGKILL");
  await process.status;
}
