import { assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import {
  perTokenAccuracy,
  publishedScores,
  rightBeforeMistake,
  scoreText,
  strictScores,
} from "@/tasks/scores.ts";

const END = 9;
const target = [1, 2, 3, END];

/** Answers to "1 2 3 end", with what each is worth: strict and published, right in full and shares. */
const ANSWERS: { answer: number[]; strict: [boolean, number]; published: [boolean, number] }[] = [
  { answer: [1, 2, 3, END], strict: [true, 1], published: [true, 1] },
  { answer: [1, 2, 3, 7], strict: [false, 3 / 4], published: [false, 3 / 4] },
  { answer: [7, 2, 3, END], strict: [false, 0], published: [false, 3 / 4] },
  { answer: [1, 7, 3, END], strict: [false, 1 / 4], published: [false, 3 / 4] },
  { answer: [END], strict: [false, 0], published: [false, 0] },
  { answer: [1, 2, END], strict: [false, 2 / 4], published: [false, 2 / 4] },
  // Stopped before its end, and right so far: published code takes it for right.
  { answer: [1, 2, 3], strict: [false, 3 / 4], published: [true, 3 / 4] },
  { answer: [], strict: [false, 0], published: [true, 0] },
  // Right, and then it goes on.
  { answer: [1, 2, 3, END, 5], strict: [false, 1], published: [true, 1] },
];

Deno.test("each kind of answer is worth what the definitions say, strictly and as published", () => {
  for (const { answer, strict, published } of ANSWERS) {
    const a = strictScores([answer], [target]), b = publishedScores([answer], [target]);
    assertEquals([a.coarse, a.fine], [Number(strict[0]), strict[1]], `strict ${answer}`);
    assertEquals([b.coarse, b.fine], [Number(published[0]), published[1]], `published ${answer}`);
  }
});

Deno.test("the same answers score lower strictly than as published, coarse and fine", () => {
  const answers = ANSWERS.map(({ answer }) => answer), targets = answers.map(() => target);
  assertEquals(strictScores(answers, targets), {
    strings: 9,
    exact: 1,
    coarse: 1 / 9,
    fine: (1 + 3 / 4 + 1 / 4 + 2 / 4 + 3 / 4 + 1) / 9,
  });
  assertEquals(publishedScores(answers, targets), {
    strings: 9,
    exact: 4,
    coarse: 4 / 9,
    fine: (1 + 3 / 4 + 3 / 4 + 3 / 4 + 2 / 4 + 3 / 4 + 1) / 9,
  });
});

Deno.test("guesses are worth 1 in n as published, and next to nothing strictly", () => {
  const random = seededRandom(1), n = 16, k = 100;
  const draw = () => Array.from({ length: k }, () => random.integer(0, n));
  const answers = Array.from({ length: 500 }, draw), targets = answers.map(draw);
  const strict = strictScores(answers, targets), published = publishedScores(answers, targets);
  assertGreater(published.fine, 10 * strict.fine);
  // Before the first mistake 1/n + 1/n² + … symbols are right, of k.
  assertEquals(Math.abs(strict.fine - 1 / (n - 1) / k) < 2e-4, true, `${strict.fine}`);
  assertEquals(Math.abs(published.fine - 1 / n) < 5e-3, true, `${published.fine}`);
});

Deno.test("per token, what is right counts wherever it stands, and each string as much as any other", () => {
  for (const { answer, published: [, share] } of ANSWERS) {
    assertEquals(perTokenAccuracy([answer], [target]), share, `${answer}`);
  }
  assertEquals(perTokenAccuracy([[0], [1, 1, 0, 1]], [[1], [1, 1, 1, 1]]), (0 + 3 / 4) / 2);
  const random = seededRandom(2),
    bits = () => Array.from({ length: 100 }, () => random.integer(0, 2));
  const [answers, targets] = [0, 1].map(() => Array.from({ length: 500 }, bits));
  assertAlmostEquals(perTokenAccuracy(answers, targets), 1 / 2, 0.01);
  assertThrows(() => perTokenAccuracy([[1]], []), TypeError, "wanted 0 answers, got 1");
});

Deno.test("long strings weigh no more than short ones in the mean", () => {
  const { fine } = strictScores([[END], [1, 2, 3, 4, 5, 7]], [[END], [1, 2, 3, 4, 5, END]]);
  assertEquals(fine, (1 + 5 / 6) / 2);
});

Deno.test("what is right before the first mistake is counted, and nothing after it", () => {
  assertEquals(rightBeforeMistake([1, 2], [1, 2, 3]), 2);
  assertEquals(rightBeforeMistake([1, 2, 3], [1, 2]), 2);
  assertEquals(rightBeforeMistake([5, 2, 3], [1, 2, 3]), 0);
  assertEquals(rightBeforeMistake(new Int32Array(), [1]), 0);
});

Deno.test("answers that do not match targets in number, none at all and empty targets are refused", () => {
  for (const score of [strictScores, publishedScores]) {
    assertThrows(() => score([[1]], [[1], [2]]), TypeError, "wanted 2 answers, got 1");
    assertThrows(() => score([], []), RangeError, "wanted at least 1 answer, got 0");
    assertThrows(() => score([[1]], [[]]), RangeError, "wanted a target with a symbol at least");
  }
});

Deno.test("only what is exactly 0 or 1 looks so", () => {
  const scores = [0, 1e-9, 0.00006, 0.98765, 0.99994, 0.999999, 1 - 2 ** -53, 1];
  const texts = ["0.0000", "0.0001", "0.0001", "0.9877", "0.9999", "0.9999", "0.9999", "1.0000"];
  assertEquals(scores.map(scoreText), texts);
});
