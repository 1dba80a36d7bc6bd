/** An oracle for synchronous grammars that shares no code with the library: a parser that translates, and a plain sampler. */

/**
 * Rules of each nonterminal as texts, `p: source | target`; A is the first. In `si#` the number sign stands for any number
 * up to the grammar's count, the same one in both sides.
 */
export interface OracleGrammar {
  readonly rules: Readonly<Record<string, readonly string[]>>;
  /** Words of each kind. */
  readonly count: number;
}

interface OracleRule {
  readonly p: number;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

const parsed = new WeakMap<OracleGrammar, ReadonlyMap<string, readonly OracleRule[]>>();

function rulesOf(grammar: OracleGrammar): ReadonlyMap<string, readonly OracleRule[]> {
  const known = parsed.get(grammar);
  if (known) return known;
  const entries = Object.entries(grammar.rules).map(([name, texts]) => {
    const rules = texts.map((text) => {
      const [p, from, to] = text.split(/[:|]/);
      return { p: Number(p), from: from.trim().split(" "), to: to.trim().split(" ") };
    });
    return [name, rules] as const;
  });
  parsed.set(grammar, new Map(entries));
  return rulesOf(grammar);
}

const isNonterminal = (token: string) => /^[A-Z]/.test(token);
const nameOf = (token: string) => token.replace(/\d+$/, "");

/**
 * Finds every target of a source by trying every derivation; a source outside the grammar has none.
 *
 * @param label What is written for a word of the target that comes from the source's word at a position.
 */
export function targetsOf(
  grammar: OracleGrammar,
  source: readonly string[],
  label = (word: string, _from: number) => word,
): Set<string> {
  const rules = rulesOf(grammar), [start] = rules.keys();
  const known = new Map<string, Set<string>>();

  function expand(name: string, from: number, to: number): Set<string> {
    const key = `${name} ${from} ${to}`;
    if (!known.has(key)) {
      known.set(key, new Set()); // a nonterminal that becomes itself adds nothing
      const found = rules.get(name)!.flatMap((rule) => [...match(rule, 0, from, to, new Map())]);
      known.set(key, new Set(found));
    }
    return known.get(key)!;
  }

  /** Matches the tokens of a source side from `at` on; `bound` holds what the earlier ones have become in the target. */
  function* match(
    rule: OracleRule,
    at: number,
    from: number,
    to: number,
    bound: ReadonlyMap<string, string>,
  ): Generator<string> {
    const token = rule.from[at], left = rule.from.length - at - 1;
    if (token === undefined) {
      if (from === to) yield rule.to.map((word) => bound.get(word) ?? word).join(" ");
    } else if (isNonterminal(token)) {
      for (let end = left > 0 ? from + 1 : to; end <= to - left; end++) {
        for (const text of expand(nameOf(token), from, end)) {
          yield* match(rule, at + 1, end, to, new Map([...bound, [token, text]]));
        }
      }
    } else if (from < to) {
      const word = source[from], digits = word.slice(token.length - 1);
      const counts = /^[1-9]\d*$/.test(digits) && Number(digits) <= grammar.count;
      if (word === token) {
        const place = rule.from.slice(0, at).filter((other) => !isNonterminal(other)).length;
        const written = rule.to.filter((other) => !isNonterminal(other))[place];
        const text = label(written, from);
        yield* match(rule, at + 1, from + 1, to, new Map([...bound, [written, text]]));
      } else if (token.endsWith("#") && word.startsWith(token.slice(0, -1)) && counts) {
        const written = rule.to.find((other) => other.endsWith("#"))!;
        const text = label(written.replace("#", digits), from);
        yield* match(rule, at + 1, from + 1, to, new Map([...bound, [written, text]]));
      }
    }
  }

  return expand(start, 0, source.length);
}

/** Derives a source by the plain grammar, rule by rule; undefined once it is sure to have more words than `most`. */
export function deriveSource(
  grammar: OracleGrammar,
  random: { uniform(): number; integer(low: number, high: number): number },
  most: number,
): string[] | undefined {
  const rules = rulesOf(grammar), words: string[] = [];
  const open = [rules.keys().next().value!];
  while (open.length > 0) {
    if (words.length + open.length > most) return undefined; // every token becomes a word at least
    const token = open.pop()!;
    if (!isNonterminal(token)) {
      words.push(token.replace("#", () => String(random.integer(1, grammar.count + 1))));
      continue;
    }
    const own = rules.get(nameOf(token))!;
    let left = random.uniform();
    const rule = own.find(({ p }) => (left -= p) < 0) ?? own[own.length - 1];
    open.push(...rule.from.toReversed());
  }
  return words;
}

/**
 * χ² of two samples of the same size, in standard deviations above its mean. Categories of fewer than 20 in both samples
 * together are pooled.
 */
export function chiSquareExcess(one: readonly string[], other: readonly string[]): number {
  const counts = new Map<string, [number, number]>();
  for (const [i, sample] of [one, other].entries()) {
    for (const category of sample) {
      if (!counts.has(category)) counts.set(category, [0, 0]);
      counts.get(category)![i]++;
    }
  }
  const pooled: [number, number] = [0, 0], kept: [number, number][] = [];
  for (const pair of counts.values()) {
    if (pair[0] + pair[1] >= 20) kept.push(pair);
    else pair.forEach((count, i) => pooled[i] += count);
  }
  if (pooled[0] + pooled[1] > 0) kept.push(pooled);
  const chiSquare = kept.reduce((sum, [a, b]) => sum + (a - b) ** 2 / (a + b), 0);
  const degrees = kept.length - 1;
  return (chiSquare - degrees) / Math.sqrt(2 * degrees);
}
