import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { modularArithmeticTask } from "@/tasks/modular_arithmetic.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { NoTargetError } from "@/tasks/task.ts";
import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
import { assertDrawnWith, countTexts, uniformOver } from "./chi_square.ts";

const task = modularArithmeticTask(), { vocabulary } = task;
const textOf = (symbols: Int32Array) => symbolsToText(symbols, vocabulary);
const pairOf = (text: string) => task.pairOf!(textToSymbols(text, vocabulary));
const draw = (shortest: number, longest: number, strings: number) =>
  firstPairs(task, { strings, seed: 4, purpose: "test", lengths: { shortest, longest } });

/** The value of an expression as JavaScript has it. */
function valueOf(text: string): number {
  const value: number = new Function(`return ${text.replaceAll("-", " - ")};`)();
  return ((value % 5) + 5) % 5;
}

/** All expressions of up to `longest` symbols whose digits are all 1, by length. */
function expressions(longest: number): string[][] {
  const ofLength = [[], ["1"], ["-1"], ["(1)"], ["(-1)"]];
  for (let length = 5; length <= longest; length++) {
    ofLength[length] = [];
    for (let left = 1; left <= length - 4; left++) {
      for (const a of ofLength[left]) {
        for (const b of ofLength[length - 3 - left]) {
          ofLength[length].push(`(${a}+${b})`, `(${a}-${b})`);
        }
      }
    }
  }
  return ofLength;
}

Deno.test("of 2,000 pairs, every target is JavaScript's value, asked for at one blank", () => {
  for (const pair of draw(1, 60, 2000)) {
    const { source, target } = pair, text = textOf(source), k = source.length;
    assertEquals([...target], [valueOf(text)], text);
    assertEquals(task.pairOf!(source), pair);
    const { inputs, targets, valueTargets } = task.layOut(pair);
    assertEquals(inputs, [...source, vocabulary.characters]);
    assertEquals(targets, [...new Array(k).fill(-1), target[0]]);
    assertEquals(valueTargets, new Array(k + 1).fill(-1));
  }
});

Deno.test("of all strings of up to 6 symbols of 1+-() those have a value that the rules derive", () => {
  const derived = new Set(expressions(6).flat()), found = new Set<string>();
  let strings = [""];
  for (let length = 1; length <= 6; length++) {
    strings = strings.flatMap((string) => [..."1+-()"].map((symbol) => string + symbol));
    for (const string of strings) {
      try {
        assertEquals(pairOf(string).target[0], valueOf(string));
        found.add(string);
      } catch (error) {
        if (!(error instanceof NoTargetError)) throw error;
      }
    }
  }
  assertEquals(found, derived);
  assertEquals(derived.size, 1 + 1 + 1 + 1 + 2 + 4);
});

Deno.test("all expressions of 13 symbols have JavaScript's value", () => {
  const [longest] = expressions(13).slice(-1);
  for (const text of longest) assertEquals(pairOf(text).target[0], valueOf(text), text);
  assert(longest.includes("((1+(1-1))-1)"));
});

Deno.test("every length is drawn exactly and equally often", () => {
  const lengths = draw(1, 40, 8000).map(({ source }) => String(source.length));
  assertDrawnWith(countTexts(lengths), uniformOver(Array.from({ length: 40 }, (_, i) => i + 1)));
  for (let length = 1; length <= 60; length++) {
    for (const { source } of draw(length, length, 5)) assertEquals(source.length, length);
  }
});

Deno.test("short expressions have the only form of their length, with uniform digits", () => {
  const forms = ["d", "-d", "(d)", "(-d)"];
  forms.forEach((form, i) => {
    const wanted = uniformOver([0, 1, 2, 3, 4].map((digit) => form.replace("d", String(digit))));
    assertDrawnWith(
      countTexts(draw(i + 1, i + 1, 5000).map(({ source }) => textOf(source))),
      wanted,
    );
  });
});

Deno.test("left sides of all possible lengths come equally often, and signs do", () => {
  const rests = draw(8, 8, 6000).map(({ source }) => textOf(source).replace(/[0-4]/g, "1"));
  const sides = rests.map((text) => {
    for (let left = 1; left <= 4; left++) {
      const [, , ...others] = text.slice(0, -1), ofLeft = text.slice(1, 1 + left);
      const all = expressions(4), right = others.join("").slice(left);
      if (all[left].includes(ofLeft) && all[5 - left].includes(right)) {
        return `${left}${text[1 + left]}`;
      }
    }
    return "none";
  });
  assertDrawnWith(
    countTexts(sides),
    uniformOver(["1+", "1-", "2+", "2-", "3+", "3-", "4+", "4-"]),
  );
});

Deno.test("what is no expression has no target, and is refused in one sentence", () => {
  for (
    const text of [
      "(1+2",
      "1+2",
      "((1))",
      "(1+2)3",
      "--1",
      "()",
      "(1+2+3)",
      "-(1+2)",
      "(1+)",
      ")1(",
    ]
  ) {
    const message = "wanted an expression such as (1-(2+-1)), got another string of its characters";
    assertThrows(() => pairOf(text), NoTargetError, message, text);
  }
});

Deno.test("expressions of 10,000 symbols are drawn, and brackets 50,000 deep are read", () => {
  const { source } = task.sample(seededRandom(1), { shortest: 10_000, longest: 10_000 });
  assertEquals(task.pairOf!(source).source.length, 10_000);
  const deep = `${"(1+".repeat(50_000)}1${")".repeat(50_000)}`;
  assertEquals([...pairOf(deep).target], [1]);
});
