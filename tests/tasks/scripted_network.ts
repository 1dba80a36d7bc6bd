/** Networks that do as they are told, to test what asks them. */
import { assert } from "@std/assert";
import type { SymbolStepper } from "@/tasks/decoding.ts";
import type { Vocabulary } from "@/tasks/reversal.ts";

/** What a scripted network writes next, given all that one string has been fed. */
export type Script = (fed: readonly number[]) => number;

/** A network that follows a script, and remembers what it was fed. */
export class ScriptedNetwork implements SymbolStepper {
  /** For each group, for each of its strings, the symbols it was fed. */
  readonly groups: number[][][] = [];
  readonly #logits: Float32Array[] = [];

  constructor(readonly symbols: Vocabulary, readonly script: Script) {}

  start(strings: number): void {
    this.groups.push(Array.from({ length: strings }, () => []));
    this.#logits[0] = new Float32Array(strings * this.symbols.size);
  }

  step(symbols: Int32Array): Float32Array {
    const K = this.symbols.size;
    const logits = this.#logits[0].fill(-1);
    this.groups.at(-1)!.forEach((fed, b) => {
      assert(symbols[b] >= 0 && symbols[b] < K, `${symbols[b]} is no symbol`);
      fed.push(symbols[b]);
      logits[b * K + this.script(fed)] = -0.5;
    });
    return logits;
  }
}

/** Reverses whatever it has read: b_1 at the separator, then on. */
export function reverser({ separator, terminator }: Vocabulary): Script {
  return (fed) => {
    const k = fed.indexOf(separator) - 1;
    if (k < 0) return 0;
    const written = fed.length - k - 2;
    return written < k ? fed[k - written] : terminator;
  };
}
