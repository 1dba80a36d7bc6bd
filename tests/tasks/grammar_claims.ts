/** What every task on sentences must do, held against an oracle of its grammar. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { firstPairs } from "@/tasks/streams.ts";
import type { GrammarTask } from "@/tasks/grammar.ts";
import { type LengthRange, NoTargetError, type Pair, type Task } from "@/tasks/task.ts";
import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
import { chiSquareExcess, deriveSource, type OracleGrammar, targetsOf } from "./grammar_oracle.ts";

export interface GrammarClaims {
  readonly task: GrammarTask;
  readonly oracle: OracleGrammar;
  /** A word of each kind. */
  readonly fewWords: readonly string[];
  /** The share of derivations with 8 to 64 and with 65 to 128 words. */
  readonly acceptance: readonly [number, number];
}

const wordsOf = (task: Task, symbols: ArrayLike<number>) =>
  symbolsToText(symbols, task.vocabulary).split(" ");

function drawPairs(task: Task, strings: number, shortest: number, longest: number): Pair[] {
  return firstPairs(task, { strings, seed: 1, purpose: "test", lengths: { shortest, longest } });
}

/** Whether the oracle derives the pair, and no other target of its source. */
function isDerived({ task, oracle }: GrammarClaims, { source, target }: Pair): boolean {
  const targets = targetsOf(oracle, wordsOf(task, source));
  assert(targets.size <= 1, `${[...targets]}`);
  return targets.has(symbolsToText(target, task.vocabulary));
}

/** The library's pair of a source; undefined if there is none. */
function pairOrNone(task: Task, source: ArrayLike<number>): Pair | undefined {
  try {
    return task.pairOf!(source);
  } catch (error) {
    assert(error instanceof NoTargetError);
    return undefined;
  }
}

function testDerivations(claims: GrammarClaims): void {
  const { task, oracle, fewWords } = claims, { name, vocabulary } = task;

  Deno.test(`${name}: the parser derives every pair that is drawn`, () => {
    const pairs = drawPairs(task, 300, 1, 24);
    for (const pair of pairs) {
      assert(isDerived(claims, pair), symbolsToText(pair.source, vocabulary));
      assertEquals(task.pairOf!(pair.source), pair);
    }
  });

  Deno.test(`${name}: the parser finds each word of the target where the derivation has put it`, () => {
    const lengths = { shortest: 1, longest: 24 };
    const set = { strings: 300, seed: 1, purpose: "test", lengths } as const;
    const aligned = firstPairs({ sample: task.sampleAligned }, set);
    assertEquals(aligned.map(({ source, target }) => ({ source, target })), firstPairs(task, set));
    for (const { source, target, alignment } of aligned) {
      const words = wordsOf(task, source), placed = (word: string, at: number) => `${word}@${at}`;
      const drawn = wordsOf(task, target).map((word, t) => placed(word, alignment[t])).join(" ");
      assertEquals([...targetsOf(oracle, words, placed)], [drawn]);
    }
  });

  Deno.test(`${name}: the parser derives no pair of which one word is changed, added or lost`, () => {
    const random = seededRandom(2);
    for (const { source, target } of drawPairs(task, 150, 1, 16)) {
      const at = random.integer(0, source.length), word = random.integer(0, vocabulary.characters);
      for (const [side, other] of [[source, target], [target, source]]) {
        const mutations = [[...side], [...side], [...side]];
        mutations[0][at] = side[at] === word ? (word + 1) % vocabulary.characters : word;
        mutations[1].splice(at, 1);
        mutations[2].splice(at, 0, word);
        for (const mutation of mutations) {
          const changed = Int32Array.from(mutation);
          const pair = side === source
            ? { source: changed, target: other }
            : { source: other, target: changed };
          assert(!isDerived(claims, pair), symbolsToText(changed, vocabulary));
        }
      }
    }
  });

  /** Compares the library's target with the parser's; returns whether there is one. */
  function hasTarget(words: readonly string[]): boolean {
    const pair = pairOrNone(task, textToSymbols(words.join(" "), vocabulary));
    const wanted = [...targetsOf(oracle, words)];
    assertEquals(pair ? [symbolsToText(pair.target, vocabulary)] : [], wanted, words.join(" "));
    return pair !== undefined;
  }

  Deno.test(`${name}: of all short sequences those have a target for which the parser has one`, () => {
    let sentences = 0;
    const visit = (words: readonly string[]) => {
      if (words.length > 0 && hasTarget(words)) sentences++;
      if (words.length < 5) fewWords.forEach((word) => visit([...words, word]));
    };
    visit([]);
    assert(sentences > 0);
    const [{ target }] = drawPairs(task, 1, 8, 8);
    assertThrows(() => task.pairOf!(target), NoTargetError, "a sentence of the task's grammar");
  });

  Deno.test(`${name}: a sentence with a word changed, added or lost has the parser's target or none`, () => {
    const random = seededRandom(5), counts = { sentences: 0, others: 0 };
    for (const { source } of drawPairs(task, 400, 3, 18)) {
      const words = wordsOf(task, source), at = random.integer(0, words.length);
      const word = fewWords[random.integer(0, fewWords.length)];
      words.splice(at, random.integer(0, 2), ...[word].slice(0, random.integer(0, 2)));
      if (words.length > 0) counts[hasTarget(words) ? "sentences" : "others"]++;
    }
    assert(counts.sentences > 20 && counts.others > 20, JSON.stringify(counts));
  });
}

function testDistribution({ task, oracle, acceptance }: GrammarClaims): void {
  const { name } = task;
  /** The words without their numbers, so that a sentence is a category. */
  const shapeOf = (words: readonly string[]) => words.join(" ").replace(/\d+/g, "");

  function derive(strings: number, { shortest, longest }: LengthRange): string[][] {
    const random = seededRandom(3), sources: string[][] = [];
    while (sources.length < strings) {
      const source = deriveSource(oracle, random, longest);
      if (source && source.length >= shortest) sources.push(source);
    }
    return sources;
  }

  Deno.test(`${name}: lengths are distributed as by rejection from the plain grammar`, () => {
    const lengths = { shortest: 8, longest: 40 };
    const drawn = drawPairs(task, 6000, 8, 40).map(({ source }) => String(source.length));
    const derived = derive(6000, lengths).map(({ length }) => String(length));
    const excess = chiSquareExcess(drawn, derived);
    assert(excess < 4, `${excess}`);
  });

  Deno.test(`${name}: sentences of few words are distributed as by rejection, rule by rule`, () => {
    const lengths = { shortest: 3, longest: 11 };
    const drawn = drawPairs(task, 8000, 3, 11).map(({ source }) => shapeOf(wordsOf(task, source)));
    const derived = derive(8000, lengths).map(shapeOf);
    const excess = chiSquareExcess(drawn, derived);
    assert(excess < 4, `${excess}`);
    assert(new Set(drawn).size > 20);
  });

  Deno.test(`${name}: the plain grammar has as many sentences of these lengths as is known`, () => {
    const random = seededRandom(4), strings = 20_000, counts = [0, 0];
    for (let i = 0; i < strings; i++) {
      const length = deriveSource(oracle, random, 128)?.length ?? Infinity;
      if (length >= 8 && length <= 64) counts[0]++;
      if (length >= 65 && length <= 128) counts[1]++;
    }
    acceptance.forEach((share, i) => {
      const deviation = Math.sqrt(share * (1 - share) / strings);
      assertAlmostEquals(counts[i] / strings, share, 4 * deviation);
    });
  });

  Deno.test(`${name}: words of a kind come equally often, and all words of both sides occur`, () => {
    const { vocabulary } = task, counts = new Float64Array(vocabulary.characters);
    for (const { source, target } of drawPairs(task, 3000, 8, 64)) {
      for (const symbol of [...source, ...target]) counts[symbol]++;
    }
    assert(counts.every((count) => count > 0));
    const kinds = Map.groupBy(
      counts.keys(),
      (symbol) => vocabulary.words![symbol].replace(/\d+/, ""),
    );
    for (const [kind, symbols] of kinds) {
      if (symbols.length === 1) continue;
      const expected = symbols.reduce((sum, symbol) => sum + counts[symbol], 0) / symbols.length;
      for (const symbol of symbols) {
        assertAlmostEquals(counts[symbol], expected, 5 * Math.sqrt(expected), kind);
      }
    }
  });
}

function testStreams({ task }: GrammarClaims): void {
  const { name } = task;

  Deno.test(`${name}: the same seed gives the same pairs; seeds, purposes and ranges differ`, () => {
    const texts = new Set<string>(), lengths = { shortest: 30, longest: 60 };
    for (const seed of [1, 2]) {
      for (const purpose of ["training", "validation", "longer validation", "test"] as const) {
        for (const longest of [60, 61]) {
          const set = { strings: 20, seed, purpose, lengths: { ...lengths, longest } };
          const pairs = firstPairs(task, set);
          assertEquals(firstPairs(task, { ...set, strings: 5 }), pairs.slice(0, 5));
          pairs.forEach(({ source }) => texts.add(source.join()));
        }
      }
    }
    assertEquals(texts.size, 2 * 4 * 2 * 20);
  });

  Deno.test(`${name}: sentences of 1,000 and 10,000 words are drawn, and translated the same way`, () => {
    for (const length of [1000, 10_000]) {
      const [pair, other] = drawPairs(task, 2, length, length);
      assert(Math.abs(pair.source.length - length) <= 1);
      assert(pair.source.join() !== other.source.join());
      assertEquals(task.pairOf!(pair.source), pair);
    }
  });
}

/** Registers the tests. */
export function testGrammarTask(claims: GrammarClaims): void {
  testDerivations(claims);
  testDistribution(claims);
  testStreams(claims);
}
