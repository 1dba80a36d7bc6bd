import { assert, assertEquals } from "@std/assert";
import { EXIT_CODES } from "@/options/command.ts";
import { sourcePaths } from "./breakages/places.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

interface Promised {
  /** The first cell of its row. */
  readonly what: string;
  /** The second. */
  readonly promise: string;
  /** The names of the tests that hold it. */
  readonly tests: readonly string[];
}

/** The rows of the README's table of promises: who changes a promise there looks at its tests here. */
const PROMISES: readonly Promised[] = [
  {
    what: "`kill -9`, a power cut",
    promise:
      "the last checkpoint is whole, even if it was being written; `--resume` ends bit for bit as if nothing had happened",
    tests: [
      "a run killed sixty times, in mid-write too, resumes to the undisturbed folder",
      "processes killed by kill -9, from outside and in mid-write, resume to the same folder",
      "a power cut in any write leaves a run that resumes to the uninterrupted end",
      "what is written is synced to the disk at once, and before a renaming makes it count",
    ],
  },
  {
    what: "Ctrl-C",
    promise:
      "a checkpoint, the command that resumes, exit code `130`; a second Ctrl-C ends at once",
    tests: [
      "kill -9, kill -9 and Ctrl-C, each resumed, end bit for bit as the uninterrupted run",
      "many seeds stopped by Ctrl-C keep what is done, and resume to the same end",
      "a second Ctrl-C ends a process whose training does not stop; the run can be resumed",
    ],
  },
  {
    what: "SIGTERM, SIGHUP, SIGUSR2, as schedulers send",
    promise:
      "the same with exit code `75`, which asks a scheduler to try again (closing the terminal is a SIGHUP, also under `nohup`: use `setsid` or `tmux`)",
    tests: [
      "SIGTERM, SIGHUP and SIGUSR2 stop a training with a checkpoint, advice and exit code 75",
    ],
  },
  {
    what: "the machine sleeps, or the process is suspended",
    promise: "the pause is not counted as training time",
    tests: [
      "a long interval without computing is left out, and time goes by again afterwards",
    ],
  },
  {
    what: "a full disk, a folder that cannot be written",
    promise: "one sentence, with the command that resumes; the last checkpoint stays",
    tests: [
      "a disk that fills up anywhere is one sentence; with room again the run ends the same",
      "a disk that fills up while many seeds are trained is one sentence with advice",
      "a folder that cannot be written leaves nothing behind, and the error names it",
    ],
  },
  {
    what: "standard error is closed or full",
    promise: "notes are dropped, and the training goes on",
    tests: [
      "notes that cannot be written are dropped, whatever the reason",
    ],
  },
  {
    what: "standard output cannot be written",
    promise:
      "one sentence and exit code `1`; the run is kept. A reader that has gone, as with `head -1`, is no error, and a full pipe is waited for",
    tests: [
      "a result that cannot be written is an error of its own, a reader that has gone is none",
      "a pipe that is full, or takes a part, gets the whole text in the end",
      "a result that cannot be printed is kept, and the user is told how to get at it",
    ],
  },
  {
    what: "a second process on the same run folder",
    promise:
      "it is refused in one sentence, also with `--seeds`; the lock ends with its process (on file systems that have locks)",
    tests: [
      "a run that another process trains is refused in one sentence, until that process is killed",
      "a lock is held by one at a time, names its holder, and is free again when released",
    ],
  },
  {
    what: "the same command several times at once",
    promise: "each gets a run folder of its own",
    tests: [
      "a name that another process takes at the last instant is left to it",
    ],
  },
  {
    what: "an existing run folder, or one with other files",
    promise:
      "nothing is overwritten; an empty folder, a mount point or one with a scheduler's logs becomes the run folder",
    tests: [
      "a folder of logs may be used, such as a mount point; a file, a run and other things may not",
      "a folder that is there already becomes the run folder itself, as a mount point must",
      "a second run takes the next free name and leaves the first alone",
    ],
  },
  {
    what: "a damaged or edited file of a run",
    promise:
      "one sentence that names it, before anything is trained: settings, checkpoint and measurements are checked as a whole, results for what they must hold",
    tests: [
      "refused in one sentence, with nothing written: damaged or edited run folders",
      "a folder that is damaged or edited is refused in one sentence",
      "a state that is behind its checkpoint, or ahead of it, is refused",
    ],
  },
  {
    what: "the result of another run among many seeds",
    promise: "it is refused, not counted",
    tests: [
      "the result of another run, experiment or version is refused",
      "a result that is damaged anywhere is refused, and the sentence says where",
    ],
  },
  {
    what: "numbers become NaN or infinite",
    promise:
      "the run ends with exit code `1`, and its last good state is kept; the other seeds go on",
    tests: [
      "an error of NaN or infinity ends the training and names the iteration",
      "a diverged run keeps its last good checkpoint and says so in its result",
      "one seed that diverges among many: the others are trained, and the exit code is 1",
    ],
  },
  {
    what: "damaged weights, or a file of another kind",
    promise:
      "one sentence that says what the file is; weights changed in PyTorch and saved without `file_sha256` are used, with a warning",
    tests: [
      "any flipped bit of a weights file is noticed",
      "a network without a checksum is loaded with a warning, one with a checksum without",
    ],
  },
  {
    what: "another machine",
    promise: "`--build strict` gives the same bits everywhere; a run is resumed elsewhere",
    tests: [
      "the strict build rounds every product",
      "the strict build gives the same bits whatever the number of threads",
      "a run is resumed in another environment, whose config.json stays as it was",
    ],
  },
  {
    what: "an editor's or PowerShell's text",
    promise: "a byte-order mark is skipped, UTF-16 is named",
    tests: [
      "a byte-order mark is no part of a text, at its beginning only",
      "UTF-16 is named as what it is, in both byte orders",
    ],
  },
  {
    what: "wrong words on the command line",
    promise:
      "one sentence with what was wanted and what was got, exit code `2`, before anything is written",
    tests: [
      "the real command refuses in one sentence with exit code 2, and no stack",
    ],
  },
];

/** The name of a test, where it is declared. */
const TEST_NAME = /(?:[tT]est\w*\(|name:)\s*"([^"]+)"/g;

function testPromises(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

/** The cells of the rows of a table in the README, which begins with a heading row. */
function rowsBelow(heading: string): string[][] {
  const lines = Deno.readTextFileSync("README.md").split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} `)) + 2;
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  return lines.slice(start, start + length).map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
}

testPromises("every promise of the README has its tests, and every one of these exists", () => {
  assertEquals(rowsBelow("what happens"), PROMISES.map(({ what, promise }) => [what, promise]));
  const names = new Set(
    sourcePaths("tests").flatMap((path) =>
      [...Deno.readTextFileSync(path).matchAll(TEST_NAME)].map(([, name]) => name)
    ),
  );
  for (const name of PROMISES.flatMap(({ tests }) => tests)) {
    assert(names.has(name), `There is no test named ${name}`);
  }
});

testPromises("the README lists the exit codes of all commands", () => {
  const codes = rowsBelow("code").map(([code]) => code);
  assertEquals(codes, Object.keys(EXIT_CODES).map((code) => `\`${code}\``));
});
