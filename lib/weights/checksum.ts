/**
 * The checksum of a safetensors file: the SHA-256 of the whole file, in its metadata as `file_sha256`.
 *
 * The format has no checksum of its own, so a damaged number would not be detected. While the checksum is computed, its
 * digits in the file are zeros.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** The name of the checksum in the metadata. */
export const CHECKSUM = "file_sha256";
/** The digits that replace the checksum while it is computed. */
export const ZEROS = "0".repeat(64);

/**
 * Writes the checksum over the zeros that hold its place in a file.
 *
 * @param bytes The whole file, with {@linkcode ZEROS} as its checksum; it is changed.
 * @param N The length of the header.
 */
export function writeChecksum(bytes: Uint8Array, N: number): void {
  const offset = checksumOffset(bytes, N);
  bytes.set(new TextEncoder().encode(computeChecksum(bytes, offset)), offset);
}

/**
 * Compares the contents of a file with its checksum.
 *
 * @param bytes The whole file.
 * @param N The length of the header.
 * @param sum The checksum in its metadata.
 * @returns Whether they agree.
 */
export function checksumFits(bytes: Uint8Array, N: number, sum: string): boolean {
  const offset = checksumOffset(bytes, N);
  return offset >= 0 && computeChecksum(bytes, offset) === sum;
}

/** Finds the offset of the checksum's digits; −1 if they do not directly follow their name, as in files written here. */
function checksumOffset(bytes: Uint8Array, N: number): number {
  // In Latin-1 a character is a byte. Quotation marks inside texts have a backslash, so only the name matches.
  const header = new TextDecoder("latin1").decode(bytes.subarray(8, 8 + N));
  const opening = `"${CHECKSUM}":"`, index = header.indexOf(opening);
  return index < 0 ? -1 : 8 + index + opening.length;
}

function computeChecksum(bytes: Uint8Array, offset: number): string {
  const hash = createHash("sha256").update(bytes.subarray(0, offset)).update(ZEROS);
  return hash.update(bytes.subarray(offset + ZEROS.length)).digest("hex");
}
