/**
 * A notebook in which everything is wrong that a reader without scripts may meet.
 *
 * @module
 */
import type { Cell, Notebook } from "@/jupyter/notebook_file.ts";
import { PLOTLY } from "@/jupyter/show.ts";

const MARKS = '<rect width="99%" height="99%" fill="red"/>';

const svg = (width: number, height: number, marks: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${marks}</svg>`;

/** A script that puts a picture where it stands. */
const SCRIPT = `<script>
  document.currentScript.insertAdjacentHTML("afterend", "<img src='data:image/svg+xml,${
  encodeURIComponent(svg(500, 300, MARKS))
}'>");
</script>`;

/** Nobody has to answer there. */
export const ELSEWHERE = "http://localhost:40404/picture.png";

/** What figures leave for a reader without scripts. */
const OUTPUTS = [
  { "image/svg+xml": svg(500, 300, MARKS) }, // this one is as it should be
  { "image/svg+xml": svg(500, 300, "") },
  { "image/svg+xml": svg(200, 100, MARKS) },
  { "image/svg+xml": svg(500, 300, "<rect>") },
  { "text/html": `<img src="${ELSEWHERE}">` },
  { "text/html": SCRIPT },
  {},
];

/** What is to be found in it. */
export const STATIC_FAULTS = [
  "picture 2: one colour alone",
  "picture 3: only 200 × 100",
  "picture 4: not drawn",
  "picture 5: not drawn",
  `asked for ${ELSEWHERE}`,
  "5 pictures for 7 figures",
];

export function staticNotebook(): Notebook {
  const cells = OUTPUTS.map((more, k): Cell => {
    const data = { [PLOTLY]: { data: [], layout: {} }, "text/plain": "a figure", ...more };
    return {
      cell_type: "code",
      source: "",
      execution_count: null,
      outputs: [{ output_type: "display_data", data, metadata: {} }],
      ...{ id: `cell-${k}`, metadata: {} },
    };
  });
  const kernelspec = { display_name: "Deno", language: "typescript", name: "deno" };
  const metadata = { kernelspec, language_info: { name: "typescript" } };
  return { ...{ nbformat_minor: 5 }, nbformat: 4, metadata, cells };
}
