import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { PALETTE } from "@/figures/figure.ts";
import { stackInMotion } from "@/figures/stack_in_motion.ts";
import { stackPicture } from "@/figures/stack_picture.ts";
import { readWeights, runStack, type StackTrace } from "@/memory/stack.ts";
import { seededRandom } from "@/math/random.ts";

interface Moving {
  name?: string;
  x: number[];
  y: number[];
  base: number[];
  text: string[];
}

function randomRun(T: number): StackTrace {
  const random = seededRandom("motion");
  const values = Array.from({ length: T }, (_, t) => [t]);
  const pops = values.map((_, t) => (t < T / 2 ? 0.3 : 1) * random.uniform());
  return runStack({ values, pops, pushes: values.map(() => random.uniform()) });
}

const trace = randomRun(8);
const figure = stackInMotion({ title: "Eight steps", trace, names: [..."abcdefgh"] });
const states = figure.frames!.map((frame) => frame.data as unknown as Moving[]);

Deno.test("one frame, and one stop of the slider, for each step", () => {
  assertEquals(figure.frames!.map((frame) => frame.name), [..."12345678"]);
  const stops = figure.layout.sliders![0].steps!;
  assertEquals(stops.map((stop) => stop.args![0]), [..."12345678"].map((name) => [name]));
});

Deno.test("rows: the read's weights, what lies deeper and what was popped", () => {
  states.forEach(([read, deeper, popped], t) => {
    const s = trace.strengths[t];
    const w = readWeights(s);
    const sPrev = t === 0 ? [] : trace.strengths[t - 1];
    s.forEach((s_i, i) => {
      assertAlmostEquals(read.x[i], w[i], 1e-4);
      assertAlmostEquals(deeper.x[i], s_i - w[i], 2e-4);
      assertAlmostEquals(popped.x[i], i < t ? sPrev[i] - s_i : 0, 2e-4);
      assertAlmostEquals(popped.base[i], s_i, 1e-4);
    });
    read.x.slice(t + 1).forEach((length) => assertEquals(length, 0));
  });
});

Deno.test("pile: blocks are as high as the rows are strong, the read ends at depth 1", () => {
  states.forEach(([, , , popped, deeper, read], t) => {
    trace.strengths[t].forEach((s_i, i) => {
      assertAlmostEquals(read.y[i] + deeper.y[i], s_i, 2e-4);
      assert(read.base[i] + read.y[i] <= 1 + 1e-4);
      assert(deeper.y[i] === 0 || deeper.base[i] >= 1);
      assert(popped.base[i] + popped.y[i] <= 1e-4);
    });
  });
});

Deno.test("the sentence says what the step does", () => {
  const run = runStack({ values: [[1], [2]], pops: [0, 0.5], pushes: [1, 0.25] });
  const { frames } = stackInMotion({ title: "Two steps", trace: run, names: ["a", "b"] });
  const [sentence] = (frames![1].data as unknown as Moving[]).at(-1)!.text;
  assertEquals(sentence, "<b>step 2:</b> pop 0.5, push 0.25 b, read 0.25 b + 0.5 a");
});

Deno.test("every frame sets every trace, with as many bars as the first picture has", () => {
  const first = figure.data as unknown as Moving[];
  for (const frame of figure.frames!) {
    assertEquals(frame.traces, first.map((_, k) => k));
    (frame.data as unknown as Moving[]).forEach((moving, k) => {
      const [is, was] = [moving, first[k]].map((m) => (m.base ?? m.text).length);
      assertEquals(is, was);
    });
  }
});

Deno.test("the first picture is that of the slider's stop", () => {
  const active = figure.layout.sliders![0].active!;
  const first = figure.data as unknown as Moving[];
  assertEquals(first[0].x, states[active][0].x);
  assertStringIncludes(first.at(-1)!.text[0], `step ${active + 1}:`);
});

Deno.test("the static picture shows every step, as one pile each", () => {
  const inputs = { title: "Eight steps", trace, names: [..."abcdefgh"] };
  assertEquals(figure.still, stackPicture(inputs));
});

Deno.test("no animated bar is hatched, because Plotly does not animate hatched bars", () => {
  const json = JSON.stringify([figure.data, figure.frames]);
  assert(json.includes(PALETTE.orange.toLowerCase()) && !json.includes("pattern"));
});

Deno.test("thirty steps take less than 300 kB", () => {
  const long = stackInMotion({
    title: "Thirty steps",
    trace: randomRun(30),
    names: Array.from({ length: 30 }, (_, t) => `v${t}`),
  });
  const bytes = new TextEncoder().encode(JSON.stringify(long)).length;
  assert(bytes < 300_000, `${bytes} bytes`);
});
