/**
 * Text in notebooks.
 *
 * @module
 */
import { isInKernel } from "./display.ts";

/**
 * Milliseconds that a kernel is given to send a text on before the cell may end.
 *
 * Deno 2.9.6 sends what is printed from a thread of its own, and says that a cell has ended without waiting for it;
 * what comes later is lost, or lands below the next cell.
 */
const SEND_MS = 20;

const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Prints lines below the cell that is running, all in one piece: the kernel may lose or misplace what is
 * printed in many.
 *
 * Text is printed as it is, anything else as Deno shows it, without colours.
 *
 * @example One call for a whole cell.
 * ```ts
 * import { print } from "@/jupyter/print.ts";
 *
 * print("the strengths:", [0.8, 0.5]);
 * ```
 * @param lines What to print, each on a line of its own.
 */
export function print(...lines: unknown[]): void {
  const texts = lines.map((line) =>
    typeof line === "string" ? line : Deno.inspect(line, { colors: false, depth: 6 })
  );
  // In a kernel the console is the only way to a cell's output.
  // deno-lint-ignore no-console
  console.log(texts.join("\n"));
  if (isInKernel()) Atomics.wait(clock, 0, 0, SEND_MS); // sleeps, and lets the other thread work
}
