/**
 * Synchronous grammars: each derivation writes a source and a target, and both have as many words.
 *
 * A rule has two sides with the same nonterminals, which numbers link: `S1 rpi S2 VT3` in the source and
 * `S1 rpo S2 VT3` in the target. Pairs of given lengths are drawn without rejection: first the length, with its
 * probability among those of the range, then the derivation, rule by rule, given the length. The distribution is that
 * of derivations of the grammar when all that are too long or too short are rejected; derivations that never end, if
 * there are any, are among those.
 *
 * A derivation also aligns its sides: it says from which word of the source each word of the target comes.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import { type LengthTable, LengthTables, type RuleShape } from "./length_tables.ts";
import {
  type AutoregressiveTask,
  type AutoregressiveVocabulary,
  checkLengths,
  checkSource,
  createVocabulary,
  type LengthRange,
  NoTargetError,
  type Pair,
  PAPER_LENGTHS,
  teacherForced,
} from "./task.ts";

/** One way to expand a nonterminal. Nonterminals are capital letters and the number of their link, all else is words. */
export type Rule = readonly [probability: number, source: string, target: string];

/** The rules of each nonterminal; derivations begin with the first. */
export type Grammar = Readonly<Record<string, readonly Rule[]>>;

/** A side of a rule: the symbol of a word, or −1 − i for child i. */
type Side = readonly number[];

interface RuleSides extends RuleShape {
  readonly source: Side;
  readonly target: Side;
}

interface Nonterminal {
  readonly table: LengthTable;
  readonly rules: readonly CompiledRule[];
}

interface CompiledRule {
  /** p z^words. */
  readonly weight: number;
  readonly words: number;
  readonly children: readonly Nonterminal[];
  /** The table of all children, of those after the first, …, of none. */
  readonly rests: readonly LengthTable[];
  readonly source: Side;
  readonly target: Side;
}

interface CompiledGrammar {
  readonly start: Nonterminal;
  readonly tables: LengthTables;
  readonly vocabulary: AutoregressiveVocabulary;
  /** Symbols below this are words of the source, the others words of the target alone. */
  readonly sourceWords: number;
}

type Random = Pick<RandomSource, "uniform">;

/** A pair, and where in the source each word of the target comes from. */
export interface AlignedPair extends Pair {
  /** Of each word of the target the position in the source, from 0: a permutation, since both sides are equally long. */
  readonly alignment: Int32Array;
}

/** A task on sentences. */
export interface GrammarTask extends AutoregressiveTask {
  /**
   * Draws the pair that `sample` draws from the same random numbers, with its alignment: of a rule, the first word of one side
   * belongs to the first of the other, the second to the second.
   *
   * @throws {RangeError} If the lengths are no range.
   */
  sampleAligned(random: Random, lengths: LengthRange): AlignedPair;
}

/** What distinguishes one task on sentences from another. */
export interface GrammarTaskRule {
  readonly name: string;
  readonly title: string;
  readonly grammar: Grammar;
  /** Translates a sentence word by word; undefined if the grammar does not derive it. */
  translate(words: readonly string[]): readonly string[] | undefined;
}

/**
 * Makes an autoregressive task on sentences: a pair is drawn from one derivation of a grammar.
 *
 * A range in which the grammar has no sentence gives sentences of the nearest length that it has, the longer one of two.
 *
 * @example Clauses that follow their word in the source, and come before it in the target.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { grammarTask } from "@/tasks/grammar.ts";
 * import { symbolsToText } from "@/tasks/text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const grammar = { X: [[.5, "a X1", "X1 b"], [.5, "c", "d"]] } as const;
 * const translate = (words: readonly string[]) => words; // of no importance here
 * const task = grammarTask({ name: "toy", title: "toy", grammar, translate });
 * const lengths = { shortest: 4, longest: 4 };
 * const { source, target, alignment } = task.sampleAligned(seededRandom(1), lengths);
 * assertEquals(symbolsToText(source, task.vocabulary), "a a a c");
 * assertEquals(symbolsToText(target, task.vocabulary), "d b b b");
 * assertEquals([...alignment], [3, 2, 1, 0]);
 * ```
 * @param rule Its names, its grammar, and the translation of a given sentence.
 * @returns The task. An answer to k words may have 2k symbols. `pairOf` throws a `NoTargetError` for a sequence of words
 * that the grammar does not derive.
 * @throws {TypeError} If the sides of a rule do not agree, or probabilities do not add up to 1.
 */
export function grammarTask(
  { name, title, grammar, translate }: GrammarTaskRule,
): GrammarTask {
  const compiled = compileGrammar(grammar), { vocabulary, sourceWords } = compiled;
  const words = vocabulary.words!, symbols = new Map(words.map((word, symbol) => [word, symbol]));
  return {
    name,
    title,
    vocabulary,
    lengths: PAPER_LENGTHS,
    autoregressive: true,
    sample(random, lengths) {
      const { source, target } = drawPair(compiled, random, lengths);
      return { source, target };
    },
    sampleAligned: (random, lengths) => drawPair(compiled, random, lengths),
    pairOf(symbolsOfSource) {
      checkSource(vocabulary, symbolsOfSource);
      const source = Int32Array.from(symbolsOfSource);
      const target = source.every((symbol) => symbol < sourceWords) &&
        translate(Array.from(source, (symbol) => words[symbol]));
      if (target) return { source, target: Int32Array.from(target, (word) => symbols.get(word)!) };
      throw new NoTargetError("a sentence of the task's grammar", "another sequence of words");
    },
    layOut: (pair) => teacherForced(vocabulary, pair),
    longestTarget: (k) => 2 * k,
  };
}

/**
 * Makes equally likely rules that write one word each: `si1 | so1`, `si2 | so2` and so on.
 *
 * @param count How many.
 * @param source What the words of the source begin with.
 * @param target What the words of the target begin with.
 * @returns The rules.
 */
export function wordPairs(count: number, source: string, target: string): Rule[] {
  return Array.from(
    { length: count },
    (_, i) => [1 / count, `${source}${i + 1}`, `${target}${i + 1}`],
  );
}

function compileGrammar(grammar: Grammar): CompiledGrammar {
  const rules = Object.values(grammar).flat();
  const sources = new Set(rules.flatMap(([, source]) => wordsOf(source)));
  const targets = new Set(rules.flatMap(([, , target]) => wordsOf(target)));
  const words = [...sources.union(targets)];
  const symbols = new Map(words.map((word, symbol) => [word, symbol]));
  const sides = new Map(
    Object.entries(grammar).map(([name, own]) => {
      checkProbabilities(name, own);
      return [name, own.map((rule) => compileRule(rule, symbols))];
    }),
  );
  const tables = new LengthTables(sides), start = linkNonterminals(sides, tables);
  const vocabulary = { ...createVocabulary(words.length), words };
  return { start, tables, vocabulary, sourceWords: sources.size };
}

function checkProbabilities(name: string, rules: readonly Rule[]): void {
  const total = rules.reduce((sum, [probability]) => sum + probability, 0);
  if (Math.abs(total - 1) < 1e-9) return;
  const wanted = `probabilities of ${name} that add up to 1`;
  throw new TypeError(`Cannot use a grammar: wanted ${wanted}, got ${total}`);
}

/** Puts nonterminals and tables in the place of their names; returns the first nonterminal. */
function linkNonterminals(
  sides: ReadonlyMap<string, readonly RuleSides[]>,
  tables: LengthTables,
): Nonterminal {
  const compiled = new Map<string, Nonterminal & { readonly rules: CompiledRule[] }>();
  for (const name of sides.keys()) compiled.set(name, { table: tables.of(name), rules: [] });
  for (const [name, own] of sides) {
    for (const { probability, words, children, source, target } of own) {
      compiled.get(name)!.rules.push({
        weight: probability * tables.wordWeight ** words,
        words,
        children: children.map((child) => compiled.get(child)!),
        rests: Array.from(
          { length: children.length + 1 },
          (_, from) => tables.of(...children.slice(from)),
        ),
        source,
        target,
      });
    }
  }
  return [...compiled.values()][0];
}

const isLink = (token: string) => /^[A-Z]+\d+$/.test(token);
const wordsOf = (side: string) => side.split(" ").filter((token) => !isLink(token));

function compileRule(
  [probability, source, target]: Rule,
  symbols: ReadonlyMap<string, number>,
): RuleSides {
  const [from, to] = [source.split(" "), target.split(" ")];
  const links = from.filter(isLink);
  if (
    from.length !== to.length || links.join() !== to.filter(isLink).sort(byPlaceIn(links)).join()
  ) {
    const wanted = `as many words and the same nonterminals as in ${JSON.stringify(source)}`;
    throw new TypeError(`Cannot use a grammar: wanted ${wanted}, got ${JSON.stringify(target)}`);
  }
  const compile = (tokens: readonly string[]) =>
    tokens.map((token) => isLink(token) ? -1 - links.indexOf(token) : symbols.get(token)!);
  return {
    probability,
    children: links.map((link) => link.replace(/\d+$/, "")),
    words: from.length - links.length,
    source: compile(from),
    target: compile(to),
  };
}

const byPlaceIn = (list: readonly string[]) => (a: string, b: string) =>
  list.indexOf(a) - list.indexOf(b);

/** Draws a length, then a derivation of that length from the top down. */
function drawPair(
  { start, tables }: CompiledGrammar,
  random: Random,
  lengths: LengthRange,
): AlignedPair {
  checkLengths(lengths);
  const length = drawLength(start.table, tables, random, lengths);
  const [source, target, alignment] = [0, 1, 2].map(() => new Int32Array(length));
  const open = [{ nonterminal: start, length, sourceAt: 0, targetAt: 0 }];
  for (let node = open.pop(); node; node = open.pop()) {
    const rule = drawRule(node.nonterminal, random, node.length);
    const lengths = divideLength(rule, random, node.length - rule.words);
    const written = writeSide(rule.source, lengths, source, node.sourceAt);
    const translated = writeSide(rule.target, lengths, target, node.targetAt);
    written.words.forEach((at, w) => alignment[translated.words[w]] = at);
    rule.children.forEach((nonterminal, c) => {
      const [sourceAt, targetAt] = [written.children[c], translated.children[c]];
      open.push({ nonterminal, length: lengths[c], sourceAt, targetAt });
    });
  }
  return { source, target, alignment };
}

function drawLength(
  table: LengthTable,
  tables: LengthTables,
  random: Random,
  { shortest, longest }: LengthRange,
): number {
  tables.extend(longest);
  const weights = Array.from(
    table.values.subarray(shortest, longest + 1),
    (weight, i) => weight / tables.wordWeight ** i,
  );
  const total = weights.reduce((sum, weight) => sum + weight);
  if (total > 0) return shortest + drawIndex(random, weights.length, total, (i) => weights[i]);
  for (let away = 1;; away++) {
    tables.extend(longest + away);
    const nearest = [longest + away, shortest - away].find((length) => table.values[length] > 0);
    if (nearest !== undefined) return nearest;
  }
}

function drawRule({ table, rules }: Nonterminal, random: Random, length: number): CompiledRule {
  const weigh = ({ weight, words, rests }: CompiledRule) =>
    words > length ? 0 : weight * (rests[0].values[length - words] ?? 0);
  return rules[drawIndex(random, rules.length, table.values[length], (i) => weigh(rules[i]))];
}

/** Draws how many of the words each child of a rule becomes. */
function divideLength({ children, rests }: CompiledRule, random: Random, words: number): number[] {
  const lengths: number[] = [];
  let left = words;
  for (let c = 0; c < children.length - 1; c++) {
    const own = children[c].table.values, rest = rests[c + 1].values;
    // From both ends: most derivations have one long child, so that few of the lengths are weighed.
    const lengthAt = (i: number) => i % 2 === 0 ? 1 + i / 2 : left - (i + 1) / 2;
    const weigh = (i: number) => own[lengthAt(i)] * rest[left - lengthAt(i)];
    const drawn = lengthAt(drawIndex(random, left - 1, rests[c].values[left], weigh));
    lengths.push(drawn);
    left -= drawn;
  }
  if (children.length > 0) lengths.push(left);
  return lengths;
}

/** Draws i with the probability `weigh(i)` ÷ `total`. */
function drawIndex(
  random: Random,
  count: number,
  total: number,
  weigh: (i: number) => number,
): number {
  let left = random.uniform() * total, last = -1;
  for (let i = 0; i < count && left >= 0; i++) {
    const weight = weigh(i);
    if (weight > 0) last = i; // rounding may leave a little of the total after the last
    left -= weight;
  }
  return last;
}

/** Writes the words of a side, and leaves room for its children; returns where each word is and each child begins. */
function writeSide(
  side: Side,
  lengths: readonly number[],
  sentence: Int32Array,
  start: number,
): { words: number[]; children: number[] } {
  const words: number[] = [], children: number[] = [];
  let at = start;
  for (const symbol of side) {
    if (symbol >= 0) {
      words.push(at);
      sentence[at++] = symbol;
    } else {
      children[-1 - symbol] = at;
      at += lengths[-1 - symbol];
    }
  }
  return { words, children };
}
