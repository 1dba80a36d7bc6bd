/** Text training made small: a text of a rule, a tiny network, validations that take no time. */
import { range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { type TextExperiment, textExperimentOn } from "@/training/text_experiment.ts";
import { defaultTextSettings, type TextSettings } from "@/training/text_options.ts";
import type { TextValidation } from "@/training/text_run.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

/** Words in random order: a network learns their letters first. */
export const TINY_TEXT = tinyText(600);

function tinyText(words: number): string {
  const random = seededRandom("tiny text"), list = ["whale", "sea", "a", "ahab\n", "ship"];
  return range(words).map(() => list[random.integer(0, list.length)]).join(" ");
}

/** Validations every 60 symbols. */
export const TINY_VALIDATION: TextValidation = { every: 60, most: 1000, streams: 4 };

/** A disk with the text in `my.txt`. */
export function textDisk(text: string = TINY_TEXT): MemoryDisk {
  const files = new MemoryDisk();
  files.writeBytes("my.txt", new TextEncoder().encode(text));
  return files;
}

/** Settings of a small network: the defaults, but for the text, sizes and `changes`. */
export function tinyTextSettings(changes: Partial<TextSettings> = {}): TextSettings {
  const sizes = { hidden: 6, embedding: 3, batch: 3, truncate: 5, characters: 450 };
  return { ...defaultTextSettings(1), corpus: "my.txt", ...sizes, ...changes };
}

/** The experiment on the files of a disk. */
export function tinyTextExperiment(files: MemoryDisk = textDisk()): TextExperiment {
  return textExperimentOn(files, TINY_VALIDATION);
}
