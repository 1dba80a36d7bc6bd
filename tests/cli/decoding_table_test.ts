import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodingTable, symbolWord } from "@/cli/answer.ts";
import { createVocabulary } from "@/tasks/reversal.ts";

const symbols = createVocabulary();

function table(pushes: number[], pops: number[], answer = [symbols.terminator]): string[] {
  const trace = {
    fed: new Int32Array(pushes.length).fill(97),
    answer: Int32Array.from(answer),
    pushes: Float32Array.from(pushes),
    pops: Float32Array.from(pops),
  };
  return [...decodingTable(trace, symbols)];
}

const stackAt = (line: string) => line.slice(44);

Deno.test("a bar for each row, from an eighth to a whole, the top on the right", () => {
  const lines = table([1, 0.55, 0.03, 0.001, 0.45], [0, 0, 0, 0, 0]);
  assertEquals(lines.slice(1, 6).map(stackAt), ["█", "█▄", "█▄▁", "█▄▁", "█▄▁▄"]); // .001 is left out
  assertEquals(stackAt(lines[0]), "stack, its top on the right");
});

Deno.test("a pop takes strength off from the top", () => {
  const lines = table([1, 1, 0, 0], [0, 0, 0.5, 1]);
  assertEquals(lines.slice(1, 5).map(stackAt), ["█", "██", "█▄", "▄"]);
});

Deno.test("of a high stack its top is shown and the rest is counted, on 80 columns", () => {
  const bars: Record<number, string> = {
    36: "█".repeat(36),
    37: `+5  ${"█".repeat(32)}`,
    500: `+469 ${"█".repeat(31)}`,
    12_000: `+11972 ${"█".repeat(28)}`,
  };
  for (const [T, wanted] of Object.entries(bars)) {
    const lines = table(new Array(+T).fill(1), new Array(+T).fill(0));
    assertEquals(stackAt(lines[+T]).trimStart(), wanted);
    assert(Math.max(...lines.map((line) => [...line].length)) <= 80);
  }
});

Deno.test("what is written stands beside the steps that write", () => {
  const lines = table([0, 0, 0, 0], [0, 0, 0, 0], [98, 10, symbols.terminator]);
  assertEquals(lines.slice(1, 5).map((line) => line.slice(18, 28).trim()), [
    "",
    "b",
    "␊",
    "terminator",
  ]);
});

Deno.test("a legend says what the bars mean", () => {
  const lines = table([1], [0]);
  assertStringIncludes(lines.slice(2).join(" "), "Rows of less than 0.005 are left out");
});

Deno.test("no symbol does anything to the screen but take its place", () => {
  for (let symbol = 0; symbol < 128; symbol++) {
    const word = symbolWord(symbol, symbols);
    assertEquals([...word].length, 1);
    assert(!/[\p{C}\p{Z}]/u.test(word), `${symbol}`);
  }
  const marks = [symbols.start, symbols.separator, symbols.terminator];
  assertEquals(marks.map((mark) => symbolWord(mark, symbols)), [
    "start",
    "separator",
    "terminator",
  ]);
  assertEquals(symbolWord(200, createVocabulary(300)), "200");
});
