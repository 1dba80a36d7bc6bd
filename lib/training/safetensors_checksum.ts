/**
 * The checksum that a file of tensors carries in its metadata.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** Its name among the metadata. */
export const CHECKSUM = "file_sha256";

/** What stands for its digits while they are not known. */
export const NO_CHECKSUM = "0".repeat(64);

const OPENING = `"${CHECKSUM}":"`;

/**
 * Puts the checksum into the place that the header keeps for it.
 *
 * @param bytes A whole file whose metadata hold {@linkcode NO_CHECKSUM}.
 * @param headerLength N.
 */
export function seal(bytes: Uint8Array, headerLength: number): void {
  const at = placeOfDigits(bytes, headerLength);
  bytes.set(new TextEncoder().encode(checksumOf(bytes, at)), at);
}

/**
 * Whether a file's bytes are the ones that its checksum was made of.
 *
 * @param bytes A whole file whose metadata hold a checksum.
 * @param headerLength N.
 * @param checksum The digits that its metadata hold.
 * @returns False if a single bit has changed, be it of the checksum.
 */
export function isSealed(bytes: Uint8Array, headerLength: number, checksum: string): boolean {
  const at = placeOfDigits(bytes, headerLength);
  return at >= 0 && checksumOf(bytes, at) === checksum;
}

/** Where the digits begin; −1 if they do not follow their name as {@linkcode seal} leaves them. */
function placeOfDigits(bytes: Uint8Array, headerLength: number): number {
  // One character for each byte. A quote inside a text has a backslash, so only the name itself matches.
  const header = new TextDecoder("latin1").decode(bytes.subarray(8, 8 + headerLength));
  const place = header.indexOf(OPENING);
  return place < 0 ? -1 : 8 + place + OPENING.length;
}

function checksumOf(bytes: Uint8Array, at: number): string {
  const hash = createHash("sha256").update(bytes.subarray(0, at)).update(NO_CHECKSUM);
  return hash.update(bytes.subarray(at + NO_CHECKSUM.length)).digest("hex");
}
