/** Damages files of tensors in many ways; the same seed gives the same damage. */
import type { RandomSource } from "@/math/random.ts";

/** A whole file, split after its header. */
interface Parts {
  readonly header: Uint8Array;
  readonly data: Uint8Array;
}

/** Bad values for a number or a text of a header. */
const ODD_VALUES = [
  ..."-1 -0 0.5 4.0 4e0 1E2 01 +4 .5 5. 1e400 04 016 00 -1e400 9007199254740992 99999999999999999999"
    .split(
      " ",
    ),
  ...'0 1 2 3 4 6 8 12 16 24 32 null true NaN Infinity [] {} [4] [0,4] "4" "" "F32"'.split(" "),
  ...'"F64" "F16" "f32" "I32" "toString" "a\\u0062" "\\ud800" "\\x" "a\nb" "'.split(" "),
  "[".repeat(100_000),
  '{"a":'.repeat(20_000),
  "1".repeat(50_000),
  `"${"a".repeat(50_000)}"`,
];

const FRAGMENTS = [
  ",",
  ":",
  "{",
  "}",
  "[",
  "]",
  '"',
  "\\",
  " ",
  "\n",
  "\u0000",
  "\ufeff",
  "é",
  ",",
];

function split(bytes: Uint8Array): Parts {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return { header: bytes.slice(8, 8 + length), data: bytes.slice(8 + length) };
}

function join(
  { header, data }: Parts,
  length = BigInt(header.length),
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  bytes.set(header, 8);
  bytes.set(data, 8 + header.length);
  return bytes;
}

function splice(
  bytes: Uint8Array,
  at: number,
  removed: number,
  added: Iterable<number>,
): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...added, ...bytes.subarray(at + removed)]);
}

/** A place in a list. */
const placeIn = (random: RandomSource, { length }: ArrayLike<unknown>) => random.integer(0, length);

const noise = (random: RandomSource, atMost: number) =>
  Array.from({ length: random.integer(1, atMost + 1) }, () => random.integer(0, 256));

type Damage = (bytes: Uint8Array, random: RandomSource) => Uint8Array;

/** Damage without knowledge of the format, as by disks and networks. */
const RANDOM_DAMAGE: Record<string, Damage> = {
  "a bit flipped": (bytes, random) => {
    const at = placeIn(random, bytes);
    return splice(bytes, at, 1, [bytes[at] ^ (1 << random.integer(0, 8))]);
  },
  "bytes replaced": (bytes, random) => {
    const bad = noise(random, 8);
    return splice(bytes, placeIn(random, bytes), bad.length, bad).slice(0, bytes.length);
  },
  "bytes left out": (bytes, random) =>
    splice(bytes, placeIn(random, bytes), random.integer(1, 20), []),
  "bytes put in": (bytes, random) => splice(bytes, placeIn(random, bytes), 0, noise(random, 20)),
  "cut off": (bytes, random) => bytes.slice(0, placeIn(random, bytes)),
  "something after the end": (bytes, random) => splice(bytes, bytes.length, 0, noise(random, 20)),
  "a piece copied over another": (bytes, random) => {
    const piece = bytes.slice(placeIn(random, bytes)).slice(0, 16);
    return splice(bytes, placeIn(random, bytes), piece.length, piece).slice(0, bytes.length);
  },
  "zeros": (bytes, random) => {
    const at = placeIn(random, bytes);
    return bytes.slice().fill(0, at, at + random.integer(1, 600));
  },
};

/** Changes the text of the header and corrects its length. */
function inHeader(change: (text: string, random: RandomSource) => string): Damage {
  return (bytes, random) => {
    const { header, data } = split(bytes);
    const text = change(new TextDecoder().decode(header), random);
    return join({ header: new TextEncoder().encode(text), data });
  };
}

function replaceMatch(text: string, pattern: RegExp, random: RandomSource, put: string): string {
  const matches = [...text.matchAll(pattern)];
  const { index, 0: found } = matches[random.integer(0, matches.length)];
  return text.slice(0, index) + put + text.slice(index + found.length);
}

const ENTRY = /"[^"]+":\{"dtype"[^}]*\},?/g;

/** Damage with knowledge of the format, as by faulty or hostile programs. */
const FORMAT_DAMAGE: Record<string, Damage> = {
  "another length of the header": (bytes, random) => {
    const parts = split(bytes), length = BigInt(parts.header.length);
    const others = [0n, length - 8n, length - 1n, length + 1n, length + 8n, 2n ** 31n, 2n ** 53n];
    return join(parts, [...others, 2n ** 64n - 1n, 2n ** 63n][random.integer(0, 9)]);
  },
  "no number": (bytes, random) => {
    const { header, data } = split(bytes), place = 4 * random.integer(0, data.length >> 2);
    new DataView(data.buffer).setFloat32(
      place,
      [NaN, Infinity, -Infinity][random.integer(0, 3)],
      true,
    );
    return join({ header, data });
  },
  "an odd number": inHeader((text, random) =>
    replaceMatch(text, /\d+(?=[\],])/g, random, ODD_VALUES[random.integer(0, ODD_VALUES.length)])
  ),
  "an odd text": inHeader((text, random) =>
    replaceMatch(text, /"[^"]*"/g, random, ODD_VALUES[random.integer(0, ODD_VALUES.length)])
  ),
  "as many numbers in another shape": inHeader((text, random) => {
    const shapes = [...text.matchAll(/"shape":\[([\d,]*)\]/g)];
    const { index, 0: found, 1: axes } = shapes[random.integer(0, shapes.length)];
    const all = axes === "" ? [] : axes.split(",");
    const size = all.reduce((product, axis) => product * Number(axis), 1);
    const others = [all.toReversed(), ["1", ...all], [...all, "1"], [String(size)]];
    const shape = `"shape":[${others[random.integer(0, others.length)]}]`;
    return text.slice(0, index) + shape + text.slice(index + found.length);
  }),
  "the last tensor of a wider type": (bytes) => {
    const { header, data } = split(bytes), text = new TextDecoder().decode(header);
    const wider = text.replace(
      /"(?:F32|I32)"(,"shape":\[[\d,]*\],"data_offsets":)\[(\d+),(\d+)\](?=\}\} *$)/,
      (_, shape, begin, end) => `"F64"${shape}[${begin},${2 * Number(end) - Number(begin)}]`,
    );
    const added = Number(wider.match(/,(\d+)\]\}\} *$/)?.[1]) - data.length;
    const more = Uint8Array.from([...data, ...new Uint8Array(added)]);
    return join({ header: new TextEncoder().encode(wider), data: more });
  },
  "an odd list": inHeader((text, random) =>
    replaceMatch(text, /\[[^\]]*\]/g, random, ODD_VALUES[random.integer(0, ODD_VALUES.length)])
  ),
  "a fragment": inHeader((text, random) => {
    const at = placeIn(random, text);
    return text.slice(0, at) + FRAGMENTS[random.integer(0, FRAGMENTS.length)] + text.slice(at);
  }),
  "a character left out": inHeader((text, random) => {
    const at = placeIn(random, text);
    return text.slice(0, at) + text.slice(at + 1);
  }),
  "an entry left out": inHeader((text, random) => replaceMatch(text, ENTRY, random, "")),
  "an entry twice": inHeader((text, random) => {
    const entries = text.match(ENTRY)!;
    const entry = entries[random.integer(0, entries.length)].replace(/,?$/, ",");
    return text.replace(/^\{/, `{${entry}`);
  }),
  "one entry's list in another": inHeader((text, random) => {
    const lists = text.match(/\[[^\]]*\]/g)!;
    return replaceMatch(text, /\[[^\]]*\]/g, random, lists[random.integer(0, lists.length)]);
  }),
  "one entry's name on another": inHeader((text, random) => {
    const names = text.match(/"[^"]+"(?=:)/g)!;
    return replaceMatch(text, /"[^"]+"(?=:)/g, random, names[random.integer(0, names.length)]);
  }),
};

const KINDS = Object.entries({ ...RANDOM_DAMAGE, ...FORMAT_DAMAGE });

/**
 * Damages a file.
 *
 * @returns The kind of damage, and the bytes, which differ from the ones given.
 */
export function damage(bytes: Uint8Array, random: RandomSource): [kind: string, Uint8Array] {
  for (;;) {
    const [kind, apply] = KINDS[random.integer(0, KINDS.length)];
    let bad = apply(bytes, random);
    if (random.integer(0, 4) === 0) {
      bad = RANDOM_DAMAGE["a bit flipped"](bad.length ? bad : bytes, random);
    }
    const same = bad.length === bytes.length && bad.every((byte, i) => byte === bytes[i]);
    if (!same) return [kind, bad];
  }
}
