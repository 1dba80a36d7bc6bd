/**
 * The stack in motion without a script: an SVG that moves by itself wherever a picture can be shown.
 *
 * @module
 */
import { READ_DEPTH } from "./block_bars.ts";
import { INK } from "./colours.ts";
import { keyframes } from "./keyframes.ts";
import {
  escaped,
  LEFT,
  type MovingPictureInputs,
  type Part,
  pieceParts,
  PILE,
  reads,
  rect,
  sentences,
  text,
  UNIT,
  WORDS,
} from "./moving_parts.ts";
import { runSeconds, STEP_SECONDS } from "./pile_timeline.ts";
import { checkNames, pilesOf } from "./piles.ts";
import { rounded } from "./rounding.ts";
import { stepWords } from "./step_table.ts";

export type { MovingPictureInputs } from "./moving_parts.ts";

const WIDTH = 720;
/** Pixels above the highest block, and below the deepest. */
const [ABOVE, BELOW] = [56, 26];

const STYLE = ".b{font-weight:bold}" +
  ".m{animation-iteration-count:infinite;animation-timing-function:ease-in-out}" +
  "@media(prefers-reduced-motion:reduce){.m{animation:none!important}}";

function opening({ title, trace, names }: MovingPictureInputs, height: number): string {
  const steps = stepWords(trace, names).join("; ");
  const words = `${title}. A stack in motion over ${names.length} steps: ${steps}.`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" ` +
    `viewBox="0 0 ${WIDTH} ${height}" font-family="Arial, Helvetica, sans-serif" font-size="14" ` +
    `fill="${INK}" role="img"><title>${escaped(words)}</title>`;
}

function group(y: number, content: string): string {
  return `<g transform="translate(0 ${rounded(y, 2)})">${content}</g>`;
}

/** The surface, the reach of a read, and the veils that make pale what is not read. */
function scenery(top: number, bottom: number): { below: string; above: string } {
  const y = (depth: number) => rounded(depth * UNIT, 2);
  const ink = `stroke="${INK}" stroke-width="1.5" fill="none"`;
  const right = LEFT + PILE + 14;
  const veil = (from: number, to: number, opacity: number) =>
    rect(
      LEFT - 1,
      y(from) - 1,
      PILE + 2,
      y(to) - y(from) + 2,
      `fill="#ffffff" opacity="${opacity}"`,
    );
  const word = (words: string, depth: number) => text(words, right + 12, y(depth) + 5);
  return {
    below: `<path d="M${LEFT - 16},${y(READ_DEPTH)}H${right}" ${ink} stroke-dasharray="6 5"/>`,
    above: veil(top, -0.02, 0.72) + veil(READ_DEPTH, bottom, 0.6) +
      `<path d="M${LEFT - 16},0H${right}" ${ink}/>` +
      `<path d="M${right - 6},0H${right}V${y(READ_DEPTH)}H${right - 6}" ${ink}/>` +
      word("popped", top / 2) + text(`<tspan class="b">read</tspan>: the`, right + 12, y(0.5) - 4) +
      text("topmost unit", right + 12, y(0.5) + 14) +
      word("too deep to", (READ_DEPTH + bottom) / 2 - 0.13) +
      word("be read", (READ_DEPTH + bottom) / 2 + 0.14),
  };
}

/** Parts in two layers, with the rules that move both alike. */
class Layers {
  rules = "";
  #count = 0;

  constructor(readonly seconds: number) {}

  draw(parts: readonly Part[]): [string, string] {
    const drawn = parts.map((part) => this.#drawOne(part));
    return [drawn.map(([svg]) => svg).join(""), drawn.map(([, label]) => label).join("")];
  }

  #drawOne({ svg, label = "", keys, still: { x, y, opacity } }: Part): [string, string] {
    const name = `k${this.#count++}`;
    this.rules += keyframes(name, keys, this.seconds);
    const place = `transform="translate(${rounded(x, 2)} ${rounded(y, 2)})" opacity="${opacity}"`;
    const layer = (content: string) =>
      content && `<g class="m" style="animation-name:${name}" ${place}>${content}</g>`;
    return [layer(svg), layer(label)];
  }
}

/**
 * Draws the stack in motion as an SVG that plays by itself, over and over, and needs neither script nor network.
 *
 * Who has asked for less motion, and whoever cannot play it, sees one step, and all reads.
 *
 * @example What is popped is read no longer.
 * ```ts
 * import { movingPicture } from "@/figures/moving_picture.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = movingPicture({
 *   title: "What is popped is gone",
 *   trace: runStack({ values: [[1], [2]], pops: [0, 1], pushes: [1, 0] }),
 *   names: ["a", "–"],
 *   still: 1,
 * });
 * assertStringIncludes(svg, "step 2 pops 1, pushes 0 –, reads nothing.</title>");
 * assertStringIncludes(svg, "prefers-reduced-motion");
 * ```
 * @param inputs Title, run, names, and the step that is shown where nothing may move.
 * @returns The text of an SVG file, 720 pixels wide.
 * @throws {TypeError} If there is no step, or not one name for each.
 */
export function movingPicture(inputs: MovingPictureInputs): string {
  const { title, trace, names, still } = inputs;
  checkNames("draw the moving picture", trace, names);
  const { highest, deepest } = pilesOf(trace);
  const surface = ABOVE - highest * UNIT + 6;
  const height = rounded(surface + deepest * UNIT + BELOW, 2);
  const seconds = runSeconds(names.length);
  const layers = new Layers(seconds);
  const [blocks, labels] = layers.draw(pieceParts(inputs, (still + 0.8) * STEP_SECONDS));
  const [words] = layers.draw(sentences(inputs));
  const [bars] = layers.draw(reads(inputs));
  const { below, above } = scenery(highest, deepest);
  return opening(inputs, height) +
    `<style>${STYLE}.m{animation-duration:${seconds}s}${layers.rules}</style>` +
    rect(0.5, 0.5, WIDTH - 1, height - 1, 'rx="8" fill="#ffffff" stroke="#d0d0d0"') +
    text(escaped(title), 24, 32, 'font-size="17"') +
    group(surface, below + blocks + above + labels) + group(104, words) +
    group(height - 118, text("read at each step", WORDS, -12) + bars) + "</svg>\n";
}
