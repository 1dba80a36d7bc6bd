/**
 * A trained network as a file that travels: every parameter by name, and beside them all that is needed to
 * use them, so that nothing but the file has to be known.
 *
 * The file is in the safetensors format (`safetensors.ts`), its numbers F32. Its tensors are those that
 * `parameterShapes` lists for the network's shape (`sequence_shape.ts` has the table), the trained initial
 * state included, no more and no fewer. Its metadata, all texts:
 *
 * | name                             | text                                                        |
 * | -------------------------------- | ----------------------------------------------------------- |
 * | `task`                           | `string reversal`                                           |
 * | `characters`                     | n, how many characters the strings are made of              |
 * | `cell`                           | `rnn` or `lstm`                                             |
 * | `layers`, `hidden`, `embedding`  | L, H, E                                                     |
 * | `memory`                         | `stack` or `none`                                           |
 * | `valueWidth`                     | M; 0 without a stack                                        |
 * | `symbols`                        | K = n + 3: characters, then start, separator and terminator |
 * | `file_sha256`                    | the checksum of the file                                    |
 *
 * More texts may stand there, such as which run it was. `tests/pytorch/weights.py` reads such a file into
 * the same network in PyTorch, where the tensors have the same names and shapes.
 *
 * @module
 */
import { checkParameters } from "@/models/sequence_checks.ts";
import { parameterShapes, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { type Vocabulary, createVocabulary } from "@/tasks/reversal.ts";
import { UserError } from "@/io/user_error.ts";
import { type Files, join } from "@/io/files.ts";
import type { StoredTensor } from "./safetensors.ts";
import { quoted } from "./tensor_words.ts";
import { checkTensors, loadWeights, saveWeights } from "./weights_file.ts";

/** The best weights of a run, in its folder. */
export const BEST_WEIGHTS = "best.safetensors";
/** Its last weights. */
export const LAST_WEIGHTS = "last.safetensors";

const TASK = "string reversal";
/** The numbers of a shape that the metadata hold. */
const SIZES = ["layers", "hidden", "embedding", "valueWidth", "symbols"] as const;
const MARKS = createVocabulary(1).size - 1;

/** A network for string reversal. */
export interface TrainedModel {
  readonly shape: SequenceModelShape;
  /** The symbols of its task; as many as the shape has. */
  readonly symbols: Vocabulary;
  /** A tensor for each name of `parameterShapes`, row by row. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

/**
 * Saves a network; at any moment the old file is there as a whole, or the new one.
 *
 * @param files Where to.
 * @param path The file.
 * @param model The network; the number of its characters is that of its symbols without the three marks.
 * @param notes More texts by name, such as the seed of its run.
 * @throws {UserError} If it cannot be written; the old file is still there then.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size, or a note has the name of another.
 * @throws {RangeError} If a number is NaN or infinite, or there are no characters; nothing has been written
 * then.
 */
export function saveTrainedModel(
  files: Files,
  path: string,
  { shape, parameters }: Pick<TrainedModel, "shape" | "parameters">,
  notes: Iterable<readonly [string, string]> = [],
): void {
  checkParameters("save the network", shape, parameters);
  const { characters } = createVocabulary(shape.symbols - MARKS);
  const tensors = parameterShapes(shape).map(([name, dimensions]) =>
    [name, { shape: dimensions, data: parameters[name] }] as const
  );
  const { cell, memory } = shape;
  const sizes = SIZES.map((name) => [name, String(shape[name])] as const);
  const words = Object.entries({ task: TASK, characters: String(characters), cell, memory });
  saveWeights(files, path, tensors, [...words, ...sizes, ...notes]);
}

/**
 * Loads a network, if the file is whole and its tensors are those that its metadata promise.
 *
 * @param files Where it is.
 * @param path The file.
 * @returns The network.
 * @throws {UserError} If the file cannot be read, is too large, damaged or foreign, or is of no network for
 * string reversal, or its metadata and its tensors do not agree.
 */
export function loadTrainedModel(files: Files, path: string): TrainedModel {
  const { tensors, metadata } = loadWeights(files, path);
  const shape = readShape(metadata, tensors.size, path);
  checkTensors(tensors, { shapes: parameterShapes(shape) }, path);
  const symbols = createVocabulary(shape.symbols - MARKS);
  return { shape, symbols, parameters: Object.fromEntries([...tensors].map(numbersOf)) };
}

/**
 * Finds the weights of a run.
 *
 * @param files Where it is kept.
 * @param run A run folder, or a weights file.
 * @returns The file with its best weights.
 * @throws {UserError} If there is none.
 */
export function weightsOfRun(files: Files, run: string): string {
  const kind = files.kindOf(run), best = join(run, BEST_WEIGHTS);
  if (kind === "file") return run;
  if (kind === "folder" && files.kindOf(best) === "file") return best;
  const wanted = `a run folder with ${BEST_WEIGHTS} in it, or a weights file`;
  throw new UserError(`use ${run}`, wanted, kind === "folder" ? "a folder without" : "nothing");
}

/**
 * Lets a network answer, although what has passed every check can still be more than there is memory for.
 *
 * @example A network of immense width.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import { answering } from "@/training/trained_model.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const decode = () => {
 *   throw new RangeError("Cannot make room for the batch: wanted 5000 MiB");
 * };
 * assertThrows(() => answering("a.safetensors", decode), UserError, "Cannot use a.safetensors");
 * ```
 * @param path Its file's name, for messages.
 * @param work What to do with it.
 * @returns What `work` returns.
 * @throws {UserError} If `work` throws a RangeError.
 */
export function answering<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`use ${path}`, "a network that can answer", JSON.stringify(error.message));
  }
}

function numbersOf([name, { data }]: [string, StoredTensor]): [string, Float32Array] {
  return [name, data as Float32Array]; // checkTensors lets no other type pass
}

function readShape(
  metadata: ReadonlyMap<string, string>,
  tensors: number,
  path: string,
): SequenceModelShape {
  const word = <W extends string>(name: string, ...words: readonly W[]): W => {
    const text = metadata.get(name), found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw refusal(path, `${name} ${words.map(quoted).join(" or ")}`, text);
  };
  const size = (name: string, least = 1, most = 2 ** 30): number => {
    const text = metadata.get(name), number = /^\d{1,10}$/.test(text ?? "") ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw refusal(path, `${name} ${least === most ? least : `from ${least} to ${most}`}`, text);
  };
  word("task", TASK);
  const [cell, memory] = [word("cell", "rnn", "lstm"), word("memory", "stack", "none")];
  const symbols = size("characters") + MARKS;
  return {
    cell,
    memory,
    // Each layer has tensors: a list of as many names as a damaged number says would not end.
    layers: size("layers", 1, Math.max(1, tensors)),
    hidden: size("hidden"),
    embedding: size("embedding"),
    valueWidth: memory === "stack" ? size("valueWidth") : size("valueWidth", 0, 0),
    symbols: size("symbols", symbols, symbols),
  };
}

function refusal(path: string, wanted: string, got: string | undefined): UserError {
  return new UserError(
    `use ${path}`,
    `${wanted} in its metadata`,
    got === undefined ? "none" : quoted(got),
  );
}
