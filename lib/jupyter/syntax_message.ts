/**
 * What is wrong with code that cannot be read.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";

/**
 * Finds the error of syntax in a cell, of which a kernel says nothing, by having Deno format the cell.
 *
 * @param source The cell's code.
 * @returns The error and its place, in one line.
 */
export async function syntaxMessage(source: string): Promise<string> {
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--no-config", "--ext", "ts", "-"],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = formatter.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  const { stderr } = await formatter.output();
  const said = stripVTControlCharacters(new TextDecoder().decode(stderr));
  const message = /SyntaxError: (.*)/.exec(said)?.[1];
  const place = /:(\d+):(\d+)\s*$/m.exec(said);
  if (!message) return "SyntaxError: a kernel cannot run this (is there an import.meta in it?)";
  return `SyntaxError: ${message}` + (place ? ` (line ${place[1]}, column ${place[2]})` : "");
}
