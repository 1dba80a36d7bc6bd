/**
 * The shape of a network as texts in the metadata of its file: written, and read back with checks.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { MEMORY_NAMES, portsOf, takesCells } from "@/memory/memories.ts";
import { CELL_NAMES, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { quote } from "./safetensors.ts";

/** The largest accepted size in the metadata. */
const MAX_SIZE = 2 ** 30;
/** The sizes of a shape that are in the metadata. */
const SIZES = ["layers", "hidden", "embedding", "valueWidth", "symbols"] as const;

/** The task of a network for text, whose file is that of `text_model.ts`. */
export const TEXT_TITLE = "text";
/** The architecture of an encoder–decoder, whose file is that of `encoder_decoder_model.ts`; other networks name none. */
export const ENCODER_DECODER = "encoder-decoder";
/** The architecture of a captioner, whose file is that of `caption_model.ts`. */
export const CAPTIONER = "captioner";

/**
 * Lists a shape as texts.
 *
 * @param shape The shape.
 * @returns The name and the text of each part.
 */
export function shapeTexts(shape: SequenceModelShape): (readonly [name: string, text: string])[] {
  const cells = shape.memoryCells === undefined ? [] : ["memoryCells"] as const;
  const names = ["cell", "memory", ...SIZES, ...cells] as const;
  const seeing = shape.logitsSeeReads ? [["logitsSeeReads", "true"] as const] : [];
  return [...names.map((name) => [name, String(shape[name])] as const), ...seeing];
}

/** Reads and checks the texts of a file's metadata. */
export class MetadataReader {
  /**
   * @param metadata The texts by name.
   * @param path The file, for messages.
   */
  constructor(readonly metadata: ReadonlyMap<string, string>, readonly path: string) {}

  /** Returns a text that must be one of a few words; throws a {@linkcode UserError} if it is another, or missing. */
  choice<W extends string>(name: string, ...words: readonly W[]): W {
    const text = this.metadata.get(name), found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw this.refusal(`${name} ${words.map(quote).join(" or ")}`, text);
  }

  /** Returns whether a text is "true"; throws a {@linkcode UserError} if it is neither that nor "false". */
  flag(name: string): boolean {
    return this.choice(name, "true", "false") === "true";
  }

  /** Returns the number of layers; each has tensors, so that a damaged number does not make an endless list of names. */
  layers(tensors: number): number {
    return this.size("layers", 1, Math.max(1, tensors));
  }

  /** Returns an integer within bounds; throws a {@linkcode UserError} if it is another, or missing. */
  size(name: string, minimum = 1, maximum = MAX_SIZE): number {
    const text = this.metadata.get(name),
      number = /^\d{1,10}$/.test(text ?? "") ? Number(text) : NaN;
    if (number >= minimum && number <= maximum) return number;
    const range = minimum === maximum ? minimum : `from ${minimum} to ${maximum}`;
    throw this.refusal(`${name} ${range}`, text);
  }

  /**
   * Reads the shape of a network.
   *
   * @param symbols The number of symbols that it must have.
   * @param tensors The number of tensors in the file.
   * @returns The shape.
   * @throws {UserError} If a text is missing or not accepted.
   */
  shape(symbols: number, tensors: number): SequenceModelShape {
    const cell = this.choice("cell", ...CELL_NAMES),
      memory = this.choice("memory", ...MEMORY_NAMES);
    const seeing = this.metadata.has("logitsSeeReads") && this.flag("logitsSeeReads");
    if (seeing && portsOf(memory) === 0) {
      throw this.refusal("no logitsSeeReads without a memory", "true");
    }
    const cells = this.metadata.get("memoryCells");
    if (cells !== undefined && !takesCells(memory)) {
      throw this.refusal(`no memoryCells beside memory ${quote(memory)}`, cells);
    }
    return {
      cell,
      memory,
      layers: this.layers(tensors),
      hidden: this.size("hidden"),
      embedding: this.size("embedding"),
      valueWidth: portsOf(memory) > 0 ? this.size("valueWidth") : this.size("valueWidth", 0, 0),
      symbols: this.size("symbols", symbols, symbols),
      ...(seeing && { logitsSeeReads: true }),
      ...(cells !== undefined && { memoryCells: this.size("memoryCells") }),
    };
  }

  /** Creates the error for a text that is not accepted. */
  refusal(wanted: string, text: string | undefined): UserError {
    const got = text === undefined ? "none" : quote(text);
    return new UserError(`use ${this.path}`, `${wanted} in its metadata`, got);
  }
}
