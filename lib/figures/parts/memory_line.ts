/**
 * A stack, queue or deque as a line of rows, each at a fixed height: what stays in the memory does not move.
 *
 * Heights are in units of strength and grow from the bottom to the top. A push at the top begins where the line ends, a pop
 * at the bottom raises the height at which the line begins; rows in between keep their heights.
 *
 * @module
 */
import { type End, popAt, type PortEnds } from "@/memory/ends.ts";

/** A row, or a part of it, between two heights. */
export interface LinePart {
  /** Name of the row's value. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The rows of a memory, from the bottom to the top. */
export interface MemoryLine {
  /** The rows that are not empty. */
  readonly rows: readonly LinePart[];
  /** The height at which the line begins. */
  readonly bottom: number;
  /** The height at which it ends. */
  readonly top: number;
}

/** What one port does in a step. */
export interface PortStep {
  /** The ends that it uses. */
  readonly ends: PortEnds;
  readonly pop: number;
  readonly push: number;
  /** Name of the value that is pushed. */
  readonly name: string;
}

/** A memory after a step. */
export interface LineStep {
  readonly line: MemoryLine;
  /** What was popped, where it was. */
  readonly popped: readonly LinePart[];
  /** The heights between which each port reads. */
  readonly windows: readonly Omit<LinePart, "name">[];
}

/** A thinner part is a rounding error. */
const NEGLIGIBLE = 1e-9;

/** Down or up to what distance from an end a read reaches. */
const READ_DEPTH = 1;

/** A memory that holds nothing. */
export const EMPTY_LINE: MemoryLine = { rows: [], bottom: 0, top: 0 };

function keepThick(parts: readonly LinePart[]): LinePart[] {
  return parts.filter(({ from, to }) => to - from > NEGLIGIBLE);
}

/** Splits rows into their parts between two heights and their parts outside. */
function splitRows(rows: readonly LinePart[], low: number, high: number) {
  const inside = rows.map((row) => ({
    ...row,
    from: Math.max(row.from, low),
    to: Math.min(row.to, high),
  }));
  const below = rows.map((row) => ({ ...row, to: Math.min(row.to, low) }));
  const above = rows.map((row) => ({ ...row, from: Math.max(row.from, high) }));
  return { inside: keepThick(inside), outside: keepThick([...below, ...above]) };
}

/** Pops with the equation of the reference: the parts taken, and the line that is left. */
function popLine({ rows, bottom, top }: MemoryLine, pop: number, end: End) {
  const before = rows.map(({ from, to }) => to - from);
  const taken = popAt(before, pop, end).reduce((sum, left, i) => sum + before[i] - left, 0);
  const left = end === "top" ? { bottom, top: top - taken } : { bottom: bottom + taken, top };
  const { inside, outside } = splitRows(rows, left.bottom, left.top);
  return { popped: outside, line: { rows: inside, ...left } };
}

function pushLine({ rows, bottom, top }: MemoryLine, push: number, name: string, end: End) {
  const row = end === "top"
    ? { name, from: top, to: top + push }
    : { name, from: bottom - push, to: bottom };
  return {
    rows: keepThick(end === "top" ? [...rows, row] : [row, ...rows]),
    bottom: Math.min(bottom, row.from),
    top: Math.max(top, row.to),
  };
}

/**
 * Takes a step: all ports pop, then all push, then all read.
 *
 * @example A queue reads from the height at which it begins.
 * ```ts
 * import { EMPTY_LINE, takeLineStep } from "@/figures/parts/memory_line.ts";
 * import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [ends] = QUEUE_ENDS.ports;
 * const { line } = takeLineStep(EMPTY_LINE, [{ ends, pop: 0, push: 1, name: "a" }]);
 * const { popped, windows } = takeLineStep(line, [{ ends, pop: 0.25, push: 1, name: "b" }]);
 * assertEquals(popped, [{ name: "a", from: 0, to: 0.25 }]);
 * assertEquals(windows, [{ from: 0.25, to: 1.25 }]);
 * ```
 * @param before The memory before the step.
 * @param ports What each port does, in the order of their pops.
 * @returns The memory after the step, what was popped, and what each port reads.
 */
export function takeLineStep(before: MemoryLine, ports: readonly PortStep[]): LineStep {
  let line = before;
  const popped: LinePart[] = [];
  for (const { ends, pop } of ports) {
    const step = popLine(line, pop, ends.pops);
    popped.push(...step.popped);
    line = step.line;
  }
  for (const { ends, push, name } of ports) line = pushLine(line, push, name, ends.pushes);
  const { bottom, top } = line;
  const windows = ports.map(({ ends }) =>
    ends.pops === "top"
      ? { from: Math.max(bottom, top - READ_DEPTH), to: top }
      : { from: bottom, to: Math.min(top, bottom + READ_DEPTH) }
  );
  return { line, popped, windows };
}

/**
 * Splits rows into what lies in at least one window and what lies in none.
 *
 * @example A stack's two newest rows, of which half of the older one is read.
 * ```ts
 * import { splitByWindows } from "@/figures/parts/memory_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ name: "a", from: 0, to: 1 }, { name: "b", from: 1, to: 1.5 }];
 * const { read, unread } = splitByWindows(rows, [{ from: 0.5, to: 1.5 }]);
 * assertEquals(read, [{ name: "a", from: 0.5, to: 1 }, { name: "b", from: 1, to: 1.5 }]);
 * assertEquals(unread, [{ name: "a", from: 0, to: 0.5 }]);
 * ```
 * @param rows The rows.
 * @param windows The heights between which each port reads.
 * @returns The parts.
 */
export function splitByWindows(
  rows: readonly LinePart[],
  windows: LineStep["windows"],
): { read: LinePart[]; unread: LinePart[] } {
  let unread: readonly LinePart[] = rows;
  const read = windows.flatMap(({ from, to }) => {
    const { inside, outside } = splitRows(unread, from, to);
    unread = outside;
    return inside;
  });
  return { read, unread: [...unread] };
}

/**
 * Names what lies in a window, as a read does.
 *
 * @example Three quarters of one value and a quarter of the next.
 * ```ts
 * import { partsInWindow } from "@/figures/parts/memory_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ name: "a", from: 0, to: 1 }, { name: "b", from: 1, to: 2 }];
 * assertEquals(partsInWindow(rows, { from: 0.25, to: 1.25 }), [
 *   { name: "a", from: 0.25, to: 1 },
 *   { name: "b", from: 1, to: 1.25 },
 * ]);
 * ```
 * @param rows The rows.
 * @param window Between which heights.
 * @returns The parts of rows in it, from the bottom to the top.
 */
export function partsInWindow(
  rows: readonly LinePart[],
  { from, to }: LineStep["windows"][number],
): LinePart[] {
  return splitRows(rows, from, to).inside;
}
