/**
 * Errors that the user can fix: a wrong option or path, a missing permission, a damaged file.
 *
 * @module
 */

/**
 * An error whose message is one sentence for the user; a command prints it without a stack trace.
 *
 * @example The format of every error: the action that failed, what was wanted, what was got.
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
   * @param wanted What would have been accepted.
   * @param got What there was instead.
   */
  constructor(readonly action: string, readonly wanted: string, readonly got: string) {
    super(`Cannot ${action}: wanted ${wanted}, got ${got}`);
  }
}
