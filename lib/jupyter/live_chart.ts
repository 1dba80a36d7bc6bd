/**
 * A figure that changes in place while a cell runs.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { display } from "./display.ts";
import { figureBundle, interactiveBundle } from "./show.ts";

/** Milliseconds between the first updates; a human eye needs no more. */
const FIRST_PAUSE = 250;

/** After so many updates the pause doubles, so that a long training sends few messages more than a short one. */
const UPDATES_PER_PAUSE = 40;

/** A figure that changes in place while a cell runs; outside a kernel nothing is drawn. */
export class LiveChart {
  readonly #id = crypto.randomUUID();
  readonly #now: () => number;
  #updates = 0;
  #next = -Infinity;

  /** @param now A clock, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
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
    if (this.#now() < this.#next) return false;
    const pause = FIRST_PAUSE * 2 ** Math.floor(this.#updates / UPDATES_PER_PAUSE);
    await this.#show(interactiveBundle(withStatus(draw(), status)));
    await new Promise((resolve) => setTimeout(resolve));
    this.#next = this.#now() + pause;
    return true;
  }

  /**
   * Draws the figure for the last time, with the static picture that a saved notebook needs.
   *
   * @param figure The final state; it should not depend on time.
   * @param status One line on how things ended.
   */
  async finish(figure: Figure, status?: string): Promise<void> {
    await this.#show(await figureBundle(withStatus(figure, status)));
  }

  async #show(bundle: Deno.jupyter.MediaBundle): Promise<void> {
    await display(bundle, this.#id, this.#updates > 0);
    this.#updates++;
  }
}

function withStatus(figure: Figure, status: string | undefined): Figure {
  if (!status) return figure;
  const title = { ...figure.layout.title, subtitle: { text: status, font: { size: 13 } } };
  return { ...figure, layout: { ...figure.layout, title } };
}
