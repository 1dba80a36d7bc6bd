import { assert, assertEquals, assertMatch } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import { textOutcome } from "@/training/text_outcome.ts";
import type { TextSettings } from "@/training/text_options.ts";
import { textPlan } from "@/training/text_plan.ts";
import { textDisk, tinyTextSettings } from "./tiny_text.ts";

/** The outcome of a network that knows nothing, if it is said to need so many bits. */
function outcomeOf(bits: number, changes: Partial<TextSettings> = {}, text = "ab".repeat(500)) {
  const plan = textPlan(tinyTextSettings(changes), textDisk(text));
  const network = createStepper(plan.shape, zeroParameters(plan.shape));
  const history = [
    { iteration: 0, error: 1, symbols: 0, validation: null },
    { iteration: 4, error: 0.5, symbols: 60, validation: bits },
  ];
  return textOutcome({ plan, best: { bits, updates: 4 }, network, history });
}

Deno.test("the outcome compares the network with the frequencies of the characters, and shows a sample", () => {
  const { lines, success, measures } = outcomeOf(0.5);
  assertEquals(lines.slice(0, 5), [
    "the last 100 characters of my.txt  bits per character  perplexity",
    "frequencies of the characters                   1.000        2.00",
    "best network, after 60 characters               0.500        1.41",
    "",
    "A sample of 300 characters at temperature 0.7:",
  ]);
  assertMatch(lines.slice(5).join("\n"), /^[ab]{300}$/);
  assertEquals([success, measures], [true, { "bits per character": 0.5, perplexity: 2 ** 0.5 }]);
});

Deno.test("a network has succeeded if it knows more than the frequencies", () => {
  assertEquals([0.99, 1.01].map((bits) => outcomeOf(bits).success), [true, false]);
});

Deno.test("bytes have their name, and a sample shows no control characters but line breaks and tabs", () => {
  const { lines, measures } = outcomeOf(7, { unit: "bytes" });
  assertEquals(Object.keys(measures!), ["bits per byte", "perplexity"]);
  assert(lines[0].startsWith("the last 100 bytes of my.txt"));
  // deno-lint-ignore no-control-regex
  assertEquals(/[\0-\x08\x0b-\x1f\x7f-\x9f]/.test(lines.join("\n")), false);
  assertMatch(lines.slice(5).join(""), /[\u2400-\u241f]/);
});

Deno.test("the figure says what the best network needs, and has the frequencies as its reference", () => {
  const [figure, ...others] = outcomeOf(0.5).figures;
  assertEquals(others, []);
  assert(
    JSON.stringify(figure.layout.title).includes(
      "needs 0.50 bits per character of the held-out text",
    ),
  );
  assertEquals(figure.data.map(({ name }) => name).filter(Boolean), [
    "training",
    "held out",
    "frequencies",
  ]);
});
