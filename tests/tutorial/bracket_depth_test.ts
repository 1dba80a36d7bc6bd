import { assert, assertEquals } from "@std/assert";
import { range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { BRACKETS, drawBrackets, markAnswers, trainOnBrackets } from "@/tutorial/bracket_depth.ts";

const draws = seededRandom(1);
const strings = range(40).map((k) => drawBrackets(1 + k, draws));
const written = (symbols: readonly number[]) => symbols.map((symbol) => BRACKETS[symbol]).join("");

/** What is left of a text if pairs that stand side by side are taken out, again and again. */
function reduced(text: string): string {
  const shorter = text.replace(/\(\)|\[\]/g, "");
  return shorter === text ? text : reduced(shorter);
}

Deno.test("strings are balanced, with a blank after each bracket", () => {
  strings.forEach(({ inputs }, k) => {
    const text = written(inputs);
    assertEquals(text.length, 4 * (k + 1));
    assert([...text].every((sign, t) => (sign === " ") === (t % 2 === 1)));
    assertEquals(reduced(text.replaceAll(" ", "")), "");
  });
});

Deno.test("depth and target are those of the brackets that are left open", () => {
  for (const { inputs, targets, depths, valueTargets } of strings) {
    inputs.forEach((symbol, t) => {
      const open = reduced(written(inputs.slice(0, t + 1)).replaceAll(" ", ""));
      assertEquals(depths[t], open.length);
      const due = open === "" ? "." : open.at(-1) === "(" ? ")" : "]";
      assertEquals(targets[t], t % 2 === 1 ? BRACKETS.indexOf(due) : -1);
      assertEquals(valueTargets![t], symbol < 2 ? symbol : -1);
    });
  }
});

Deno.test("both kinds come, and strings go deep and come back to nothing", () => {
  const { inputs, depths } = drawBrackets(200, draws);
  for (const symbol of range(4)) assert(inputs.filter((s) => s === symbol).length > 30);
  assert(Math.max(...depths) > 5);
  assert(depths.filter((depth) => depth === 0).length > 2);
});

Deno.test("the same seed trains the same network; training makes its answers better", () => {
  const [first, second] = [1, 1].map((seed) => trainOnBrackets("stack", 60, seed));
  assertEquals(first.parameters, second.parameters);
  const right = (updates: number, memory: "stack" | "none") =>
    markAnswers(trainOnBrackets(memory, updates, 1), strings).flat().filter((ok) => ok).length;
  for (const memory of ["stack", "none"] as const) {
    assert(right(60, memory) > right(0, memory) + 100, memory);
  }
});
