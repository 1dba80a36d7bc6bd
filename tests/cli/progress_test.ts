import { assert, assertEquals } from "@std/assert";
import {
  amountText,
  createProgressBar,
  doneText,
  progressBar,
  runProgressContent,
} from "@/cli/progress.ts";
import type { Terminal } from "@/io/terminal.ts";

interface Screen extends Terminal {
  readonly notes: string[];
  readonly bars: string[];
}

function screen(columns: number | null): Screen {
  const [notes, bars]: string[][] = [[], []];
  return {
    notes,
    bars,
    print() {},
    note: (line) => void notes.push(line),
    overwrite: (line) => void bars.push(line),
    columns: () => columns,
  };
}

/** Shows a hundred steps of one second each, then ends. */
function hundredSeconds(terminal: Terminal): void {
  let clock = 0;
  const bar = createProgressBar(terminal, "walk", () => clock);
  for (let i = 1; i <= 100; i++) {
    clock = i * 1000;
    bar.show({ share: i / 100, details: [`error ${100 - i}`], extras: ["7/s"] });
  }
  bar.end();
}

Deno.test("on a screen one line is written over, and ended once", () => {
  const terminal = screen(80);
  hundredSeconds(terminal);
  assertEquals(terminal.notes, [""]);
  assertEquals(terminal.bars[49], "█████░░░░░  50 %  error 50  50 s left  7/s");
  assertEquals(terminal.bars.at(-1), "██████████ 100 %  error 0  7/s");
});

Deno.test("elsewhere there is a plain line every five seconds, and the last", () => {
  const terminal = screen(null);
  hundredSeconds(terminal);
  assertEquals(terminal.bars, []);
  assertEquals(terminal.notes.length, 20);
  assertEquals(terminal.notes[0], "walk: 5 %, error 95, 1 min 35 s left, 7/s");
  assertEquals(terminal.notes.at(-1), "walk: 100 %, error 0, 7/s");
});

Deno.test("a screen is written to no more than ten times a second", () => {
  const terminal = screen(80);
  let clock = 0;
  const bar = createProgressBar(terminal, "walk", () => clock);
  for (; clock < 1000; clock++) bar.show({ share: clock / 1000, details: [] });
  assertEquals(terminal.bars.length, 10);
});

Deno.test("what was done in an earlier session does not shorten the time that is left", () => {
  const terminal = screen(80);
  let clock = 0;
  const bar = createProgressBar(terminal, "walk", () => clock);
  bar.show({ share: 0.5, details: [] });
  clock = 10_000;
  bar.show({ share: 0.6, details: [] });
  assertEquals(terminal.bars.at(-1), "██████░░░░  60 %  40 s left");
});

Deno.test("every line is narrower than the screen, and no detail is left out", () => {
  const details = ["4,100 of 10,000 iterations", "error 0.0123", "3.0 s left", "length 7"];
  for (let columns = 1; columns < 130; columns++) {
    const lines = progressBar(0.41, details, columns).split("\n");
    assert(lines.every((line) => line.length < columns), `${columns}: ${lines}`);
    if (columns < 30) continue; // the longest detail takes so many
    const [bar] = lines[0].split(" %");
    assertEquals(lines.join(""), [`${bar} %`, ...details].join("  "));
    // As few lines as there can be.
    lines.slice(1).forEach((line, i) => {
      const next = line.trim().split("  ")[0];
      assert(lines[i].length + 2 + next.length >= columns, `${columns}: ${next}`);
    });
  }
  assertEquals(progressBar(0.41, details, 120).split("\n").length, 1);
});

Deno.test("extras are for what room there is on the last line", () => {
  const bar = (columns: number) => progressBar(1, ["error 0"], columns, ["7/s", "length 7"]);
  assertEquals([20, 30, 31, 40, 41].map(bar), [
    "██████████ 100 %\n  error 0  7/s",
    "██████████ 100 %  error 0",
    "██████████ 100 %  error 0  7/s",
    "██████████ 100 %  error 0  7/s",
    "██████████ 100 %  error 0  7/s  length 7",
  ]);
});

Deno.test("several lines are ended below the last of them, one line below itself", () => {
  const terminal = screen(30);
  let clock = 0;
  const bar = createProgressBar(terminal, "walk", () => clock);
  bar.show({ share: 0.2, details: ["100 of 500 iterations", "error 1"] });
  clock = 1000;
  bar.show({ share: 0.4, details: ["200 of 500 iterations", "error 0.5"] });
  bar.end();
  assertEquals(terminal.bars, [
    "██░░░░░░░░  20 %\n  100 of 500 iterations\n  error 1",
    "████░░░░░░  40 %\n  200 of 500 iterations\n  error 0.5  3.0 s left",
  ]);
  assertEquals(terminal.notes, ["", "", ""]);
});

Deno.test("what was written last is not written again at the end", () => {
  const terminal = screen(null);
  let clock = 0;
  const bar = createProgressBar(terminal, "walk", () => clock);
  clock = 6000;
  bar.show({ share: 1, details: [] });
  bar.end();
  assertEquals(terminal.notes, ["walk: 100 %"]);
});

Deno.test("nothing but the whole is called 100 %", () => {
  assert(progressBar(0.9999, [], 80).endsWith(" 99 %"));
  assert(progressBar(1, [], 80).endsWith("100 %"));
});

const WORDS = { unit: "strings", perIteration: 4, error: "loss", shown: ["coarse", "live"] };
const PROGRESS = { iteration: 300, iterations: 3750, share: 0.08 };
const METRICS = { iteration: 300, error: 4.2, strings: 1200, coarse: 0.25, live: 0.5, list: [1] };

Deno.test("a run with words is shown in its unit, with its word for the error and its metrics", () => {
  assertEquals(runProgressContent({ ...PROGRESS, metrics: METRICS }, WORDS, 350), {
    share: 0.08,
    details: [
      "1,200 of 15,000 strings",
      "loss 4.20",
      "coarse 0.250",
      "live 0.500",
      "1,400 strings/s",
    ],
    extras: [],
  });
});

Deno.test("a metric that is not there yet, or is no number, is not shown", () => {
  const metrics = { iteration: 0, error: 4.2, coarse: null };
  const { details } = runProgressContent({ ...PROGRESS, iteration: 0, metrics }, WORDS, 0);
  assertEquals(details, ["0 of 15,000 strings", "loss 4.20"]);
});

Deno.test("a run without words is shown in iterations, with every metric that is one number", () => {
  assertEquals(runProgressContent({ ...PROGRESS, metrics: METRICS }, undefined, 350), {
    share: 0.08,
    details: ["300 of 3,750 iterations", "error 4.20"],
    extras: ["350/s", "strings 1200", "coarse 0.250", "live 0.500"],
  });
});

Deno.test("a slow pace has a digit after the point, and there is none before there is one", () => {
  const pace = (rate: number) =>
    runProgressContent({ ...PROGRESS, metrics: METRICS }, WORDS, rate).details.slice(4);
  assertEquals([0, NaN, Infinity].map(pace), [[], [], []]);
  assertEquals([0.1, 2.4, 2.6].map(pace), [["0.4 strings/s"], ["9.6 strings/s"], ["10 strings/s"]]);
});

Deno.test("an amount is a count of the unit of the run, alone or of a whole", () => {
  const amounts = [WORDS, undefined].map((words) => amountText(words, 1250));
  assertEquals(amounts, ["5,000 strings", "1,250 iterations"]);
  const done = [WORDS, undefined].map((words) => doneText(words, 250, 1250));
  assertEquals(done, ["1,000 of 5,000 strings", "250 of 1,250 iterations"]);
});

Deno.test("during an evaluation it is shown how much of it is done", () => {
  const { details } = runProgressContent(
    { ...PROGRESS, metrics: METRICS, evaluatedShare: 0.459 },
    WORDS,
    0,
  );
  assertEquals(details.at(-1), "evaluated 45 %");
});
