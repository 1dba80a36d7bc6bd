import { assertEquals } from "@std/assert";
import {
  lstmCellDiagram,
  lstmWithStackDiagram,
  recurrentNetworkDiagram,
  rnnControllerDiagram,
  sequenceArrangementsDiagram,
} from "@/figures/network_diagrams.ts";
import type { Figure } from "@/figures/figure.ts";
import { paperTrail } from "@/figures/paper_trail.ts";

/** The arrows that the words of a diagram name. */
function arrowsOf({ description }: Figure): string[] {
  return description.replace(/^.* arrows: /, "").replace(/\.$/, "").split("; ");
}

Deno.test("the recurrent network: h_t = σ(W_x x_t + W_h h_{t−1}), y_t = σ(W_y h_t), and three steps of it", () => {
  assertEquals(arrowsOf(recurrentNetworkDiagram("A claim")), [
    "x_t to h_t (W_x)",
    "h_t to h_t (W_h), one step later",
    "h_t to y_t (W_y)",
    ...[1, 2, 3].flatMap((t) => [
      `x_${t} to h_${t} (W_x)`,
      `h_${t - 1} to h_${t} (W_h), one step later`,
      `h_${t} to y_${t} (W_y)`,
    ]),
  ]);
});

Deno.test("arrangements: every state is handed on, inputs and outputs stand where the name says", () => {
  const arrows = arrowsOf(sequenceArrangementsDiagram("A claim"));
  const loops = (steps: number) =>
    Array.from({ length: steps - 1 }, (_, t) => `h_${t + 1} to h_${t + 2}, one step later`);
  const reads = (...steps: number[]) => steps.map((t) => `x_${t} to h_${t}`);
  const writes = (...steps: number[]) => steps.map((t) => `h_${t} to y_${t}`);
  assertEquals(arrows, [
    ...["x to h", "h to y"],
    ...[...reads(1), ...loops(3), ...writes(1, 2, 3)],
    ...[...reads(1, 2, 3), ...loops(3), ...writes(3)],
    ...[...reads(1, 2), ...loops(4), ...writes(3, 4)],
    ...[...reads(1, 2, 3), ...loops(3), ...writes(1, 2, 3)],
  ]);
});

Deno.test("the controller: what acts on the stack is made from o′, and the read is seen one step later", () => {
  assertEquals(arrowsOf(rnnControllerDiagram("A claim")), [
    "x_t to h_t (W_x)",
    "h_t to h_t (W_h), one step later",
    "h_t to o′_t (W_p)",
    "o′_t to output o_t (W_o)",
    "o′_t to pop u_t (W_u)",
    "o′_t to push d_t (W_d)",
    "o′_t to value v_t (W_v)",
    "pop u_t to stack",
    "push d_t to stack",
    "value v_t to stack",
    "stack to h_t (r_t (W_r)), one step later",
  ]);
});

Deno.test("the LSTM cell: c_t = f_t c_{t−1} + i_t g_t, h_t = o_t tanh c_t, and both are handed on", () => {
  assertEquals(arrowsOf(lstmCellDiagram("A claim")), [
    "c_(t−1) to × (forget)",
    "× (forget) to + (add)",
    "+ (add) to c_t",
    "c_t to tanh",
    "tanh to × (show)",
    "forget gate f_t to × (forget)",
    "input gate i_t to × (write)",
    "candidate g_t to × (write)",
    "× (write) to + (add)",
    "output gate o_t to × (show)",
    "× (show) to h_t",
    ...["forget gate f_t", "input gate i_t", "candidate g_t", "output gate o_t"].map((layer) =>
      `x_t and h_(t−1) to ${layer}`
    ),
    "c_t to c_(t−1), one step later",
    "h_t to x_t and h_(t−1), one step later",
  ]);
});

Deno.test("the LSTM with a stack: four heads, the read and what was written come back one step later", () => {
  assertEquals(arrowsOf(lstmWithStackDiagram("A claim")), [
    "symbol to embedding e_t",
    "embedding e_t to LSTM h_t, c_t",
    "LSTM h_t, c_t to LSTM h_t, c_t, one step later",
    ...["output o_t", "pop u_t", "push d_t", "value v_t"].map((head) => `LSTM h_t, c_t to ${head}`),
    "output o_t to greatest logit (W_l)",
    ...["pop u_t", "push d_t", "value v_t"].map((head) => `${head} to stack`),
    "stack to LSTM h_t, c_t (read r_t), one step later",
    "greatest logit to symbol (while writing), one step later",
  ]);
});

Deno.test("the papers: three strands lead to that of 2015, and no arrow goes back in time", () => {
  const arrows = arrowsOf(paperTrail("A claim"));
  const years = arrows.map((arrow) => [...arrow.matchAll(/\b(?:19|20)\d\d\b/g)].map(Number));
  assertEquals(years.filter(([from, to]) => from > to), []);
  const here = arrows.filter((arrow) => / to 2015 Grefenstette/.test(arrow));
  assertEquals(here.map((arrow) => arrow.split(" ")[1]), ["Sutskever", "Graves", "Das"]);
  const later = arrows.filter((arrow) => arrow.startsWith("2014 Cho et al.: encoder and decoder"));
  assertEquals(later.map((arrow) => arrow.split(" to ")[1]), [
    "2014 Sutskever et al.: source reversed",
    "2014 Bahdanau et al.: attention",
  ]);
  assertEquals(arrows.length, 14);
});
