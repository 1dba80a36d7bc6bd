/**
 * How likely a nonterminal of a context-free grammar is to be expanded to n words, for every n: what it takes to draw
 * sentences of a given length without rejection.
 *
 * P(X → n) = Σ_rules p · P(children → n − w), where w counts the words of the rule;
 * P(C D … → n) = Σ_i P(C → i) P(D … → n − i)
 *
 * The probabilities fall geometrically with n. So that those of long sentences are no zeros in Float64, each word weighs
 * z, and the tables hold P(X → n) zⁿ; z is close to the radius of convergence of Σ_n P(X → n) zⁿ, at which
 * P(X → n) zⁿ falls only as a power of n. What is drawn at a given length does not depend on z.
 *
 * Time grows with the square of the longest length, memory with the length: 10,000 words of SVO–SOV take about a second
 * once, and 1,000 words a hundredth of that.
 *
 * @module
 */

/** A rule without its words: how likely it is chosen, and what it leaves to be expanded. */
export interface RuleShape {
  readonly probability: number;
  /** Nonterminals, in the order of the source. */
  readonly children: readonly string[];
  /** How many words it writes. */
  readonly words: number;
}

/** P(… → n) zⁿ of a nonterminal, or of several one after the other. */
export interface LengthTable {
  /** By n. */
  values: Float64Array;
  /** The shortest length that is not impossible. */
  least: number;
  /** The longest one so far. */
  most: number;
}

/** The tables of one grammar, computed as far as they are needed. */
export class LengthTables {
  /** z, what a word weighs. */
  readonly wordWeight: number;
  readonly #rules: ReadonlyMap<string, readonly RuleShape[]>;
  /** By names of nonterminals, such as "S VT O". */
  readonly #tables = new Map<string, LengthTable>();
  /** For every table of several nonterminals those of the first one and of the rest. */
  readonly #products: { product: LengthTable; first: LengthTable; rest: LengthTable }[] = [];
  #longest = 0;

  /**
   * Prepares the tables.
   *
   * @param rules The rules of each nonterminal. One that may become another nonterminal alone comes before that one.
   * @throws {TypeError} If it comes after that one.
   */
  constructor(rules: ReadonlyMap<string, readonly RuleShape[]>) {
    checkOrder(rules);
    this.#rules = new Map([...rules].map(([name, own]) => [name, mergeRules(own)]));
    this.wordWeight = weighWords(this.#rules);
    this.#tables.set("", { values: Float64Array.of(1), least: 0, most: 0 });
    for (const name of rules.keys()) this.#add(name);
    for (const { children } of [...rules.values()].flat()) {
      for (let from = children.length - 2; from >= 0; from--) {
        const name = children.slice(from).join(" ");
        if (this.#tables.has(name)) continue;
        const first = this.of(children[from]), rest = this.of(...children.slice(from + 1));
        this.#products.push({ product: this.#add(name), first, rest });
      }
    }
  }

  #add(name: string): LengthTable {
    const table = { values: new Float64Array(1), least: Infinity, most: -Infinity };
    this.#tables.set(name, table);
    return table;
  }

  /**
   * Finds a table.
   *
   * @param children Nonterminals, as they stand at the end of a rule; none gives the table of no words.
   * @returns Their table, which {@linkcode extend} lengthens.
   */
  of(...children: readonly string[]): LengthTable {
    return this.#tables.get(children.join(" "))!;
  }

  /**
   * Computes the tables to a length; each number is the same, however the tables have grown.
   *
   * @param longest The length, in words.
   */
  extend(longest: number): void {
    if (longest <= this.#longest) return;
    for (const table of this.#tables.values()) {
      const values = new Float64Array(longest + 1);
      values.set(table.values);
      table.values = values;
    }
    // Nonterminals that may become others of the same length come after those.
    const names = [...this.#rules.keys()].reverse();
    for (let n = this.#longest + 1; n <= longest; n++) {
      for (const { product, first, rest } of this.#products) {
        setAt(product, n, convolve(first, rest, n));
      }
      for (const name of names) setAt(this.of(name), n, this.#expand(name, n));
    }
    this.#longest = longest;
  }

  #expand(name: string, n: number): number {
    let total = 0;
    for (const { probability, children, words } of this.#rules.get(name)!) {
      if (words > n) continue;
      total += probability * this.wordWeight ** words * this.of(...children).values[n - words];
    }
    return total;
  }
}

function checkOrder(rules: ReadonlyMap<string, readonly RuleShape[]>): void {
  const names = [...rules.keys()];
  for (const [i, name] of names.entries()) {
    for (const { children, words } of rules.get(name)!) {
      if (words > 0 || children.length > 1 || names.indexOf(children[0]) > i) continue;
      const wanted = `${name}, which may become ${children[0]} alone, before ${children[0]}`;
      throw new TypeError(`Cannot use a grammar: wanted ${wanted}, got it after`);
    }
  }
}

/** Adds up the probabilities of rules that do not differ in anything else. */
function mergeRules(rules: readonly RuleShape[]): RuleShape[] {
  const groups = Map.groupBy(rules, ({ children, words }) => `${words} ${children}`);
  return [...groups.values()].map((group) => {
    const probability = group.reduce((sum, rule) => sum + rule.probability, 0);
    return { ...group[0], probability };
  });
}

function setAt(table: LengthTable, n: number, value: number): void {
  if (value === 0) return;
  table.values[n] = value;
  table.least = Math.min(table.least, n);
  table.most = n;
}

/** Σ_i first[i] rest[n − i]. */
function convolve(first: LengthTable, rest: LengthTable, n: number): number {
  const x = first.values, y = rest.values, end = Math.min(first.most, n - rest.least);
  let total = 0;
  for (let i = Math.max(first.least, n - rest.most); i <= end; i++) total += x[i] * y[n - i];
  return total;
}

/** Finds the largest z from 1 to 1024, to about 1e-3, at which Σ_n P(X → n) zⁿ is finite for every X. */
function weighWords(rules: ReadonlyMap<string, readonly RuleShape[]>): number {
  let [low, high] = [1, 1024];
  while (high - low > 1e-3) {
    const z = (low + high) / 2;
    if (converges(rules, z)) low = z;
    else high = z;
  }
  return low;
}

/** Whether the sums stay small when derivations become one rule deeper at each step. */
function converges(rules: ReadonlyMap<string, readonly RuleShape[]>, z: number): boolean {
  const totals = new Map([...rules.keys()].map((name) => [name, 0]));
  for (let depth = 0, growth = Infinity; depth < 200 && growth > 1e-12; depth++) {
    growth = 0;
    for (const [name, own] of rules) {
      let total = 0;
      for (const { probability, children, words } of own) {
        const ofChildren = children.reduce((product, child) => product * totals.get(child)!, 1);
        total += probability * z ** words * ofChildren;
      }
      if (total > 1e6) return false;
      growth += total - totals.get(name)!;
      totals.set(name, total);
    }
  }
  return true;
}
