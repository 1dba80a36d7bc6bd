/** An experiment with nothing to learn and everything else: a random walk that can be stopped anywhere. */
import { type RandomState, restoreRandom, seededRandom } from "@/math/random.ts";
import { UserError } from "@/io/user_error.ts";
import type { Settings } from "@/options/settings.ts";
import type { Experiment, Run, SettingsOf } from "@/runs/run.ts";
import { choice, flag, integer, number, sequence } from "@/options/option.ts";

const OPTIONS = {
  iterations: integer({ default: 400, minimum: 1, description: "steps of the walk" }),
  stepLength: number({ default: 0.1, above: 0, description: "how far a step may go" }),
  starts: sequence({ default: [0, 1], description: "where the walkers set out" }),
  kind: choice({ choices: ["normal", "uniform"], default: "normal", description: "of step" }),
  backwards: flag({ description: "walk the other way" }),
  explodeAt: integer({ default: null, minimum: 1, description: "an error of NaN from there on" }),
  enough: integer({ default: null, minimum: 1, description: "finish early, after so many steps" }),
  milliseconds: number({ default: 0, minimum: 0, description: "that a step takes" }),
};

/** Never changes, so that waiting for it takes the whole time, without work. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

interface WalkState {
  readonly iteration: number;
  readonly places: Float64Array;
  readonly random: RandomState;
  /** −0 and infinity, which plain JSON would lose. */
  readonly extremes: readonly [nothing: number, least: number];
}

type WalkSettings = SettingsOf<typeof OPTIONS>;

function walk(settings: WalkSettings, state: WalkState): Run<WalkState> {
  const { iterations, stepLength, kind, backwards, explodeAt, enough, milliseconds } = settings;
  const random = restoreRandom(state.random);
  const places = state.places.slice();
  let { iteration, extremes: [nothing, least] } = state;
  const last = Math.min(iterations, enough ?? Infinity);

  function step(): void {
    for (let i = 0; i < places.length; i++) {
      const size = stepLength * (kind === "normal" ? random.normal() : random.uniform(-1, 1));
      places[i] += backwards ? -size : size;
    }
    least = Math.min(least, ...places);
    if (!Object.is(nothing, -0)) throw new Error("the walk has lost the sign of its zero");
    iteration++;
    if (milliseconds > 0) Atomics.wait(NEVER, 0, 0, milliseconds);
  }

  return {
    get iteration() {
      return iteration;
    },
    iterations,
    get finished() {
      return iteration >= last;
    },
    advance(count) {
      for (; count > 0 && iteration < last; count--) step();
    },
    metrics: () => ({
      iteration,
      error: explodeAt !== null && iteration >= explodeAt ? NaN : Math.abs(places[0]),
      least: Number.isFinite(least) ? least : null,
      places: [...places],
    }),
    state: () => ({ iteration, places, random: random.state(), extremes: [nothing, least] }),
    outcome: (history) => ({
      lines: [`walked to ${places.join(" and ")}`, `measured ${history.length} times`],
      success: places[0] > 0,
      figures: [],
      parameters: { places, least },
    }),
  };
}

export const standIn: Experiment<typeof OPTIONS, WalkState> = {
  name: "walk",
  summary: "walks about",
  options: OPTIONS,
  start(settings) {
    if (settings.kind === "uniform" && settings.backwards) {
      throw new UserError("walk", "--backwards with --kind normal", "--kind uniform");
    }
    return walk(settings, {
      iteration: 0,
      places: Float64Array.from(settings.starts),
      random: seededRandom(settings.seed).state(),
      extremes: [-0, Infinity],
    });
  },
  resume: walk,
};

const anyStandIn: Experiment = standIn;

/** The same under another name, with an option of its own. */
export const otherStandIn: Experiment = {
  ...anyStandIn,
  name: "stroll",
  summary: "walks about slowly",
  options: { ...OPTIONS, leisure: number({ default: 1, description: "how slowly" }) },
};

/** What a test's command can train; the first is the default. */
export const STAND_INS: readonly Experiment[] = [anyStandIn, otherStandIn];

/** The settings of a walk: its defaults, but for what is named. */
export function walkSettings(changes: Partial<WalkSettings> = {}): WalkSettings & Settings {
  return {
    iterations: 400,
    stepLength: 0.1,
    starts: [0, 1],
    kind: "normal",
    backwards: false,
    explodeAt: null,
    enough: null,
    milliseconds: 0,
    seed: 1,
    ...changes,
  };
}
