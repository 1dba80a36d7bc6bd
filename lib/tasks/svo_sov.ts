/**
 * SVO–SOV: read a sentence with the verb before its object, then write it with the verb after it, in other words.
 *
 * si1 vi28 oi5 rpi … | so1 oo5 rpo … vo28: the verb of the main clause goes to the end; verbs of relative clauses, which
 * follow their relative pronoun `rp` and subject, stay where they are. In the source words have an i, in the target an o.
 *
 * In SVO–SOV with nested clauses the sentences are the same, and deeply nested ones more likely: a network that must count
 * further than it has counted in training may be trained on these.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 4.2 and appendix.
 *
 * @module
 */
import { type Grammar, type GrammarTask, grammarTask, wordPairs } from "./grammar.ts";

/** What a subject becomes: the probabilities of two subjects, a subject with a relative clause, and a word. */
interface SubjectRule {
  readonly two: number;
  readonly clause: number;
  readonly word: number;
}

/** The grammar; as it is printed, but for these probabilities. */
const grammarWith = ({ two, clause, word }: SubjectRule): Grammar => ({
  A: [[1, "S1 VT2 O3", "S1 O3 VT2"]],
  S: [
    [two, "S1 S2", "S1 S2"],
    [clause, "S1 rpi S2 VT3", "S1 rpo S2 VT3"],
    [word, "ST1", "ST1"],
  ],
  O: [
    [1 / 5, "O1 O2", "O1 O2"],
    [1 / 5, "S1 rpi S2 VT3", "S1 rpo S2 VT3"],
    [3 / 5, "OT1", "OT1"],
  ],
  ST: wordPairs(33, "si", "so"),
  VT: wordPairs(33, "vi", "vo"),
  OT: wordPairs(33, "oi", "oo"),
});

/** The kinds of words that each kind may follow: `m` is the main verb, `^` the beginning. */
const MAY_FOLLOW: Readonly<Record<string, string>> = {
  s: "^srvom",
  r: "sv",
  v: "sv",
  m: "sv",
  o: "mov",
};

/**
 * Makes the task: 100 words in the source, 100 others in the target.
 *
 * @example
 * ```ts
 * import { svoSovTask } from "@/tasks/svo_sov.ts";
 * import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { vocabulary, pairOf } = svoSovTask();
 * const { target } = pairOf!(textToSymbols("si1 rpi si2 vi3 vi4 oi5", vocabulary));
 * assertEquals(symbolsToText(target, vocabulary), "so1 rpo so2 vo3 oo5 vo4");
 * ```
 * @returns The task; its `pairOf` throws a `NoTargetError` for what is no sentence.
 */
export function svoSovTask(): GrammarTask {
  return PRINTED;
}

/**
 * Makes the task on the same sentences and words with other probabilities: a subject has a relative clause with 2/5 instead of
 * 1/5, and is two subjects with 1/10 instead of 1/5.
 *
 * @returns The task; its `pairOf` throws a `NoTargetError` for what is no sentence.
 */
export function svoSovNestedTask(): GrammarTask {
  return NESTED;
}

const PRINTED = grammarTask({
  name: "svo-sov",
  title: "SVO-SOV reordering",
  grammar: grammarWith({ two: 1 / 5, clause: 1 / 5, word: 3 / 5 }),
  translate,
});

const NESTED = grammarTask({
  name: "svo-sov-nested",
  title: "SVO-SOV reordering (nested clauses)",
  grammar: grammarWith({ two: 1 / 10, clause: 2 / 5, word: 1 / 2 }),
  translate,
});

/** Moves the main verb to the end: the first one that ends no relative clause. */
function translate(words: readonly string[]): string[] | undefined {
  let openClauses = 0, mainVerb = -1, before = "^";
  for (const [i, word] of words.entries()) {
    const isMainVerb = word[0] === "v" && openClauses === 0 && mainVerb < 0;
    const kind = isMainVerb ? "m" : word[0];
    if (!MAY_FOLLOW[kind].includes(before)) return undefined;
    if (isMainVerb) mainVerb = i;
    if (kind === "r") openClauses++;
    if (kind === "v" && --openClauses < 0) return undefined;
    if (kind === "o" && openClauses > 0) return undefined;
    before = kind;
  }
  if (mainVerb < 0 || openClauses > 0 || !"ov".includes(before)) return undefined;
  const reordered = [...words.slice(0, mainVerb), ...words.slice(mainVerb + 1), words[mainVerb]];
  return reordered.map((word) => word.replace("i", "o"));
}
