/**
 * Names the formats of files that are often taken for safetensors files.
 *
 * @module
 */

/** The number of bytes that are enough to recognize a format. */
const OPENING_BYTES = 256;

const PAGE = "a web page: download the file itself, not the page about it";
const PICKLE =
  "a pickle, such as torch.save writes: read it in Python with torch.load, and save its " +
  "tensors with safetensors.torch.save_file";
const NUMPY = "numbers saved by numpy: read them in Python with numpy.load, and save them with " +
  "safetensors.numpy.save_file";

/** The opening of a file in each format, a character for each byte, and what to tell its user; `[^ -~]` is unprintable. */
const FORMATS: readonly (readonly [opening: RegExp, description: string])[] = [
  [
    /^version https:\/\/git-lfs\./,
    'a Git LFS pointer: fetch the file that it stands for, with "git lfs pull"',
  ],
  [/^(\xef\xbb\xbf)?\s*<(!doctype|!--|html|\?xml)/i, PAGE],
  // In a zip archive, the name of its first file is at byte 30.
  [/^PK[^ -~]{2}[^]{26,200}\/data\.pkl/, PICKLE],
  [/^PK[^ -~]{2}[^]{26,200}\.npy/, NUMPY],
  [/^PK[^ -~]{2}/, "a zip archive: unpack it, and name the .safetensors file in it"],
  [/^\x80[^ -~]/, PICKLE],
  [/^\x93NUMPY/, NUMPY],
  [/^\s*[{[]/, "JSON text: name a run folder or a .safetensors file"],
];

/**
 * Describes a file that cannot be in the safetensors format, because its first eight bytes are no length of a header.
 *
 * @example A pointer that Git leaves in place of a large file.
 * ```ts
 * import { describeOtherFormat } from "@/weights/other_formats.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const pointer = new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\n");
 * assertStringIncludes(describeOtherFormat(pointer)!, "a Git LFS pointer");
 * ```
 * @param bytes The whole file.
 * @returns The name of its format and what to do; undefined if the format is unknown.
 */
export function describeOtherFormat(bytes: Uint8Array): string | undefined {
  const opening = String.fromCharCode(...bytes.subarray(0, OPENING_BYTES));
  return FORMATS.find(([pattern]) => pattern.test(opening))?.[1];
}
