/**
 * `deno task train` on small string reversals, on the real disk; while it writes there for the n-th time, some
 * share of that being written, the process kills itself as `kill -9` does.
 *
 * The arguments are n (0: never), the share, and the command line.
 */
import { processHost } from "@/cli/process_host.ts";
import { trainCommand } from "@/cli/train_command.ts";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { SMALL_REVERSAL } from "./small_training.ts";

const [fatal, share, ...line] = Deno.args;
let operations = 0;

function doomed<Rest extends unknown[]>(
  work: (path: string, ...rest: Rest) => void,
  halfway: (path: string, ...rest: Rest) => void = () => {},
) {
  return (path: string, ...rest: Rest) => {
    if (++operations !== Number(fatal)) return work(path, ...rest);
    halfway(path, ...rest);
    Deno.kill(Deno.pid, "SIGKILL");
    for (;;); // until the signal is here
  };
}

const part = <T extends { length: number; slice(from: number, to: number): T }>(whole: T) =>
  whole.slice(0, Math.floor(Number(share) * whole.length));

const files: Files = {
  ...disk,
  writeText: doomed(disk.writeText, (path, text) => disk.writeText(path, part(text))),
  writeBytes: doomed(disk.writeBytes, (path, bytes) => disk.writeBytes(path, part(bytes))),
  appendText: doomed(disk.appendText, (path, text) => disk.appendText(path, part(text))),
  rename: doomed(disk.rename),
  makeFolder: doomed(disk.makeFolder),
  remove: doomed(disk.remove),
};

if (import.meta.main) {
  const host = processHost([SMALL_REVERSAL], new URL(import.meta.url));
  // Time goes by ten times as fast, so that there are checkpoints to be killed in.
  const now = () => 10 * performance.now();
  const drawFigure = () => Promise.resolve("<svg></svg>");
  Deno.exit(await trainCommand(line, { ...host, files, now, drawFigure }));
}
