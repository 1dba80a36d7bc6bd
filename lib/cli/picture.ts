/**
 * `deno task picture`.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { FRONT_PICTURE, frontPicture } from "./front_picture.ts";
import { processTerminal } from "@/io/terminal.ts";

if (import.meta.main) {
  disk.writeText(FRONT_PICTURE, frontPicture());
  processTerminal.note(`${FRONT_PICTURE} is drawn.`);
}
