/**
 * Gender: read an English phrase of nouns, then write it in a toy German, whose articles depend on the noun.
 *
 * the em1 and a ef2 we3 | der gm1 und eine gf2 wg3: `m`, `f` and `n` are the genders, `w` any other word. In the source
 * words have an e, in the target a g.
 *
 * As printed, the grammar ends a derivation with a probability of .4: B becomes `B or B` too often. The lengths of a
 * range are its cap: a derivation that would be longer is none of those that are drawn from. Of the derivations that end, B
 * becomes `B or B` in .1, `S and S` in .625 and `B V` in .275 of the cases, and V becomes `W B` in 6 of 11; what is drawn
 * has that distribution, given the range. The paper's prose and sample do not fit the print. The variant has the rules
 * A → B V and B → B or B | S and S | S with ½, ¼, ¼, whose derivations all end; it has no sentence of 3n + 1 words.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 4.2 and appendix.
 *
 * @module
 */
import { type Grammar, type GrammarTask, grammarTask, type Rule, wordPairs } from "./grammar.ts";

/** What both grammars have in common. */
const PARTS: Grammar = {
  V: [[3 / 4, "W1 B2", "W1 B2"], [1 / 4, "W1", "W1"]],
  S: [
    [1 / 6, "the M1", "der M1"],
    [1 / 6, "the F1", "die F1"],
    [1 / 6, "the N1", "das N1"],
    [1 / 6, "a M1", "ein M1"],
    [1 / 6, "a F1", "eine F1"],
    [1 / 6, "a N1", "ein N1"],
  ],
  W: wordPairs(25, "we", "wg"),
  M: wordPairs(25, "em", "gm"),
  F: wordPairs(25, "ef", "gf"),
  N: wordPairs(25, "en", "gn"),
};
const OR = ["B1 or B2", "B1 oder B2"] as const;
const AND: Rule = [1 / 4, "S1 and S2", "S1 und S2"];

const PRINTED = grammarTask({
  name: "gender",
  title: "gender conjugation",
  grammar: { A: [[1, "B1", "B1"]], B: [[1 / 4, ...OR], AND, [1 / 2, "B1 V2", "B1 V2"]], ...PARTS },
  translate: (words) => translate(words, /^S and S( or S and S| W S and S| W)*$/),
});

const VARIANT = grammarTask({
  name: "gender-variant",
  title: "gender conjugation (variant)",
  grammar: {
    A: [[1, "B1 V2", "B1 V2"]],
    B: [[1 / 2, ...OR], AND, [1 / 4, "S1", "S1"]],
    ...PARTS,
  },
  translate: (words) =>
    translate(words, /^S( and S)?( or S( and S)?)* W( S( and S)?( or S( and S)?)*)?$/),
});

/**
 * Makes the task with the grammar as it is printed: 104 words in the source, 107 others in the target.
 *
 * @example
 * ```ts
 * import { genderTask } from "@/tasks/gender.ts";
 * import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { vocabulary, pairOf } = genderTask();
 * const { target } = pairOf!(textToSymbols("the em1 and a ef2 we3", vocabulary));
 * assertEquals(symbolsToText(target, vocabulary), "der gm1 und eine gf2 wg3");
 * ```
 * @returns The task; its `pairOf` throws a `NoTargetError` for what is no sentence.
 */
export function genderTask(): GrammarTask {
  return PRINTED;
}

/**
 * Makes the task with the variant of the grammar, on the same words.
 *
 * @returns The task; its `pairOf` throws a `NoTargetError` for what is no sentence.
 */
export function genderVariantTask(): GrammarTask {
  return VARIANT;
}

const ARTICLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  the: { m: "der", f: "die", n: "das" },
  a: { m: "ein", f: "eine", n: "ein" },
};
const CONJUNCTIONS: Readonly<Record<string, string>> = { and: "und", or: "oder" };

/** Translates a phrase; `form` are the phrases of the grammar, S being an article with its noun and W any other word. */
function translate(words: readonly string[], form: RegExp): string[] | undefined {
  const shortened = words.join(" ").replace(/\b(the|a) e[mfn]\d+/g, "S").replace(/\bwe\d+/g, "W");
  if (!form.test(shortened)) return undefined;
  // The gender is the second letter of the noun that follows the article.
  return words.map((word, i) =>
    ARTICLES[word]?.[words[i + 1][1]] ?? CONJUNCTIONS[word] ?? word.replace("e", "g")
  );
}
