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
const draw = () =>
  makeFigure({
    title: "The error falls",
    description: "A curve that falls from 1 towards 0.",
    data: [{ type: "scatter", y: errors }],
  });`;

/** A step takes a twentieth of a second, as a step of a real training might. */
const TRAIN = `const ending = await trainLive({
  budget: { strings: 80 },
  step() {
    const end = performance.now() + 50;
    while (performance.now() < end);
    errors.push(errors.at(-1)! * 0.9);
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
