/**
 * A slider from 0 to 1 that puts prepared bars in place and moves one axis.
 *
 * @module
 */
import type { Slider } from "plotly.js-dist";
import { numeral } from "./rounding.ts";

/** Where a slider can stand: 0, 0.1 … 1. */
export const STOPS: readonly number[] = Array.from({ length: 11 }, (_, k) => k / 10);

/** What a slider is called, where it is, and what it moves. */
export interface StopSliderInputs {
  /** Written above it, followed by its value. */
  readonly name: string;
  /** Where it stands at first, one of `STOPS`. */
  readonly start: number;
  /** Distance from the plot, in pixels. */
  readonly top: number;
  /** Index of each trace that it changes; each is a single bar. */
  readonly traces: readonly number[];
  /** Height of a trace's bar, and the words on it, with the slider at `stop`. */
  readonly state: (trace: number, stop: number) => { readonly y: number; readonly text: string };
  /** An axis of which it shows the unit around 10 × its value. */
  readonly axis: "xaxis2" | "yaxis3";
}

/**
 * Makes a slider with eleven stops.
 *
 * @example The fifth stop makes trace 0 half as high, and shows the axis around 5.
 * ```ts
 * import { stopSlider } from "@/figures/stop_slider.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const slider = stopSlider({
 *   name: "height",
 *   start: 0,
 *   top: 16,
 *   traces: [0],
 *   state: (_, stop) => ({ y: stop, text: "" }),
 *   axis: "xaxis2",
 * });
 * assertEquals(slider.steps?.[5].args, [
 *   { y: [[0.5]], text: [[""]] },
 *   { "xaxis2.range": [4.5, 5.5] },
 *   [0],
 * ]);
 * ```
 * @param inputs Name, place, and what moves.
 * @returns An entry of the layout's `sliders`.
 */
export function stopSlider(inputs: StopSliderInputs): Slider {
  const { name, start, top, traces, state, axis } = inputs;
  const steps = STOPS.map((stop, k) => {
    const states = traces.map((trace) => state(trace, stop));
    const bars = { y: states.map(({ y }) => [y]), text: states.map(({ text }) => [text]) };
    const view = { [`${axis}.range`]: [k - 0.5, k + 0.5] };
    return { label: numeral(stop), method: "update" as const, args: [bars, view, [...traces]] };
  });
  return {
    active: STOPS.indexOf(start),
    steps,
    currentvalue: { prefix: `${name} = `, xanchor: "left", font: { size: 15 } },
    pad: { t: top, b: 0 },
    x: 0,
    len: 1,
    y: 0,
  };
}
