/**
 * An engine on the caller's thread alone: it needs no workers, and so is there at once.
 *
 * @module
 */
import { checkSequenceShape, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { assembleEngine, type Engine } from "./engine.ts";
import type { KernelBuild } from "./kernel_calls.ts";
import { createEngineMemory } from "./parameter_memory.ts";
import { teamOf } from "./team.ts";

/**
 * Makes an engine of one thread, the caller's, at once.
 *
 * @example The same numbers as those of any other engine.
 * ```ts
 * import { createEngine } from "@/engine/engine.ts";
 * import { createLocalEngine } from "@/engine/local_engine.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 8, embedding: 4, valueWidth: 4, symbols: 5 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const engines = [createLocalEngine(shape), await createEngine(shape)];
 * engines.forEach((engine) => engine.setParameters(initialParameters(shape, seededRandom(1))));
 * const strings = [{ inputs: [3, 0, 1, 4, 1], targets: [-1, -1, -1, 1, 0] }];
 * const [local, other] = engines.map((engine) => engine.gradient({ strings, outputWeight: 0.5 }));
 * assertEquals(local, other);
 * ```
 * @param shape The model's shape.
 * @param build "relaxed" if left out: faster; "strict": the same bits on every machine.
 * @returns The engine; it has no workers to let go.
 * @throws {TypeError} If there is no such cell or memory.
 * @throws {RangeError} If a size is not a whole number of at least 1.
 */
export function createLocalEngine(
  shape: SequenceModelShape,
  build: KernelBuild = "relaxed",
): Engine {
  checkSequenceShape("make an engine", shape);
  const memory = createEngineMemory(shape, 1);
  return assembleEngine(memory, teamOf(memory, build));
}
