/**
 * A notebook in which something is learned for a few seconds, with a chart that changes in place.
 *
 * @module
 */
import type { Cell, Notebook } from "@/jupyter/notebook_file.ts";

const PREPARE = `import { makeFigure } from "@/figures/figure.ts";
import { trainLive } from "@/jupyter/live_training.ts";
import { print } from "@/jupyter/print.ts";
const errors = [1];
let pictures = 0;
function draw() {
  pictures++;
  return makeFigure({
    title: "The error falls",
    description: "A curve that falls from 1 towards 0.",
    data: [{ type: "scatter", y: errors }],
  });
}`;

/** So many pictures are drawn while it trains, on a machine of any speed. */
export const PICTURES = 4;

/** A step takes a twentieth of a second, as a step of a real training might. */
const TRAIN = `const ending = await trainLive({
  budget: { seconds: 3600 },
  step() {
    if (pictures === ${PICTURES}) return 0;
    const end = performance.now() + 50;
    while (performance.now() < end);
    errors.push(errors.at(-1)! * 0.95);
    return 1;
  },
  draw,
  status: () => \`\${errors.length - 1} strings\`,
});`;

const cell = (source: string, k: number): Cell => ({
  cell_type: "code",
  source,
  outputs: [],
  execution_count: null,
  ...{ id: `cell-${k}`, metadata: {} },
});

/** Which of its cells trains. */
export const TRAINING_CELL = 1;

export function liveNotebook(): Notebook {
  const kernelspec = { display_name: "Deno", language: "typescript", name: "deno" };
  const metadata = { kernelspec, language_info: { name: "typescript" } };
  const cells = [PREPARE, TRAIN, "print(ending);"].map(cell);
  return { ...{ nbformat_minor: 5 }, nbformat: 4, metadata, cells };
}
