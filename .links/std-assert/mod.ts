/**
 * A stand-in for `jsr:@std/assert` over Node's own assertions.
 *
 * `deno.json` links it, so that tests and notebooks run where the JSR registry cannot be reached.
 * Same names and argument order, at least as strict, and only the functions this project uses;
 * `deno task test:jsr` runs the same tests against the real package.
 *
 * @module
 */
import nodeAssert from "node:assert/strict";

/** The error that every failed assertion throws. */
export const AssertionError = nodeAssert.AssertionError;

/** Fails with what was found, and then what the caller says of it. */
function fail(found: string, msg?: string): never {
  const message = msg === undefined ? found : `${found.replace(/\.$/, "")}: ${msg}`;
  throw new AssertionError({ message });
}

/** Throws unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  nodeAssert.ok(expr, msg || "Assertion failed.");
}

/** Throws unless `actual` and `expected` are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    nodeAssert.deepStrictEqual(actual, expected);
  } catch (error) {
    throw msg === undefined
      ? error
      : new AssertionError({ message: `${msg}\n${(error as Error).message}` });
  }
}

/** Throws if `actual` and `expected` are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.notDeepStrictEqual(actual, expected, msg);
}

/** Throws unless `actual` and `expected` are the same by `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): void {
  nodeAssert.strictEqual(actual, expected, msg);
}

/** Throws unless |actual − expected| ≤ tolerance, by default 1e-7 of |expected|. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ?? Math.abs(expected) * 1e-7;
  const close = Math.abs(actual - expected) <= allowed;
  if (!close) fail(`Expected ${actual} to be within ${allowed} of ${expected}.`, msg);
}

/** Throws unless `actual` > `expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) fail(`Expected ${actual} > ${expected}.`, msg);
}

/** Throws unless `actual` < `expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) fail(`Expected ${actual} < ${expected}.`, msg);
}

/** Throws unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (!actual.includes(expected)) fail(`Expected "${actual}" to contain "${expected}".`, msg);
}

/** Throws unless `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  nodeAssert.match(actual, expected, msg);
}

type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;

function checkError<E extends Error>(
  error: unknown,
  type: ErrorClass<E>,
  includes: string,
  msg?: string,
): E {
  if (!(error instanceof type)) fail(`Expected a ${type.name}, got ${error}.`, msg);
  if (!error.message.includes(includes)) {
    fail(`Expected the message "${error.message}" to contain "${includes}".`, msg);
  }
  return error;
}

/** Throws unless `fn` throws an `ErrorClass` whose message contains `msgIncludes`; returns it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass: ErrorClass<E> = Error as unknown as ErrorClass<E>,
  msgIncludes = "",
  msg?: string,
): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, errorClass, msgIncludes, msg);
  }
  fail("Expected function to throw.", msg);
}

/** The same as {@linkcode assertThrows} for a function that returns a promise. */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E> = Error as unknown as ErrorClass<E>,
  msgIncludes = "",
  msg?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, errorClass, msgIncludes, msg);
  }
  fail("Expected function to reject.", msg);
}
