import { alignmentMap } from "@/figures/alignment_map.ts";
import { alivePopMaps } from "@/figures/alive_pop_maps.ts";
import { barChart } from "@/figures/bar_chart.ts";
import { controlRows, strengthsHeatmap, unitHeatMap } from "@/figures/heat_maps.ts";
import { controlsOverTraining } from "@/figures/controls_over_training.ts";
import { popGradientMap } from "@/figures/pop_gradient_map.ts";
import { dotChart } from "@/figures/dot_chart.ts";
import type { Figure } from "@/figures/figure.ts";
import { gateSwitches } from "@/figures/lstm_gate_switches.ts";
import { growthChart } from "@/figures/growth_chart.ts";
import { imageChannels } from "@/figures/image_channels.ts";
import { lookPanels } from "@/figures/look_panels.ts";
import { learningCurve } from "@/figures/learning_curve.ts";
import { lineChart } from "@/figures/line_chart.ts";
import { trainableRegion } from "@/figures/trainable_region.ts";
import { memoriesInMotion } from "@/figures/memories_in_motion.ts";
import {
  lstmCellDiagram,
  lstmWithStackDiagram,
  recurrentNetworkDiagram,
  rnnControllerDiagram,
  sequenceArrangementsDiagram,
} from "@/figures/network_diagrams.ts";
import { paperTrail } from "@/figures/paper_trail.ts";
import { pileOfBooks } from "@/figures/pile_of_books.ts";
import { popAndPushSliders } from "@/figures/pop_and_push_sliders.ts";
import { popAndReadEndsPicture } from "@/figures/pop_and_read_ends.ts";
import { rateChart } from "@/figures/rate_chart.ts";
import { readWindows } from "@/figures/read_windows.ts";
import { sequences } from "@/figures/sequence_comparison.ts";
import { stackInMotion } from "@/figures/stack_in_motion.ts";
import { stackPicture } from "@/figures/stack_picture.ts";
import { successMap } from "@/figures/success_map.ts";
import { textStrips } from "@/figures/text_strips.ts";
import { touchedRows } from "@/figures/touched_rows.ts";
import { unitMap } from "@/figures/unit_map.ts";
import { wiringDiagram } from "@/figures/wiring_diagram.ts";
import { DEQUE_ENDS } from "@/memory/sparse_deque.ts";
import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
import { STACK_ENDS } from "@/memory/sparse_stack.ts";
import { runStack } from "@/memory/stack.ts";

const trace = runStack({
  values: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  pops: [0, 0.1, 0.9],
  pushes: [0.8, 0.5, 0.9],
});
const names = ["a", "b", "c"];
const grid = [0, 0.5, 1];
const rising = [0.1, 0.4, 0.8];
/** Rows and columns that all differ, so that no flip and no exchange of the two leaves a picture as it is. */
const cells = [[0, 0.2, 0.3], [0.4, 0, 0.6], [0.7, 0.8, 1]];

/**
 * One example of every function that draws a figure, by the function's name. Marks reach every end of an axis that has a
 * range of its own, and what is drawn differs from its mirror image.
 *
 * @param title The figures' title.
 */
export function figuresTitled(title: string): Record<string, Figure> {
  const kinds = ["one kind", "another"].map((name) => ({ name, values: rising }));
  const axes = { xTitle: "across", yTitle: "upwards" };
  const { pops, pushes } = trace, program = { pops, pushes, names };
  const bottom = { pops: [0, 0, 0.5], pushes: [0.6, 0.3, 0.7], names: ["x", "y", "z"] };
  return {
    alivePopMaps: alivePopMaps({
      title,
      pushes: grid,
      pops: grid,
      maps: ["left", "right"].map((name) => ({
        name,
        shares: cells,
        region: [[0, 0], [0.5, 0], [1, 1]],
      })),
    }),
    barChart: barChart({ title, names, series: kinds, ...axes }),
    controlRows: controlRows({
      title,
      rows: [{ name: "push d", values: grid }, { name: "pop u", values: rising }],
      steps: names,
      xTitle: "across",
    }),
    controlsOverTraining: controlsOverTraining({ title, pops: cells, pushes: cells }),
    popGradientMap: popGradientMap({
      title,
      pushes: grid,
      pops: grid,
      gradients: cells,
      path: { pushes: [0, 1], pops: [0, 1] },
    }),
    dotChart: dotChart({
      title,
      groups: names.map((name, k) => ({ name, values: rising.map((value) => k + value) })),
      ...axes,
    }),
    gateSwitches: gateSwitches({ title, held: 0.5, candidate: 0.25 }),
    growthChart: growthChart({
      title,
      series: [{ name: "a", x: [1, 10], y: [1, 100] }],
      until: 10,
      ...axes,
    }),
    learningCurve: learningCurve({
      title,
      curves: [{ name: "a", errors: [1, 0.1], band: { low: [0.5, 0.05], high: [2, 0.2] } }],
      xScale: "linear",
      yScale: "log",
    }),
    lineChart: lineChart({
      title,
      lines: [{ name: "a", x: grid, y: rising, band: { low: rising, high: [0.2, 0.6, 1] } }],
      ...axes,
    }),
    trainableRegion: trainableRegion({ title, paths: [{ name: "a", pushes: grid, pops: grid }] }),
    pileOfBooks: pileOfBooks({
      title,
      steps: [
        { operation: "push a", books: ["a"] },
        { operation: "push b", books: ["a", "b"] },
        { operation: "pop", books: ["a"] },
      ],
    }),
    popAndPushSliders: popAndPushSliders({ title, strengths: [0.7, 0.5], names }),
    popAndReadEndsPicture: popAndReadEndsPicture({
      title,
      cases: [
        { name: "felt", strengths: [0.7, 0.5], pop: 0.3, push: 0.4 },
        { name: "covered", strengths: [0.4, 0.5], pop: 0.2, push: 1 },
      ],
    }),
    memoriesInMotion: memoriesInMotion({
      title,
      memories: [
        { name: "a stack", ends: STACK_ENDS, ports: [program] },
        { name: "a deque", ends: DEQUE_ENDS, ports: [program, bottom] },
      ],
    }),
    lstmCellDiagram: lstmCellDiagram(title),
    lstmWithStackDiagram: lstmWithStackDiagram(title),
    recurrentNetworkDiagram: recurrentNetworkDiagram(title),
    rnnControllerDiagram: rnnControllerDiagram(title),
    sequenceArrangementsDiagram: sequenceArrangementsDiagram(title),
    paperTrail: paperTrail(title),
    rateChart: rateChart({
      title,
      rates: [
        { name: "all", successes: 2, trials: 2, interval: { low: 0.5, high: 1 } },
        { name: "half", successes: 1, trials: 2, interval: { low: 0.25, high: 0.75 } },
        { name: "none", successes: 0, trials: 2, interval: { low: 0, high: 0.5 } },
      ],
      xTitle: "successes (%)",
    }),
    readWindows: readWindows({
      title,
      cases: [STACK_ENDS, QUEUE_ENDS].map(({ name, ports: [ends] }) => ({
        name,
        ends,
        strengths: [0.6, 0.7, 0.6],
        pop: 0.4,
        push: 0.5,
      })),
    }),
    sequences: sequences({
      title,
      target: rising,
      predictions: [{ name: "a", values: [-0.2, 0.5, 1] }, { name: "b", values: grid }],
    }),
    imageChannels: imageChannels({
      title,
      size: { channels: 2, height: 4, width: 4 },
      image: Array.from({ length: 32 }, (_, n) => n / 32),
      names: ["left", "right"],
      grid: 2,
    }),
    lookPanels: lookPanels({
      title,
      side: 2,
      shapes: [{ kind: "circle", colour: "red", place: 1 }, {
        kind: "triangle",
        colour: "blue",
        place: 2,
      }],
      panels: ["one", "two", "three", "four", "five", "six", "seven"].map((word, k) => ({
        word,
        weights: [0.7, 0.1, 0.1, 0.1],
        ...(k < 3 && { place: k }),
      })),
    }),
    stackInMotion: stackInMotion({ title, trace, names }),
    stackPicture: stackPicture({ title, trace, names }),
    strengthsHeatmap: strengthsHeatmap({ title, strengths: trace.strengths, names }),
    textStrips: textStrips({
      title,
      text: "ab".repeat(40), // a full line, and a part of another
      strips: [1, 2].map((k) => ({
        name: `c ${k}`,
        values: Array.from({ length: 80 }, (_, t) => k * t % 79 - 40),
      })),
    }),
    touchedRows: touchedRows({ title, trace }),
    wiringDiagram: wiringDiagram({
      title,
      boxes: [
        { name: "x_t", at: [0, 1], kind: "input" },
        { name: "h_t", at: [1, 1] },
        { name: "y_t", at: [2, 1], kind: "output" },
        { name: "stack", at: [1, 2], kind: "memory" },
      ],
      arrows: [
        { from: "x_t", to: "h_t", label: "W_x" },
        { from: "h_t", to: "stack", label: "push" },
        { from: "h_t", to: "h_t", later: true, lane: 0 },
      ],
    }),
    alignmentMap: alignmentMap({
      title,
      rows: cells.map((weights, k) => ({ name: `w${k}`, weights, marked: (k + 1) % 3 })),
      places: names,
      ...axes,
      frames: "the right place",
    }),
    successMap: successMap({
      title,
      rows: [[0, 2, 3], [4, 0, 6], [7, 8, 10]]
        .map((successes, k) => ({ name: `${5 + k}`, successes, inside: k + 1 })),
      columns: names,
      trials: 10,
      ...axes,
      limit: "left of the line: within",
    }),
    unitMap: unitMap({
      title,
      text: "abcdefgh",
      units: Array.from({ length: 12 }, (_, k) => ({
        name: `h ${k}`,
        values: Array.from({ length: 8 }, (_, t) => Math.sin(k * t)),
      })),
    }),
    unitHeatMap: unitHeatMap({ title, units: cells, steps: names, xTitle: "across" }),
  };
}
