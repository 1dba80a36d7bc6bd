/**
 * Saves the hidden states of a network over a text as a safetensors file, for other tools.
 *
 * | tensor       | dtype, shape | content                                                             |
 * | ------------ | ------------ | ------------------------------------------------------------------- |
 * | `h.0`, `h.1` | F32, T × H   | h_t of each layer: row t is the state after the text's symbol t     |
 * | `c.0`, `c.1` | F32, T × H   | c_t of each layer of an LSTM                                        |
 * | `symbols`    | I32, T       | the symbol that is read at each step                                |
 * | `text`       | U8, bytes    | the text in UTF-8                                                   |
 *
 * Its metadata have the `unit` and the `alphabet` of the symbols, as those of a network for text. In Python:
 *
 * ```python
 * from safetensors.numpy import load_file
 * states = load_file("states.safetensors")
 * c, text = states["c.0"], bytes(states["text"]).decode()
 * ```
 *
 * `T` symbols, `H` hidden units.
 *
 * @module
 */
import { type Files, writeBytesAtomically } from "@/io/files.ts";
import { type Alphabet, decodeSymbols } from "@/text/alphabet.ts";
import { type HiddenStates, STATE_KINDS } from "@/text/hidden_states.ts";
import { type StoredTensor, writeSafetensors } from "./safetensors.ts";

/** A text, and the states of a network that has read it. */
export interface ReadText {
  readonly alphabet: Alphabet;
  /** `T`. */
  readonly symbols: ArrayLike<number>;
  readonly states: HiddenStates;
}

/**
 * Saves the states; the old file is replaced atomically.
 *
 * @param files The file system.
 * @param path The file.
 * @param text The text and the states.
 * @param notes Further texts of the metadata by name, such as the file of the network.
 * @throws {UserError} If the file cannot be written; the old file remains.
 * @throws {RangeError} If there are not as many symbols as states, or a number is NaN or infinite; nothing is written.
 */
export function saveStates(
  files: Files,
  path: string,
  { alphabet, symbols, states }: ReadText,
  notes: Iterable<readonly [string, string]> = [],
): void {
  const T = states.symbols;
  if (symbols.length !== T) {
    throw new RangeError(`Cannot save the states: wanted ${T} symbols, got ${symbols.length}`);
  }
  const text = new TextEncoder().encode(decodeSymbols(alphabet, Array.from(symbols)));
  const layers = states.layers.flatMap((lists, layer) =>
    STATE_KINDS.flatMap((kind) => {
      const units = lists[kind];
      return units ? [[`${kind}.${layer}`, stepsByUnits(units, T)] as const] : [];
    })
  );
  const tensors = [
    ...layers,
    ["symbols", { shape: [T], data: Int32Array.from(symbols) }] as const,
    ["text", { shape: [text.length], data: text }] as const,
  ];
  const { unit, characters } = alphabet;
  const metadata = [...Object.entries({ unit, alphabet: characters }), ...notes];
  writeBytesAtomically(files, path, writeSafetensors(tensors, { metadata }));
}

/** A row for each step, `T` × `H`. */
function stepsByUnits(units: readonly Float32Array[], T: number): StoredTensor {
  const H = units.length, data = new Float32Array(T * H);
  units.forEach((activations, j) => activations.forEach((x, t) => data[t * H + j] = x));
  return { shape: [T, H], data };
}
