import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { readEvaluateRequest } from "@/cli/evaluate.ts";
import { UserError } from "@/io/user_error.ts";

Deno.test("a run alone means a thousand strings of 65 to 128 characters", () => {
  const lengths = { shortest: 65, longest: 128 };
  const wanted = {
    run: "a",
    lengths,
    strings: 1000,
    seed: 1,
    build: "relaxed" as const,
    json: false,
  };
  assertEquals(readEvaluateRequest(["a"]), wanted);
});

Deno.test("the options may come before the run", () => {
  const line = ["--json", "--lengths", "1..2", "--strings", "3", "--seed", "0", "--", "--odd"];
  const lengths = { shortest: 1, longest: 2 };
  assertEquals(readEvaluateRequest(line), {
    run: "--odd",
    lengths,
    strings: 3,
    seed: 0,
    build: "relaxed",
    json: true,
  });
});

Deno.test("help needs no run", () => {
  assertEquals(readEvaluateRequest(["--help"]), "help");
  assertEquals(readEvaluateRequest(["a", "-h"]), "help");
});

Deno.test("what is out of range is refused in one sentence that repeats it", () => {
  const lines = {
    "--lengths": [
      "0",
      "0..5",
      "-1",
      "-1..5",
      "128..65",
      "65-128",
      "65..",
      "..65",
      "1.5..2",
      "65..128..200",
      "x",
      " 65..128",
      "100001",
      "1..100001",
      "99999999",
      "1e3",
    ],
    "--strings": ["0", "-1", "1.5", "x", "1000001", "1e400", "0x10", "Infinity"],
    "--seed": ["-1", "1.5", "x", "4294967296", "NaN"],
  };
  for (const [flag, texts] of Object.entries(lines)) {
    for (const text of texts) {
      const { message } = assertThrows(() => readEvaluateRequest(["a", flag, text]), UserError);
      assertMatch(message, new RegExp(`^Cannot read ${flag}: wanted [^\n]+, got "${text}"$`));
    }
  }
});

Deno.test("no run, two runs, unknown options and more than can be drawn are refused", () => {
  const refused: [string[], string][] = [
    [[], "wanted one run folder or weights file, got none"],
    [[""], "wanted one run folder or weights file"],
    [["a", "b"], 'wanted one run folder or weights file, got "a" and "b"'],
    [["a", "--length", "5"], "such as --lengths"],
    [["a", "--strings"], "wanted a value after --strings"],
    [["a", "--json=yes"], "--json without a value"],
    [["a", "--lengths", "100000", "--strings", "2000"], "at most 100000000, got 200000000"],
  ];
  for (const [line, part] of refused) {
    const { message } = assertThrows(() => readEvaluateRequest(line), UserError, part);
    assertMatch(message, /^Cannot [^\n]+: wanted [^\n]+, got [^\n]+$/);
  }
});
