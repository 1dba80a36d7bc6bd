/** A real disk on which the process kills itself, as `kill -9` does, in the middle of a write. */
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";

/** When the process dies; all its threads count together. */
export interface Doom {
  /** The number of the write in which it dies, counted from 1; 0 is never. */
  readonly fatal: number;
  /** How much of that write is done. */
  readonly share: number;
  /** Writes so far. */
  readonly writes: SharedArrayBuffer;
}

export function doomedFiles({ fatal, share, writes }: Doom): Files {
  const count = new Int32Array(writes);
  const part = <T extends { length: number; slice(from: number, to: number): T }>(whole: T) =>
    whole.slice(0, Math.floor(share * whole.length));

  function doomed<Rest extends unknown[], Result>(
    work: (path: string, ...rest: Rest) => Result,
    halfway: (path: string, ...rest: Rest) => void = () => {},
  ) {
    return (path: string, ...rest: Rest): Result => {
      if (Atomics.add(count, 0, 1) + 1 !== fatal) return work(path, ...rest);
      halfway(path, ...rest);
      Deno.kill(Deno.pid, "SIGKILL");
      for (;;); // until the signal is here
    };
  }

  return {
    ...disk,
    writeText: doomed(disk.writeText, (path, text) => disk.writeText(path, part(text))),
    writeBytes: doomed(disk.writeBytes, (path, bytes) => disk.writeBytes(path, part(bytes))),
    appendText: doomed(disk.appendText, (path, text) => disk.appendText(path, part(text))),
    rename: doomed(disk.rename),
    makeFolder: doomed(disk.makeFolder),
    remove: doomed(disk.remove),
  };
}
