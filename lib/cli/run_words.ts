/**
 * The word RUN of the commands that use a trained network.
 *
 * @module
 */
import type { WordsRule } from "@/options/command.ts";

/** One run, for `findWeights`. */
export const RUN_WORDS: WordsRule = {
  name: "RUN",
  description: "a run folder (its best weights are used) or a .safetensors file",
  minimum: 1,
  maximum: 1,
  wanted: "one run folder or weights file",
};
