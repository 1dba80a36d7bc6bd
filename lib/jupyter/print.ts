/**
 * Printing in notebooks: one message per call, sent before the cell ends.
 *
 * @module
 */
import { sleepSync } from "@/io/sleep.ts";
import { isInKernel } from "./display.ts";

/**
 * The time that a kernel gets to send a text before the cell may end, in milliseconds.
 *
 * Deno 2.9.6 sends printed text from a separate thread, and reports the end of a cell without waiting for it; text that
 * comes later is lost, or appears below the next cell.
 */
const SEND_MS = 20;

/**
 * Prints lines below the running cell in one message: the kernel may lose or misplace some of several messages.
 *
 * Text is printed unchanged, other values as Deno formats them, without colours.
 *
 * @example One call for a whole cell.
 * ```ts
 * import { print } from "@/jupyter/print.ts";
 *
 * print("the strengths:", [0.8, 0.5]);
 * ```
 * @param lines Texts or other values, each on its own line.
 */
export function print(...lines: unknown[]): void {
  const texts = lines.map((line) =>
    typeof line === "string" ? line : Deno.inspect(line, { colors: false, depth: 6 })
  );
  // In a kernel the console is the only way to a cell's output.
  // deno-lint-ignore no-console
  console.log(texts.join("\n"));
  if (isInKernel()) sleepSync(SEND_MS); // sleeps while the other thread sends
}
