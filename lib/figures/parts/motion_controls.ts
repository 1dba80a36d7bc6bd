/**
 * The slider and the buttons of a figure with a frame for each step.
 *
 * @module
 */
import type { Slider, UpdateMenu } from "plotly.js-dist";
import type { Layout } from "@/figures/figure.ts";

/** How the frames follow each other. */
export interface MotionControls {
  /** The number of steps; frame t is named after step t, counted from 1. */
  readonly steps: number;
  /** The step that is shown first, from 0. */
  readonly active: number;
  /** Pixels between the panels and the controls. */
  readonly gap: number;
  /** Whether every frame is drawn anew, instead of moving there from the one before. */
  readonly redraw: boolean;
}

/** Milliseconds per step, and of the transition in it. */
const [STEP_MS, TRANSITION_MS] = [1200, 500];

function slider({ steps, active, gap, redraw }: MotionControls): Slider {
  const show = {
    mode: "immediate",
    frame: { duration: TRANSITION_MS, redraw },
    transition: { duration: redraw ? 0 : TRANSITION_MS },
  };
  return {
    active,
    steps: Array.from({ length: steps }, (_, t) => ({
      label: String(t + 1),
      method: "animate" as const,
      args: [[String(t + 1)], show],
    })),
    currentvalue: { prefix: "step ", xanchor: "left", font: { size: 15 } },
    x: 0.37,
    len: 0.63,
    y: 0,
    pad: { t: gap, b: 0 },
  };
}

function buttons({ gap, redraw }: MotionControls): UpdateMenu {
  const play = {
    fromcurrent: true,
    frame: { duration: STEP_MS, redraw },
    transition: redraw ? { duration: 0 } : { duration: TRANSITION_MS, easing: "cubic-in-out" },
  };
  const pause = {
    mode: "immediate",
    frame: { duration: 0, redraw: false },
    transition: { duration: 0 },
  };
  return {
    type: "buttons",
    direction: "left",
    showactive: false,
    buttons: [
      { label: "▶ play", method: "animate", args: [null, play] },
      { label: "❚❚ pause", method: "animate", args: [[null], pause] },
    ],
    x: 0,
    xanchor: "left",
    y: 0,
    yanchor: "top",
    pad: { t: gap + 22, r: 0, l: 0 },
  };
}

/**
 * Makes a slider with a stop for each step, and the buttons "play" and "pause".
 *
 * @example Three steps, the last of which is shown first.
 * ```ts
 * import { motionControls } from "@/figures/parts/motion_controls.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { sliders } = motionControls({ steps: 3, active: 2, gap: 56, redraw: true });
 * assertEquals(sliders[0].steps?.map(({ label }) => label), ["1", "2", "3"]);
 * assertEquals(sliders[0].active, 2);
 * ```
 * @param controls How the frames follow each other.
 * @returns Parts of a layout; below the panels they take some 84 pixels.
 */
export function motionControls(
  controls: MotionControls,
): { sliders: NonNullable<Layout["sliders"]>; updatemenus: NonNullable<Layout["updatemenus"]> } {
  return { sliders: [slider(controls)], updatemenus: [buttons(controls)] };
}
