/**
 * Saves and loads a trained captioner, in a file like that of `trained_model.ts`, with these texts in its metadata:
 *
 * | name                                    | text                                                                  |
 * | --------------------------------------- | --------------------------------------------------------------------- |
 * | `architecture`                          | `captioner`                                                           |
 * | `task`                                  | `captions`                                                            |
 * | `blocks`                                | of each block of the image encoder `channels/kernel/pool`, by commas    |
 * | `cell`, `layers`, `hidden`, `embedding` | the decoder's, as in `trained_model.ts`                               |
 * | `symbols`                               | K, as in `trained_model.ts`                                           |
 * | `attention`, `attentionWidth`           | `none` and 0, or the kind of the attention and A                      |
 *
 * Its tensors are those that `captionerShapes` lists; its images are those of `drawn_shapes.ts`.
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import { type CaptionerShape, captionerShapes } from "@/models/captioner.ts";
import { ATTENTION_NAMES } from "@/models/decoder_shape.ts";
import type { BlockShape } from "@/models/image_encoder.ts";
import { CELL_NAMES } from "@/models/sequence_shape.ts";
import { CAPTION_VOCABULARY, DRAWING_SIZE } from "@/tasks/drawn_shapes.ts";
import { CAPTIONER, type MetadataReader } from "./metadata_reader.ts";
import {
  type DescribedNetwork,
  type LoadedModel,
  loadNetwork,
  saveParameters,
  type TrainedModel,
} from "./trained_model.ts";

/** A trained captioner. */
export interface CaptionModel extends Pick<TrainedModel, "parameters"> {
  readonly shape: CaptionerShape;
}

/** A captioner from a file. */
export type LoadedCaptioner = CaptionModel & Pick<LoadedModel, "metadata" | "warnings">;

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
 * Saves a captioner; the old file is replaced atomically.
 *
 * @param files The file system.
 * @param path The file.
 * @param model The network.
 * @param notes Further texts of the metadata by name, such as the settings of the run.
 * @throws {UserError} If the file cannot be written; the old file remains.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size, or a note's name is already used.
 * @throws {RangeError} If a number is NaN or infinite; nothing is written.
 */
export function saveCaptioner(
  files: Files,
  path: string,
  { shape, parameters }: CaptionModel,
  notes: Iterable<readonly [string, string]> = [],
): void {
  const blocks = shape.blocks.map(({ channels, kernel, pool }) =>
    [channels, kernel, pool].join("/")
  );
  const texts = { architecture: CAPTIONER, task: CAPTION_TITLE, blocks: blocks.join(",") };
  const sizes = SHAPE_TEXTS.map((name) => [name, String(shape[name])] as const);
  const all = [...Object.entries(texts), ...sizes, ...notes];
  saveParameters(files, path, captionerShapes(shape), parameters, all);
}

/**
 * Loads a captioner, and checks that the file is intact and that its tensors agree with its metadata.
 *
 * @param files The file system.
 * @param path The file.
 * @returns The network, and warnings about the file.
 * @throws {UserError} If the file cannot be read, is too large, damaged or of another network; or if its metadata and its
 * tensors do not agree.
 */
export function loadCaptioner(files: Files, path: string): LoadedCaptioner {
  return loadNetwork(files, path, readCaptioner);
}

/** Reads a captioner; throws a {@linkcode UserError} if the network is another. */
export function readCaptioner(
  metadata: MetadataReader,
  tensors: number,
): DescribedNetwork<Pick<CaptionModel, "shape">> {
  metadata.choice("architecture", CAPTIONER);
  metadata.choice("task", CAPTION_TITLE);
  const attention = metadata.choice("attention", ...ATTENTION_NAMES);
  const { size } = CAPTION_VOCABULARY;
  const shape: CaptionerShape = {
    image: DRAWING_SIZE,
    blocks: readBlocks(metadata),
    cell: metadata.choice("cell", ...CELL_NAMES),
    layers: metadata.layers(tensors),
    hidden: metadata.size("hidden"),
    embedding: metadata.size("embedding"),
    symbols: metadata.size("symbols", size, size),
    attention,
    attentionWidth: attention === "none"
      ? metadata.size("attentionWidth", 0, 0)
      : metadata.size("attentionWidth"),
  };
  try {
    return { found: { shape }, shapes: captionerShapes(shape) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw metadata.refusal("blocks that fit the images", metadata.metadata.get("blocks"));
  }
}

/** The task of a captioner. */
const CAPTION_TITLE = "captions";

function readBlocks(metadata: MetadataReader): BlockShape[] {
  const text = metadata.metadata.get("blocks") ?? "";
  if (!/^\d{1,5}\/\d\/\d{1,2}(,\d{1,5}\/\d\/\d{1,2})*$/.test(text)) {
    throw metadata.refusal(`blocks such as "16/3/2,32/3/4"`, metadata.metadata.get("blocks"));
  }
  return text.split(",").map((block) => {
    const [channels, kernel, pool] = block.split("/").map(Number);
    return { channels, kernel, pool };
  });
}
