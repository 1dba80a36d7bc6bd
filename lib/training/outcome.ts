/**
 * A training on string reversal that is over: all that can be told of it.
 *
 * @module
 */
import type { Metrics, Outcome, SetScores } from "@/runs/run.ts";
import type { ExaminedNetwork, Examiner, ReversalSets } from "./validation.ts";
import type { ReversalPlan } from "./plan.ts";
import { controlRows } from "@/figures/control_rows.ts";
import type { Figure } from "@/figures/figure.ts";
import { lineChart } from "@/figures/line_chart.ts";
import { liveWindow } from "@/figures/live_window.ts";
import { firstStrings } from "@/tasks/streams.ts";
import { traceDecoding } from "./decoding_trace.ts";
import type { ReversalScores } from "@/tasks/scores.ts";
import { setScoresSteps, type StringSet } from "./evaluation.ts";
import { allAtOnce } from "./steps.ts";

/** A run at its end. */
export interface ReversalEnd {
  readonly plan: ReversalPlan;
  readonly sets: ReversalSets;
  readonly examiner: Examiner;
  /** The network to speak of. */
  readonly best: ExaminedNetwork;
  /** Strings learned from by the end. */
  readonly strings: number;
  /** What was measured. */
  readonly history: readonly Metrics[];
}

/** A loss is drawn no lower than this: a logarithm needs more than 0. */
const LEAST_LOSS = 1e-9;
/** Characters of the string that is shown. */
const SHOWN = 6;

/**
 * Draws a run: its loss, its scores on validation strings and, with a stack, its controls.
 *
 * @param end The run at its end.
 * @returns The figures.
 */
export function reversalFigures(end: ReversalEnd): Figure[] {
  const { history, plan } = end;
  if (history.length === 0) return [];
  const stack = plan.shape.memory === "stack";
  return [lossCurve(history), scoreCurves(history), ...(stack ? controlFigures(end) : [])];
}

const column = (history: readonly Metrics[], name: string) =>
  history.map((metrics) => Number(metrics[name]));

function lossCurve(history: readonly Metrics[]): Figure {
  const losses = column(history, "error").map((loss) => Math.max(loss, LEAST_LOSS));
  return lineChart({
    title: `The loss of the answers ends at ${losses[losses.length - 1].toPrecision(2)}`,
    lines: [{ name: "loss", x: column(history, "strings"), y: losses }],
    xTitle: "training strings",
    yTitle: "running cross-entropy (nats a symbol)",
    yScale: "log",
  });
}

function scoreCurves(history: readonly Metrics[]): Figure {
  const examined = history.filter(({ fine }) => fine !== null), last = history[history.length - 1];
  const x = column(examined, "strings");
  return lineChart({
    title: `Validation strings right in full at the end: ${
      (100 * Number(last.coarse)).toFixed(0)
    } %`,
    lines: ["coarse", "fine"].map((name) => ({ name, x, y: column(examined, name) })),
    xTitle: "training strings",
    yTitle: "score on validation strings",
  });
}

function controlFigures(end: ReversalEnd): Figure[] {
  const measured = end.history.filter((metrics) => metrics.live !== undefined);
  if (measured.length === 0) return [];
  const [pushes, pops] = [column(measured, "readPush"), column(measured, "readPop")];
  const writing = {
    pushes: column(measured, "writePush"),
    pops: column(measured, "writePop"),
  };
  return [
    liveWindow({
      title: "Mean push and pop while reading and while writing, over the training",
      paths: [{ name: "reading", pushes, pops }, { name: "writing", ...writing }],
    }),
    lineChart({
      title: "How much of the training had a gradient for the pop",
      lines: [{
        name: "live",
        x: column(measured, "strings"),
        y: column(measured, "live"),
      }],
      xTitle: "training strings",
      yTitle: "share of steps in the live window",
    }),
    exampleRows(end),
  ];
}

/** Pushes and pops on one string, the first validation string of this length. */
function exampleRows({ plan: { symbols, seed }, examiner, best }: ReversalEnd): Figure {
  const lengths = { shortest: SHOWN, longest: SHOWN };
  const [string] = firstStrings(1, seed, "validation", symbols, lengths);
  const trace = traceDecoding(examiner.network(best.parameters), symbols, string);
  const marks = new Map([[symbols.start, "start"], [symbols.separator, "separator"]]);
  // Of ASCII, letters, digits and signs stand for themselves, everything else for its number.
  const word = (symbol: number) =>
    symbols.characters === 128 && symbol > 32 && symbol < 127
      ? String.fromCharCode(symbol)
      : String(symbol);
  return controlRows({
    title: "Pushes and pops while one string is read and answered",
    rows: [
      { name: "push d", values: [...trace.pushes] },
      { name: "pop u", values: [...trace.pops] },
    ],
    steps: [...trace.fed].map((symbol) => marks.get(symbol) ?? word(symbol)),
    xTitle: "symbol fed",
  });
}

/**
 * Scores the best network of a run on the sets of the last table, and sums the run up.
 *
 * @param end The run at its end.
 * @returns Table, verdict, pictures. A success is right in full on every string of every set.
 */
export function reversalOutcome(end: ReversalEnd): Outcome {
  return allAtOnce(reversalOutcomeSteps(end));
}

/**
 * The same as {@linkcode reversalOutcome}, a step of the network at a time: a large one takes minutes.
 *
 * @param end The run at its end.
 * @returns A generator that yields the share that is done, and returns the outcome.
 */
export function* reversalOutcomeSteps(end: ReversalEnd): Generator<number, Outcome> {
  const { plan, examiner, best, strings } = end, sets = end.sets.last(plan);
  const found = yield* setScoresSteps(examiner.network(best.parameters), plan, sets);
  const scores = sets.map((set, i) => scored(set, found[i]));
  return {
    lines: scoreTable(scores),
    success: scores.every(({ coarse }) => coarse === 1),
    figures: reversalFigures(end),
    summary: { strings, recipe: plan.recipe, scores },
  };
}

function scored(set: StringSet, { strings, exact, coarse, fine }: ReversalScores): SetScores {
  const { shortest, longest } = set.lengths;
  const lengths = shortest === longest ? String(shortest) : `${shortest}..${longest}`;
  return { purpose: set.purpose, lengths, strings, exact, coarse, fine };
}

const HEAD = ["", "strings", "characters", "coarse", "fine"];

/**
 * Scores as a table.
 *
 * @example One mistake in a hundred thousand is a mistake.
 * ```ts
 * import { scoreTable } from "@/training/outcome.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = { strings: 100_000, exact: 99_999, coarse: 0.99999, fine: 1 };
 * assertEquals(scoreTable([{ purpose: "test", lengths: "65..128", ...scores }]), [
 *   "      strings  characters  coarse    fine",
 *   "test   100000     65..128  0.9999  1.0000",
 * ]);
 * ```
 * @param scores Set by set.
 * @returns Lines, a line of names first.
 */
export function scoreTable(scores: readonly SetScores[]): string[] {
  const rows = [
    HEAD,
    ...scores.map(({ purpose, strings, lengths, coarse, fine }) => [
      purpose,
      String(strings),
      lengths,
      scoreText(coarse),
      scoreText(fine),
    ]),
  ];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map(([name, ...numbers]) =>
    [name.padEnd(widths[0]), ...numbers.map((text, i) => text.padStart(widths[i + 1]))].join("  ")
  );
}

/** Four digits, rounded down: 1 is for what is wholly right. */
function scoreText(score: number): string {
  return (Math.floor(score * 1e4) / 1e4).toFixed(4);
}
