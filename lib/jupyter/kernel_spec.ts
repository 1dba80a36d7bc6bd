/**
 * The kernel specification with which Jupyter starts Deno, and its installation.
 *
 * @module
 */
import { type Files, join, writeAtomically } from "@/io/files.ts";

/** Name and title of a kernel in Jupyter. */
export interface KernelName {
  /** Name of its folder, by which notebooks refer to it. */
  readonly name: string;
  /** The title that users see. */
  readonly title: string;
}

/** The kernel that the notebooks refer to, by the name under which Deno itself installs it. */
export const DENO_KERNEL: KernelName = { name: "deno", title: "Deno" };

/**
 * Describes a Deno kernel.
 *
 * Interrupts are messages: Jupyter's default, a signal, would kill a Deno kernel. Colours are off, as in the committed
 * outputs.
 *
 * @example Jupyter replaces the placeholder.
 * ```ts
 * import { kernelSpec } from "@/jupyter/kernel_spec.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { argv, interrupt_mode } = kernelSpec("/opt/deno", "Deno");
 * assertEquals(argv, ["/opt/deno", "jupyter", "--kernel", "--conn", "{connection_file}"]);
 * assertEquals(interrupt_mode, "message");
 * ```
 * @param deno Path of the Deno to run.
 * @param title The title that users see.
 * @returns The content of a kernel.json.
 */
export function kernelSpec(deno: string, title: string) {
  return {
    argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: title,
    language: "typescript",
    interrupt_mode: "message",
    env: { NO_COLOR: "1" },
  };
}

/**
 * Installs a Deno kernel in an environment; a kernel of the same name there is replaced.
 *
 * @param files Access to the disk.
 * @param environment Folder of the environment, such as Python's `sys.prefix`.
 * @param deno Path of the Deno to run.
 * @param kernel Its name and title.
 * @returns Path of the kernel's folder.
 * @throws {UserError} If it cannot be written.
 */
export function installKernel(
  files: Files,
  environment: string,
  deno: string,
  { name, title }: KernelName,
): string {
  const folder = join(environment, "share", "jupyter", "kernels", name);
  files.makeFolder(folder);
  const text = JSON.stringify(kernelSpec(deno, title), null, 2) + "\n";
  writeAtomically(files, join(folder, "kernel.json"), text);
  return folder;
}
