/**
 * Labels only where there is room for them.
 *
 * @module
 */
import { textWidth } from "./text_width.ts";

/**
 * Picks the first of several texts that fits into a box.
 *
 * @example Name and number if there is room, else the name, else nothing.
 * ```ts
 * import { fittingText } from "@/figures/fitting_text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const texts = ["0.75 <b>novel</b>", "<b>novel</b>"];
 * assertEquals([90, 50, 20].map((width) => fittingText(texts, width, 20)), [...texts, ""]);
 * ```
 * @param texts Candidates, the fullest first; lines are parted by `<br>`, other tags take no room.
 * @param width Of the box, in pixels.
 * @param height Of the box, in pixels.
 * @param size Font size in pixels.
 * @returns The text, or an empty one.
 */
export function fittingText(
  texts: readonly string[],
  width: number,
  height: number,
  size = 13,
): string {
  return texts.find((text) => {
    const lines = text.split("<br>");
    const widest = Math.max(...lines.map((line) => textWidth(line.replace(/<[^>]*>/g, ""), size)));
    return widest <= width && lines.length * size <= height;
  }) ?? "";
}
