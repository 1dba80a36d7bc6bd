/**
 * The version of Deno that the project needs, and the check for it.
 *
 * @module
 */
import { UserError } from "./user_error.ts";

/** The version of Deno with which everything is tested. */
export const TESTED_DENO = "2.9.6";

/**
 * Refuses a Deno that is older than the tested one; another patch release of the same minor version is accepted.
 *
 * @example Deno before 2.6 cannot load the kernels.
 * ```ts
 * import { checkDenoVersion } from "@/io/deno_version.ts";
 * import { assertThrows } from "@std/assert";
 *
 * checkDenoVersion("2.9.0");
 * checkDenoVersion("3.0.0");
 * assertThrows(() => checkDenoVersion("2.5.6"), Error, "wanted Deno 2.9 or newer");
 * ```
 * @param version The version that runs, such as "2.9.6".
 * @throws {UserError} If it is older.
 */
export function checkDenoVersion(version: string = Deno.version.deno): void {
  const [major, minor] = numbersOf(version), [wantedMajor, wantedMinor] = numbersOf(TESTED_DENO);
  if (major > wantedMajor || major === wantedMajor && minor >= wantedMinor) return;
  const wanted = `Deno ${wantedMajor}.${wantedMinor} or newer ` +
    `("deno upgrade" installs it, "npx -y deno@${TESTED_DENO}" in place of "deno" runs it once)`;
  throw new UserError("run the project", wanted, version);
}

function numbersOf(version: string): number[] {
  return version.split(".").map(Number);
}
