/**
 * What the engine's results depend on in a machine, beside the build of the kernels.
 *
 * @module
 */
import { createArena } from "./engine_buffers.ts";
import { type KernelBuild, loadKernels } from "./kernel_calls.ts";

/**
 * Whether kernels round a · b + c once on this machine, by a fused instruction, or twice.
 *
 * Method: x (1 + y) with x = 1 + 2⁻¹² and y = 2⁻¹³ − 1 is 2⁻¹³ + 2⁻²⁵; the last term is lost if x y is rounded.
 *
 * @example The strict build rounds twice on every machine.
 * ```ts
 * import { fusesMultiplyAdd } from "@/engine/machine.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fusesMultiplyAdd("strict"), false);
 * ```
 * @param build The build; the relaxed one is fused where the machine has the instruction.
 * @returns Whether the product is left unrounded.
 */
export function fusesMultiplyAdd(build: KernelBuild): boolean {
  const { multiplyAdds } = loadKernels(createArena().memory, build), lanes = 48;
  return multiplyAdds(1, 1 + 2 ** -12, 2 ** -13 - 1) > lanes * 2 ** -13;
}
