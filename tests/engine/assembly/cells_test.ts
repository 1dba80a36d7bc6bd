import { assert } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { lstmCell, lstmCellBackward } from "@/network/lstm_cell.ts";
import { rnnCell, rnnCellBackward } from "@/network/rnn_cell.ts";
import { distance, norm } from "../tensors.ts";
import { BUILDS, createDesk } from "./kernel_desk.ts";

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
  const apart = distance(got.subarray(from, from + wanted.length), wanted);
  assert(apart <= 1e-6 * norm(wanted), `${name}: ${apart} of ${norm(wanted)}`);
}

for (const build of BUILDS) {
  Deno.test(`${build}: the LSTM's elementwise part is the reference cell's, forwards and backwards`, () => {
    const random = seededRandom(`lstm ${build}`), desk = createDesk(build);
    const draw = (n: number, size: number) =>
      Array.from({ length: n }, () => Math.fround(random.normal(0, size)));
    for (const hidden of [8, 16, 24]) {
      for (const size of [0.1, 1, 4]) {
        desk.clear();
        const [sums, cPrev, gH, gC] = [4 * hidden, hidden, hidden, hidden].map((n) =>
          draw(n, size)
        );
        const bias = draw(4 * hidden, 1), gates = desk.lay(sums), biases = desk.lay(bias);
        const before = desk.lay(cPrev);
        const [c, tanhC, h] = [desk.lay(hidden), desk.lay(hidden), desk.lay(hidden)];
        desk.kernels.lstmForward(gates.at, biases.at, before.at, c.at, tanhC.at, h.at, hidden);
        const weights = cellOfSums(4 * hidden, hidden, bias);
        const step = lstmCell(weights, sums, new Array(hidden).fill(0), cPrev);
        (["i", "f", "g", "o"] as const).forEach((gate, n) =>
          checkClose(gate, gates.numbers, step[gate], n * hidden)
        );
        checkClose("c", c.numbers, step.c);
        checkClose("tanh c", tanhC.numbers, step.c.map(Math.tanh));
        checkClose("h", h.numbers, step.h);

        const [gHs, gCs] = [desk.lay(gH), desk.lay(gC)];
        desk.kernels.lstmBackward(gates.at, before.at, tanhC.at, gHs.at, gCs.at, hidden);
        const { gInput, gCPrev } = lstmCellBackward(
          ...[weights, cellOfSums(4 * hidden, hidden), step, gH, gC] as const,
        );
        checkClose("gradient by sum", gates.numbers, gInput);
        checkClose("gradient by c", gCs.numbers, gCPrev);
        desk.checkGuards();
      }
    }
  });

  Deno.test(`${build}: the vanilla cell's elementwise part is the reference's, forwards and backwards`, () => {
    const random = seededRandom(`rnn ${build}`), desk = createDesk(build);
    for (const hidden of [8, 16, 24]) {
      const [sums, gH, bias] = [0, 1, 2].map(() =>
        Array.from({ length: hidden }, () => Math.fround(random.normal()))
      );
      const [row, h, gHs] = [desk.lay(sums), desk.lay(hidden), desk.lay(gH)];
      const biases = desk.lay(bias);
      desk.kernels.rnnForward(row.at, biases.at, h.at, hidden);
      const weights = cellOfSums(hidden, hidden, bias);
      const step = rnnCell(weights, sums, new Array(hidden).fill(0));
      checkClose("h", h.numbers, step.h);
      desk.kernels.rnnBackward(row.at, h.at, gHs.at, hidden);
      const { gInput } = rnnCellBackward(weights, cellOfSums(hidden, hidden), step, gH);
      checkClose("gradient by sum", row.numbers, gInput);
      desk.checkGuards();
    }
  });
}
