/**
 * Outputs of cells, collected from the kernel's messages like a front end does.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { Message } from "./connection.ts";

/** Content by its media type. */
export type Media = Record<string, unknown>;

/** Printed text. */
export interface StreamOutput {
  readonly output_type: "stream";
  readonly name: string;
  text: string;
}

/** Displayed content. */
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

/** Collects the outputs of one notebook, cell by cell. */
export class OutputCollector {
  #outputs: Output[] = [];
  #clearAtNext = false;
  readonly #named = new Map<string, DisplayOutput>();

  /** Ends a cell: returns its outputs and starts the next. */
  take(): Output[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    this.#clearAtNext = false;
    return outputs;
  }

  /** Adds the output of a message; an update changes the output with its id, whichever cell that belongs to. */
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

/** Converts the content of an "error" message or of a failed reply to an output. */
export function errorOutput(content: Record<string, unknown>): ErrorOutput {
  const traceback = Array.isArray(content.traceback) ? content.traceback.map(plain) : [];
  return {
    output_type: "error",
    ename: plain(content.ename),
    evalue: plain(content.evalue),
    traceback,
  };
}
