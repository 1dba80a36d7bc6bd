/**
 * `deno task kernels`: compiles the engine's WebAssembly kernels from their AssemblyScript source.
 *
 * @module
 */
import "@/io/require_deno.ts";
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import {
  ATTENTION,
  CELL,
  type FieldTypes,
  GIVEN,
  LAYER_FIELDS,
  MEMORY,
  PLAN_FIELDS,
  RULE,
  structBytes,
} from "@/engine/kernel_plan.ts";
import type { Command } from "@/options/command.ts";
import { flag } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { UserError } from "@/io/user_error.ts";
import { disk } from "@/io/disk.ts";
import { type Files, join, writeBytesAtomically } from "@/io/files.ts";
import { processTerminal, type Terminal } from "@/io/terminal.ts";

/** Everything outside its own code that the command uses. */
export interface KernelsHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** The folder of the engine. */
  readonly folder: string;
  /** Source files that are generated from tables, by default those of {@linkcode generatedSource}. */
  readonly generated: KernelSource;
  /** Compiles the source; see {@linkcode buildKernels}. */
  build(source: KernelSource, build: KernelBuild): Promise<Uint8Array>;
}

/** The texts of source files by name, without folders. */
export type KernelSource = Readonly<Record<string, string>>;

const OPTIONS = {
  check: flag({
    description: "write nothing, and fail if a file differs from the compiled source",
  }),
};

/** The command. */
export const COMMAND: Command<typeof OPTIONS> = {
  action: "make the kernels",
  summary: "Compiles the engine's kernels, lib/engine/*.wasm, from lib/engine/assembly.",
  notes: ["First it generates lib/engine/assembly/plan_fields.ts from lib/engine/kernel_plan.ts."],
  usage: ["deno task kernels [--check]"],
  options: OPTIONS,
  exitCodes: { 1: "a file differs" },
};

/** The file of each build. */
const BUILDS: readonly (readonly [KernelBuild, string])[] = [
  ["relaxed", "kernels.wasm"],
  ["strict", "kernels_strict.wasm"],
];

/** No file of kernels is larger than this. */
const MAX_BYTES = 2 ** 24;

/**
 * Runs the command.
 *
 * @param words The arguments of the command line.
 * @param host Files, terminal and compiler.
 * @returns The exit code: 0 done, 1 a file differs, 2 wrong input.
 */
export function kernelsCommand(words: readonly string[], host: KernelsHost): Promise<number> {
  return runCommand(COMMAND, words, host.terminal, ({ values }) => makeAll(host, values.check));
}

/** Generates and compiles all files, and only then writes or compares them; returns the exit code. */
async function makeAll(host: KernelsHost, check: boolean): Promise<number> {
  const source = { ...readSource(host), ...host.generated }, encoder = new TextEncoder();
  const made: [string, Uint8Array][] = Object.entries(host.generated).map(([name, text]) => [
    join(host.folder, "assembly", name),
    encoder.encode(text),
  ]);
  for (const [build, name] of BUILDS) {
    made.push([join(host.folder, name), await host.build(source, build)]);
  }
  let code = 0;
  for (const [path, bytes] of made) {
    if (check && !isInFile(host, path, bytes)) {
      host.terminal.note(`${path} differs from its compiled source: run deno task kernels`);
      code = 1;
    } else {
      if (!check) writeBytesAtomically(host.files, path, bytes);
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
  const found = files.readBytes(path, MAX_BYTES);
  return found.length === bytes.length && found.every((byte, i) => byte === bytes[i]);
}

/**
 * Generates source files from the engine's tables.
 *
 * @returns `plan_fields.ts`, with the layout of the plan and the values of its enumerations.
 */
function generatedSource(): KernelSource {
  const classOf = (name: string, fields: FieldTypes) => [
    "",
    "@unmanaged",
    `export class ${name} {`,
    ...Object.entries(fields).map(([field, type]) => `  ${field}: ${type};`),
    "}",
  ];
  const enumOf = (name: string, values: Readonly<Record<string, number>>) => [
    "",
    `export const enum ${name} {`,
    ...Object.entries(values).map(([key, value]) => `  ${key} = ${value},`),
    "}",
  ];
  const lines = [
    "/** Made from lib/engine/kernel_plan.ts by `deno task kernels`; what each field means is said there. */",
    `export const LAYER_BYTES: i32 = ${structBytes(LAYER_FIELDS)};`,
    ...classOf("Layer", LAYER_FIELDS),
    ...classOf("Plan", PLAN_FIELDS),
    ...enumOf("Attention", ATTENTION),
    ...enumOf("Cell", CELL),
    ...enumOf("Given", GIVEN),
    ...enumOf("Memory", MEMORY),
    ...enumOf("Rule", RULE),
    "",
  ];
  return { "plan_fields.ts": lines.join("\n") };
}

const COMPILER_OPTIONS = [
  ["--optimizeLevel", "0"],
  ["--runtime", "stub"],
  ["--enable", "simd,threads"],
  ["--importMemory", "--sharedMemory"],
  ["--initialMemory", "2"],
  ["--maximumMemory", "65536"],
  ["--lowMemoryLimit", "65536"], // constants stay in the first page, which the host leaves alone
  ["--use", "abort="],
  ["--runPasses", "simplify-globals"], // addresses of constants become constants; no statement moves
].flat();

/**
 * Compiles the kernels in memory with AssemblyScript's compiler.
 *
 * Its optimizer is off: it would reorder the statements of the matrix products, whose order keeps the number of live
 * values within the registers. V8 keeps the order as written.
 *
 * @param source All files of `lib/engine/assembly`.
 * @param build "relaxed" with the fused multiply-adds of relaxed SIMD, "strict" without.
 * @returns The bytes of the module; the same source always gives the same bytes.
 * @throws {UserError} If the source does not compile; it contains the compiler's messages.
 */
async function buildKernels(source: KernelSource, build: KernelBuild): Promise<Uint8Array> {
  const { default: asc } = await import("assemblyscript/asc"); // loaded only when needed
  const features = build === "relaxed" ? ["--enable", "relaxed-simd"] : [];
  let [bytes, messages]: [Uint8Array, string] = [new Uint8Array(), ""];
  const { error } = await asc.main(
    ["index.ts", ...COMPILER_OPTIONS, ...features, "--outFile", "kernels.wasm"],
    {
      readFile: (name) => source[name] ?? null,
      writeFile: (_name, contents) => {
        if (typeof contents !== "string") bytes = contents;
      },
      listFiles: () => [],
      stderr: { write: (text: string) => void (messages += text) },
    },
  );
  if (error) {
    throw new UserError("build the kernels", "source that compiles", messages || error.message);
  }
  return bytes;
}

if (import.meta.main) {
  const host = {
    files: disk,
    terminal: processTerminal,
    folder: "lib/engine",
    generated: generatedSource(),
    build: buildKernels,
  };
  Deno.exit(await kernelsCommand(Deno.args, host));
}
