/** Networks that follow a script, to test the code that runs them. */
import { assert } from "@std/assert";
import type { SymbolStepper } from "@/tasks/decoding.ts";
import type { AutoregressiveVocabulary, Vocabulary } from "@/tasks/task.ts";

/** The symbol that a scripted network writes next, given everything that one string has been fed. */
export type Script = (fed: readonly number[]) => number;

/** A network that follows a script, and remembers what it was fed. */
export class ScriptedNetwork implements SymbolStepper {
  /** For each group, for each of its strings, the symbols it was fed. */
  readonly groups: number[][][] = [];
  readonly #logits: Float32Array[] = [];

  constructor(readonly vocabulary: Vocabulary, readonly script: Script) {}

  start(strings: number): void {
    this.groups.push(Array.from({ length: strings }, () => []));
    this.#logits[0] = new Float32Array(strings * this.vocabulary.size);
  }

  step(symbols: Int32Array): Float32Array {
    const K = this.vocabulary.size;
    const logits = this.#logits[0].fill(-1);
    this.groups.at(-1)!.forEach((fed, b) => {
      assert(symbols[b] >= 0 && symbols[b] < K, `${symbols[b]} is no symbol`);
      fed.push(symbols[b]);
      logits[b * K + this.script(fed)] = -0.5;
    });
    return logits;
  }
}

/** Writes what `rule` makes of the source that it has read: b_1 at the separator, the terminator at the end. */
export function writer(
  { separator, terminator }: AutoregressiveVocabulary,
  rule: (source: number[]) => readonly number[],
): Script {
  return (fed) => {
    const k = fed.indexOf(separator) - 1;
    if (k < 0) return 0;
    return rule(fed.slice(1, k + 1))[fed.length - k - 2] ?? terminator;
  };
}

/** Reverses whatever it has read. */
export function reverser(vocabulary: AutoregressiveVocabulary): Script {
  return writer(vocabulary, (source) => source.toReversed());
}
