/**
 * The neural stack, queue and deque that visit only the rows they touch: the same strengths, reads and gradients as the
 * literal ones, at a cost per step that is the rows touched, however long the sequence; memory is linear.
 *
 * **One line of rows.** Rows lie in `line` from `head`, the bottom, to `tail`, after the top. A push puts its row beyond
 * one end. In the pop's equation, what is left of the pop when it reaches row i, rem_i = max(0, u_t − beyond_i), is u_t at
 * the end and falls by s[j] at every row j passed. While s[j] ≤ rem_j, row j ends at 0. At the first row m with
 * s[m] > rem_m the pop ends: it takes rem_m from that row, and nothing is left for the rows further in. So each row falls
 * into one of three: removed (a contiguous run from the end), cut (row m, at most one), untouched. A removed row never
 * comes back, as nothing adds strength to a row: it leaves the line for the log, with the strength that it had. Of a cut,
 * the strength before it is noted (`cutFrom`). This is all that is needed to undo the step.
 *
 * **A read stops where one unit is gathered**: room_i = max(0, 1 − beyond_i) falls from 1 in the same way, and where it is
 * 0, no row further in has any weight.
 *
 * **Backward.** The gradient of an untouched strength passes a step as it is, so one number for each row, `gStrengths`,
 * serves the whole sequence. The pop's gradient is G = ∂L/∂s[m] of the row it cut, with a minus; every row that it removed
 * comes back with G, or with 0 where nothing was cut.
 *
 * **Costs.** A row is pushed once and removed at most once, and a pop cuts at most one: all pops of a sequence together
 * visit at most 2 rows for each push. A read visits as many rows as make up one unit: few, unless strengths are tiny; never
 * more than the rows that live.
 *
 * **Ties**, as in `ends.ts`; every one is a comparison in this file.
 * - s[k] = rem: removed, nothing is cut further in.
 * - rem = 0 exactly (u_t = 0, or the removed rows used it up): row m is not reached, not cut.
 * - s[k] = room: read in full, as its own strength. room = 0 exactly: no row further in is read.
 * - s[k] = 0: a push of exactly 0. It is read in its own step, wherever it lies, as min(0, room) belongs to s. The next
 *   step's pops leave max(0, 0 − …), which belongs to the 0: a row at the end that pops first is removed by that pop; one
 *   at the other end is dropped before it, and nothing comes back to it.
 *
 * **Within rounding of a tie.** The literal memories add up the rows beyond, here they are taken away one by one. On
 * numbers that add up exactly, such as multiples of 1/1024, both are equal to the last bit. On others (.4 against
 * .1 + .1 + .2) they can land on two sides of a tie. Strengths and reads, being continuous, still agree to rounding; the
 * gradients are then those of the two sides, and neither is the better one.
 *
 * `T` steps at most, `P` ports, `M` value width. The inputs of step t at port p, its read and the row that it pushes there
 * are at index p T + t of their arrays: with one port, at t. Step by step: fill `values`, `pops` and `pushes` at t, call
 * {@linkcode stepSparseRows}, take `reads` at t. Backward: {@linkcode sparseRowsStepBackward}, last step first.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)–(11); the line and the log are our own.
 *
 * @module
 */
import type { End, PortEnds } from "./ends.ts";

/** What a memory is called, and the ends that its ports use. */
export interface MemoryEnds {
  /** For messages. */
  readonly name: string;
  /** The ports, `P`, in the order of their pops. */
  readonly ports: readonly PortEnds[];
}

/** Rows and what was done to them, over at most `T` steps, and their gradients. */
export interface SparseRows extends MemoryEnds {
  /** `T`, the most steps they have room for. */
  readonly steps: number;
  /** `M`. */
  readonly width: number;
  /** How many steps have been taken, and not been reversed. */
  time: number;
  /** v_t, `P` × `T` × `M`. */
  readonly values: Float64Array;
  /** u_t, `P` × `T`. */
  readonly pops: Float64Array;
  /** d_t, `P` × `T`. */
  readonly pushes: Float64Array;
  /** Each row's strength now, or, once it is removed, just before that, `P` × `T`. */
  readonly strengths: Float64Array;
  /** The rows that live, from `head` to before `tail`, bottom first, `P` × `T`. */
  readonly line: Int32Array;
  /** Where the bottom row is in `line`. */
  head: number;
  /** One more than where the top row is. */
  tail: number;
  /** The rows that pops removed, in that order, `P` × `T`. */
  readonly log: Int32Array;
  /** How many there are in `log`. */
  logged: number;
  /** How many rows the pop removed, `P` × `T`. */
  readonly removed: Int32Array;
  /** What the row that the pop took a part of held before; 0 if it took a part of none, `P` × `T`. */
  readonly cutFrom: Float64Array;
  /** r_t, `P` × `T` × `M`. */
  readonly reads: Float64Array;
  /** ∂L/∂r_t from outside the memory, `P` × `T` × `M`. */
  readonly gReads: Float64Array;
  /** ∂L/∂v_t, `P` × `T` × `M`; those of step t are complete once step t has been reversed. */
  readonly gValues: Float64Array;
  /** ∂L/∂u_t, `P` × `T`. */
  readonly gPops: Float64Array;
  /** ∂L/∂d_t, `P` × `T`. */
  readonly gPushes: Float64Array;
  /** ∂L/∂s of every row, by its strength after the step that is reversed next, `P` × `T`. */
  readonly gStrengths: Float64Array;
}

/**
 * Makes an empty memory with room for `steps` steps: 4 `P` `T` `M` + 10 `P` `T` numbers, and never one more.
 *
 * @example A deque with room for three steps: two rows for each.
 * ```ts
 * import { createSparseRows } from "@/memory/sparse_rows.ts";
 * import { DEQUE_ENDS } from "@/memory/sparse_deque.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { values, line } = createSparseRows(DEQUE_ENDS, 3, 5);
 * assertEquals([values.length, line.length], [2 * 3 * 5, 2 * 3]);
 * ```
 * @param ends The memory's name and the ends of its ports.
 * @param steps `T`, a whole number of at least 1.
 * @param width `M`, a whole number of at least 1.
 * @returns The arrays, all zero.
 * @throws {RangeError} If `steps` or `width` is not a whole number of at least 1.
 */
export function createSparseRows(
  { name, ports }: MemoryEnds,
  steps: number,
  width: number,
): SparseRows {
  if (!(Number.isInteger(steps) && steps > 0 && Number.isInteger(width) && width > 0)) {
    throw new RangeError(
      `Cannot make a ${name}: wanted steps and width of at least 1, got ${steps} and ${width}`,
    );
  }
  const rows = ports.length * steps, numbers = rows * width, start = firstPlace(ports, steps);
  return {
    name,
    ports,
    steps,
    width,
    time: 0,
    values: new Float64Array(numbers),
    pops: new Float64Array(rows),
    pushes: new Float64Array(rows),
    strengths: new Float64Array(rows),
    line: new Int32Array(rows),
    head: start,
    tail: start,
    log: new Int32Array(rows),
    logged: 0,
    removed: new Int32Array(rows),
    cutFrom: new Float64Array(rows),
    reads: new Float64Array(numbers),
    gReads: new Float64Array(numbers),
    gValues: new Float64Array(numbers),
    gPops: new Float64Array(rows),
    gPushes: new Float64Array(rows),
    gStrengths: new Float64Array(rows),
  };
}

/** Where an empty line begins: below it is room for all that will be pushed at the bottom. */
function firstPlace(ports: readonly PortEnds[], steps: number): number {
  return steps * ports.filter(({ pushes }) => pushes === "bottom").length;
}

/**
 * Pops, pushes and reads at step `t`; step 0 starts a new sequence in the same rows.
 *
 * s[i] ← max(0, s[i] − max(0, u_t − beyond_i)) at each port in turn; then d_t is put beyond an end by each; then
 * r_t = Σ_i min(s[i], max(0, 1 − beyond_i)) v_i at each
 *
 * Source: Grefenstette et al. 2015, equations (2)–(11).
 *
 * @example A read of two rows of a stack; what lies below them is not visited.
 * ```ts
 * import { createSparseRows, stepSparseRows } from "@/memory/sparse_rows.ts";
 * import { STACK_ENDS } from "@/memory/sparse_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createSparseRows(STACK_ENDS, 3, 1);
 * stack.values.set([8, 4, 2]);
 * stack.pushes.set([1, 1, 0.5]);
 * const touched = [0, 1, 2].map((t) => stepSparseRows(stack, t));
 * assertEquals(stack.reads[2], 3);
 * assertEquals(touched, [1, 1, 2]);
 * ```
 * @param rows Their `values`, `pops` and `pushes` at `t` are read, their `reads` at `t` written.
 * @param t The step, from 0: the one after the last that was taken, or 0.
 * @returns How many rows the reads of all ports went through.
 * @throws {RangeError} If it is another step's turn, there is no room for one more, or a pop or push at `t` is NaN,
 * infinite or negative.
 */
export function stepSparseRows(rows: SparseRows, t: number): number {
  checkStep(rows, t);
  if (t === 0) {
    rows.head = rows.tail = firstPlace(rows.ports, rows.steps);
    rows.logged = 0;
  }
  const { ports, steps: T } = rows;
  for (let p = 0; p < ports.length; p++) if (isDropped(rows, p, t)) takeRow(rows, ports[p].pushes);
  for (let p = 0; p < ports.length; p++) popRows(rows, p * T + t, ports[p].pops);
  for (let p = 0; p < ports.length; p++) pushRow(rows, p * T + t, ports[p].pushes);
  let touched = 0;
  for (let p = 0; p < ports.length; p++) touched += readRows(rows, p * T + t, ports[p].pops);
  rows.time = t + 1;
  return touched;
}

function checkStep({ name, ports, time, steps, pops, pushes }: SparseRows, t: number): void {
  const action = `Cannot step the ${name}`;
  if (t !== 0 && (t !== time || t >= steps)) {
    const wanted = time < steps ? `step ${time}` : `at most ${steps} steps`;
    throw new RangeError(`${action}: wanted ${wanted}, got step ${t}`);
  }
  for (let p = 0; p < ports.length; p++) {
    const u = pops[p * steps + t], d = pushes[p * steps + t];
    if (!(u >= 0 && u < Infinity && d >= 0 && d < Infinity)) { // a NaN would pass as a pop of 0
      throw new RangeError(
        `${action}: wanted a finite pop and push of at least 0 at step ${t}, got ${u} and ${d}`,
      );
    }
  }
}

/** Whether port p's row of the step before has strength 0 and lies where the first pop does not begin. */
function isDropped({ ports, steps, pushes }: SparseRows, p: number, t: number): boolean {
  return t > 0 && pushes[p * steps + t - 1] === 0 && ports[p].pushes !== ports[0].pops;
}

/** The row at an end; only where there is one. */
function rowAt({ line, head, tail }: SparseRows, end: End): number {
  return line[end === "top" ? tail - 1 : head];
}

/** Takes the row at an end off the line. */
function takeRow(rows: SparseRows, end: End): void {
  if (end === "top") rows.tail--;
  else rows.head++;
}

/** Puts a row beyond an end of the line. */
function putRow(rows: SparseRows, row: number, end: End): void {
  rows.line[end === "top" ? rows.tail++ : --rows.head] = row;
}

/** The pop of number `now` = p T + t, from an end inwards. */
function popRows(rows: SparseRows, now: number, end: End): void {
  const { strengths: s, line, log, removed, cutFrom } = rows, atTop = end === "top";
  let { head, tail, logged } = rows, rem = rows.pops[now];
  while (head < tail) {
    const k = line[atTop ? tail - 1 : head];
    if (s[k] > rem) break; // the tie belongs to the 0: row k is removed
    rem -= s[k];
    log[logged++] = k;
    if (atTop) tail--;
    else head++;
  }
  removed[now] = logged - rows.logged;
  cutFrom[now] = 0;
  if (head < tail && rem > 0) { // at rem = 0 the tie belongs to the 0: the row is not reached
    const m = line[atTop ? tail - 1 : head];
    cutFrom[now] = s[m];
    s[m] -= rem;
  }
  rows.head = head;
  rows.tail = tail;
  rows.logged = logged;
}

/** The new row `now`, with strength d_t. */
function pushRow(rows: SparseRows, now: number, end: End): void {
  rows.strengths[now] = rows.pushes[now];
  putRow(rows, now, end);
}

/** The read of number `now`, for as long as there is room; returns how many rows it went through. */
function readRows(rows: SparseRows, now: number, end: End): number {
  const { width: M, values: V, strengths: s, reads: r, line, head, tail } = rows;
  const [first, past, inwards] = end === "top" ? [tail - 1, head - 1, -1] : [head, tail, 1];
  const here = now * M;
  for (let m = 0; m < M; m++) r[here + m] = 0;
  let room = 1, i = first;
  for (; i !== past && room > 0; i += inwards) {
    const k = line[i], w = Math.min(s[k], room), row = k * M;
    for (let m = 0; m < M; m++) r[here + m] += w * V[row + m];
    room -= s[k];
  }
  return Math.abs(i - first);
}

/**
 * Counts the rows that a pop removed or cut.
 *
 * @param rows Rows after step t.
 * @param now p `T` + t, for port p and step t.
 * @returns The rows.
 */
export function poppedRows({ removed, cutFrom }: SparseRows, now: number): number {
  return removed[now] + (cutFrom[now] > 0 ? 1 : 0);
}

/**
 * Forgets the gradients of the sequence before; to be called before the last step is reversed.
 *
 * @param rows Their gradients are set to 0, save for `gReads`.
 */
export function clearSparseRowsGradient(rows: SparseRows): void {
  for (const gradient of [rows.gValues, rows.gPops, rows.gPushes, rows.gStrengths]) {
    gradient.fill(0);
  }
}

/**
 * Reverses `stepSparseRows` at step `t`, and leaves the rows as they were before that step.
 *
 * @example The pushed value was read whole, so it gets the read's gradient whole.
 * ```ts
 * import { createSparseRows, sparseRowsStepBackward, stepSparseRows } from "@/memory/sparse_rows.ts";
 * import { STACK_ENDS } from "@/memory/sparse_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createSparseRows(STACK_ENDS, 1, 1);
 * stack.values.set([4]);
 * stack.pushes.set([1]);
 * stepSparseRows(stack, 0);
 * stack.gReads.set([0.5]);
 * sparseRowsStepBackward(stack, 0);
 * assertEquals([stack.gValues[0], stack.gPushes[0]], [0.5, 2]);
 * ```
 * @param rows Their `gReads` at `t` is read; `gValues`, `gPops` and `gPushes` are added to.
 * @param t The step, from 0: the last that was taken and not reversed.
 * @throws {RangeError} If it is another step's turn.
 */
export function sparseRowsStepBackward(rows: SparseRows, t: number): void {
  if (rows.time === 0 || t !== rows.time - 1) refuseReverse(rows, t);
  const { ports, steps: T, gPushes, gStrengths } = rows, last = ports.length - 1;
  for (let p = 0; p <= last; p++) reverseRead(rows, p, t);
  for (let p = last; p >= 0; p--) { // s_t[row] = d_t
    gPushes[p * T + t] += gStrengths[p * T + t];
    takeRow(rows, ports[p].pushes);
  }
  for (let p = last; p >= 0; p--) reversePop(rows, p * T + t, ports[p].pops);
  for (let p = last; p >= 0; p--) {
    if (!isDropped(rows, p, t)) continue;
    gStrengths[p * T + t - 1] = 0; // the tie belongs to the 0
    putRow(rows, p * T + t - 1, ports[p].pushes);
  }
  rows.time = t;
}

function refuseReverse({ name, time }: SparseRows, t: number): never {
  const wanted = time > 0 ? `step ${time - 1}, the last one taken` : "a step that was taken";
  throw new RangeError(`Cannot reverse the ${name}: wanted ${wanted}, got step ${t}`);
}

/** Reverses r_t = Σ_k min(s[k], room_k) v_k of port p; a tie of min belongs to s[k]. */
function reverseRead(rows: SparseRows, p: number, t: number): void {
  const { ports, steps: T, strengths: s, gStrengths: gS, line, head, tail } = rows;
  const end = ports[p].pops, now = p * T + t;
  const [first, past, inwards] = end === "top" ? [tail - 1, head - 1, -1] : [head, tail, 1];
  let room = 1, i = first;
  for (; i !== past && room > 0; i += inwards) {
    const k = line[i], q = reverseReadOfRow(rows, now, k, Math.min(s[k], room));
    if (s[k] <= room) gS[k] += q;
    else for (let j = first; j !== i; j += inwards) gS[line[j]] -= q;
    room -= s[k];
  }
  if (i === past) return; // the read went through all rows
  for (let other = 0; other < ports.length; other++) { // min(0, 0) belongs to the 0 of s
    const k = other * T + t;
    if (s[k] === 0 && ports[other].pushes !== end) gS[k] += reverseReadOfRow(rows, now, k, 0);
  }
}

/** Adds w g to ∂L/∂v_k and returns ∂L/∂w = g · v_k, where g = ∂L/∂r_t. */
function reverseReadOfRow(rows: SparseRows, now: number, k: number, w: number): number {
  const { width: M, values: V, gReads: g, gValues: gV } = rows;
  const here = now * M, row = k * M;
  let q = 0;
  for (let m = 0; m < M; m++) {
    gV[row + m] += w * g[here + m];
    q += g[here + m] * V[row + m];
  }
  return q;
}

/** Reverses s[i] ← max(0, s[i] − rem_i) of number `now`, and brings the strengths before it back. */
function reversePop(rows: SparseRows, now: number, end: End): void {
  const { strengths: s, gStrengths: gS, log, removed, cutFrom } = rows;
  let G = 0;
  if (cutFrom[now] > 0) {
    const m = rowAt(rows, end);
    G = gS[m];
    s[m] = cutFrom[now];
  }
  rows.gPops[now] -= G;
  for (let n = removed[now]; n > 0; n--) { // removed rows, with the strengths they had
    const k = log[--rows.logged];
    gS[k] = G;
    putRow(rows, k, end);
  }
}
