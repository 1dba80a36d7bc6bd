/**
 * Plain data as JSON and back, bit for bit.
 *
 * JSON alone loses −0 and infinities and has no typed arrays. Here `{"$number":"-0"}` stands for such
 * a number, and `{"$Float64Array":"<base64>"}` for an array's bytes, lowest byte first.
 *
 * @module
 */

const ARRAYS = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array } as const;
const NUMBERS: Readonly<Record<string, number>> = {
  "-0": -0,
  "Infinity": Infinity,
  "-Infinity": -Infinity,
};

/**
 * Writes plain data as JSON that {@linkcode fromExactJson} reads back bit for bit.
 *
 * @example What JSON alone would lose.
 * ```ts
 * import { fromExactJson, toExactJson } from "@/training/exact_json.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const state = { weights: new Float64Array([0.1, -0, 1 / 3]), best: -Infinity, step: -0 };
 * assertEquals(fromExactJson(toExactJson(state)), state);
 * ```
 * @param data Numbers, texts, booleans, null, typed arrays, arrays and objects of those.
 * @returns One line of JSON.
 * @throws {RangeError} If a number is NaN.
 * @throws {TypeError} If something is none of those, or a key begins with "$".
 */
export function toExactJson(data: unknown): string {
  return JSON.stringify(encode(data));
}

/**
 * Reads what {@linkcode toExactJson} wrote.
 *
 * @example A typed array is a typed array again.
 * ```ts
 * import { fromExactJson } from "@/training/exact_json.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fromExactJson('{"$Float64Array":"AAAAAAAA8D8="}'), new Float64Array([1]));
 * ```
 * @param text One piece of JSON.
 * @returns The data.
 * @throws {SyntaxError} If `text` is not JSON, or what stands for a number or an array is damaged.
 */
export function fromExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value) => decode(value));
}

function encode(data: unknown): unknown {
  if (typeof data === "number") return encodeNumber(data);
  if (data === null || typeof data === "string" || typeof data === "boolean") return data;
  if (Array.isArray(data)) return data.map(encode);
  if (ArrayBuffer.isView(data)) return encodeTypedArray(data);
  if (typeof data !== "object") {
    throw new TypeError(`Cannot write a state: wanted plain data, got a ${typeof data}`);
  }
  return encodeObject(data);
}

function encodeNumber(number: number): unknown {
  if (Number.isNaN(number)) throw new RangeError("Cannot write a state: wanted numbers, got NaN");
  return Object.is(number, -0) || Math.abs(number) === Infinity
    ? { $number: Object.is(number, -0) ? "-0" : String(number) }
    : number;
}

function encodeTypedArray(view: ArrayBufferView): unknown {
  const type = Object.entries(ARRAYS).find(([, array]) => view instanceof array);
  if (!type) {
    const wanted = Object.keys(ARRAYS).join(", ");
    throw new TypeError(`Cannot write a state: wanted ${wanted}, got ${view.constructor.name}`);
  }
  if ((view instanceof Float64Array || view instanceof Float32Array) && view.some(Number.isNaN)) {
    throw new RangeError("Cannot write a state: wanted numbers, got NaN");
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return { [`$${type[0]}`]: bytes.toBase64() };
}

function encodeObject(data: object): unknown {
  const prototype = Object.getPrototypeOf(data);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(
      `Cannot write a state: wanted plain data, got a ${prototype.constructor.name}`,
    );
  }
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (key.startsWith("$")) {
        throw new TypeError(`Cannot write a state: wanted keys without "$", got "${key}"`);
      }
      return [key, encode(value)];
    }),
  );
}

function decode(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const [entry] = Object.entries(value);
  if (!entry?.[0].startsWith("$")) return value;
  const [tag, text] = entry;
  const number = tag === "$number" ? NUMBERS[String(text)] : undefined;
  if (number !== undefined) return number;
  const type = Object.entries(ARRAYS).find(([name]) => tag === `$${name}`)?.[1];
  if (!type) throw new SyntaxError(`Cannot read a state: wanted a number or an array, got ${tag}`);
  return typedArrayFrom(type, String(text));
}

function typedArrayFrom(type: typeof ARRAYS[keyof typeof ARRAYS], base64: string): unknown {
  const bytes = Uint8Array.fromBase64(base64);
  if (bytes.length % type.BYTES_PER_ELEMENT !== 0) {
    throw new SyntaxError(
      `Cannot read a state: wanted whole numbers of bytes, got ${bytes.length}`,
    );
  }
  return new type(bytes.buffer);
}
