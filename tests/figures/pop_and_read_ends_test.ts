import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { popAndReadEnds, popAndReadEndsPicture } from "@/figures/pop_and_read_ends.ts";
import { textWidth } from "@/figures/parts/text_width.ts";
import { seededRandom } from "@/math/random.ts";
import { nextStrengths, readWeights } from "@/memory/stack.ts";

Deno.test("the slope of the read is what the rows m and p say, on random steps", () => {
  const random = seededRandom(1);
  const seen = { felt: 0, noP: 0, covered: 0, emptied: 0 };
  for (let k = 0; k < 2000; k++) {
    const strengths = Array.from({ length: random.integer(1, 5) }, () => random.uniform(0.01, 0.8));
    const step = { strengths, pop: random.uniform(0, 1.5), push: random.uniform(0, 1.2) };
    const { m, p, isFelt } = popAndReadEnds(step);
    const weights = (pop: number) => readWeights(nextStrengths(strengths, pop, step.push));
    const h = 1e-7, [more, less] = [weights(step.pop + h), weights(step.pop - h)];
    more.forEach((weight, row) => {
      const slope = (weight - less[row]) / (2 * h);
      const wanted = isFelt ? Number(row === p) - Number(row === m) : 0;
      assertAlmostEquals(slope, wanted, 1e-6, `row ${row} of ${JSON.stringify(step)}`);
    });
    seen.felt += Number(isFelt && p !== undefined);
    seen.noP += Number(isFelt && p === undefined);
    seen.covered += Number(!isFelt && m !== undefined);
    seen.emptied += Number(m === undefined);
  }
  assert(Object.values(seen).every((count) => count > 100), JSON.stringify(seen));
});

Deno.test("a cut between two rows, or at the end of the read, is in neither", () => {
  assertEquals(popAndReadEnds({ strengths: [0.5, 0.5], pop: 0.5, push: 0.5 }), {
    m: undefined,
    p: undefined,
    isFelt: false,
  });
  assertEquals(popAndReadEnds({ strengths: [0.5, 0.5], pop: 0.25, push: 1 }).isFelt, false);
});

Deno.test("the words name both rows and the slope of each case", () => {
  const { description, layout } = popAndReadEndsPicture({
    title: "Three cases",
    cases: [
      { name: "felt", strengths: [0.2, 0.2, 0.2, 0.5], pop: 0.3, push: 0.5 },
      { name: "cut off", strengths: [0.5, 0.8], pop: 0.3, push: 0.8 },
      { name: "short", strengths: [0.5], pop: 0.3, push: 0.4 },
    ],
  });
  const cases = description.split("; ");
  assert(
    cases[0].endsWith(
      "a pop of 0.3 ends in v₄, after a push of 0.5 the read ends in v₂, ∂r/∂u = v₂ − v₄",
    ),
  );
  assert(cases[1].endsWith("ends in v₂, after a push of 0.8 the read ends in v₂, ∂r/∂u = 0"));
  assert(cases[2].endsWith("the read ends in no row, ∂r/∂u = −v₁."));
  const ticks = layout.xaxis?.ticktext as string[];
  assertEquals(ticks.map((text) => text.split("<br>")[1]), [
    "∂r/∂u = v₂ − v₄",
    "∂r/∂u = 0",
    "∂r/∂u = −v₁",
  ]);
});

Deno.test("what is popped is outlined, what is read is full, the rest is pale", () => {
  const { data } = popAndReadEndsPicture({
    title: "One case",
    cases: [{ name: "felt", strengths: [0.5, 0.75], pop: 0.25, push: 0.5 }],
  });
  const heights = (name: string) => {
    const trace = data.find((trace) => trace.name === name);
    return trace?.type === "bar" ? trace.y : undefined;
  };
  assertEquals(heights("popped"), [0.25]);
  assertEquals(heights("read"), [0.5, 0.5]);
  assertEquals(heights("deeper"), [0.5, 0.5, 0.5]);
});

Deno.test("no case, and a negative pop, are refused", () => {
  assertThrows(
    () => popAndReadEndsPicture({ title: "None", cases: [] }),
    TypeError,
    "Cannot draw the ends: wanted at least 1 step, got 0",
  );
  const bad = { name: "bad", strengths: [1], pop: -1, push: 0 };
  assertThrows(() => popAndReadEndsPicture({ title: "Bad", cases: [bad] }), RangeError);
});

Deno.test("the names of the rows m and p touch neither the lines of the cuts nor the piles", () => {
  const step = { name: "felt", strengths: [0.2, 0.2, 0.2, 0.5], pop: 0.3, push: 0.5 };
  for (const cases of [[step], [step, step]]) {
    const { data, layout } = popAndReadEndsPicture({ title: "A claim", cases });
    const [from, to] = layout.xaxis!.range as [number, number];
    const pixels = (layout.width! - layout.margin!.l! - layout.margin!.r!) / (to - from);
    const names = (data as unknown as { mode?: string; x: number[]; text: string[] }[])
      .filter(({ mode }) => mode === "text")
      .flatMap(({ x, text }) => x.map((x, k) => ({ x, text: text[k] })))
      .filter(({ text }) => text.includes("row"));
    assertEquals(names.length, 2 * cases.length);
    const cuts = layout.shapes!.filter(({ type }) => type === "line") as {
      x0: number;
      x1: number;
    }[];
    for (const { x, text } of names) {
      const half = textWidth(text.match(/<b>(.*)<\/b>/)![1], 12, true) / 2;
      for (const { x0, x1 } of cuts) {
        const gap = Math.max(x0 - x, x - x1) * pixels - half;
        assert(gap >= 3, `${text}: ${gap} pixels`);
      }
    }
  }
});
