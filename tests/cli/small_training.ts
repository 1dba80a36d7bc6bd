/** String reversal small enough to be trained again and again, as the command trains it. */
import type { Experiment } from "@/runs/run.ts";
import { stringReversalOn } from "@/training/sequence_experiment.ts";
import type { Files } from "@/io/files.ts";
import { TINY_SETS } from "../training/tiny_training.ts";

export const SMALL_REVERSAL: Experiment = stringReversalOn(TINY_SETS);

/** A command line for a second of it, and less. */
export const SMALL_LINE: readonly string[] = [
  ..."--hidden 6 --stack-width 3 --embedding 3 --symbols 2 --lengths 1..4 --seed 5".split(" "),
];

/** Everything in a folder, with nothing left out but the time that it took. */
export function timeless(files: Files, path: string): unknown {
  return files.list(path).map((name) => {
    const whole = `${path}/${name}`;
    if (files.kindOf(whole) === "folder") return [name, timeless(files, whole)];
    if (name.endsWith(".safetensors")) return [name, [...files.readBytes(whole, 2 ** 20)].join()];
    const text = files.readText(whole).replace(/"seconds":\s*[\d.e-]+/g, "")
      .replace(/ in ([\d.]+ s|\d+ min \d+ s)/g, "");
    return [name, text.replace(/"sha256":"\w+"/, "")];
  });
}
