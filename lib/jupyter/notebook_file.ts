/**
 * Notebook files: read, compared, and written the way Jupyter writes them, so that saving one in Jupyter changes only
 * what the user changed.
 *
 * One difference: the JSON of a figure is written on one line, which takes a third of the space.
 *
 * Source: nbformat 4.5.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Output } from "./outputs.ts";

/** A cell; its texts are strings, not lists of lines. */
export interface Cell {
  readonly cell_type: string;
  /** By which a link finds it, from format 4.5 on. */
  readonly id?: string;
  readonly source: string;
  /** Among others, whether JupyterLab folds its source or its outputs. */
  readonly metadata?: object;
  readonly execution_count?: number | null;
  readonly outputs?: Output[];
}

/** A notebook; further fields of its file are kept. */
export interface Notebook {
  readonly cells: Cell[];
  readonly nbformat: number;
  /** Its kernel, among others. */
  readonly metadata?: object;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function isList(value: unknown): value is Json[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !isList(value);
}

/** Media of these types are objects, all others are texts. */
function isJsonType(type: string): boolean {
  return /\bjson$/.test(type);
}

/** Joins the lines of a text, which a file stores as a list. */
function joined(text: unknown): unknown {
  return isList(text) ? text.join("") : text;
}

function joinedMedia(media: object): object {
  const entries = Object.entries(media).map(([type, content]) => [
    type,
    isJsonType(type) ? content : joined(content),
  ]);
  return Object.fromEntries(entries);
}

function joinedOutput(output: Record<string, unknown>): unknown {
  if ("text" in output) return { ...output, text: joined(output.text) };
  return isObject(output.data) ? { ...output, data: joinedMedia(output.data) } : output;
}

/**
 * Reads a notebook.
 *
 * @example The lines of a cell are joined.
 * ```ts
 * import { parseNotebook } from "@/jupyter/notebook_file.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const cell = '{"cell_type": "code", "source": ["const x = 1;\\n", "x"], "outputs": []}';
 * const notebook = parseNotebook(`{"nbformat": 4, "cells": [${cell}]}`, "one.ipynb");
 * assertEquals(notebook.cells[0].source, "const x = 1;\nx");
 * ```
 * @param text The file's text.
 * @param name The file's name, for the error.
 * @returns The notebook.
 * @throws {UserError} If the text is not a notebook of format 4.
 */
export function parseNotebook(text: string, name: string): Notebook {
  let notebook: unknown;
  try {
    notebook = JSON.parse(text);
  } catch (error) {
    throw new UserError(`read ${name}`, "JSON", `a file with ${error}`);
  }
  if (!isObject(notebook) || notebook.nbformat !== 4 || !isList(notebook.cells)) {
    throw new UserError(`read ${name}`, "a notebook of format 4", "something else");
  }
  const cells = (notebook.cells as Record<string, unknown>[]).map((cell) => ({
    ...cell,
    source: joined(cell.source),
    ...(isList(cell.outputs) && { outputs: cell.outputs.filter(isObject).map(joinedOutput) }),
  }));
  return { ...notebook, cells } as unknown as Notebook;
}

function split(text: unknown): unknown {
  return typeof text === "string" ? text.match(/[^\n]*\n|[^\n]+$/g) ?? [] : text;
}

/** A value to be written on one line. */
class OneLine {
  constructor(readonly value: unknown) {}
}

function splitOutput(output: Output): object {
  if (output.output_type === "stream") return { ...output, text: split(output.text) };
  if (output.output_type === "error") return output;
  const entries = Object.entries(output.data).map(([type, content]) => [
    type,
    isJsonType(type) ? new OneLine(content) : split(content),
  ]);
  return { ...output, data: Object.fromEntries(entries) };
}

function sorted(_key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** JSON with sorted keys and an indent of one space, as Python writes it. */
function write(value: unknown, indent: string): string {
  if (value instanceof OneLine) return JSON.stringify(value.value, sorted);
  const deeper = `${indent} `;
  const wrap = (open: string, parts: string[], close: string) =>
    parts.length === 0
      ? open + close
      : `${open}\n${deeper}${parts.join(`,\n${deeper}`)}\n${indent}${close}`;
  if (isList(value)) return wrap("[", value.map((part) => write(part, deeper)), "]");
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  const parts = keys.map((key) => `${JSON.stringify(key)}: ${write(value[key], deeper)}`);
  return wrap("{", parts, "}");
}

/**
 * Writes a notebook; equal notebooks give equal texts.
 *
 * @param notebook A notebook, as from `parseNotebook`.
 * @returns The file's text.
 */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: split(cell.source),
    ...(cell.outputs && { outputs: cell.outputs.map(splitOutput) }),
  }));
  return write({ ...notebook, cells }, "") + "\n";
}

/** The number of characters that are shown on each side of the first difference. */
const CONTEXT = 40;

function linesOf(cell: Cell | undefined): string[] {
  return cell ? formatNotebook({ nbformat: 4, cells: [cell] }).split("\n").slice(2, -4) : [];
}

function excerpt(line: string | undefined, offset: number): string {
  if (line === undefined) return "nothing";
  const begin = Math.max(0, offset - CONTEXT);
  const end = Math.min(line.length, offset + CONTEXT);
  return (begin > 0 ? "…" : "") + line.slice(begin, end).trim() + (end < line.length ? "…" : "");
}

function firstDifference(a: string, b: string): number {
  let offset = 0;
  while (offset < a.length && a[offset] === b[offset]) offset++;
  return offset;
}

/**
 * Finds the first line in which a run of a notebook differs from the committed one.
 *
 * @example A changed result.
 * ```ts
 * import { type Notebook, notebookDifference } from "@/jupyter/notebook_file.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const printing = (text: string): Notebook => ({
 *   nbformat: 4,
 *   cells: [{
 *     cell_type: "code",
 *     source: "print(x)",
 *     outputs: [{ output_type: "stream", name: "stdout", text }],
 *   }],
 * });
 * const difference = notebookDifference(printing("one"), printing("two"))!;
 * assertStringIncludes(difference, 'code cell [1]');
 * assertStringIncludes(difference, 'this run:  "two"');
 * ```
 * @param committed The notebook in its file.
 * @param run The notebook from `runNotebook`.
 * @returns The cell that differs and both lines, in three lines; undefined if the notebooks are equal.
 */
export function notebookDifference(committed: Notebook, run: Notebook): string | undefined {
  let count = 0;
  for (let i = 0; i < Math.max(committed.cells.length, run.cells.length); i++) {
    if (run.cells[i]?.cell_type === "code") count++;
    const [was, is] = [linesOf(committed.cells[i]), linesOf(run.cells[i])];
    const line = differingLine(was, is);
    if (line < 0) continue;
    const offset = firstDifference(was[line] ?? "", is[line] ?? "");
    return `code cell [${count}] no longer gives what is committed\n` +
      `    committed: ${excerpt(was[line], offset)}\n` +
      `    this run:  ${excerpt(is[line], offset)}`;
  }
}

function differingLine(was: string[], is: string[]): number {
  const length = Math.max(was.length, is.length);
  for (let line = 0; line < length; line++) if (was[line] !== is[line]) return line;
  return -1;
}
