import { assertEquals, assertThrows } from "@std/assert";
import { nearestWord, splitCommandLine } from "@/options/command_line.ts";
import { UserError } from "@/io/user_error.ts";

const KNOWN = new Map([["--run", true], ["--show", false], ["--help", false]]);
const split = (...line: string[]) => {
  const { words, texts } = splitCommandLine(line, KNOWN);
  return [words, Object.fromEntries(texts)];
};

Deno.test("words and options may come in any order", () => {
  const wanted = [["a", "b c"], { "--run": "x", "--show": "true" }];
  assertEquals(split("a", "--run", "x", "b c", "--show"), wanted);
  assertEquals(split("--show", "--run=x", "a", "b c"), wanted);
});

Deno.test("a flag that takes no value leaves the next word alone", () => {
  assertEquals(split("--show", "a"), [["a"], { "--show": "true" }]);
});

Deno.test("a value may begin with one hyphen, and with two after =", () => {
  assertEquals(split("--run", "-1", "a"), [["a"], { "--run": "-1" }]);
  assertEquals(split("--run=--show"), [[], { "--run": "--show" }]);
  assertEquals(split("--run=a=b"), [[], { "--run": "a=b" }]);
});

Deno.test("after -- everything is a word, -- too", () => {
  assertEquals(split("--", "--show", "--", "-x", "-h"), [["--show", "--", "-x", "-h"], {}]);
  assertEquals(split("--show", "--", "--run"), [["--run"], { "--show": "true" }]);
});

Deno.test("an empty word and a single hyphen are words", () => {
  assertEquals(split("", "-"), [["", "-"], {}]);
});

Deno.test("-h is --help, and then nothing else is checked", () => {
  for (const line of [["-h"], ["--help"], ["--shwo", "-h"], ["--show", "--show", "--help"]]) {
    assertEquals(split(...line), [[], { "--help": "true" }]);
  }
});

Deno.test("unknown, repeated and incomplete options are refused", () => {
  const lines = [
    ["--shwo"],
    ["-x"],
    ["-5 degrees"],
    ["--constructor"],
    ["--__proto__=1"],
    ["--run"],
    ["--run", "--", "a"],
    ["--run", "--show"],
    ["--run", "--help"],
    ["--run", ""],
    ["--run=", "a"],
    ["--show=yes"],
    ["--show="],
    ["--help=yes"],
    ["--no-show"],
    ["--show", "--show"],
    ["--run", "a", "--run", "b"],
  ];
  for (const line of lines) {
    assertThrows(() => split(...line), UserError, "Cannot read the options: wanted");
  }
});

Deno.test("the nearest known option is suggested", () => {
  assertThrows(
    () => split("--shwo"),
    UserError,
    "an option that exists, such as --show, got --shwo",
  );
  assertThrows(() => split("--colour"), UserError, "an option that --help lists, got --colour");
});

Deno.test("a word is near up to two errors: letters left out, added, replaced or swapped", () => {
  for (const word of ["--lengt", "--lengthh", "--lengtx", "--legnth", "--lenghtt", "--lgenhth"]) {
    assertEquals(nearestWord(word, ["--seed", "--length"]), "--length", word);
  }
  for (const word of ["--len", "--lengthier", "--abcgth", "--lnegthxy"]) {
    assertEquals(nearestWord(word, ["--seed", "--length"]), undefined, word);
  }
});

Deno.test("the nearest of several words is found", () => {
  assertEquals(nearestWord("--seeds", ["--seed", "--seeds1", "--seeds"]), "--seeds");
  assertEquals(nearestWord("--sede", ["--seeder", "--seed"]), "--seed");
});
