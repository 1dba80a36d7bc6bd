/**
 * Notebooks as files: read, and written the way Jupyter itself writes them, so that saving one there changes nothing
 * but what was changed.
 *
 * One difference: the JSON of a figure is written on one line, which is a third of the size.
 *
 * Source: nbformat 4.5.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Output } from "./outputs.ts";

/** A cell, its text and outputs in one piece each. */
export interface Cell {
  readonly cell_type: string;
  readonly source: string;
  readonly execution_count?: number | null;
  readonly outputs?: Output[];
}

/** A notebook, with whatever else its file holds. */
export interface Notebook {
  readonly cells: Cell[];
  readonly nbformat: number;
  /** Which kernel it asks for, among others. */
  readonly metadata?: object;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function isList(value: unknown): value is Json[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !isList(value);
}

/** Media of these types are objects; all others are texts. */
function isJsonType(type: string): boolean {
  return /\bjson$/.test(type);
}

/** Texts are kept in files as lists of lines. */
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
 * @throws {UserError} If the text is not that of a notebook of format 4.
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

/** A value that is written on one line. */
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
 * Writes a notebook: the same notebook always as the same text.
 *
 * @param notebook What `parseNotebook` gives.
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
