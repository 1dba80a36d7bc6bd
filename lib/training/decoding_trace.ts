/**
 * A trace of one answer of a network with a memory: what it was fed, and its pushes and pops, step by step.
 *
 * `T` steps, as many as it took.
 *
 * @module
 */
import type { PortControls } from "@/engine/engine_buffers.ts";
import type { Stepper } from "@/engine/stepper.ts";
import { endsOf, type MemoryName, referenceMemory } from "@/memory/memories.ts";
import type { Memory } from "@/memory/memory.ts";
import { createSparseRows, stepSparseRows } from "@/memory/sparse_rows.ts";
import { answerPairs } from "@/tasks/decoding.ts";
import type { Matrix } from "@/math/shapes.ts";
import { NO_TARGET, type Pair, type Task } from "@/tasks/task.ts";

/** A network of which each step can be recorded. */
export type TracedNetwork = Pick<Stepper, "start" | "step" | "controls">;

/** One answer, and how it came about. */
export interface DecodingTrace {
  /** What was written, with the terminator if there was one. */
  readonly answer: Int32Array;
  /** The symbol that was fed at each step, `T`. */
  readonly fed: Int32Array;
  /** The symbol that was written at each step, `T`; {@linkcode NO_TARGET} where none was asked for. */
  readonly written: Int32Array;
  /** Of each port of the memory, d_t and u_t, `T`. */
  readonly ports: readonly PortControls[];
}

/**
 * Lets a network answer the source of a pair, and records each step.
 *
 * @example What is fed is the source, then the network's own answer.
 * ```ts
 * import { createStepper } from "@/engine/stepper.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { copyTask } from "@/tasks/copy.ts";
 * import { traceDecoding } from "@/training/decoding_trace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = copyTask(2), { start, separator, size } = task.vocabulary;
 * const sizes = { layers: 1, hidden: 8, embedding: 4, valueWidth: 4, symbols: size };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const stepper = createStepper(shape, initialParameters(shape, seededRandom(1)));
 * const { fed, written, answer } = traceDecoding(stepper, task, task.pairOf!([0, 1, 1]));
 * assertEquals([...fed.slice(0, 5)], [start, 0, 1, 1, separator]);
 * assertEquals([...fed.slice(5)], [...answer.slice(0, -1)]);
 * assertEquals([...written], [-1, -1, -1, -1, ...answer]);
 * ```
 * @param network The network.
 * @param task The task.
 * @param pair Its source is answered.
 * @param onStep Called after each step with the number of steps so far.
 * @returns The trace.
 * @throws {RangeError} If a logit is NaN.
 */
export function traceDecoding(
  network: TracedNetwork,
  task: Task,
  pair: Pair,
  onStep: (steps: number) => void = () => {},
): DecodingTrace {
  const fed: number[] = [], controls: PortControls[][] = [];
  const recorded = {
    start: (strings: number) => network.start(strings),
    step(symbols: Int32Array): Float32Array {
      fed.push(symbols[0]);
      const logits = network.step(symbols);
      controls.push(network.controls());
      return logits;
    },
  };
  const [answer] = answerPairs(recorded, task, [pair], () => onStep(fed.length));
  const ofPort = (port: number, of: "pushes" | "pops") =>
    Float32Array.from(controls, (ports) => ports[port][of][0]);
  return {
    answer,
    fed: Int32Array.from(fed),
    written: writtenAt(task, pair, answer, fed.length),
    ports: controls[0].map((_, port) => {
      return { pushes: ofPort(port, "pushes"), pops: ofPort(port, "pops") };
    }),
  };
}

/** What was written at each of T steps: an autoregressive answer at the last ones, any other where the targets are. */
function writtenAt(task: Task, pair: Pair, answer: Int32Array, T: number): Int32Array {
  const { targets } = task.layOut(pair), first = T - answer.length;
  let written = 0;
  return Int32Array.from({ length: T }, (_, t) => {
    const asked = task.autoregressive ? t >= first : targets[t] !== NO_TARGET;
    return asked ? answer[written++] : NO_TARGET;
  });
}

/** The rows at an end of a memory, from there inwards. */
export interface EndRows {
  /** Their strengths, the outermost first. */
  readonly strengths: readonly number[];
  /** How many rows lie further in, weak ones included. */
  readonly deeper: number;
}

/** The pushes and pops of a port, `T` each. */
interface TracedPort {
  readonly pushes: ArrayLike<number>;
  readonly pops: ArrayLike<number>;
}

/** How many rows are given at most, and of which strength at least. */
interface ShownRows {
  readonly most: number;
  readonly least: number;
}

/**
 * The rows of a memory after each step, from pops and pushes alone, from the end inwards at which its first port pops: a
 * stack's and a deque's top, a queue's front.
 *
 * A superposition stack has cells instead, from the top down. The strength of a cell is here how much of it was ever pushed:
 * what it would hold if every value were 1.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (2), (4), (6)–(9); Joulin and Mikolov 2015, arXiv:1503.01007,
 * section 3.2.
 *
 * @example Two pushes; a pop of a stack takes the upper row and half of the lower, one of a queue the other way round.
 * ```ts
 * import { endRows } from "@/training/decoding_trace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const ports = [{ pushes: [1, 0.75, 0], pops: [0, 0, 1.25] }], shown = { most: 8, least: 0.01 };
 * const strengths = (memory: "stack" | "queue") =>
 *   [...endRows(memory, ports, shown)].map(({ strengths }) => strengths);
 * assertEquals(strengths("stack"), [[1], [0.75, 1], [0.5]]);
 * assertEquals(strengths("queue"), [[1], [1, 0.75], [0.5]]);
 * ```
 * @param memory Its name.
 * @param ports d and u of each port, `T` each.
 * @param shown At most `most` rows are given, each of strength `least` or more.
 * @param cells How many cells a superposition stack has, if it has a fixed number.
 * @returns A generator that yields the outermost rows after each step; nothing for "none".
 */
export function* endRows(
  memory: MemoryName,
  ports: readonly TracedPort[],
  { most, least }: ShownRows,
  cells?: number,
): Generator<EndRows> {
  const ends = endsOf(memory), literal = referenceMemory(memory, cells);
  if (ends === undefined) {
    if (literal) yield* cellsOfOnes(literal as Memory<Matrix>, ports[0], { most, least });
    return;
  }
  const T = ports[0].pushes.length, rows = createSparseRows(ends, T, 1); // values do not matter here
  ports.forEach(({ pushes, pops }, p) => {
    rows.pushes.set(pushes, p * T);
    rows.pops.set(pops, p * T);
  });
  const fromTop = ends.ports[0].pops === "top";
  for (let t = 0; t < T; t++) {
    stepSparseRows(rows, t);
    const strengths: number[] = [], live = rows.tail - rows.head;
    let passed = 0;
    for (; passed < live && strengths.length < most; passed++) {
      const place = fromTop ? rows.tail - 1 - passed : rows.head + passed;
      const strength = rows.strengths[rows.line[place]];
      if (strength >= least) strengths.push(strength);
    }
    yield { strengths, deeper: live - passed };
  }
}

/** The cells of a superposition stack to which nothing but 1 is pushed, after each step. */
function* cellsOfOnes(
  memory: Memory<Matrix>,
  { pushes, pops }: TracedPort,
  { most, least }: ShownRows,
): Generator<EndRows> {
  let state = memory.start(1, pushes.length);
  for (let t = 0; t < pushes.length; t++) {
    state = memory.step(state, [{ value: [1], push: pushes[t], pop: pops[t] }]).state;
    const held = state.map(([share]) => share), end = held.findLastIndex((share) => share >= least);
    const passed = Math.min(most, end + 1); // an empty cell above a full one is shown
    yield { strengths: held.slice(0, passed), deeper: end + 1 - passed };
  }
}
