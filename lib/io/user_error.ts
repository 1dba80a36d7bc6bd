/**
 * What went wrong when it is for the user to mend: an option, a path, a permission, a damaged file.
 *
 * @module
 */

/**
 * An error whose message is one sentence for the user; a command prints it and nothing else.
 *
 * @example The house's form: what cannot be done, what was wanted, what was got.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new UserError("read --length", "an integer of at least 1", '"-1"');
 * assertEquals(error.message, 'Cannot read --length: wanted an integer of at least 1, got "-1"');
 * ```
 */
export class UserError extends Error {
  override readonly name = "UserError";

  /**
   * @param action What cannot be done, as in "Cannot <action>".
   * @param wanted What would have been right.
   * @param got What was there instead.
   */
  constructor(readonly action: string, readonly wanted: string, readonly got: string) {
    super(`Cannot ${action}: wanted ${wanted}, got ${got}`);
  }
}
