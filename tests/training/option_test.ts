import { assertEquals, assertStrictEquals } from "@std/assert";
import { integer, number, sequence } from "@/training/number_option.ts";
import { choice, flag, type Option } from "@/training/option.ts";

function accepted(option: Option, texts: string[]): string[] {
  return texts.filter((text) => option.accepts(option.convert(text)));
}

const description = "";

Deno.test("an integer is digits within bounds, and nothing else", () => {
  const option = integer({ default: 3, minimum: 1, maximum: 10, description });
  const texts = [
    "1",
    "10",
    "1e1",
    "0",
    "11",
    "-1",
    "2.5",
    "NaN",
    "Infinity",
    "0x5",
    "3a",
    "",
    " 3",
  ];
  assertEquals(accepted(option, texts), ["1", "10", "1e1"]);
});

Deno.test("a number is finite and within bounds", () => {
  const option = number({ default: 1, above: 0, maximum: 2, description });
  const texts = [
    "0.5",
    ".5",
    "2",
    "2e-3",
    "0",
    "-1",
    "2.1",
    "NaN",
    "Infinity",
    "1e999",
    "1,5",
    "x",
  ];
  assertEquals(accepted(option, texts), ["0.5", ".5", "2", "2e-3"]);
});

Deno.test("a number without bounds is finite all the same", () => {
  assertEquals(accepted(number({ default: 1, description }), ["-5", "1e308", "1e309"]), [
    "-5",
    "1e308",
  ]);
});

Deno.test("a sequence is numbers between commas, no more of them than it may hold", () => {
  const option = sequence({ default: [1], maximum: 5, longest: 3, description });
  const texts = ["1", "1, 2,3", "-1,.5", "", "1,", "1,b", "1,NaN", "1;2", "1,6", "1,2,3,4"];
  assertEquals(accepted(option, texts), ["1", "1, 2,3", "-1,.5"]);
});

Deno.test("minus nought on the command line is nought, as it will be in config.json", () => {
  assertStrictEquals(number({ default: 1, description }).convert("-0"), 0);
});

Deno.test("null is accepted only where an option may be left out", () => {
  assertEquals(integer({ default: null, description }).accepts(null), true);
  assertEquals(integer({ default: 1, description }).accepts(null), false);
  assertEquals(sequence({ default: null, description }).accepts(null), true);
  assertEquals(sequence({ default: [1], description }).accepts(null), false);
});

Deno.test("values of another type, as an edited file may hold, are not accepted", () => {
  assertEquals(integer({ default: 1, description }).accepts("1"), false);
  assertEquals(sequence({ default: [1], description }).accepts(["1"]), false);
  assertEquals(flag({ description }).accepts(1), false);
  assertEquals(choice({ choices: ["a"], default: "a", description }).accepts(0), false);
});

Deno.test("every default is accepted by its own option", () => {
  const options: Option[] = [
    integer({ default: 1, minimum: 1, description }),
    number({ default: null, above: 0, description }),
    sequence({ default: [0.1], minimum: 0, description }),
    choice({ choices: ["a", "b"], default: "b", description }),
    flag({ description }),
  ];
  assertEquals(options.map((option) => option.accepts(option.default)), options.map(() => true));
});

Deno.test("what is wanted is said with its bounds", () => {
  assertEquals(
    number({ default: 1, above: 0, maximum: 1, description }).wanted,
    "a number above 0 and at most 1",
  );
  assertEquals(
    sequence({ default: [1], longest: 9, description }).wanted,
    "1 to 9 numbers separated by commas, such as 0.1,0.2,0.3",
  );
  const three = choice({ choices: ["a", "b", "c"], default: "a", description });
  assertEquals(three.wanted, "a, b or c");
});
