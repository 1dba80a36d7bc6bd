/**
 * The engine's kernels made from their source, by AssemblyScript's compiler, in memory.
 *
 * Nothing is optimised away from the source: the compiler's own optimiser would reorder the statements of the products,
 * which stand in the order in which registers suffice. V8 makes machine code of what is written.
 *
 * @module
 */
import asc from "assemblyscript/asc";
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { UserError } from "@/io/user_error.ts";

/** Source files by name, without folders. */
export type KernelSource = Readonly<Record<string, string>>;

const OPTIONS = [
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
 * Compiles the kernels.
 *
 * @param source All files of `lib/engine/assembly`.
 * @param build With relaxed SIMD's fused multiply-adds, or strictly without.
 * @returns The module's bytes: the same for the same source.
 * @throws {UserError} If the source does not compile; the message is the compiler's.
 */
export async function buildKernels(source: KernelSource, build: KernelBuild): Promise<Uint8Array> {
  const features = build === "relaxed" ? ["--enable", "relaxed-simd"] : [];
  let [bytes, messages]: [Uint8Array, string] = [new Uint8Array(), ""];
  const { error } = await asc.main(
    ["index.ts", ...OPTIONS, ...features, "--outFile", "kernels.wasm"],
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
