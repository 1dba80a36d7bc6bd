/**
 * Live charts: a figure that is redrawn in place while a cell runs, at a limited rate.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { headlessPlotly } from "@/figures/svg/headless_plotly.ts";
import { addStatusLine } from "@/figures/parts/title_margin.ts";
import { textAlternative } from "@/figures/parts/figure_text.ts";
import { figureToSvg } from "@/figures/svg/to_svg.ts";
import { display, isInKernel, type MediaBundle } from "./display.ts";
import { figureBundle } from "./show.ts";

/** Pause between the first redraws, in milliseconds. */
const FIRST_PAUSE_MS = 400;

/** The number of redraws after which the pause doubles, so that a long run sends few more messages than a short one. */
const REDRAWS_PER_PAUSE = 30;

/** The inverse of the largest share of time that redrawing may take: at most 1/6. */
const INVERSE_SHARE = 6;

/**
 * Limits how often a chart is redrawn: at ever longer intervals, and for at most a sixth of the time.
 *
 * @example A pause after each redraw, which is longer after a slow one.
 * ```ts
 * import { RedrawThrottle } from "@/jupyter/live_chart.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const throttle = new RedrawThrottle();
 * assertEquals(throttle.isDue(0), true);
 * throttle.record(0, 10);
 * assertEquals([throttle.isDue(409), throttle.isDue(410)], [false, true]);
 * throttle.record(410, 610);
 * assertEquals([throttle.isDue(1609), throttle.isDue(1610)], [false, true]);
 * ```
 */
export class RedrawThrottle {
  #redraws = 0;
  #next = -Infinity;

  /**
   * Returns whether the next redraw is due.
   *
   * @param now Current time, in milliseconds.
   */
  isDue(now: number): boolean {
    return now >= this.#next;
  }

  /**
   * Records a redraw.
   *
   * @param start When it started, in milliseconds.
   * @param end When it ended.
   */
  record(start: number, end: number): void {
    this.#redraws++;
    const pause = FIRST_PAUSE_MS * 2 ** Math.floor(this.#redraws / REDRAWS_PER_PAUSE);
    this.#next = end + Math.max(pause, (INVERSE_SHARE - 1) * (end - start));
  }
}

/**
 * A figure that changes in place while a cell runs; outside a kernel nothing is drawn.
 *
 * While it changes it is a static picture, because JupyterLab's Plotly renderer draws an output once and ignores its
 * updates; at the end it becomes an interactive figure.
 *
 * @example A curve that grows during training.
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
  readonly #throttle = new RedrawThrottle();
  #isShown = false;
  #isWarm = false;

  /** Loads Plotly, once, which takes seconds; call it before measuring time. */
  async prepare(): Promise<void> {
    if (isInKernel()) await headlessPlotly();
  }

  /**
   * Redraws the figure, unless the last redraw was too recent.
   *
   * Always `await` it: a cell that never waits sends nothing before its end.
   *
   * @param draw Makes the figure; it is not called if nothing is redrawn.
   * @param status A status line, shown below the title.
   * @returns Whether it was redrawn.
   */
  async update(draw: () => Figure, status?: string): Promise<boolean> {
    if (!isInKernel() || !this.#throttle.isDue(performance.now())) return false;
    await this.prepare(); // does not count as drawing
    const start = performance.now();
    const figure = addStatusLine(draw(), status);
    const picture = { "image/svg+xml": await figureToSvg(figure) };
    await this.#show({ ...picture, "text/plain": textAlternative(figure) });
    await new Promise((resolve) => setTimeout(resolve)); // lets the message leave
    const end = performance.now();
    // The first redraw is slow because nothing is compiled yet, so its duration is not recorded.
    this.#throttle.record(this.#isWarm ? start : end, end);
    this.#isWarm = true;
    return true;
  }

  /**
   * Draws the figure for the last time, interactive and with the static picture that a saved notebook needs.
   *
   * @param figure The final state; it must not depend on time, or the saved notebook does.
   * @param status A status line, shown below the title.
   */
  async finish(figure: Figure, status?: string): Promise<void> {
    if (isInKernel()) await this.#show(await figureBundle(addStatusLine(figure, status)));
  }

  async #show(bundle: MediaBundle): Promise<void> {
    await display(bundle, this.#id, this.#isShown);
    this.#isShown = true;
  }
}
