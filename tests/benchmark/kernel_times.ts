/**
 * (d) The time of each phase of an update, and of each kernel at the same shapes.
 *
 * @module
 */
import {
  batchViews,
  ensureTrainingCapacity,
  measureBatch,
  writeBatch,
} from "@/engine/batch_layout.ts";
import { floats } from "@/engine/engine_buffers.ts";
import { loadKernels } from "@/engine/kernel_calls.ts";
import { writeOptimizer } from "@/engine/optimizer.ts";
import { createEngineBuffers } from "@/engine/parameter_buffers.ts";
import { writeTensor } from "@/engine/parameter_layout.ts";
import { LAYER_FIELDS } from "@/engine/kernel_plan.ts";
import { PHASE, runPhases } from "@/engine/phases.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { reversalBatches } from "./engine_program.ts";
import { digits, printTable, record } from "./output.ts";
import type { BenchSize } from "./sizes.ts";

type LayerField = keyof typeof LAYER_FIELDS;
type Part = readonly [name: string, run: () => void];
/** With its floating-point operations, if it is a product. */
type Kernel = readonly [name: string, run: () => void, flops?: number];

/** The parts of an update on one thread. */
function partsOf(size: BenchSize): { phases: Part[]; kernels: Kernel[] } {
  const buffers = createEngineBuffers(size.shape, 1), { layout, planAt: plan } = buffers;
  const kernel = loadKernels(buffers.arena.memory, "relaxed"), [batch] = reversalBatches(size, 1);
  const parameters = initialParameters(size.shape, seededRandom(1));
  const flat = floats(buffers, "weightsAt", layout.size);
  for (const [name, pieces] of layout.pieces) writeTensor(pieces, flat, parameters[name]);
  const counts = { slots: 0, steps: 0, rows: 0, outputLosses: 0, previousFrom: 0, losses: 0 };
  measureBatch(counts, batch, false);
  ensureTrainingCapacity(buffers, counts);
  const views = batchViews(buffers), { steps, slots } = counts;
  const { plan: fields, layers: [description] } = buffers, { widths } = layout;
  const layer = Object.fromEntries(
    Object.keys(LAYER_FIELDS).map((name) => [name, description.get(name as LayerField)]),
  ) as Record<LayerField, number>;
  writeOptimizer(buffers.plan, { rule: "adam", rate: 1e-5 }, 1);
  const share = {
    kernels: kernel,
    planAt: plan,
    plan: buffers.plan,
    worker: 0,
    workers: 1,
    barrier: () => {},
  };
  const phase = (what: number) => runPhases(share, what);
  const phases: Part[] = [
    ["writing the batch", () => {
      measureBatch(counts, batch, false);
      writeBatch(buffers, views, counts, batch, false);
    }],
    ["packing weights", () => kernel.prepare(plan, 0, 1)],
    ["time loop forwards", () => kernel.forward(plan, 0, 1)],
    ["logits, loss and its gradient", () => phase(PHASE.decode | PHASE.loss)],
    ["time loop backwards", () => kernel.backward(plan, 0, 1, 1, steps)],
    ["weight gradients", () => {
      kernel.clearWeightGradients(plan, 0, 1);
      kernel.stepGradients(plan, 0, 1, 1, steps);
      kernel.weightGradients(plan, 0, 1);
      kernel.embeddingGradient(plan, 0, 1);
    }],
    ["the gradient's norm", () => kernel.squares(plan, 0, 1)],
    ["Adam", () => kernel.step(plan, 0, 1)],
  ];
  const state = layer.stateWidth * 4, gateBytes = widths.gates * widths.hidden * 4;
  const G = gateBytes / 4, { depth } = layer;
  const eachStep = (run: (row: number) => void) => () => {
    for (let t = 0; t < steps; t++) run(t * slots);
  };
  const [states, gates, packed] = [layer.states, layer.gates, layer.packedForward];
  const forwardProduct = eachStep((row) => {
    const [from, to] = [states + row * state, gates + row * gateBytes];
    kernel.multiply(from, state, packed, to, gateBytes, slots, depth, G, 0);
  });
  const backwardProduct = eachStep((row) => {
    const [from, to] = [gates + row * gateBytes, layer.gStates + row * state];
    kernel.multiply(
      from,
      gateBytes,
      layer.packedBackward,
      to,
      state,
      slots,
      G,
      layer.stateWidth,
      0,
    );
  });
  const weightProduct = () => {
    const [rows, into, width] = [steps * slots, layer.gWeights, layer.stateWidth];
    kernel.outer(
      gates,
      gateBytes,
      states,
      state,
      into,
      state,
      rows,
      G,
      width,
      fields.get("scratch"),
    );
  };
  const stacks = () => {
    kernel.start(plan, 0, 1);
    for (let t = 1; t <= steps; t++) kernel.memoryForward(plan, t * slots, 0, 1, slots);
  };
  const width = widths.hidden * 4, lstm = size.shape.cell === "lstm";
  const cellsOf = (from: number, to: number) => {
    for (let i = 0; i < slots; i++, from++, to++) {
      const [gate, h] = [gates + from * gateBytes, states + to * state + 4 * layer.inputWidth];
      if (!lstm) kernel.rnnForward(gate, layer.bias, h, widths.hidden);
      else {
        const [before, after] = [layer.cells + from * width, layer.cells + to * width];
        kernel.lstmForward(
          gate,
          layer.bias,
          before,
          after,
          layer.tanhCells + to * width,
          h,
          widths.hidden,
        );
      }
    }
  };
  const rows = steps * slots, flops = 2 * rows * G * depth;
  const kernels: Kernel[] = [
    ["multiply: gates' sums", forwardProduct, flops],
    ["multiply: gradients by states", backwardProduct, flops],
    ["outer: gradients by the gates' weights", weightProduct, flops],
    ["cells forwards", eachStep((row) => cellsOf(row, row + slots))],
    ["heads: push, pop and value", () => kernel.headsForward(plan, slots, 0, 1, rows)],
    ["stack: pop, push, read", stacks],
  ];
  return { phases, kernels };
}

/** Milliseconds of each part, the best of many repetitions. */
function best(parts: readonly (Part | Kernel)[], seconds: number): number[] {
  const times = parts.map(() => Infinity);
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
    parts.forEach(([, run], i) => {
      const begun = performance.now();
      run();
      times[i] = Math.min(times[i], performance.now() - begun);
    });
  }
  return times;
}

/** Prints a table of phases and one of kernels for each size. */
export function kernelTimes(sizes: readonly BenchSize[], seconds: number): void {
  for (const size of sizes) {
    const { phases, kernels } = partsOf(size), all = best(phases, seconds / 2);
    const update = all.reduce((a, b) => a + b),
      share = (time: number) => `${digits(100 * time / update)} %`;
    const tell = (section: string, part: string, milliseconds: number) =>
      record({ section, size: size.name, part, milliseconds });
    phases.forEach(([part], i) => tell("phase", part, all[i]));
    printTable(
      [`${size.name}: phases, one thread`, "ms", "share"],
      [...phases.map(([part], i) => [part, digits(all[i]), share(all[i])]), [
        "all",
        digits(update),
        "",
      ]],
    );
    const times = best(kernels, seconds / 2);
    kernels.forEach(([part], i) => tell("kernel", part, times[i]));
    const rest = update - times.reduce((a, b) => a + b);
    printTable(
      [`${size.name}: kernels`, "ms", "of an update", "GFLOP/s"],
      [
        ...kernels.map(([part, , flops], i) => [
          part,
          digits(times[i]),
          share(times[i]),
          flops ? digits(flops / times[i] / 1e6) : "",
        ]),
        [
          "the rest: backward passes of cells, heads and stack; logits; packing",
          digits(rest),
          share(rest),
          "",
        ],
      ],
    );
  }
}
