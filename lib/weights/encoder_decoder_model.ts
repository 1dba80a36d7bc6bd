/**
 * Saves and loads a trained encoder–decoder, in a file like that of `trained_model.ts`, with these texts in its metadata:
 *
 * | name                                        | text                                                             |
 * | ------------------------------------------- | ---------------------------------------------------------------- |
 * | `architecture`                              | `encoder-decoder`                                                |
 * | `task`                                      | the title of the task; it says if the targets are reversed       |
 * | `characters`                                | as in `trained_model.ts`                                         |
 * | `reverseSource`                             | `true` if the network reads a source from its end, or `false`    |
 * | `cell`, `layers`, `hidden`, `embedding`     | as in `trained_model.ts`; H and L of each direction              |
 * | `symbols`                                   | K, as in `trained_model.ts`                                      |
 * | `bidirectional`                             | `true` if a second encoder reads the source from its end         |
 * | `attention`, `attentionWidth`               | `none` and 0, or the kind of the attention and A                 |
 *
 * Its tensors are those that `encoderDecoderShapes` lists.
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import { ATTENTION_NAMES } from "@/models/decoder_shape.ts";
import { type EncoderDecoderShape, encoderDecoderShapes } from "@/models/encoder_decoder.ts";
import { CELL_NAMES } from "@/models/sequence_shape.ts";
import { type ReadingOrder, reverseTargets } from "@/tasks/source_and_target.ts";
import type { AutoregressiveTask } from "@/tasks/task.ts";
import { createTask, TASK_NAMES, type TaskName } from "@/tasks/tasks.ts";
import { ENCODER_DECODER, type MetadataReader } from "./metadata_reader.ts";
import {
  type DescribedNetwork,
  type LoadedModel,
  loadNetwork,
  readTask,
  saveParameters,
  type TrainedModel,
} from "./trained_model.ts";

/** A trained encoder–decoder and its task. */
export interface EncoderDecoderModel extends Pick<TrainedModel, "parameters"> {
  /** The task as it was learned: with reversed targets, if `order` says so. */
  readonly task: AutoregressiveTask;
  readonly order: Required<ReadingOrder>;
  readonly shape: EncoderDecoderShape;
}

/** An encoder–decoder from a file. */
export type LoadedEncoderDecoder =
  & EncoderDecoderModel
  & Pick<LoadedModel, "metadata" | "warnings">;

/** The parts of a shape that are texts of the metadata. */
const SHAPE_TEXTS = [
  "cell",
  "layers",
  "hidden",
  "embedding",
  "symbols",
  "attention",
  "attentionWidth",
] as const;

/**
 * Saves an encoder–decoder; the old file is replaced atomically.
 *
 * @param files The file system.
 * @param path The file.
 * @param model The network.
 * @param notes Further texts of the metadata by name, such as the settings of the run.
 * @throws {UserError} If the file cannot be written; the old file remains.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size, or a note's name is already used.
 * @throws {RangeError} If a number is NaN or infinite, or the task has other symbols than the shape; nothing is written.
 */
export function saveEncoderDecoder(
  files: Files,
  path: string,
  { task: { title, vocabulary }, order: { reverseSource }, shape, parameters }: EncoderDecoderModel,
  notes: Iterable<readonly [string, string]> = [],
): void {
  if (shape.symbols !== vocabulary.size) {
    const symbols = `the task's ${vocabulary.size} symbols, got ${shape.symbols}`;
    throw new RangeError(`Cannot save the network: wanted ${symbols}`);
  }
  const texts = {
    architecture: ENCODER_DECODER,
    task: title,
    characters: String(vocabulary.characters),
    reverseSource: String(reverseSource),
    bidirectional: String(shape.bidirectional ?? false),
  };
  const sizes = SHAPE_TEXTS.map((name) => [name, String(shape[name])] as const);
  const all = [...Object.entries(texts), ...sizes, ...notes];
  saveParameters(files, path, encoderDecoderShapes(shape), parameters, all);
}

/**
 * Loads an encoder–decoder, and checks that the file is intact and that its tensors agree with its metadata.
 *
 * @param files The file system.
 * @param path The file.
 * @returns The network, and warnings about the file.
 * @throws {UserError} If the file cannot be read, is too large, damaged or of another network; or if its metadata and its
 * tensors do not agree.
 */
export function loadEncoderDecoder(files: Files, path: string): LoadedEncoderDecoder {
  return loadNetwork(files, path, readEncoderDecoder);
}

/** Reads an encoder–decoder; throws a {@linkcode UserError} if the network is another. */
export function readEncoderDecoder(
  metadata: MetadataReader,
  tensors: number,
): DescribedNetwork<Pick<EncoderDecoderModel, "task" | "order" | "shape">> {
  metadata.choice("architecture", ENCODER_DECODER);
  const task = readTask(metadata, TASKS_BY_TITLE), { size } = task.vocabulary;
  const attention = metadata.choice("attention", ...ATTENTION_NAMES);
  const shape: EncoderDecoderShape = {
    cell: metadata.choice("cell", ...CELL_NAMES),
    layers: metadata.layers(tensors),
    hidden: metadata.size("hidden"),
    embedding: metadata.size("embedding"),
    symbols: metadata.size("symbols", size, size),
    bidirectional: metadata.flag("bidirectional"),
    attention,
    attentionWidth: attention === "none"
      ? metadata.size("attentionWidth", 0, 0)
      : metadata.size("attentionWidth"),
  };
  const reverseTarget = task.title === reverseTargets(originalOf(task)).title;
  const order = { reverseSource: metadata.flag("reverseSource"), reverseTarget };
  return { found: { task, order, shape }, shapes: encoderDecoderShapes(shape) };
}

/** The task of the same name with its own targets. */
function originalOf({ name, vocabulary: { characters } }: AutoregressiveTask): AutoregressiveTask {
  return createTask(name as TaskName, characters) as AutoregressiveTask;
}

/** What makes each task whose answers are written after the source, and the one with reversed targets, by its title. */
const TASKS_BY_TITLE = new Map(
  TASK_NAMES.flatMap((name) => {
    const create = (characters: number) => createTask(name, characters) as AutoregressiveTask;
    const task = create(1), reversed = (characters: number) => reverseTargets(create(characters));
    if (!task.autoregressive) return [];
    return [[task.title, create], [reverseTargets(task).title, reversed]] as const;
  }),
);
