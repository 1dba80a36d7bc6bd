import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodingTable } from "@/cli/decoding_table.ts";
import type { MemoryName } from "@/memory/memories.ts";
import { createVocabulary } from "@/tasks/task.ts";

const symbols = createVocabulary();

function tableOf(
  memory: MemoryName,
  ports: [pushes: number[], pops: number[]][],
  answer = [symbols.terminator],
): string[] {
  const T = ports[0][0].length;
  const trace = {
    fed: new Int32Array(T).fill(97),
    written: Int32Array.from({ length: T }, (_, t) => answer[t - (T - answer.length)] ?? -1),
    ports: ports.map(([pushes, pops]) => {
      return { pushes: Float32Array.from(pushes), pops: Float32Array.from(pops) };
    }),
  };
  return [...decodingTable(trace, memory, symbols)];
}

const table = (pushes: number[], pops: number[], answer = [symbols.terminator]) =>
  tableOf("stack", [[pushes, pops]], answer);

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

Deno.test("a queue has its front on the left, where a pop takes strength off", () => {
  const lines = tableOf("queue", [[[1, 0.5, 1, 0], [0, 0, 0.75, 0.5]]]);
  assertEquals(stackAt(lines[0]), "queue, its front on the left");
  assertEquals(lines.slice(1, 5).map(stackAt), ["█", "█▄", "▂▄█", "▂█"]);
  assertStringIncludes(lines.join(" "), "reads the queue");
  const long = tableOf("queue", [[Array(40).fill(1), Array(40).fill(0)]]);
  assertEquals(stackAt(long[40]), `${"█".repeat(32)} +8`);
});

Deno.test("a deque has a pop and a push for each end, its top on the right", () => {
  const ports: [number[], number[]][] = [[[1, 1, 0], [0, 0, 0.5]], [[0.25, 0, 0], [0, 0, 0.5]]];
  const lines = tableOf("deque", ports);
  assertEquals(lines.slice(0, 4).map((line) => line.slice(30)), [
    "  pop   push    pop   push  deque, top at right",
    "0.000  1.000  0.000  0.250  ▂█",
    "0.000  1.000  0.000  0.000  ▂██",
    "0.500  0.000  0.500  0.000  ▆▄",
  ]);
  const long = tableOf("deque", [[Array(40).fill(1), Array(40).fill(0)], [
    Array(40).fill(1),
    Array(40).fill(0),
  ]]);
  assertEquals(long[40].slice(58), `+62 ${"█".repeat(18)}`);
  assertEquals(Math.max(...long.map(({ length }) => length)), 80);
});

Deno.test("a superposition stack has a bar for each cell, from an eighth to a whole, the top on the right", () => {
  const lines = tableOf("superposition", [[[1, 0.5, 0], [0, 0.5, 1]]]);
  assertEquals(stackAt(lines[0]), "superposition, its top on the right");
  assertEquals(lines.slice(1, 4).map(stackAt), ["█", "▄▄", "▄"]);
  assertStringIncludes(lines.join(" "), "Each bar is a cell");
  assert(Math.max(...lines.map((line) => [...line].length)) <= 80);
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

Deno.test("what is written among the inputs stands beside the steps that ask for it", () => {
  const trace = {
    fed: Int32Array.of(97, 97, 97),
    written: Int32Array.of(-1, 98, -1),
    ports: [{ pushes: new Float32Array(3), pops: new Float32Array(3) }],
  };
  const lines = [...decodingTable(trace, "stack", symbols)];
  assertEquals(lines.slice(1, 4).map((line) => line.slice(18, 28).trim()), ["", "b", ""]);
});

Deno.test("a legend says what the bars mean", () => {
  const lines = table([1], [0]);
  assertStringIncludes(
    lines.slice(2).join(" "),
    "Rows with a strength of less than 0.005 are left out",
  );
});
