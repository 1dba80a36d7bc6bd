import { assert, assertAlmostEquals, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { dyck2Task, dyck6Task } from "@/tasks/dyck.ts";
import { deepPairs, firstPairs } from "@/tasks/streams.ts";
import { type InPlaceTask, NoTargetError } from "@/tasks/task.ts";
import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
import { assertDrawnWith, countTexts, uniformOver } from "./chi_square.ts";

const two = dyck2Task(), six = dyck6Task();
const draw = (task: InPlaceTask, shortest: number, longest: number, strings: number) =>
  firstPairs(task, { strings, seed: 6, purpose: "test", lengths: { shortest, longest } });
const textOf = ({ vocabulary }: InPlaceTask, symbols: Int32Array) =>
  symbolsToText(symbols, vocabulary);

/** What closes the last bracket that is open: matching neighbours are struck out, from the inside. */
function dueAfter(text: string): string {
  for (let before = ""; before !== text;) {
    before = text;
    text = text.replace(/\(\)|\[\]|\{\}|<>|\+-|ab/g, "");
  }
  return text === "" ? "⟨none⟩" : ")]}>-b"["([{<+a".indexOf(text.at(-1)!)];
}

for (const task of [two, six]) {
  Deno.test(`${task.name}: of 500 pairs, each bracket is answered in place as the oracle does`, () => {
    for (const pair of draw(task, 2, 60, 500)) {
      const text = textOf(task, pair.source);
      const due = [...text].map((_, i) => dueAfter(text.slice(0, i + 1)));
      assertEquals(textOf(task, pair.target), due.join(""), text);
      assertEquals(task.pairOf!(pair.source), pair);
      const { inputs, targets, valueTargets, popping } = task.layOut(pair);
      assertEquals([inputs, targets], [[...pair.source], [...pair.target]]);
      // The value that an opening bracket pushes stands for what closes it.
      inputs.forEach((symbol, t) => {
        const closing = symbol < inputsOf(task) ? targets[t] : -1;
        assertEquals(valueTargets[t], closing);
        assertEquals(popping![t], symbol >= inputsOf(task));
      });
    }
  });

  Deno.test(`${task.name}: every even length is drawn exactly and equally often, each kind too`, () => {
    const pairs = draw(task, 2, 50, 5000);
    const lengths = pairs.map(({ source }) => String(source.length));
    assertDrawnWith(countTexts(lengths), uniformOver(evenLengths(2, 50)));
    for (let k = 1; k < 40; k++) {
      for (const { source } of draw(task, k, k, 3)) assertEquals(source.length, k + k % 2);
    }
    const kinds = inputsOf(task), opening = pairs.flatMap(({ source }) => [...source]);
    const counts = countTexts(opening.filter((symbol) => symbol < kinds).map(String));
    assertDrawnWith(counts, uniformOver(Array.from({ length: kinds }, (_, i) => i)));
  });
}

function inputsOf({ vocabulary }: InPlaceTask): number {
  return vocabulary.characters / 2; // brackets that open
}

function evenLengths(shortest: number, longest: number): number[] {
  return Array.from({ length: (longest - shortest) / 2 + 1 }, (_, i) => shortest + 2 * i);
}

/** All balanced strings of a number of pairs, of one kind. */
function balanced(pairs: number): string[] {
  if (pairs === 0) return [""];
  return Array.from({ length: pairs }, (_, i) => i).flatMap((inside) =>
    balanced(inside).flatMap((a) => balanced(pairs - 1 - inside).map((b) => `(${a})${b}`))
  );
}

/** The places at which a balanced string is two shorter ones. */
function splits(text: string): number[] {
  let depth = 0;
  return [...text].flatMap((bracket, i) => {
    depth += bracket === "(" ? 1 : -1;
    return depth === 0 && i + 1 < text.length ? [i + 1] : [];
  });
}

/**
 * The probability of a string under S → ( S ) with ½, S S with ¼, empty with ¼, one kind of brackets: the sum over its
 * derivations. x = P(w) is the least solution of x = (what the first rule gives) + ¼ (Σ of P(a) P(b) over w = a b), in which
 * a and b may be empty.
 */
function probability(text: string): number {
  const known = new Map<string, number>();
  // e = ¼ + ¼ e²
  const empty = 2 - Math.sqrt(3);
  known.set("", empty);
  const of = (text: string): number => {
    if (known.has(text)) return known.get(text)!;
    const cuts = splits(text), pair = cuts.length === 0 ? .5 * of(text.slice(1, -1)) : 0;
    const inTwo = cuts.reduce((sum, at) => sum + of(text.slice(0, at)) * of(text.slice(at)), 0);
    const x = (pair + .25 * inTwo) / (1 - .25 * 2 * empty);
    known.set(text, x);
    return x;
  };
  return of(text);
}

Deno.test("strings of a length have the probabilities of the published grammar", () => {
  for (const pairs of [2, 3, 4, 5]) {
    const all = balanced(pairs), total = all.reduce((sum, text) => sum + probability(text), 0);
    const wanted = Object.fromEntries(all.map((text) => [text, probability(text) / total]));
    const drawn = draw(two, 2 * pairs, 2 * pairs, 8000).map(({ source }) =>
      textOf(two, source).replaceAll("[", "(").replaceAll("]", ")")
    );
    assertDrawnWith(countTexts(drawn), wanted);
  }
});

Deno.test("the oracle's probabilities are those of the grammar's own derivations", () => {
  const random = seededRandom(3), strings = 20_000;
  // The grammar is critical: derivations that have become long are given up.
  const derive = (depth: number): string => {
    const rule = random.uniform();
    if (depth > 20) return "x";
    if (rule < .5) return `(${derive(depth + 1)})`;
    return rule < .75 ? derive(depth + 1) + derive(depth + 1) : "";
  };
  const counts = countTexts(Array.from({ length: strings }, () => derive(0)));
  for (const text of ["", "()", "()()", "(())", "()(())"]) {
    assertAlmostEquals(counts[text] / strings, probability(text), .01, text);
  }
});

Deno.test("strings of a depth open as many brackets, and close them", () => {
  const [{ source, target }] = deepPairs(six.deep!, { strings: 1, seed: 1, depth: 30 });
  const text = textOf(six, source);
  assertMatch(text, /^[([{<+a]{30}[)\]}>\-b]{30}$/);
  assertEquals(
    textOf(six, target),
    [...text].map((_, i) => dueAfter(text.slice(0, i + 1))).join(""),
  );
});

Deno.test("brackets that do not match have no target", () => {
  for (const text of ["(", ")", "(]", "([)]", "())", "(()"]) {
    const message = "Cannot find the target: wanted brackets that match, got others";
    assertThrows(
      () => two.pairOf!(textToSymbols(text, two.vocabulary)),
      NoTargetError,
      message,
      text,
    );
  }
});

Deno.test("strings of 10,000 brackets are drawn, and brackets 50,000 deep are read", () => {
  const { source } = two.sample(seededRandom(1), { shortest: 10_000, longest: 10_000 });
  assertEquals(source.length, 10_000);
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  const { target } = two.pairOf!(textToSymbols(deep, two.vocabulary));
  assert(target.subarray(0, -1).every((symbol) => symbol === 3));
  assertEquals(target.at(-1), two.vocabulary.size - 1);
});

Deno.test("the published lengths: trained on 2 to 50, tested from 52 on", () => {
  assertEquals([two.lengths, six.lengths], [two.lengths, two.lengths]);
  assertEquals(two.lengths, {
    training: { shortest: 2, longest: 50 },
    test: { shortest: 52, longest: 500 },
    validation: [],
  });
  assertEquals([two.vocabulary.size, six.vocabulary.size], [5, 13]);
});
