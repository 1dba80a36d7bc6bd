/**
 * The environment of a run: the version of this project, and what its numbers may depend on of the machine.
 *
 * @module
 */

/** The version of this project. */
export const VERSION = "2.0.0";

/** The environment that a run folder records. */
export interface Environment {
  readonly version: string;
  readonly deno: string;
  readonly system: string;
  readonly architecture: string;
  readonly cores: number;
}

/** Describes the environment of this process. */
export function currentEnvironment(): Environment {
  return {
    version: VERSION,
    deno: Deno.version.deno,
    system: Deno.build.os,
    architecture: Deno.build.arch,
    cores: navigator.hardwareConcurrency,
  };
}
