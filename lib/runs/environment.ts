/**
 * Where a run was made: the version of this project and the features of the machine that its numbers may depend on.
 *
 * @module
 */

/** The version of this project. */
export const VERSION = "2.0.0";

/** What a run folder says of where it was made. */
export interface Environment {
  readonly version: string;
  readonly deno: string;
  readonly system: string;
  readonly architecture: string;
  readonly cores: number;
}

/** The environment of this process. */
export function currentEnvironment(): Environment {
  return {
    version: VERSION,
    deno: Deno.version.deno,
    system: Deno.build.os,
    architecture: Deno.build.arch,
    cores: navigator.hardwareConcurrency,
  };
}
