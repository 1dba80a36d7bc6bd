/**
 * The inputs of a port over a whole sequence, as lists, in which they are given, and step by step, in which a memory takes
 * them; and whole sequences through a literal memory of one port.
 *
 * `T` steps, `M` value width, `P` ports.
 *
 * @module
 */
import { checkMatrix, checkNonNegative, type Matrix, type Vector } from "@/math/shapes.ts";
import type { Rows } from "./ends.ts";
import {
  type Controls,
  type ControlsGradient,
  type Memory,
  runMemory,
  runMemoryBackward,
} from "./memory.ts";

/** What a port is asked to do over `T` steps. */
export interface PortInputs {
  /** v_1 … v_T, `T` × `M`. */
  readonly values: Matrix;
  /** u_1 … u_T, each at least 0. */
  readonly pops: Vector;
  /** d_1 … d_T, each at least 0. */
  readonly pushes: Vector;
}

/** What a memory of one port did with its inputs. */
export interface PortTrace extends PortInputs {
  /** s_1 … s_T; `strengths[t]` has t + 1 entries. */
  readonly strengths: Vector[];
  /** r_1 … r_T, `T` × `M`. */
  readonly reads: Matrix;
}

/** Gradients of the loss with respect to a port's inputs over `T` steps. */
export interface PortGradient {
  /** ∂L/∂v_1 … ∂L/∂v_T, `T` × `M`. */
  readonly gValues: Matrix;
  /** ∂L/∂u_1 … ∂L/∂u_T. */
  readonly gPops: Vector;
  /** ∂L/∂d_1 … ∂L/∂d_T. */
  readonly gPushes: Vector;
}

/**
 * Checks a port's inputs.
 *
 * @example A pop too few.
 * ```ts
 * import { checkPortInputs } from "@/memory/port_inputs.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkPortInputs("run the queue", { values: [[1], [2]], pops: [0], pushes: [1, 1] }),
 *   TypeError,
 *   "Cannot run the queue: wanted 2 pops (one for each value), got 1",
 * );
 * ```
 * @param action The action that fails, as in "Cannot <action>".
 * @param inputs v, u and d at each step.
 * @param place Follows the names in the messages, as in " at the top"; by default nothing.
 * @throws {TypeError} If values, pops and pushes are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, or a pop or push negative.
 */
export function checkPortInputs(action: string, inputs: PortInputs, place = ""): void {
  const { values, pops, pushes } = inputs;
  checkMatrix(action, `values${place}`, values);
  checkNonNegative(action, `pops${place} (one for each value)`, pops, values.length);
  checkNonNegative(action, `pushes${place} (one for each value)`, pushes, values.length);
}

/**
 * Lists the controls of all ports step by step.
 *
 * @example Two steps of one port.
 * ```ts
 * import { controlsByStep } from "@/memory/port_inputs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const steps = controlsByStep([{ values: [[5], [7]], pops: [0, 1], pushes: [1, 0.5] }]);
 * assertEquals(steps[1], [{ value: [7], pop: 1, push: 0.5 }]);
 * ```
 * @param ports The inputs of each port, `P`, all of `T` steps.
 * @returns `T` × `P`.
 */
export function controlsByStep(ports: readonly PortInputs[]): Controls[][] {
  return ports[0].values.map((_, t) =>
    ports.map(({ values, pops, pushes }) => ({ value: values[t], pop: pops[t], push: pushes[t] }))
  );
}

/**
 * Lists the gradients of one port's controls, step by step before, by kind.
 *
 * @example One step of one port.
 * ```ts
 * import { gradientOfPort } from "@/memory/port_inputs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gradient = gradientOfPort([[{ gValue: [2], gPop: 3, gPush: 4 }]], 0);
 * assertEquals(gradient, { gValues: [[2]], gPops: [3], gPushes: [4] });
 * ```
 * @param gControls ∂L/∂controls, `T` × `P`.
 * @param port Which port, from 0.
 * @returns Its gradients.
 */
export function gradientOfPort(
  gControls: readonly (readonly ControlsGradient[])[],
  port: number,
): PortGradient {
  return {
    gValues: gControls.map((step) => [...step[port].gValue]),
    gPops: gControls.map((step) => step[port].gPop),
    gPushes: gControls.map((step) => step[port].gPush),
  };
}

/**
 * Runs a whole sequence through an empty literal memory of one port.
 *
 * @example The queue reads what came first.
 * ```ts
 * import { runPort } from "@/memory/port_inputs.ts";
 * import { queueMemory } from "@/memory/queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = { values: [[1], [2]], pops: [0, 0], pushes: [1, 1] };
 * assertEquals(runPort("queue", queueMemory, inputs).reads, [[1], [1]]);
 * ```
 * @param name The memory's name, for messages.
 * @param memory The memory.
 * @param inputs v, u and d at each of `T` steps.
 * @returns The inputs, the strengths after each step, and each step's read.
 * @throws {TypeError} If values, pops and pushes are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, or a pop or push negative.
 */
export function runPort(name: string, memory: Memory<Rows, Rows>, inputs: PortInputs): PortTrace {
  const { values, pops, pushes } = inputs;
  checkPortInputs(`run the ${name}`, inputs);
  const trace = runMemory(memory, controlsByStep([inputs]));
  const strengths = trace.states.slice(1).map((state) => state.strengths);
  const reads = trace.reads.map(([read]) => read);
  return { values, pops, pushes, strengths, reads };
}

/**
 * Reverses {@linkcode runPort}: from ∂L/∂r_t at every step to the gradients of all that went in.
 *
 * @example The queue's last read is of the first value alone.
 * ```ts
 * import { runPort, runPortBackward } from "@/memory/port_inputs.ts";
 * import { queueMemory } from "@/memory/queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = { values: [[1], [2]], pops: [0, 0], pushes: [1, 1] };
 * const trace = runPort("queue", queueMemory, inputs);
 * const { gValues } = runPortBackward("queue", queueMemory, trace, [[0], [5]]);
 * assertEquals(gValues, [[5], [0]]);
 * ```
 * @param name The memory's name, for messages.
 * @param memory The memory.
 * @param trace What {@linkcode runPort} returned.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step.
 * @throws {TypeError} If `gReads` has not the shape of `trace.reads`.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function runPortBackward(
  name: string,
  memory: Memory<Rows, Rows>,
  trace: PortTrace,
  gReads: Matrix,
): PortGradient {
  const { values, strengths, reads } = trace, T = reads.length, M = reads[0]?.length;
  checkMatrix(`reverse the ${name}`, "gradients of the reads", gReads, T, M);
  const start: Rows = { values: [], strengths: [] };
  const rows = strengths.map((s, t) => ({ values: values.slice(0, t + 1), strengths: s }));
  const gControls = runMemoryBackward(
    memory,
    {
      controls: controlsByStep([trace]),
      states: [start, ...rows],
      reads: reads.map((read) => [read]),
    },
    gReads.map((gRead) => [gRead]),
  );
  return gradientOfPort(gControls, 0);
}
