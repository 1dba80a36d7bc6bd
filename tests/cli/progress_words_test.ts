import { assertEquals } from "@std/assert";
import { placeText, shownProgress } from "@/cli/progress.ts";

const WORDS = { unit: "strings", perIteration: 4, error: "loss", shown: ["coarse", "live"] };
const PROGRESS = { iteration: 300, iterations: 3750, share: 0.08 };
const METRICS = { iteration: 300, error: 4.2, strings: 1200, coarse: 0.25, live: 0.5, list: [1] };

Deno.test("a run with words is told in its unit, by its name of the error, with the metrics it names", () => {
  assertEquals(shownProgress({ ...PROGRESS, metrics: METRICS }, WORDS, 350), {
    share: 0.08,
    details: [
      "1,200 of 15,000 strings",
      "loss 4.20",
      "coarse 0.250",
      "live 0.500",
      "1,400 strings/s",
    ],
    extras: [],
  });
});

Deno.test("a metric that is not there yet, or is no number, is not shown", () => {
  const metrics = { iteration: 0, error: 4.2, coarse: null };
  const { details } = shownProgress({ ...PROGRESS, iteration: 0, metrics }, WORDS, 0);
  assertEquals(details, ["0 of 15,000 strings", "loss 4.20"]);
});

Deno.test("a run without words is told in iterations, with every metric that is one number", () => {
  assertEquals(shownProgress({ ...PROGRESS, metrics: METRICS }, undefined, 350), {
    share: 0.08,
    details: ["300 of 3,750 iterations", "error 4.20"],
    extras: ["350/s", "strings 1200", "coarse 0.250", "live 0.500"],
  });
});

Deno.test("a slow pace has a digit after the point, and there is none before there is one", () => {
  const pace = (rate: number) =>
    shownProgress({ ...PROGRESS, metrics: METRICS }, WORDS, rate).details.slice(4);
  assertEquals([0, NaN, Infinity].map(pace), [[], [], []]);
  assertEquals([0.1, 2.4, 2.6].map(pace), [["0.4 strings/s"], ["9.6 strings/s"], ["10 strings/s"]]);
});

Deno.test("a place is a count of the unit, or the number of the iteration", () => {
  assertEquals([WORDS, undefined].map((words) => placeText(words, 1250)), [
    "5,000 strings",
    "iteration 1,250",
  ]);
});

Deno.test("once nothing is left to do, it is said how much of the run has been examined", () => {
  const { details } = shownProgress({ ...PROGRESS, metrics: METRICS, told: 0.459 }, WORDS, 0);
  assertEquals(details.at(-1), "examined to 45 %");
});
