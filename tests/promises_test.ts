import { assert, assertEquals } from "@std/assert";
import { EXIT_CODES } from "@/options/command.ts";
import { sourcePaths } from "./breakages/places.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

/** For each line of the README's table of promises, the names of the tests that hold it. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  "`kill -9`, a power cut": [
    "a run killed sixty times, in mid-write too, resumes to the undisturbed folder",
    "processes killed by kill -9, from outside and in mid-write, resume to the same folder",
    "a power cut in any write leaves a run that resumes to the uninterrupted end",
    "what is written is synced to the disk at once, and before a renaming makes it count",
  ],
  "Ctrl-C": [
    "kill -9, kill -9 and Ctrl-C, each resumed, end bit for bit as the uninterrupted run",
    "many seeds stopped by Ctrl-C keep what is done, and resume to the same end",
    "a second Ctrl-C ends a process whose training does not stop; the run can be resumed",
  ],
  "SIGTERM, SIGHUP, SIGUSR2, as schedulers send": [
    "SIGTERM, SIGHUP and SIGUSR2 stop a training with a checkpoint, advice and exit code 75",
  ],
  "the machine sleeps, or the process is suspended": [
    "a long interval without computing is left out, and time goes by again afterwards",
  ],
  "a full disk, a folder that cannot be written": [
    "a disk that fills up anywhere is one sentence; with room again the run ends the same",
    "a disk that fills up while many seeds are trained is one sentence with advice",
    "a folder that cannot be written leaves nothing behind, and the error names it",
  ],
  "standard error is closed or full": [
    "notes that cannot be written are dropped, whatever the reason",
  ],
  "standard output cannot be written": [
    "a result that cannot be written is an error of its own, a reader that has gone is none",
    "a pipe that is full, or takes a part, gets the whole text in the end",
    "a result that cannot be printed is kept, and the user is told how to get at it",
  ],
  "a second process on the same run folder": [
    "a run that another process trains is refused in one sentence, until that process is killed",
    "a lock is held by one at a time, names its holder, and is free again when released",
  ],
  "the same command several times at once": [
    "a name that another process takes at the last instant is left to it",
  ],
  "an existing run folder, or one with other files": [
    "a folder of logs may be used, such as a mount point; a file, a run and other things may not",
    "a folder that is there already becomes the run folder itself, as a mount point must",
    "a second run takes the next free name and leaves the first alone",
  ],
  "a damaged or edited file of a run": [
    "refused in one sentence, with nothing written: damaged or edited run folders",
    "a folder that is damaged or edited is refused in one sentence",
    "a state that is behind its checkpoint, or ahead of it, is refused",
  ],
  "the result of another run among many seeds": [
    "the result of another run, experiment or version is refused",
    "a result that is damaged anywhere is refused, and the sentence says where",
  ],
  "numbers become NaN or infinite": [
    "an error of NaN or infinity ends the training and names the iteration",
    "a diverged run keeps its last good checkpoint and says so in its result",
    "one seed that diverges among many: the others are trained, and the exit code is 1",
  ],
  "damaged weights, or a file that is no weights": [
    "any flipped bit of a weights file is noticed",
    "a network without a checksum is loaded with a warning, one with a checksum without",
  ],
  "another machine": [
    "the strict build rounds every product",
    "the strict build gives the same bits whatever the number of threads",
    "a run goes on in another environment, whose config.json stays as it was",
  ],
  "an editor's or PowerShell's text": [
    "a byte-order mark is no part of a text, at its beginning only",
    "UTF-16 is named as what it is, in both byte orders",
  ],
  "wrong words on the command line": [
    "the real command refuses in one sentence with exit code 2, and no stack",
  ],
};

/** The name of a test, where it is declared. */
const TEST_NAME = /(?:[tT]est\w*\(|name:)\s*"([^"]+)"/g;

function testPromises(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

/** The first cells of the rows of a table in the README, which begins with a heading row. */
function firstCells(heading: string): string[] {
  const lines = Deno.readTextFileSync("README.md").split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} `)) + 2;
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  return lines.slice(start, start + length).map((line) => line.split("|")[1].trim());
}

testPromises("every promise of the README has its tests, and every one of these exists", () => {
  assertEquals(firstCells("what happens"), Object.keys(TESTS));
  const names = new Set(
    sourcePaths("tests").flatMap((path) =>
      [...Deno.readTextFileSync(path).matchAll(TEST_NAME)].map(([, name]) => name)
    ),
  );
  for (const name of Object.values(TESTS).flat()) {
    assert(names.has(name), `There is no test named ${name}`);
  }
});

testPromises("the README lists the exit codes of all commands", () => {
  assertEquals(firstCells("code"), Object.keys(EXIT_CODES).map((code) => `\`${code}\``));
});
