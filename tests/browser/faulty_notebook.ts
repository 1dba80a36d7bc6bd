/**
 * A notebook in which everything is wrong that the checks of a page look for: what they do not find here they would
 * not find elsewhere.
 *
 * @module
 */
import type { Cell, Notebook } from "@/jupyter/notebook_file.ts";
import { PLOTLY } from "@/jupyter/show.ts";

const AXES = { xaxis: { range: [0, 2] }, yaxis: { range: [0, 2] }, width: 500, height: 300 };
const NO_BUTTONS = { displayModeBar: false };

const at = (x: number, text: string) => ({ x, y: 1, text, showarrow: false });

/** A slider of two stops; `y` is where the second puts the points. */
const slider = (y: number) => ({
  steps: [2, y].map((top, k) => ({
    label: String(k),
    method: "restyle",
    args: [{ y: [[1, top]] }],
  })),
});

const POINTS = [{ type: "scatter", x: [1, 2], y: [1, 2] }];

/** Figures by their faults. */
export const FAULTY_FIGURES = {
  "no marks": { data: [{ type: "scatter", x: [], y: [] }], layout: AXES },
  "texts over each other": {
    data: POINTS,
    layout: { ...AXES, annotations: [at(1, "one text"), at(1.05, "another")] },
  },
  "a text that is cut off": {
    data: POINTS,
    layout: { ...AXES, annotations: [{ ...at(2, "a text much too long"), xanchor: "left" }] },
  },
  "a title that reaches below all the buttons in a row": {
    data: POINTS,
    layout: { ...AXES, title: { y: 0.96 } },
    config: {},
  },
  "a slider that moves nothing": { data: POINTS, layout: { ...AXES, sliders: [slider(2)] } },
  "no fault, and a slider that works": { data: POINTS, layout: { ...AXES, sliders: [slider(1)] } },
};

function cell(source: string, k: number, figure?: object): Cell {
  const data = { [PLOTLY]: figure, "text/plain": "a figure" };
  return {
    cell_type: "code",
    source,
    execution_count: null,
    outputs: figure ? [{ output_type: "display_data", data, metadata: {} }] : [],
    ...{ id: `cell-${k}`, metadata: {} },
  };
}

/** Shows the figures as they are stored; its one cell that can be run fails. */
export function faultyNotebook(): Notebook {
  const cells = Object.entries(FAULTY_FIGURES).map(([text, figure], k) => {
    const layout: object & { title?: object; width: number } = figure.layout;
    const titled = { ...layout, title: { ...layout.title, text } };
    return cell("", k, { config: NO_BUTTONS, ...figure, layout: titled });
  });
  const kernelspec = { display_name: "Deno", language: "typescript", name: "deno" };
  const metadata = { kernelspec, language_info: { name: "typescript" } };
  const failing = cell('throw new RangeError("as it should");', cells.length);
  return { ...{ nbformat_minor: 5 }, nbformat: 4, metadata, cells: [...cells, failing] };
}
