/**
 * A figure that changes in place while a cell runs.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { headlessPlotly } from "@/figures/headless_plotly.ts";
import { withStatus } from "@/figures/status_line.ts";
import { textAlternative } from "@/figures/text_alternative.ts";
import { figureToSvg } from "@/figures/to_svg.ts";
import { display, isInKernel, type MediaBundle } from "./display.ts";
import { Pace } from "./pace.ts";
import { figureBundle } from "./show.ts";

/**
 * A figure that changes in place while a cell runs; outside a kernel nothing is drawn.
 *
 * While it changes it is a static picture, because JupyterLab's renderer of Plotly draws an output
 * once and ignores every update of it; when it is finished it becomes an interactive figure.
 *
 * @example A curve that grows while something learns.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { LiveChart } from "@/jupyter/live_chart.ts";
 *
 * const errors: number[] = [];
 * const curve = () =>
 *   makeFigure({
 *     title: "The error halves at each step",
 *     description: `A curve that falls from 1 to ${errors.at(-1)}.`,
 *     data: [{ type: "scatter", y: errors }],
 *   });
 * const chart = new LiveChart();
 * for (let step = 0; step < 5; step++) {
 *   errors.push(0.5 ** step);
 *   await chart.update(curve, `step ${step}`);
 * }
 * await chart.finish(curve());
 * ```
 */
export class LiveChart {
  readonly #id = crypto.randomUUID();
  readonly #pace = new Pace();
  #isShown = false;
  #times = 0;

  /** Loads what draws, once; it takes seconds. Who counts time calls it before. */
  async prepare(): Promise<void> {
    if (isInKernel()) await headlessPlotly();
  }

  /**
   * Draws the figure as it is now, unless the last time was only a moment ago.
   *
   * Always `await` it: a cell that never waits sends nothing before its end.
   *
   * @param draw Makes the figure; it is not called if nothing is to be drawn.
   * @param status One line on how things stand, shown below the title.
   * @returns Whether it was drawn.
   */
  async update(draw: () => Figure, status?: string): Promise<boolean> {
    if (!isInKernel() || !this.#pace.isDue(performance.now())) return false;
    await this.prepare(); // is not counted as drawing
    const start = performance.now();
    const figure = withStatus(draw(), status);
    const picture = { "image/svg+xml": await figureToSvg(figure) };
    await this.#show({ ...picture, "text/plain": textAlternative(figure) });
    await new Promise((resolve) => setTimeout(resolve)); // lets the message leave
    // The first drawing warms everything up; what it takes says nothing of the later ones.
    const isFirst = this.#times++ === 0;
    const end = performance.now();
    this.#pace.done(isFirst ? end : start, end);
    return true;
  }

  /**
   * Draws the figure for the last time, interactive and with the picture that a saved notebook needs.
   *
   * @param figure The final state; nothing in it may depend on time, or the saved notebook does.
   * @param status One line on how things ended.
   */
  async finish(figure: Figure, status?: string): Promise<void> {
    if (isInKernel()) await this.#show(await figureBundle(withStatus(figure, status)));
  }

  async #show(bundle: MediaBundle): Promise<void> {
    await display(bundle, this.#id, this.#isShown);
    this.#isShown = true;
  }
}
