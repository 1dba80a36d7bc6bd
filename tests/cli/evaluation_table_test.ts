import { assertEquals } from "@std/assert";
import { evaluationSummary, evaluationTable, scoreText } from "@/cli/evaluate.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";

Deno.test("only what is exactly 0 or 1 looks so", () => {
  const scores = [0, 1e-9, 0.00006, 0.98765, 0.99994, 0.999999, 1 - 2 ** -53, 1];
  const texts = ["0.0000", "0.0001", "0.0001", "0.9877", "0.9999", "0.9999", "0.9999", "1.0000"];
  assertEquals(scores.map(scoreText), texts);
});

Deno.test("columns stay in line whatever the counts", () => {
  const scores = { strings: 100_000, exact: 3, coarse: 0.00003, fine: 0.5 };
  const set = { strings: 100_000, lengths: { shortest: 1, longest: 1000 }, seed: 7 };
  const request = { run: "a", json: false, build: "relaxed" as const, ...set };
  const evaluation = { strict: scores, published: { ...scores, exact: 99_999, coarse: 0.99999 } };
  assertEquals(evaluationTable(evaluation, handMadeReverser(2), request), [
    "100,000 test strings of 1 to 1,000 characters, seed 7, 2 different characters",
    "",
    "                        coarse    fine  right in full",
    "strict                  0.0001  0.5000  3 of 100,000",
    "as published code       0.9999  0.5000  99,999 of 100,000",
  ]);
  const summary = evaluationSummary(evaluation, handMadeReverser(2), "a", request, 2);
  assertEquals(JSON.parse(JSON.stringify(summary)), {
    weights: "a",
    shape: handMadeReverser(2).shape,
    characters: 2,
    ...set,
    seconds: 2,
    exact: 3,
    coarse: 0.00003,
    fine: 0.5,
    published: { exact: 99_999, coarse: 0.99999, fine: 0.5 },
  });
});
