import { assertEquals, assertThrows } from "@std/assert";
import { wordsAndOptions } from "@/cli/words_and_options.ts";
import { UserError } from "@/io/user_error.ts";

const KNOWN = new Map([["--run", true], ["--show", false], ["--help", false]]);
const taken = (...line: string[]) => {
  const { words, options } = wordsAndOptions(line, KNOWN);
  return [words, Object.fromEntries(options)];
};

Deno.test("words and options may come in any order", () => {
  const wanted = [["a", "b c"], { "--run": "x", "--show": "true" }];
  assertEquals(taken("a", "--run", "x", "b c", "--show"), wanted);
  assertEquals(taken("--show", "--run=x", "a", "b c"), wanted);
});

Deno.test("a flag that takes no value leaves the next word alone", () => {
  assertEquals(taken("--show", "a"), [["a"], { "--show": "true" }]);
});

Deno.test("after -- everything is a word, -- too", () => {
  assertEquals(taken("--", "--show", "--", "-x"), [["--show", "--", "-x"], {}]);
  assertEquals(taken("--show", "--", "--run"), [["--run"], { "--show": "true" }]);
});

Deno.test("an empty word and a single hyphen are words", () => {
  assertEquals(taken("", "-"), [["", "-"], {}]);
});

Deno.test("-h is --help", () => {
  assertEquals(taken("-h"), [[], { "--help": "true" }]);
});

Deno.test("unknown, doubled and incomplete options are refused", () => {
  const lines = [
    ["--shwo"],
    ["-x"],
    ["-5 degrees"],
    ["--run"],
    ["--run", "--", "a"],
    ["--run", "--show"],
    ["--run", ""],
    ["--run=", "a"],
    ["--show=yes"],
    ["--show", "--show"],
    ["--run", "a", "--run", "b"],
  ];
  for (const line of lines) {
    assertThrows(() => wordsAndOptions(line, KNOWN), UserError, "Cannot read the options: wanted");
  }
});
