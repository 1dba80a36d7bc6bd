/**
 * Loads a network of any kind: the metadata of its file say which.
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import { type LoadedCaptioner, readCaptioner } from "./caption_model.ts";
import { type LoadedEncoderDecoder, readEncoderDecoder } from "./encoder_decoder_model.ts";
import { CAPTIONER, ENCODER_DECODER, type MetadataReader, TEXT_TITLE } from "./metadata_reader.ts";
import { type LoadedTextModel, readTextModel } from "./text_model.ts";
import {
  type DescribedNetwork,
  type LoadedModel,
  loadNetwork,
  readTrainedModel,
} from "./trained_model.ts";

/** A network for a task on strings, from a file; only an encoder–decoder has an order. */
export type StringsModel = LoadedModel | LoadedEncoderDecoder;

/** A network from a file, for text, for images or for a task on strings; {@linkcode isCaptioner} tells one for images. */
export type AnyModel = LoadedTextModel | LoadedCaptioner | StringsModel;

/** Whether a network says what is in an image. */
export function isCaptioner(model: AnyModel): model is LoadedCaptioner {
  return "blocks" in model.shape;
}

/** What the metadata of a file say of a network. */
type Described<M extends AnyModel> = Omit<M, "parameters" | "metadata" | "warnings">;

function readStringsModel(
  metadata: MetadataReader,
  tensors: number,
): DescribedNetwork<Described<LoadedModel> | Described<LoadedEncoderDecoder>> {
  return metadata.metadata.get("architecture") === ENCODER_DECODER
    ? readEncoderDecoder(metadata, tensors)
    : readTrainedModel(metadata, tensors);
}

function readAnyModel(
  metadata: MetadataReader,
  tensors: number,
): DescribedNetwork<
  | Described<LoadedTextModel>
  | Described<LoadedCaptioner>
  | Described<LoadedModel>
  | Described<LoadedEncoderDecoder>
> {
  if (metadata.metadata.get("architecture") === CAPTIONER) return readCaptioner(metadata, tensors);
  return metadata.metadata.get("task") === TEXT_TITLE
    ? readTextModel(metadata, tensors)
    : readStringsModel(metadata, tensors);
}

/**
 * Loads a network for text, for images or for a task on strings, with the checks of `loadTrainedModel`.
 *
 * @param files The file system.
 * @param path The file.
 * @returns The network, and warnings about the file.
 * @throws {UserError} As `loadTextModel`, `loadCaptioner`, `loadEncoderDecoder` and `loadTrainedModel` do.
 */
export function loadAnyModel(files: Files, path: string): AnyModel {
  return loadNetwork(files, path, readAnyModel);
}

/**
 * Loads a network for a task on strings, with the checks of {@linkcode loadAnyModel}.
 *
 * @param files The file system.
 * @param path The file.
 * @returns The network, and warnings about the file.
 * @throws {UserError} If it is for text, or as {@linkcode loadAnyModel} does.
 */
export function loadStringsModel(files: Files, path: string): StringsModel {
  return loadNetwork(files, path, readStringsModel);
}
