/**
 * What a cell shows, gathered from the kernel's messages as a front end gathers it.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { Message } from "./wire.ts";

/** Content by its media type. */
export type Media = Record<string, unknown>;

/** Text that a cell printed. */
export interface StreamOutput {
  readonly output_type: "stream";
  readonly name: string;
  text: string;
}

/** Something that a cell displayed. */
export interface DisplayOutput {
  readonly output_type: "display_data";
  data: Media;
  readonly metadata: object;
}

/** The value of a cell's last line. */
export interface ResultOutput {
  readonly output_type: "execute_result";
  execution_count: number;
  readonly data: Media;
  readonly metadata: object;
}

/** The error that ended a cell. */
export interface ErrorOutput {
  readonly output_type: "error";
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** One entry below a cell. */
export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

function plain(text: unknown): string {
  return stripVTControlCharacters(String(text));
}

function plainMedia(data: unknown): Media {
  const media = { ...(data as Media) };
  if ("text/plain" in media) media["text/plain"] = plain(media["text/plain"]);
  return media;
}

/** Gathers the outputs of one notebook, cell by cell. */
export class OutputCollector {
  #outputs: Output[] = [];
  #clearAtNext = false;
  readonly #named = new Map<string, DisplayOutput>();

  /** Ends a cell: gives its outputs and begins the next. */
  take(): Output[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    this.#clearAtNext = false;
    return outputs;
  }

  /** Adds what a message shows; an update changes the output of its name, in whatever cell that is. */
  add({ type, content }: Message): void {
    switch (type) {
      case "stream":
        return this.#print(String(content.name), plain(content.text));
      case "display_data":
        return this.#display(plainMedia(content.data), displayId(content));
      case "update_display_data":
        return this.#update(plainMedia(content.data), displayId(content));
      case "execute_result":
        return this.#push({
          output_type: "execute_result",
          execution_count: Number(content.execution_count),
          data: plainMedia(content.data),
          metadata: {},
        });
      case "error":
        return this.#push(errorOutput(content));
      case "clear_output":
        if (content.wait) this.#clearAtNext = true;
        else this.#outputs = [];
    }
  }

  #push(output: Output): void {
    if (this.#clearAtNext) this.take();
    this.#outputs.push(output);
  }

  #print(name: string, text: string): void {
    const last = this.#clearAtNext ? undefined : this.#outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else this.#push({ output_type: "stream", name, text });
  }

  #display(data: Media, id: string | undefined): void {
    const output: DisplayOutput = { output_type: "display_data", data, metadata: {} };
    if (id) this.#named.set(id, output);
    this.#push(output);
  }

  #update(data: Media, id: string | undefined): void {
    const output = this.#named.get(id ?? "");
    if (output) output.data = data;
  }
}

function displayId(content: Record<string, unknown>): string | undefined {
  return (content.transient as { display_id?: string } | undefined)?.display_id;
}

/** The error that an "error" message or a failed reply tells of. */
export function errorOutput(content: Record<string, unknown>): ErrorOutput {
  const traceback = Array.isArray(content.traceback) ? content.traceback.map(plain) : [];
  return {
    output_type: "error",
    ename: plain(content.ename),
    evalue: plain(content.evalue),
    traceback,
  };
}
