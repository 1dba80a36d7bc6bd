/** A disk in memory that can lose its power after any operation, and in the middle of one. */
import { Buffer } from "node:buffer";
import { UserError } from "@/io/user_error.ts";
import type { FileLock, Files } from "@/io/files.ts";

/** What a program sees of a power cut: nothing more happens. */
export class PowerCut extends Error {}

export class MemoryDisk implements Files {
  /** Texts by path; a folder is a path with no text. */
  readonly entries = new Map<string, string | null>();
  /** Writing operations so far. */
  operations = 0;
  /** The power fails during the operation of this number, counted from 1. */
  cutAt = Infinity;
  /** How much of what was to be written then is there afterwards. */
  cutShare = 0.5;
  /** Paths that begin so can be read but not written. */
  readonly readOnly: string[] = [];
  /** The files whose locks are held; a power cut releases them. */
  readonly locked = new Set<string>();
  /** As many characters as all texts together may have. */
  room = Infinity;

  kindOf(path: string): "file" | "folder" | "nothing" {
    const [, parent = ""] = /^(.+)\/[^/]+$/.exec(path) ?? [];
    if (typeof this.entries.get(parent) === "string") {
      throw new UserError(`read ${path}`, "a place that can be read", '"Not a directory"');
    }
    const entry = this.entries.get(path.replace(/\/$/, ""));
    if (entry === undefined) return "nothing";
    return entry === null ? "folder" : "file";
  }

  readText(path: string): string {
    const text = this.entries.get(path);
    if (typeof text === "string") return text;
    throw new UserError(`read ${path}`, "a place that can be read", '"No such file or directory"');
  }

  writeText(path: string, text: string): void {
    this.#write(path, "", text);
  }

  writePrivateText(path: string, text: string): void {
    if (this.kindOf(path) !== "nothing") {
      throw new UserError(`write ${path}`, "a place that can be written", '"File exists"');
    }
    this.writeText(path, text);
  }

  readBytes(path: string, atMost: number): Uint8Array {
    const bytes = new Uint8Array(Buffer.from(this.readText(path), "latin1"));
    if (bytes.length <= atMost) return bytes;
    throw new UserError(`read ${path}`, `a file of at most ${atMost} bytes`, `${bytes.length}`);
  }

  /** Bytes are kept as a text with a character for each. */
  writeBytes(path: string, bytes: Uint8Array): void {
    this.writeText(path, Buffer.from(bytes).toString("latin1"));
  }

  appendText(path: string, text: string): void {
    this.#write(path, String(this.entries.get(path) ?? ""), text);
  }

  rename(from: string, to: string): void {
    this.#operate(to, () => {});
    if (this.list(to).length > 0) throw new UserError(`write ${to}`, "room", "a full folder");
    for (const path of this.#within(from)) {
      this.entries.set(to + path.slice(from.length), this.entries.get(path) as string | null);
      this.entries.delete(path);
    }
  }

  makeFolder(path: string): boolean {
    const isNew = !this.entries.has(path);
    this.#operate(path, () => {});
    const names = path.split("/");
    if (this.kindOf(path) === "file") throw new UserError(`write ${path}`, "a folder", "a file");
    names.forEach((_, i) => this.entries.set(names.slice(0, i + 1).join("/"), null));
    return isNew;
  }

  list(folder: string): string[] {
    const path = folder.replace(/\/$/, "");
    return this.#within(path).filter((other) => other !== path)
      .map((other) => other.slice(path.length + 1)).filter((name) => !name.includes("/")).sort();
  }

  remove(path: string): void {
    this.#operate(path, () => {});
    this.#within(path).forEach((other) => this.entries.delete(other));
  }

  lock(path: string, holder: string): FileLock | undefined {
    if (this.locked.has(path)) return undefined;
    this.#operate(path, () => {});
    this.locked.add(path);
    this.entries.set(path, holder);
    return { release: () => void this.locked.delete(path) };
  }

  /** Everything there is, to compare before and after. */
  snapshot(): [path: string, text: string | null][] {
    return [...this.entries].sort(([a], [b]) => a < b ? -1 : 1);
  }

  /** The characters of all texts together. */
  used(): number {
    return [...this.entries.values()].reduce((sum, text) => sum + (text?.length ?? 0), 0);
  }

  /** Puts a text after what is kept of a file; as on a real disk, as much of it as there is room for. */
  #write(path: string, kept: string, text: string): void {
    const written = (length: number) => this.entries.set(path, kept + text.slice(0, length));
    this.#operate(path, () => written(Math.floor(this.cutShare * text.length)));
    written(0);
    const left = Math.max(0, this.room - this.used());
    written(left);
    if (left >= text.length) return;
    throw new UserError(
      `write ${path}`,
      "a place that can be written",
      '"No space left on device"',
    );
  }

  #within(path: string): string[] {
    return [...this.entries.keys()].filter((other) =>
      other === path || other.startsWith(`${path}/`)
    );
  }

  #operate(path: string, halfway: () => void): void {
    if (this.readOnly.some((start) => path.startsWith(start))) {
      throw new UserError(`write ${path}`, "a place that can be written", '"Permission denied"');
    }
    // Without power nothing is done any more, not even tidying up.
    if (++this.operations > this.cutAt) throw new PowerCut();
    if (this.operations === this.cutAt) {
      halfway();
      this.locked.clear();
      throw new PowerCut();
    }
  }
}
