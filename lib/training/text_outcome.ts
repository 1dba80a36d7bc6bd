/**
 * The outcome of a training on text: bits per symbol of the held-out text, a sample, and a figure of the training.
 *
 * @module
 */
import type { Stepper } from "@/engine/stepper.ts";
import type { Figure } from "@/figures/figure.ts";
import { lineChart } from "@/figures/line_chart.ts";
import { countText, measureText } from "@/io/number_format.ts";
import { printableText } from "@/io/terminal.ts";
import { seededRandom } from "@/math/random.ts";
import { metricColumn } from "@/runs/metric_column.ts";
import type { Metrics, Outcome } from "@/runs/run.ts";
import { decodeSymbols, type TextUnit } from "@/text/alphabet.ts";
import { countNgrams, ngramBits } from "@/text/ngram_model.ts";
import { freshPrompt, sampleSymbols } from "@/text/sampling.ts";
import { perplexityOf } from "@/text/text_score.ts";
import type { TextPlan } from "./text_plan.ts";

/** A run on text at its end. */
export interface FinishedTextTraining {
  readonly plan: TextPlan;
  /** The bits per symbol that the best network needs of the held-out text, and the updates made before. */
  readonly best: { readonly bits: number; readonly updates: number };
  /** The same network, to write with. */
  readonly network: Stepper;
  /** What was measured. */
  readonly history: readonly Metrics[];
}

/** The sample: symbols, and how they are drawn. */
const SAMPLE = { length: 300, rule: { temperature: 0.7 } };

/**
 * Summarizes a training on text.
 *
 * It has succeeded if the network knows more than how often each symbol occurs: if it needs fewer bits than an n-gram model
 * of order 1 on the text that it was trained on.
 *
 * @param finished The run at its end.
 * @returns A table and a sample, success, a figure, and the bits and the perplexity of the best network.
 */
export function textOutcome(finished: FinishedTextTraining): Outcome {
  const { plan, best: { bits } } = finished, { text, settings: { unit } } = plan;
  const counts = countNgrams(text.training, { symbols: plan.shape.symbols, order: 1 });
  const [frequencies] = ngramBits(counts, text.validation);
  return {
    lines: [...scoreLines(finished, frequencies), "", ...sampleLines(finished)],
    success: bits < frequencies,
    figures: curve(finished, frequencies),
    measures: { [bitsName(unit)]: bits, perplexity: perplexityOf(bits) },
  };
}

/** "bits per character" or "bits per byte". */
function bitsName(unit: TextUnit): string {
  return `bits per ${unit.slice(0, -1)}`;
}

function scoreLines(
  { plan, best }: FinishedTextTraining,
  frequencies: number,
): string[] {
  const { settings: { corpus, unit }, text: { validation }, streams } = plan;
  const trained = countText(best.updates * streams.streams * streams.truncation);
  const rows = [
    [`the last ${countText(validation.length)} ${unit} of ${corpus}`, bitsName(unit), "perplexity"],
    [`frequencies of the ${unit}`, ...scores(frequencies)],
    [`best network, after ${trained} ${unit}`, ...scores(best.bits)],
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map(([name, ...numbers]) =>
    [name.padEnd(widths[0]), ...numbers.map((cell, i) => cell.padStart(widths[i + 1]))].join("  ")
  );
}

function scores(bits: number): [bits: string, perplexity: string] {
  return [bits.toFixed(3), measureText(perplexityOf(bits))];
}

function sampleLines({ plan, network }: FinishedTextTraining): string[] {
  const { text: { alphabet }, settings: { seed } } = plan;
  const random = seededRandom(`sample, seed ${seed}`), prompt = freshPrompt(alphabet);
  const symbols = sampleSymbols(network, { ...SAMPLE, prompt, random });
  const { length, rule: { temperature } } = SAMPLE;
  const heading = `A sample of ${length} ${alphabet.unit} at temperature ${temperature}:`;
  return [heading, ...printableText(decodeSymbols(alphabet, symbols)).split("\n")];
}

function curve({ plan, best, history }: FinishedTextTraining, frequencies: number): Figure[] {
  const validated = history.filter(({ validation }) => validation !== null);
  if (validated.length === 0) return [];
  const { unit } = plan.settings, name = bitsName(unit);
  const ends = [history[0], history[history.length - 1]];
  const line = (name: string, rows: readonly Metrics[], metric: string) => ({
    name,
    x: metricColumn(rows, "symbols"),
    y: metricColumn(rows, metric),
  });
  return [lineChart({
    title: `The best network needs ${best.bits.toFixed(2)} ${name} of the held-out text`,
    lines: [
      line("training", history, "error"),
      line("held out", validated, "validation"),
      { name: "frequencies", x: metricColumn(ends, "symbols"), y: [frequencies, frequencies] },
    ],
    xTitle: `${unit} trained on`,
    yTitle: name,
  })];
}
