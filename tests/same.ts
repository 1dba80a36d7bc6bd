/** Equality of states, tensors and other large data: what differs is named, with both values, and nothing more printed. */
import { assert } from "@std/assert";

/**
 * Throws unless two values agree in structure, types and numbers; 0 and −0 differ, and NaN is itself.
 *
 * The error names the first place that differs, such as "parameters.push.weight[3]: wanted 0.5, got 0.25". `assertEquals`
 * would print both sides and their differences, which takes gigabytes of memory for a network's gradients.
 *
 * @param got What was found.
 * @param wanted What it should be.
 * @param what Begins the error's place.
 * @throws {AssertionError} At the first difference.
 */
export function assertSame(got: unknown, wanted: unknown, what = ""): void {
  if (isTree(got) && isTree(wanted)) {
    assertSame(kindOf(got), kindOf(wanted), `${what} (kind)`);
    if (isList(got) && isList(wanted)) return assertSameLists(got, wanted, what);
    const [keys, wantedKeys] = [got, wanted].map((tree) => Object.keys(tree).sort());
    assertSameLists(keys, wantedKeys, `${what} (keys)`);
    const others = new Map(Object.entries(wanted));
    for (const [key, value] of Object.entries(got)) {
      assertSame(value, others.get(key), what === "" ? key : `${what}.${key}`);
    }
  } else if (!Object.is(got, wanted)) fail(what, got, wanted);
}

type List = ArrayLike<unknown>;

function assertSameLists(got: List, wanted: List, what: string): void {
  if (got.length !== wanted.length) fail(`${what}.length`, got.length, wanted.length);
  for (let i = 0; i < got.length; i++) {
    if (!Object.is(got[i], wanted[i])) assertSame(got[i], wanted[i], `${what}[${i}]`);
  }
}

function isTree(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isList(value: object): value is List {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** The type of a list; any other object must be plain data. */
function kindOf(value: object): string {
  if (isList(value)) return value.constructor.name;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return "object";
  throw new TypeError(
    `Cannot compare: wanted lists and plain data, got ${prototype.constructor.name}`,
  );
}

function fail(what: string, got: unknown, wanted: unknown): never {
  assert(false, `${what}: wanted ${textOf(wanted)}, got ${textOf(got)}`);
}

function textOf(value: unknown): string {
  if (isTree(value)) return kindOf(value);
  if (Object.is(value, -0)) return "-0";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
