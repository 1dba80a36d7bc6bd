import { seededRandom } from "@/math/random.ts";
import { gruCell, gruCellBackward } from "@/network/gru_cell.ts";
import { lstmCell, lstmCellBackward } from "@/network/lstm_cell.ts";
import { rnnCell, rnnCellBackward } from "@/network/rnn_cell.ts";
import { assertNear, norm } from "../tensors.ts";
import { BUILDS, createKernelMemory } from "./kernel_memory.ts";

/** A reference cell whose sums are its inputs and a bias. */
function cellOfSums(sums: number, hidden: number, bias: number[] = []) {
  const Wih = new Float64Array(sums * sums);
  for (let i = 0; i < sums; i++) Wih[i * sums + i] = 1;
  return {
    Wih,
    Whh: new Float64Array(sums * hidden),
    b: Float64Array.from({ length: sums }, (_, i) => bias[i] ?? 0),
  };
}

/** Close as a row: where a slope is nearly 0, it is the difference of two numbers near 1. */
function checkClose(name: string, got: Float32Array, wanted: number[], from = 0): void {
  assertNear(got.subarray(from, from + wanted.length), wanted, 1e-6 * norm(wanted), name);
}

for (const build of BUILDS) {
  Deno.test(`${build}: the LSTM's elementwise part is the reference cell's, forwards and backwards`, () => {
    const random = seededRandom(`lstm ${build}`), memory = createKernelMemory(build);
    const draw = (n: number, size: number) =>
      Array.from({ length: n }, () => Math.fround(random.normal(0, size)));
    for (const hidden of [8, 16, 24]) {
      for (const size of [0.1, 1, 4]) {
        memory.clear();
        const [sums, cPrev, gH, gC] = [4 * hidden, hidden, hidden, hidden].map((n) =>
          draw(n, size)
        );
        const bias = draw(4 * hidden, 1), gates = memory.place(sums), biases = memory.place(bias);
        const before = memory.place(cPrev);
        const [c, tanhC, h] = [memory.place(hidden), memory.place(hidden), memory.place(hidden)];
        memory.kernels.lstmForward(gates.at, biases.at, before.at, c.at, tanhC.at, h.at, hidden);
        const weights = cellOfSums(4 * hidden, hidden, bias);
        const step = lstmCell(weights, sums, new Array(hidden).fill(0), cPrev);
        (["i", "f", "g", "o"] as const).forEach((gate, n) =>
          checkClose(gate, gates.numbers, step[gate], n * hidden)
        );
        checkClose("c", c.numbers, step.c);
        checkClose("tanh c", tanhC.numbers, step.c.map(Math.tanh));
        checkClose("h", h.numbers, step.h);

        const [gHs, gCs] = [memory.place(gH), memory.place(gC)];
        memory.kernels.lstmBackward(gates.at, before.at, tanhC.at, gHs.at, gCs.at, hidden);
        const { gInput, gCPrev } = lstmCellBackward(
          ...[weights, cellOfSums(4 * hidden, hidden), step, gH, gC] as const,
        );
        checkClose("gradient by sum", gates.numbers, gInput);
        checkClose("gradient by c", gCs.numbers, gCPrev);
        memory.checkGuards();
      }
    }
  });

  Deno.test(`${build}: the GRU's elementwise part is the reference cell's, forwards and backwards`, () => {
    const random = seededRandom(`gru ${build}`), memory = createKernelMemory(build);
    const draw = (n: number, size: number) =>
      Array.from({ length: n }, () => Math.fround(random.normal(0, size)));
    for (const hidden of [8, 16, 24]) {
      for (const size of [0.1, 1, 4]) {
        memory.clear();
        const [n, r, z, m, hPrev, gH] = [0, 1, 2, 3, 4, 5].map(() => draw(hidden, size));
        const bias = draw(4 * hidden, 1),
          part = (i: number) => bias.slice(i * hidden).slice(0, hidden);
        const row = memory.place([...n, ...r, ...z, ...m]), biases = memory.place(bias);
        const [before, h] = [memory.place(hPrev), memory.place(hidden)];
        memory.kernels.gruForward(row.at, biases.at, before.at, h.at, hidden);
        const add = (a: number[], b: number[]) => a.map((x, k) => x + b[k]);
        const weights = {
          ...cellOfSums(3 * hidden, hidden, [...part(1), ...part(2), ...part(0)]),
          bHn: Float64Array.from(add(m, part(3))), // h's weights are 0: its part is all bias
        };
        const step = gruCell(weights, [...r, ...z, ...n], hPrev);
        (["n", "r", "z", "m"] as const).forEach((gate, i) =>
          checkClose(gate, row.numbers, step[gate], i * hidden)
        );
        checkClose("h", h.numbers, step.h);

        const [gHs, gBefore] = [memory.place(gH), memory.place(hidden)];
        memory.kernels.gruBackward(row.at, before.at, gHs.at, gBefore.at, hidden);
        const gWeights = { ...cellOfSums(3 * hidden, hidden), bHn: new Float64Array(hidden) };
        const { gInput, gHPrev } = gruCellBackward(weights, gWeights, step, gH);
        const sums = [...gInput.slice(2 * hidden), ...gInput.slice(0, 2 * hidden), ...gWeights.bHn];
        checkClose("gradient by sum", row.numbers, sums);
        checkClose("gradient by h", gBefore.numbers, gHPrev);
        memory.checkGuards();
      }
    }
  });

  Deno.test(`${build}: the vanilla cell's elementwise part is the reference's, forwards and backwards`, () => {
    const random = seededRandom(`rnn ${build}`), memory = createKernelMemory(build);
    for (const hidden of [8, 16, 24]) {
      const [sums, gH, bias] = [0, 1, 2].map(() =>
        Array.from({ length: hidden }, () => Math.fround(random.normal()))
      );
      const [row, h, gHs] = [memory.place(sums), memory.place(hidden), memory.place(gH)];
      const biases = memory.place(bias);
      memory.kernels.rnnForward(row.at, biases.at, h.at, hidden);
      const weights = cellOfSums(hidden, hidden, bias);
      const step = rnnCell(weights, sums, new Array(hidden).fill(0));
      checkClose("h", h.numbers, step.h);
      memory.kernels.rnnBackward(row.at, h.at, gHs.at, hidden);
      const { gInput } = rnnCellBackward(weights, cellOfSums(hidden, hidden), step, gH);
      checkClose("gradient by sum", row.numbers, gInput);
      memory.checkGuards();
    }
  });
}
