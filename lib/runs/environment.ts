/**
 * The environment of a run: the version of this project and the machine's features that its numbers may depend on.
 *
 * @module
 */

import { fusesMultiplyAdd } from "@/engine/machine.ts";

/** The version of this project. */
export const VERSION = "2.0.0";

/** The environment that a run folder records. */
export interface Environment {
  readonly version: string;
  readonly deno: string;
  readonly system: string;
  readonly architecture: string;
  readonly cores: number;
  /** Whether the relaxed kernels round a · b + c once, by a fused instruction. */
  readonly fusedMultiplyAdd: boolean;
}

/** Describes the environment of this process. */
export function currentEnvironment(): Environment {
  return {
    version: VERSION,
    deno: Deno.version.deno,
    system: Deno.build.os,
    architecture: Deno.build.arch,
    cores: navigator.hardwareConcurrency,
    fusedMultiplyAdd: fusesMultiplyAdd("relaxed"),
  };
}
