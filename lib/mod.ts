/**
 * Differentiable memories: stacks on which every push, pop and read is a matter of degree, with their
 * gradients written by hand.
 *
 * Notebooks and tests import from the room where a thing lives (`@/memory/stack.ts`), so that a reader
 * sees where to look; this door opens on all rooms at once.
 *
 * | paper | in signatures | in bodies | previous step | gradient |
 * | ----- | ------------- | --------- | ------------- | -------- |
 * | V_t   | `values`      | `V`       | `VPrev`       | `gV`     |
 * | s_t   | `strengths`   | `s`       | `sPrev`       | `gS`     |
 * | u_t   | `pop`         | `u`       |               | `gU`     |
 * | d_t   | `push`        | `d`       |               | `gD`     |
 * | v_t   | `value`       | `value`   |               | `gValue` |
 * | r_t   | `read`        | `r`       |               | `gR`     |
 *
 * Gradients are prefixed g and never d: d is the push. No suffix means "at step t", `Prev` t − 1, `[i]` is
 * row i with 0 at the bottom. `T` steps, `B` strings in a batch, `H` hidden units, `M` numbers in a value,
 * `K` symbols. The letters look like what they do: u is open at the top (pop), d is closed (push).
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516.
 *
 * @example Three steps of a stack, and their gradient.
 * ```ts
 * import { runStack, runStackBackward } from "@/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2], [0]], pops: [0, 0, 1], pushes: [1, 1, 0] });
 * assertEquals(trace.reads, [[1], [2], [1]]);
 * assertEquals(runStackBackward(trace, [[0], [0], [1]]).gValues, [[1], [0], [0]]);
 * ```
 *
 * @module
 */

// 1. Numbers.
export * from "./math/activations.ts";
export * from "./math/gradient_check.ts";
export * from "./math/numpy_random.ts";
export * from "./math/random.ts";
export * from "./math/shapes.ts";

// 2. Memories.
export * from "./tutorial/flat_stack.ts";
export * from "./tutorial/published_gradient.ts";
export * from "./memory/sparse_stack.ts";
export * from "./memory/sparse_stack.ts";
export * from "./memory/sparse_stack.ts";
export * from "./memory/stack.ts";
export * from "./studies/stack_costs.ts";
export * from "./memory/stack.ts";
export * from "./memory/toy_stack.ts";

// 3. Tasks, and what learns them.
export * from "./tasks/text.ts";
export * from "./tutorial/binary_addition.ts";
export * from "./tasks/decoding.ts";
export * from "./tasks/scores.ts";
export * from "./tasks/streams.ts";
export * from "./tasks/reversal.ts";
export * from "./tutorial/tutorial_strings.ts";
export * from "./tutorial/value_reversal.ts";
export * from "./models/sequence_model.ts";
export * from "./tutorial/binary_adder.ts";
export * from "./tutorial/learned_controls.ts";
export * from "./tutorial/learned_controls.ts";
export * from "./tutorial/learned_controls.ts";
export * from "./tutorial/published_steering.ts";
export * from "./tutorial/recurrent_network.ts";
export * from "./tutorial/rnn_controller.ts";
export * from "./models/sequence_batch.ts";
export * from "./models/sequence_model.ts";
export * from "./models/sequence_loss.ts";
export * from "./models/sequence_model.ts";
export * from "./models/sequence_parameters.ts";
export * from "./models/sequence_shape.ts";
export * from "./tutorial/steered_stack.ts";
export * from "./network/cross_entropy.ts";
export * from "./network/embedding.ts";
export * from "./network/lstm_cell.ts";
export * from "./network/memory_heads.ts";
export * from "./network/rnn_cell.ts";

// 4. The engine.
export * from "./engine/engine.ts";
export * from "./engine/optimiser.ts";
export * from "./engine/stepper.ts";

// 5. Training and figures.
export * from "./runs/run.ts";
export * from "./weights/safetensors.ts";
export * from "./weights/safetensors.ts";
export * from "./weights/model_file.ts";
export * from "./math/wilson_interval.ts";
export * from "./figures/bar_chart.ts";
export * from "./figures/control_rows.ts";
export * from "./figures/controls_over_training.ts";
export * from "./figures/dead_zone.ts";
export * from "./figures/dot_chart.ts";
export * from "./figures/figure.ts";
export * from "./figures/gate_switches.ts";
export * from "./figures/growth_chart.ts";
export * from "./figures/learning_curve.ts";
export * from "./figures/line_chart.ts";
export * from "./figures/live_window.ts";
export * from "./figures/pile_of_books.ts";
export * from "./figures/pop_and_push_sliders.ts";
export * from "./figures/rate_chart.ts";
export * from "./figures/sequences.ts";
export * from "./figures/stack_in_motion.ts";
export * from "./figures/stack_picture.ts";
export * from "./figures/strengths_heatmap.ts";
export * from "./figures/to_svg.ts";
export * from "./figures/touched_rows.ts";
export * from "./figures/unit_heat_map.ts";

// 6. Notebooks.
export * from "./jupyter/budget.ts";
export * from "./jupyter/live_chart.ts";
export * from "./jupyter/live_training.ts";
export * from "./jupyter/print.ts";
export * from "./jupyter/run_notebook.ts";
export * from "./jupyter/show.ts";
