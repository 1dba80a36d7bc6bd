/**
 * Text in notebooks.
 *
 * @module
 */

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
}
