/**
 * Saves and loads a trained network, as a file with everything that is needed to use it.
 *
 * The file is in the safetensors format (`safetensors.ts`) with numbers of dtype F32. Its tensors are exactly those that
 * `parameterShapes` lists for the network's shape (see the table in `sequence_shape.ts`), including the trained initial
 * state. Its metadata are texts:
 *
 * | name                             | text                                                        |
 * | -------------------------------- | ----------------------------------------------------------- |
 * | `task`                           | the title of the task, such as `string copying`             |
 * | `characters`                     | n, the number of different characters (`tasks/text.ts`) or words |
 * | `cell`                           | `lstm`, `gru` or `rnn`                                      |
 * | `layers`, `hidden`, `embedding`  | L, H, E                                                     |
 * | `memory`                         | the name of the memory; `none` without one                  |
 * | `valueWidth`                     | M; 0 without a memory                                       |
 * | `memoryCells`                    | how many cells a superposition stack has, if it has a fixed number |
 * | `symbols`                        | K: characters, then the task's marks (`tasks/task.ts`)      |
 * | `logitsSeeReads`                 | `true` if the logits are made of r_t, too; left out by others |
 * | `file_sha256`                    | the checksum of the file                                    |
 *
 * There may be further texts: a run adds its `settings` as JSON, the `command` that starts it, and the number of training
 * `strings` before these weights. `tests/pytorch/weights.py` reads such a file into the same
 * network in PyTorch, where the tensors have the same names and shapes. A file that was changed there is loaded if it has
 * the same metadata without the checksum:
 *
 * ```python
 * from safetensors import safe_open
 * from safetensors.torch import load_file, save_file
 * tensors, metadata = load_file("best.safetensors"), safe_open("best.safetensors", "pt").metadata()
 * metadata.pop("file_sha256")
 * tensors["pop.bias"] += 0.5
 * save_file(tensors, "changed.safetensors", metadata=metadata)
 * ```
 *
 * @module
 */
import { checkTensors as checkNumbers, type ParameterShape } from "@/models/named_tensors.ts";
import { parameterShapes, type SequenceModelShape } from "@/models/sequence_shape.ts";
import type { Task } from "@/tasks/task.ts";
import { createTask, defaultMemory, TASK_NAMES, type TaskName } from "@/tasks/tasks.ts";
import { UserError } from "@/io/user_error.ts";
import { type Files, join, writeBytesAtomically } from "@/io/files.ts";
import { CHECKSUM } from "./checksum.ts";
import { ENCODER_DECODER, MetadataReader, shapeTexts, TEXT_TITLE } from "./metadata_reader.ts";
import {
  CONVERT,
  type Dtype,
  dtypeOf,
  quote,
  type ReadOptions,
  readSafetensors,
  shapeText,
  type StoredTensor,
  type TensorFile,
  writeSafetensors,
} from "./safetensors.ts";

/** The file with the best weights in a run folder. */
export const BEST_WEIGHTS = "best.safetensors";
/** The file with the last weights in a run folder. */
export const LAST_WEIGHTS = "last.safetensors";
/** The size of the largest file that is read: one gibibyte, hundreds of times the size of the paper's model. */
export const MAX_WEIGHTS_BYTES = 2 ** 30;

/** A Python statement that saves tensors with the metadata of the file from which they came. */
const SAVE_WITH_METADATA = 'm = safe_open(original, "pt").metadata(); ' +
  `m.pop("${CHECKSUM}", None); save_file(tensors, path, metadata=m)`;

/** A trained network and its task. */
export interface TrainedModel {
  /** The task; its vocabulary has as many symbols as the shape. */
  readonly task: Task;
  readonly shape: SequenceModelShape;
  /** The numbers of each tensor that `parameterShapes` lists, in row-major order. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
  /** All texts of the metadata, such as the seed of the run. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A network from a file. */
export interface LoadedModel extends TrainedModel {
  /** Sentences about the file that its user should know. */
  readonly warnings: readonly string[];
}

/**
 * Saves a network; the old file is replaced atomically.
 *
 * @param files The file system.
 * @param path The file.
 * @param model The network.
 * @param notes Further texts of the metadata by name, such as the seed of the run.
 * @throws {UserError} If the file cannot be written; the old file remains.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size, or a note's name is already used.
 * @throws {RangeError} If a number is NaN or infinite, or the task has other symbols than the shape; nothing is written.
 */
export function saveTrainedModel(
  files: Files,
  path: string,
  { task, shape, parameters }: Pick<TrainedModel, "task" | "shape" | "parameters">,
  notes: Iterable<readonly [string, string]> = [],
): void {
  const action = "save the network", { size } = task.vocabulary;
  if (shape.symbols !== size) {
    throw new RangeError(
      `Cannot ${action}: wanted the task's ${size} symbols, got ${shape.symbols}`,
    );
  }
  const characters = String(task.vocabulary.characters);
  const texts = Object.entries({ task: task.title, characters });
  saveNetwork(files, path, { shape, parameters }, [...texts, ...notes]);
}

/** A network of whatever purpose. */
export type Network = Pick<TrainedModel, "shape" | "parameters">;

/**
 * Saves a network of whatever purpose, with its shape in the metadata; the old file is replaced atomically.
 *
 * @param files The file system.
 * @param path The file.
 * @param network The network.
 * @param texts Further texts of the metadata by name, among them its purpose.
 * @throws {UserError} If the file cannot be written; the old file remains.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size, or a text's name is already used.
 * @throws {RangeError} If a number is NaN or infinite; nothing is written.
 */
export function saveNetwork(
  files: Files,
  path: string,
  { shape, parameters }: Network,
  texts: Iterable<readonly [string, string]>,
): void {
  saveParameters(files, path, parameterShapes(shape), parameters, [...texts, ...shapeTexts(shape)]);
}

/**
 * Saves the parameters of a model of any kind; the old file is replaced atomically.
 *
 * @param files The file system.
 * @param path The file.
 * @param shapes The names and dimensions of the model's tensors.
 * @param parameters Their numbers.
 * @param texts The metadata by name.
 * @throws {UserError} If the file cannot be written; the old file remains.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size, or a text's name is already used.
 * @throws {RangeError} If a number is NaN or infinite; nothing is written.
 */
export function saveParameters(
  files: Files,
  path: string,
  shapes: readonly ParameterShape[],
  parameters: TrainedModel["parameters"],
  texts: Iterable<readonly [string, string]>,
): void {
  checkNumbers("save the network", shapes, parameters);
  const tensors = shapes.map(([name, dimensions]) =>
    [name, { shape: dimensions, data: parameters[name] }] as const
  );
  saveWeights(files, path, tensors, texts);
}

/**
 * Loads a network, and checks that the file is intact and that its tensors agree with its metadata.
 *
 * A file of another program has no checksum, so a damaged number in it is not detected: it is loaded with a warning.
 *
 * @param files The file system.
 * @param path The file.
 * @param options Whether a file without a checksum is refused; "if present" by default.
 * @returns The network, and warnings about the file.
 * @throws {UserError} If the file cannot be read, is too large, damaged or of another program; if its task is unknown; or
 * if its metadata and its tensors do not agree.
 */
export function loadTrainedModel(
  files: Files,
  path: string,
  options: LoadOptions = {},
): LoadedModel {
  return loadNetwork(files, path, readTrainedModel, options);
}

/** How strictly a network is loaded. */
type LoadOptions = Pick<ReadOptions, "checksum">;

/** What a file's metadata say of a network, and the tensors that it must therefore have. */
export interface DescribedNetwork<T> {
  readonly found: T;
  readonly shapes: readonly ParameterShape[];
}

/**
 * Loads a network of whatever purpose, and checks that the file is intact and that its tensors agree with its metadata.
 *
 * @param files The file system.
 * @param path The file.
 * @param read Reads the metadata, given the number of tensors.
 * @param options Whether a file without a checksum is refused; "if present" by default.
 * @returns What `read` found, the parameters, the metadata, and warnings about the file.
 * @throws {UserError} If the file cannot be read, is too large or damaged, or its metadata and its tensors do not agree.
 */
export function loadNetwork<T>(
  files: Files,
  path: string,
  read: (metadata: MetadataReader, tensors: number) => DescribedNetwork<T>,
  { checksum = "if present" }: LoadOptions = {},
): T & Pick<LoadedModel, "parameters" | "metadata" | "warnings"> {
  const { tensors, metadata, hasChecksum } = loadWeights(files, path, { checksum });
  const { found, shapes } = read(new MetadataReader(metadata, path), tensors.size);
  checkTensors(tensors, shapes, path);
  // `checkTensors` accepts only F32.
  const numbers = [...tensors].map(([name, { data }]) => [name, data as Float32Array]);
  const warning = `${path} has no checksum (${CHECKSUM} in its metadata): damage is not detected`;
  const warnings = hasChecksum ? [] : [warning];
  return { ...found, parameters: Object.fromEntries(numbers), metadata, warnings };
}

/**
 * Finds the weights of a run.
 *
 * @param files The file system.
 * @param run A run folder or a weights file.
 * @returns The file with the best weights of the run.
 * @throws {UserError} If there is none.
 */
export function findWeights(files: Files, run: string): string {
  const kind = files.kindOf(run), best = join(run, BEST_WEIGHTS);
  if (kind === "file") return run;
  if (kind === "folder" && files.kindOf(best) === "file") return best;
  const wanted = `a run folder with ${BEST_WEIGHTS} in it, or a weights file`;
  throw new UserError(`use ${run}`, wanted, kind === "folder" ? "a folder without" : "nothing");
}

/**
 * Finds the weights that are part of the repository: for each task at most one file, named by the task and its default memory.
 *
 * @param files The file system.
 * @param folder The folder of the files.
 * @returns The file of each task that has one.
 */
export function shippedWeights(files: Files, folder: string): Map<TaskName, string> {
  const paths = TASK_NAMES.map((name) =>
    [name, join(folder, `${name}-${defaultMemory(name)}.safetensors`)] as const
  );
  return new Map(paths.filter(([, path]) => files.kindOf(path) === "file"));
}

/**
 * Does some work with a loaded network, which may need more memory than there is although it passed every check.
 *
 * @example A network that is too large for the memory.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import { useModel } from "@/weights/trained_model.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const decode = () => {
 *   throw new RangeError("Cannot make room for the batch: wanted 5000 MiB");
 * };
 * assertThrows(() => useModel("a.safetensors", decode), UserError, "Cannot use a.safetensors");
 * ```
 * @param path The network's file, for messages.
 * @param work The work with the network.
 * @returns The result of `work`.
 * @throws {UserError} If `work` throws a RangeError.
 */
export function useModel<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`use ${path}`, "a network that can be run", JSON.stringify(error.message));
  }
}

/**
 * Saves weights; the old file is replaced atomically.
 *
 * @param files The file system.
 * @param path The file.
 * @param tensors Tensors by name.
 * @param metadata Texts by name.
 * @throws {UserError} If the file cannot be written; the old file remains.
 * @throws {RangeError} If a number is NaN or infinite; nothing is written.
 */
export function saveWeights(
  files: Files,
  path: string,
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Iterable<readonly [string, string]> = [],
): void {
  writeBytesAtomically(files, path, writeSafetensors(tensors, { metadata }));
}

/**
 * Loads weights.
 *
 * @param files The file system.
 * @param path The file.
 * @param options How strictly to read.
 * @returns The tensors and the metadata.
 * @throws {UserError} If the file cannot be read, is larger than {@linkcode MAX_WEIGHTS_BYTES}, or is damaged.
 */
export function loadWeights(files: Files, path: string, options: ReadOptions = {}): TensorFile {
  return readSafetensors(files.readBytes(path, MAX_WEIGHTS_BYTES), path, options);
}

/**
 * Checks that tensors are exactly those of a model: their names, shapes and dtypes.
 *
 * @example A transposed matrix.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import { checkTensors } from "@/weights/trained_model.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const tensors = new Map([["weight", { shape: [3, 2], data: new Float32Array(6) }]]);
 * assertThrows(
 *   () => checkTensors(tensors, [["weight", [2, 3]]], "a.safetensors"),
 *   UserError,
 *   'Cannot use a.safetensors: wanted "weight" F32 of shape [2,3], got F32 of shape [3,2]',
 * );
 * ```
 * @param tensors Tensors by name.
 * @param shapes The shapes of the model's tensors by name.
 * @param path The file's name, for messages.
 * @param dtype The dtype of the model's tensors.
 * @throws {UserError} If a tensor is missing, unknown, of another shape or of another dtype.
 */
export function checkTensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  shapes: Iterable<readonly [string, readonly number[]]>,
  path: string,
  dtype: Dtype = "F32",
): void {
  const left = new Set(tensors.keys());
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(name);
    if (!tensor || dtypeOf(tensor.data) !== dtype || !haveSameShape(tensor.shape, shape)) {
      const got = tensor ? describeTensor(tensor, dtype) : describeMissing(name, left);
      throw new UserError(`use ${path}`, `${quote(name)} ${tensorText(dtype, shape)}`, got);
    }
    left.delete(name);
  }
  for (const name of left) {
    throw new UserError(`use ${path}`, "only the tensors of this model", `${quote(name)} too`);
  }
}

function haveSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

function describeTensor({ data, shape }: StoredTensor, wanted: Dtype): string {
  const dtype = dtypeOf(data), advice = wanted === "F32" && dtype !== wanted ? `: ${CONVERT}` : "";
  return tensorText(dtype, shape) + advice;
}

/** Finds a missing name behind the prefix of a module that wraps another, such as `module.` of DataParallel. */
function describeMissing(name: string, names: ReadonlySet<string>): string {
  const prefixed = [...names].find((other) => other.endsWith(`.${name}`));
  if (prefixed === undefined) return "none";
  const prefix = prefixed.slice(0, -name.length);
  return `${quote(prefixed)}: save model.${prefix}state_dict() instead of model.state_dict()`;
}

function tensorText(dtype: Dtype, shape: readonly number[]): string {
  return `${dtype} of shape ${shapeText(shape)}`;
}

/** Reads a sequence model for a task on strings; throws a {@linkcode UserError} if the network is another. */
export function readTrainedModel(
  metadata: MetadataReader,
  tensors: number,
): DescribedNetwork<Pick<TrainedModel, "task" | "shape">> {
  if (metadata.metadata.get("architecture") === ENCODER_DECODER) {
    throw new UserError(`use ${metadata.path}`, "a sequence model", "an encoder–decoder");
  }
  const task = readTask(metadata, TASKS_BY_TITLE);
  const shape = metadata.shape(task.vocabulary.size, tensors);
  return { found: { task, shape }, shapes: parameterShapes(shape) };
}

/**
 * Reads the task of a network for a task on strings.
 *
 * @param metadata The file's.
 * @param tasks Makes the task of each title, for a number of characters.
 * @returns The task.
 * @throws {UserError} If there is none, or none of these, or the number of characters is not its own.
 */
export function readTask<T extends Task>(
  metadata: MetadataReader,
  tasks: ReadonlyMap<string, (characters: number) => T>,
): T {
  if (!metadata.metadata.has("task")) {
    const wanted = "the network's task and shape in its metadata, as in the file from which the " +
      `weights came (in Python: ${SAVE_WITH_METADATA})`;
    throw new UserError(`use ${metadata.path}`, wanted, "no task");
  }
  if (metadata.metadata.get("task") === TEXT_TITLE) {
    const got = "one for text, with which deno task sample writes";
    throw new UserError(`use ${metadata.path}`, "a network for a task on strings", got);
  }
  const title = metadata.choice("task", ...tasks.keys());
  const task = tasks.get(title)!(metadata.size("characters"));
  const { characters } = task.vocabulary;
  metadata.size("characters", characters, characters); // a task on words has its own number
  return task;
}

/** What makes each task, by its title. */
const TASKS_BY_TITLE = new Map(
  TASK_NAMES.map((name) =>
    [createTask(name, 1).title, (characters: number) => createTask(name, characters)] as const
  ),
);
