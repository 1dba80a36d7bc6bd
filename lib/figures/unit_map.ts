/**
 * A map of a layer over a text: a row for each unit, a column for each character, a colour for the activation.
 *
 * `T` characters.
 *
 * @module
 */
import { DIVERGING, type Figure, makeFigure } from "./figure.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { shownSign } from "@/figures/parts/shown_sign.ts";
import { MONOSPACED } from "@/figures/parts/text_width.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";

/** The content of the map. */
export interface UnitMapInputs {
  /** The claim that the map makes. */
  readonly title: string;
  /** The text, `T` characters (code points). */
  readonly text: string;
  /** The units, from the top down: each has a name and `T` activations, from −1 to 1. */
  readonly units: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
}

/** Height of a row, in pixels. */
const ROW = 9;
const MARGIN = { l: 64, r: 96, t: 56, b: 50 };
/** Size of the letters below the map, in pixels. */
const LETTER = 12;
/** Every how many units one is named at the axis. */
const NAMED = 4;

function checkUnits(T: number, units: UnitMapInputs["units"]): void {
  if (T === 0 || units.length === 0) {
    const got = T === 0 ? "no character" : "no unit";
    throw new TypeError(`Cannot draw a map of units: wanted a text and a unit, got ${got}`);
  }
  const misfit = units.find(({ values }) => values.length !== T);
  if (misfit) {
    const wanted = `${T} values (one for each character) of ${misfit.name}`;
    throw new TypeError(
      `Cannot draw a map of units: wanted ${wanted}, got ${misfit.values.length}`,
    );
  }
}

/** The range of all activations, in words. */
function describeMap({ text, units }: UnitMapInputs): string {
  const all = units.flatMap(({ values }) => Array.from(values));
  const [least, most] = [Math.min(...all), Math.max(...all)].map((value) => formatNumber(value));
  return `Map of the activations of ${units.length} units, from ${least} to ${most}, over the text ` +
    `"${Array.from(text, shownSign).join("")}".`;
}

/**
 * Draws the activations of many units over a text, blue above 0 and brown below, darker for larger ones.
 *
 * A line break is shown as ↵.
 *
 * @example Two units over three characters; the first one is the upper row.
 * ```ts
 * import { unitMap } from "@/figures/unit_map.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const units = [{ name: "h 0", values: [0, 0, 1] }, { name: "h 1", values: [-1, 0, 0.5] }];
 * const { data, description } = unitMap({ title: "Both rise", text: "ab\n", units });
 * assertEquals((data[0] as { z: unknown }).z, [[-1, 0, 0.5], [0, 0, 1]]);
 * assertEquals(description, 'Map of the activations of 2 units, from −1 to 1, over the text "ab↵".');
 * ```
 * @param inputs Title, text and units.
 * @returns The figure.
 * @throws {TypeError} If there is no character or no unit, or a unit does not have a value for each character.
 */
export function unitMap(inputs: UnitMapInputs): Figure {
  const { title, units } = inputs, letters = Array.from(inputs.text, shownSign);
  checkUnits(letters.length, units);
  const rows = units.toReversed(); // the rows are counted from the bottom
  const named = rows.map((_, row) => row).filter((row) => (units.length - 1 - row) % NAMED === 0);
  return addTitleMargin(makeFigure({
    title,
    description: describeMap(inputs),
    data: [{
      type: "heatmap",
      x: letters.map((_, t) => t),
      y: rows.map((_, row) => row),
      z: rows.map(({ values }) => Array.from(values, (value) => roundDecimals(value, 2))),
      zmin: -1,
      zmax: 1,
      colorscale: DIVERGING,
      colorbar: { title: { text: "activation", side: "right" }, thickness: 14 },
      hovertemplate: "character %{x}, row %{y} from the bottom: %{z}<extra></extra>",
    }],
    xTitle: "the text, character by character",
    yTitle: "hidden unit",
    layout: {
      margin: MARGIN,
      height: MARGIN.t + MARGIN.b + Math.max(120, ROW * units.length),
      xaxis: {
        tickvals: letters.map((_, t) => t),
        ticktext: letters,
        tickangle: 0,
        tickfont: { family: MONOSPACED, size: LETTER },
        showgrid: false,
      },
      yaxis: {
        tickvals: named,
        ticktext: named.map((row) => rows[row].name),
        showgrid: false,
      },
    },
  }));
}
