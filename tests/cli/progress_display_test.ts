import { assert, assertEquals } from "@std/assert";
import { openProgress, progressBar } from "@/cli/progress_display.ts";
import type { Terminal } from "@/cli/terminal.ts";

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
  const bar = openProgress(terminal, "walk", () => clock);
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
  assertEquals(terminal.notes.length, 21);
  assertEquals(terminal.notes[0], "walk: 5 %, error 95, 1 min 35 s left, 7/s");
  assertEquals(terminal.notes.at(-1), "walk: 100 %, error 0, 7/s");
});

Deno.test("a screen is written to no more than ten times a second", () => {
  const terminal = screen(80);
  let clock = 0;
  const bar = openProgress(terminal, "walk", () => clock);
  for (; clock < 1000; clock++) bar.show({ share: clock / 1000, details: [] });
  assertEquals(terminal.bars.length, 10);
});

Deno.test("what was done in an earlier sitting does not shorten the time that is left", () => {
  const terminal = screen(80);
  let clock = 0;
  const bar = openProgress(terminal, "walk", () => clock);
  bar.show({ share: 0.5, details: [] });
  clock = 10_000;
  bar.show({ share: 0.6, details: [] });
  assertEquals(terminal.bars.at(-1), "██████░░░░  60 %  40 s left");
});

Deno.test("the line is always narrower than the screen, and drops the last details first", () => {
  const details = ["4,100 of 10,000 iterations", "error 0.0123", "3.0 s left", "length 7"];
  for (let columns = 1; columns < 130; columns++) {
    const line = progressBar(0.41, details, columns);
    assert(line.length < columns, `${columns}: ${line}`);
    const shown = details.map((detail) => line.includes(detail));
    assertEquals(shown, shown.toSorted().reverse(), `${columns}: ${line}`);
    const whole = line.slice(0, line.indexOf("%") + 1);
    if (whole) assertEquals(line, [whole, ...details.filter((_, i) => shown[i])].join("  "));
  }
  assert(details.every((detail) => progressBar(0.41, details, 120).includes(detail)));
});

Deno.test("nothing but the whole is called 100 %", () => {
  assert(progressBar(0.9999, [], 80).endsWith(" 99 %"));
  assert(progressBar(1, [], 80).endsWith("100 %"));
});
