/**
 * What `deno task kernels` does.
 *
 * @module
 */
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { UserError } from "@/io/user_error.ts";
import { type Files, join } from "@/io/files.ts";
import { givenOptions } from "./given_options.ts";
import type { KernelSource } from "./kernel_build.ts";
import type { Terminal } from "@/io/terminal.ts";

/** The world around the command. */
export interface KernelsHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** The folder of the engine. */
  readonly folder: string;
  build(source: KernelSource, build: KernelBuild): Promise<Uint8Array>;
}

const OPTIONS = new Map([["--check", false], ["--help", false]]);

const HELP = [
  "Makes the engine's kernels, lib/engine/*.wasm, from lib/engine/assembly.",
  "",
  "Usage: deno task kernels [--check]",
  "",
  "  --check   writes nothing, and fails if the source gives anything but the files that are there",
  "",
  "Exit codes: 0 done, 1 a file differs, 2 wrong input.",
];

/** The file of each build. */
const BUILDS: readonly (readonly [KernelBuild, string])[] = [
  ["relaxed", "kernels.wasm"],
  ["strict", "kernels_strict.wasm"],
];

/** Larger than any kernels will be. */
const MOST_BYTES = 2 ** 24;

/**
 * Runs the command.
 *
 * @param words The command line.
 * @param host The world around it.
 * @returns The exit code: 0 done, 1 a file differs, 2 wrong input.
 */
export async function kernelsCommand(
  words: readonly string[],
  host: KernelsHost,
): Promise<number> {
  try {
    const options = givenOptions(words, OPTIONS);
    if (options.has("--help")) {
      for (const line of HELP) host.terminal.print(line);
      return 0;
    }
    return await makeAll(host, options.has("--check"));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    host.terminal.note(error.message);
    return 2;
  }
}

/** Both builds are made before either is written. */
async function makeAll(host: KernelsHost, check: boolean): Promise<number> {
  const source = readSource(host), made: [string, Uint8Array][] = [];
  for (const [build, name] of BUILDS) {
    made.push([join(host.folder, name), await host.build(source, build)]);
  }
  let code = 0;
  for (const [path, bytes] of made) {
    if (check && !isInFile(host, path, bytes)) {
      host.terminal.note(`${path} is not what its source gives: run deno task kernels`);
      code = 1;
    } else {
      if (!check) write(host, path, bytes);
      host.terminal.print(`${path}: ${bytes.length} bytes`);
    }
  }
  return code;
}

function readSource({ files, folder }: KernelsHost): KernelSource {
  const assembly = join(folder, "assembly");
  return Object.fromEntries(
    files.list(assembly).map((name) => [name, files.readText(join(assembly, name))]),
  );
}

function isInFile({ files }: KernelsHost, path: string, bytes: Uint8Array): boolean {
  if (files.kindOf(path) !== "file") return false;
  const there = files.readBytes(path, MOST_BYTES);
  return there.length === bytes.length && there.every((byte, at) => byte === bytes[at]);
}

function write({ files }: KernelsHost, path: string, bytes: Uint8Array): void {
  files.writeBytes(`${path}.new`, bytes);
  files.rename(`${path}.new`, path);
}
