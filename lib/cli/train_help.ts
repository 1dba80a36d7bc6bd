/**
 * The help of `deno task train`.
 *
 * @module
 */
import type { Experiment } from "@/runs/run.ts";
import type { Option } from "@/training/option.ts";
import { flagOf } from "@/training/settings.ts";
import { COMMAND_OPTIONS } from "./train_options.ts";

const COLUMNS = 100;
/** Width of the left of two columns. */
const LEFT = 30;

/**
 * Everything that can be asked of `deno task train`.
 *
 * @param experiments What can be trained.
 * @param defaultName The experiment that is trained if none is named.
 * @returns Lines to print.
 */
export function trainHelp(experiments: readonly Experiment[], defaultName: string): string[] {
  return [
    "Trains an experiment, shows how far it is, and keeps all there is to know in a run folder.",
    "",
    "Usage: deno task train [--experiment NAME] [options]",
    "       deno task train --resume PATH",
    "",
    "Options of every experiment",
    ...aligned(COMMAND_OPTIONS.map(({ flag, placeholder, description }) => [
      `${flag} ${placeholder}`,
      flag === "--experiment" ? `${description} (default ${defaultName})` : description,
    ])),
    ...experiments.flatMap(experimentHelp),
    "",
    "A run folder holds config.json, metrics.jsonl (what was measured, a line of JSON at a time),",
    "checkpoint.json, result.json, report.html, and what was learned: parameters.json or, of",
    "string-reversal, best.safetensors and last.safetensors. With --seeds there is one for each seed.",
    "",
    "Ctrl-C, and a disk that is full, leave the last checkpoint whole, and it is said how to go on;",
    "after kill -9, --resume goes on from it too, and ends bit for bit where it would have ended.",
    "Exit codes: 0 done, 1 the numbers diverged, of any seed, 2 wrong input, 130 stopped by Ctrl-C.",
  ];
}

function experimentHelp({ name, summary, options }: Experiment): string[] {
  return ["", `${name}: ${summary}`, ...aligned(Object.entries(options).map(optionHelp))];
}

/** The words of a choice stand in the left column, if there is room for them. */
function optionHelp([name, option]: [string, Option]): [left: string, right: string] {
  const flag = flagOf(name), about = `${option.description} (default ${defaultOf(option)})`;
  if (option.kind !== "choice") return [`${flag} ${option.placeholder}`, about];
  const all = `${flag} ${option.wanted.replace(/, | or /g, "|")}`;
  if (all.length <= LEFT) return [all, about];
  return [`${flag} ${option.placeholder}`, `${option.wanted}: ${about}`];
}

function defaultOf(option: Option): string {
  const value = option.default;
  if (option.defaultText !== undefined) return option.defaultText;
  if (value === null) return "none";
  return option.kind === "flag" ? "off" : String(value);
}

/** Two columns, the right one broken into lines where it is too long. */
function aligned(rows: readonly (readonly [left: string, right: string])[]): string[] {
  return rows.flatMap(([left, right]) =>
    brokenAt(right, COLUMNS - LEFT - 4).map((line, i) =>
      `  ${(i === 0 ? left.trimEnd() : "").padEnd(LEFT)}  ${line}`
    )
  );
}

/** Lines of no more than `columns` letters, as long as no word is longer. */
function brokenAt(text: string, columns: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}
