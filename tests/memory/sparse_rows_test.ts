import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { range, sum } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import { type PortGradient, type PortInputs } from "@/memory/port_inputs.ts";
import { runSparse, runSparseBackward } from "@/memory/sparse_memory.ts";
import {
  createSparseRows,
  type SparseRows,
  sparseRowsStepBackward,
  stepSparseRows,
} from "@/memory/sparse_rows.ts";
import { softInputs } from "./port_cases.ts";
import {
  allStrengths,
  type BothForms,
  dyadicPorts,
  literalRun,
  MEMORIES,
  nearestTie,
  type PortsCase,
  randomPorts,
} from "./sparse_cases.ts";
import { KINDS } from "./sparse_stack_cases.ts";

const PER_KIND = 250; // of four kinds: a thousand

/** A memory with a case in it and no step taken yet. */
function filledRows({ ends }: BothForms, { ports, gReads }: PortsCase): SparseRows {
  const T = ports[0].values.length, M = ports[0].values[0].length;
  const rows = createSparseRows(ends, T, M);
  rows.values.set(ports.flatMap(({ values }) => values.flat()));
  rows.pops.set(ports.flatMap(({ pops }) => pops));
  rows.pushes.set(ports.flatMap(({ pushes }) => pushes));
  rows.gReads.set(gReads.flat(2));
  return rows;
}

function assertClose(got: Matrix, wanted: Matrix, what: string): void {
  assertEquals(got.map(({ length }) => length), wanted.map(({ length }) => length), what);
  wanted.forEach((row, t) =>
    row.forEach((x, m) => assertAlmostEquals(got[t][m], x, 1e-12, `${what} at ${t}`))
  );
}

function listsOf({ gValues, gPops, gPushes }: PortGradient): Matrix {
  return [...gValues, gPops, gPushes];
}

for (const [name, memory] of Object.entries(MEMORIES)) {
  const P = memory.ends.ports.length;
  for (const kind of Object.keys(KINDS)) {
    Deno.test(`sparse ${name}: strengths, reads and gradients are the literal one's within 1e-12, on ${PER_KIND} ${kind} cases`, () => {
      for (let seed = 0; seed < PER_KIND; seed++) {
        const both = randomPorts(kind, seed, P, P === 2 && seed > 50 ? 12 : undefined);
        const { states, reads, gradients } = literalRun(memory, both), what = `case ${seed}`;
        assertGreater(nearestTie(memory, both, states), 1e-9, what); // rounding decides nothing
        const rows = filledRows(memory, both);
        for (let t = 0; t < rows.steps; t++) {
          stepSparseRows(rows, t);
          assertClose([allStrengths(rows)], [states[t + 1].strengths], `${what}, strengths`);
        }
        const found = runSparse(memory.ends, both.ports).reads;
        found.forEach((got, p) => assertClose(got, reads[p], `${what}, reads`));
        runSparseBackward(memory.ends, both.ports, both.gReads).forEach((got, p) =>
          assertClose(listsOf(got), listsOf(gradients[p]), `${what}, gradients`)
        );
      }
    });
  }

  Deno.test(`sparse ${name}: on 1000 cases full of ties, all is equal to the literal one's to the last bit`, () => {
    let zeroPushes = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const both = dyadicPorts(seed, P), { states, reads, gradients } = literalRun(memory, both);
      const rows = filledRows(memory, both), what = `case ${seed}`;
      for (let t = 0; t < rows.steps; t++) {
        stepSparseRows(rows, t);
        assertEquals(allStrengths(rows), states[t + 1].strengths, what);
      }
      assertEquals(runSparse(memory.ends, both.ports).reads, reads, what);
      assertEquals(runSparseBackward(memory.ends, both.ports, both.gReads), gradients, what);
      zeroPushes += sum(both.ports.map(({ pushes }) => pushes.filter((d) => d === 0).length));
    }
    assertGreater(zeroPushes, 1000);
  });

  Deno.test(`sparse ${name}: its adjoint agrees with central differences on 100 sequences`, () => {
    const random = seededRandom(`sparse ${name}`);
    for (let n = 0; n < 100; n++) {
      const T = random.integer(1, 9), M = random.integer(1, 4);
      const { passed, kinks, summary } = checkGradient({
        name,
        f: (ports) => runSparse(memory.ends, ports).reads,
        adjoint: (ports, gReads) => runSparseBackward(memory.ends, ports, gReads),
        at: Array.from({ length: P }, () => softInputs(random, T, M)),
        random,
      });
      assert(passed, summary);
      assertEquals(kinks, 0);
    }
  });

  Deno.test(`sparse ${name}: each step back leaves line and strengths as they were before it`, () => {
    for (let seed = 0; seed < 100; seed++) {
      const rows = filledRows(memory, dyadicPorts(seed, P)), history: unknown[] = [];
      const look = () => [rows.head, rows.tail, rows.logged, allStrengths(rows)];
      for (let t = 0; t < rows.steps; t++) {
        history.push(look());
        stepSparseRows(rows, t);
      }
      for (let t = rows.steps - 1; t >= 0; t--) {
        sparseRowsStepBackward(rows, t);
        assertEquals(look(), history[t], `case ${seed}, before step ${t}`);
      }
    }
  });

  Deno.test(`sparse ${name}: memory is linear, 4 P T M + 10 P T numbers, all made at the start`, () => {
    for (const T of [1, 100, 10_000]) {
      const bytes = Object.values(createSparseRows(memory.ends, T, 3))
        .map((field) => ArrayBuffer.isView(field) ? field.byteLength : 0);
      assertEquals(sum(bytes), P * T * (8 * (4 * 3 + 7) + 4 * 3)); // 3 of the 10 are whole numbers
    }
  });

  Deno.test(`sparse ${name}: over runs whose live rows are at least 1/8, the rows touched a step do not grow with the length`, () => {
    const perStep = [1000, 10_000, 100_000].map((T) => touchedPerStep(memory, T, 8));
    for (const touched of perStep) assertLess(touched, P * 11); // at most 9 rows a read, one of them empty, and 2 a pop
    assertAlmostEquals(perStep[2], perStep[1], 0.05 * perStep[1]);
  });

  Deno.test(`sparse ${name}: over such runs, the numbers that a step back looks at do not grow with the length`, () => {
    const [some, many] = [1000, 10_000].map((T) => lookedAtPerStepBack(memory, T, 8));
    assertAlmostEquals(many, some, 0.05 * some);
    assertLess(many, 300 * P); // some 20 for a row, of at most 9 that a read goes through and some that pops do
  });
}

/** Inputs of `T` steps with which no live row has less than 1 / `most`: every push is a multiple of it, and so is every pop. */
function livePorts({ ends }: BothForms, T: number, most: number): PortInputs[] {
  const random = seededRandom(`live ${T}`), grain = () => random.integer(0, most + 1) / most;
  return ends.ports.map(() => ({
    values: Array.from({ length: T }, () => [1]),
    pops: Array.from({ length: T }, grain),
    pushes: Array.from({ length: T }, grain),
  }));
}

/** The rows that pops and reads of all ports touch, for each step. */
function touchedPerStep(memory: BothForms, T: number, most: number): number {
  const { popTouched, readTouched } = runSparse(memory.ends, livePorts(memory, T, most));
  return (sum(popTouched) + sum(readTouched)) / T;
}

/** How many numbers of the rows the steps of the way back look at, for each step. */
function lookedAtPerStepBack(memory: BothForms, T: number, most: number): number {
  const ports = livePorts(memory, T, most), gReads = ports.map(({ values }) => values);
  const rows = filledRows(memory, { ports, gReads });
  for (let t = 0; t < T; t++) stepSparseRows(rows, t);
  let looks = 0;
  const watched = Object.entries(rows).map(([name, field]) => {
    if (!ArrayBuffer.isView(field)) return [name, field];
    const watch: ProxyHandler<typeof field> = {
      get(array, key) {
        looks++;
        return Reflect.get(array, key);
      },
      set: (array, key, value) => Reflect.set(array, key, value),
    };
    return [name, new Proxy(field, watch)];
  });
  const back: SparseRows = Object.fromEntries(watched);
  for (let t = T - 1; t >= 0; t--) sparseRowsStepBackward(back, t);
  return looks / T;
}

Deno.test("slivers cost what they cost: a read goes through as many as make up one unit, a pop through each once", () => {
  // T pushes of 1/256, then T steps that push nothing and pop 1/256.
  const T = 1000, d = 1 / 256, zeros = Array(T).fill(0), slivers = Array(T).fill(d);
  const port: PortInputs = {
    values: Array(2 * T).fill([1]),
    pops: [...zeros, ...slivers],
    pushes: [...slivers, ...zeros],
  };
  const { popTouched, readTouched } = runSparse(MEMORIES.queue.ends, [port]);
  // As long as rows are pushed, t + 1 of them, then 256. Each pop takes one whole row.
  assertEquals(sum(readTouched.slice(0, T)), 256 * 257 / 2 + (T - 256) * 256);
  assertEquals(readTouched[T], 256);
  assertEquals(sum(popTouched), T);
});

Deno.test("slivers in a deque cost each end that reads them as much", () => {
  // As above, pushed at the top, popped at the bottom. Each step also pushes a 0 at each end that pushes nothing else.
  const T = 1000, d = 1 / 256, zeros = Array(T).fill(0), slivers = Array(T).fill(d);
  const values = Array(2 * T).fill([1]), none = Array(2 * T).fill(0);
  const top: PortInputs = { values, pops: none, pushes: [...slivers, ...zeros] };
  const bottom: PortInputs = { values, pops: [...zeros, ...slivers], pushes: none };
  const { popTouched, readTouched } = runSparse(MEMORIES.deque.ends, [top, bottom]);
  // Of t + 1 slivers and a 0, both ends read all; of more than 256, the top 256 and the bottom these and the 0 before them.
  assertEquals(sum(readTouched.slice(0, T)), 2 * sum(range(2, 257)) + (T - 255) * (256 + 257));
  assertEquals(readTouched[T], 2 * 257);
  // The slivers, one by one, and the 0 that the top has pushed a step before, of T steps all but the first.
  assertEquals(sum(popTouched), T + T - 1);
});
