/**
 * Pictures of a training on string reversal.
 *
 * @module
 */
import { controlRows } from "@/figures/control_rows.ts";
import type { Figure } from "@/figures/figure.ts";
import { lineChart } from "@/figures/line_chart.ts";
import { liveWindow } from "@/figures/live_window.ts";
import { firstStrings } from "@/tasks/reversal_streams.ts";
import { traceDecoding } from "./decoding_trace.ts";
import type { Metrics } from "./experiment.ts";
import type { ReversalEnd } from "./reversal_end.ts";

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
