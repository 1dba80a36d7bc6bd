/**
 * Nested arrays and objects of numbers as one vector, and back.
 *
 * A tree is a number, or an array, a Float64Array or a plain object of trees: `{ values, pops, pushes }`
 * as much as `[1, 2, 3]`.
 *
 * @module
 */
import type { Vector } from "./shapes.ts";

/**
 * Lists every number of a tree, in the order in which the tree is written.
 *
 * @example A structure becomes a vector.
 * ```ts
 * import { flatten } from "@/math/number_tree.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flatten({ values: [[1, 2], [3, 4]], pops: [5, 6] }), [1, 2, 3, 4, 5, 6]);
 * ```
 * @param tree Numbers in arrays and objects.
 * @returns The numbers.
 * @throws {TypeError} If there is anything but numbers in it.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function flatten(tree: unknown): Vector {
  return flattenGradient(tree, tree);
}

/**
 * Lists the numbers of a gradient in the order of the tree that it belongs to.
 *
 * Where the tree has a property `pops`, the gradient has `gPops` or, failing that, `pops`; its other
 * properties do not matter.
 *
 * @example A gradient in an order of its own, with something else beside it.
 * ```ts
 * import { flattenGradient } from "@/math/number_tree.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gradient = { loss: 7, gPops: [30], gValues: [[10, 20]] };
 * assertEquals(flattenGradient({ values: [[1, 2]], pops: [3] }, gradient), [10, 20, 30]);
 * ```
 * @param tree Numbers in arrays and objects.
 * @param gradient A number for each of them, in the same structure.
 * @returns The numbers of `gradient`.
 * @throws {TypeError} If there is not a number for each one of `tree`, or an array is longer.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function flattenGradient(tree: unknown, gradient: unknown): Vector {
  const numbers: Vector = [];
  gather(tree, gradient, "", numbers);
  return numbers;
}

/**
 * Puts numbers into the structure of a tree; the opposite of {@linkcode flatten}.
 *
 * @example The same structure, other numbers.
 * ```ts
 * import { withNumbers } from "@/math/number_tree.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withNumbers({ value: [0, 0], pop: 0 }, [1, 2, 3]), { value: [1, 2], pop: 3 });
 * ```
 * @param tree The structure.
 * @param numbers As many as are in `tree`.
 * @returns A new tree, which shares nothing with the old one.
 */
export function withNumbers<Tree>(tree: Tree, numbers: ArrayLike<number>): Tree {
  let used = 0;
  const fill = (part: unknown): unknown => {
    if (typeof part === "number") return numbers[used++];
    if (Array.isArray(part)) return part.map(fill);
    if (part instanceof Float64Array) return part.map(() => numbers[used++]);
    return Object.fromEntries(Object.entries(part as object).map(([key, p]) => [key, fill(p)]));
  };
  return fill(tree) as Tree; // fill keeps the type of every part
}

/**
 * Names every number of a tree by where it is, in the order of {@linkcode flatten}.
 *
 * @example As one would write it in code.
 * ```ts
 * import { pathsOf } from "@/math/number_tree.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathsOf({ values: [[1, 2]], pop: 3 }), ["values[0][0]", "values[0][1]", "pop"]);
 * ```
 * @param tree Numbers in arrays and objects.
 * @returns A path for each number.
 */
export function pathsOf(tree: unknown): string[] {
  const paths: string[] = [];
  const walk = (part: unknown, path: string) => {
    if (typeof part === "number") paths.push(path);
    else {for (const [key, child] of Object.entries(part as object)) {
        walk(child, join(path, part, key));
      }}
  };
  walk(tree, "");
  return paths;
}

type List = readonly unknown[] | Float64Array;
type NumberRecord = Readonly<Record<string, unknown>>;

function isList(part: unknown): part is List {
  return Array.isArray(part) || part instanceof Float64Array;
}

function isRecord(part: unknown): part is NumberRecord {
  if (typeof part !== "object" || part === null || isList(part)) return false;
  const prototype = Object.getPrototypeOf(part);
  return prototype === Object.prototype || prototype === null;
}

function join(path: string, parent: unknown, key: string | number): string {
  if (isList(parent)) return `${path}[${key}]`;
  return path === "" ? `${key}` : `${path}.${key}`;
}

function gather(tree: unknown, part: unknown, path: string, numbers: Vector): void {
  if (typeof tree === "number") gatherNumber(part, path, numbers);
  else if (isList(tree)) gatherList(tree, part, path, numbers);
  else if (isRecord(tree)) gatherRecord(tree, part, path, numbers);
  else throw misfit("numbers, arrays and objects", tree, path);
}

function gatherNumber(part: unknown, path: string, numbers: Vector): void {
  if (typeof part !== "number") throw misfit("a number", part, path);
  if (!Number.isFinite(part)) {
    throw new RangeError(`Cannot list numbers: wanted finite numbers${place(path)}, got ${part}`);
  }
  numbers.push(part);
}

function gatherList(tree: List, part: unknown, path: string, numbers: Vector): void {
  if (!isList(part) || part.length !== tree.length) {
    throw misfit(`a list of ${tree.length}`, part, path);
  }
  for (let i = 0; i < tree.length; i++) {
    gather(tree[i], part[i], `${path}[${i}]`, numbers);
  }
}

function gatherRecord(tree: NumberRecord, part: unknown, path: string, numbers: Vector): void {
  if (!isRecord(part)) throw misfit("an object", part, path);
  for (const [key, child] of Object.entries(tree)) {
    const gKey = `g${key.charAt(0).toUpperCase()}${key.slice(1)}`;
    const found = part !== tree && gKey in part ? gKey : key; // a tree keeps its own names
    gather(child, part[found], join(path, tree, found), numbers);
  }
}

function misfit(wanted: string, got: unknown, path: string): TypeError {
  return new TypeError(`Cannot list numbers: wanted ${wanted}${place(path)}, got ${nameOf(got)}`);
}

function place(path: string): string {
  return path === "" ? "" : ` at ${path}`;
}

function nameOf(part: unknown): string {
  if (isList(part)) return `a list of ${part.length}`;
  if (typeof part !== "object" || part === null) {
    return typeof part === "number" ? `${part}` : part === null ? "null" : typeof part;
  }
  return isRecord(part) ? "an object" : part.constructor.name;
}
