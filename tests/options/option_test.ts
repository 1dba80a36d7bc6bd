import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { type Command, readCommandLine } from "@/options/command.ts";
import {
  choice,
  choices,
  flag,
  integer,
  isSeedRange,
  lengthRange,
  listSeeds,
  number,
  type Option,
  type OptionValue,
  parseSeedRange,
  seedRange,
  sequence,
  text,
} from "@/options/option.ts";
import { UserError } from "@/io/user_error.ts";

/** What one option accepts and refuses. */
interface Kind {
  readonly option: Option;
  /** Texts with their values: at each bound, and between. */
  readonly accepted: readonly (readonly [text: string, value: OptionValue])[];
  /** Texts below and above each bound or of the wrong kind, with a part of what is wanted instead. */
  readonly refused: readonly (readonly [text: string, wanted: string])[];
  /** Values that a file may hold, of another type. */
  readonly wrongValues: readonly unknown[];
}

const description = "";
const BETWEEN = "an integer of at least 1 and at most 10";
const ABOVE = "a number above 0 and at most 2";
const ASCENDING = "two integers from 0 to 4294967295 in ascending order, such as 1..20";
const LENGTHS = "one or two integers from 1 to 100000 in ascending order, such as 8..64";

const KINDS: Readonly<Record<string, Kind>> = {
  integer: {
    option: integer({ default: 3, minimum: 1, maximum: 10, description }),
    accepted: [["1", 1], ["10", 10], ["1e1", 10], ["+2", 2]],
    refused: ["0", "11", "-1", "2.5", "NaN", "Infinity", "0x5", "3a", " 3", "1e400"]
      .map((text) => [text, BETWEEN]),
    wrongValues: ["1", true, null, [1], 2.5, 0, NaN],
  },
  "optional integer": {
    option: integer({ default: null, minimum: -5, description }),
    accepted: [["-5", -5], ["0", 0], ["-0", 0], ["9007199254740991", Number.MAX_SAFE_INTEGER]],
    refused: ["-6", "9007199254740992", "none"].map((text) => [text, "an integer of at least -5"]),
    wrongValues: ["1", true, [], {}],
  },
  number: {
    option: number({ default: 1, above: 0, maximum: 2, description }),
    accepted: [[".5", 0.5], ["2", 2], ["2e-3", 0.002], ["5e-324", 5e-324]],
    refused: ["0", "-1", "2.0000001", "NaN", "Infinity", "1e999", "1,5", "x"]
      .map((text) => [text, ABOVE]),
    wrongValues: ["1", null, [1], 0, Infinity, NaN],
  },
  "number without bounds": {
    option: number({ default: null, description }),
    accepted: [["-5", -5], ["1e308", 1e308]],
    refused: [["1e309", "a number"], ["five", "a number"]],
    wrongValues: ["1", false],
  },
  sequence: {
    option: sequence({ default: [1], maximum: 5, longest: 3, description }),
    accepted: [["5", [5]], ["1, 2,3", [1, 2, 3]], ["-1,.5", [-1, 0.5]]],
    refused: ["1,", "1,b", "1,NaN", "1;2", "1,6", "1,2,3,4"]
      .map((text) => [text, "1 to 3 numbers at most 5 separated by commas"]),
    wrongValues: [1, "1", ["1"], [], [1, 2, 3, 4], [6], null],
  },
  choice: {
    option: choice({ choices: ["a", "b", "c"], default: "a", description }),
    accepted: [["a", "a"], ["c", "c"]],
    refused: [["d", "a, b or c"], ["A", "a, b or c"], ["a,b", "a, b or c"]],
    wrongValues: [0, null, true, ["a"], "d"],
  },
  "optional choice": {
    option: choice({ choices: ["a", "b"], default: null, description }),
    accepted: [["a", "a"], ["b", "b"]],
    refused: [["c", "a or b"], ["none", "a or b"]],
    wrongValues: [0, true, ["a"], "c"],
  },
  choices: {
    option: choices({ choices: ["a", "b", "c"], default: "a,b,c", description }),
    accepted: [["a", "a"], ["c,a", "c,a"], ["a,b,c", "a,b,c"]],
    refused: ["d", "a,d", "a,", ",", "A", "a b", "a, b"]
      .map((text) => [text, "some of a, b, c, separated by commas"]),
    wrongValues: [0, null, true, ["a"], "d", ""],
  },
  "range of lengths": {
    option: lengthRange({ default: "8..64", description }),
    accepted: [["1", "1"], ["1..1", "1..1"], ["1..100000", "1..100000"], ["7..9", "7..9"]],
    refused: ["0", "0..5", "100001", "1..100001", "9..7", "5..", "..5", "5-7", "1.5..2", "1..2..3"]
      .map((text) => [text, LENGTHS]),
    wrongValues: [8, null, [8, 64], { shortest: 8, longest: 64 }, "9..7"],
  },
  "range of lengths that may be left out": {
    option: lengthRange({ default: null, description }),
    accepted: [["7..9", "7..9"]],
    refused: [["9..7", LENGTHS]],
    wrongValues: [8, "9..7"],
  },
  "range of seeds": {
    option: seedRange({ default: null, description }),
    accepted: ["0..0", "0..9999", "3..3", "4294967295..4294967295"].map((text) => [text, text]),
    refused: [
      ["0..10000", "at most 10000 seeds"],
      ["0..4294967295", "at most 10000 seeds"],
      ["4294967290..4294967296", ASCENDING],
      ["1..99999999999999999999", ASCENDING],
      ...["5..1", "-1..3", "1..2.5", "1...3", "1-3", "7", "a..b"].map((text) =>
        [text, ASCENDING] as const
      ),
    ],
    wrongValues: [3, [1, 2], { first: 1, last: 2 }, "5..1"],
  },
  text: {
    option: text({ default: null, placeholder: "PATH", description }),
    accepted: [["a b", "a b"], ["-", "-"], ["-1", "-1"]],
    refused: [],
    wrongValues: [1, "", true, ["a"]],
  },
};

/** A command whose one option has an older spelling. */
function commandWith(option: Option): Command {
  return {
    action: "test",
    summary: "",
    usage: [],
    options: { theOption: option },
    aliases: { "--old-option": "--the-option" },
  };
}

function valueIn(option: Option, ...line: string[]): OptionValue {
  const read = readCommandLine(commandWith(option), line);
  if (read.kind === "help") throw new Error("Cannot read a value: wanted no help");
  return read.values.theOption;
}

function assertRefused(option: Option, line: readonly string[], message: string): void {
  const error = assertThrows(() => valueIn(option, ...line), UserError);
  assertEquals(error.message, message);
}

for (const [kind, { option, accepted, refused, wrongValues }] of Object.entries(KINDS)) {
  Deno.test(`${kind}: what is within bounds is accepted`, () => {
    for (const [text, value] of accepted) {
      assertEquals(valueIn(option, "--the-option", text), value, text);
      assertEquals(valueIn(option, `--the-option=${text}`), value, text);
      assertEquals(valueIn(option, "--old-option", text), value, text);
      assertEquals(option.accepts(value), true, text);
    }
  });

  Deno.test(`${kind}: what is out of bounds or of another kind is refused in one sentence`, () => {
    for (const [text, wanted] of refused) {
      const { message } = assertThrows(() => valueIn(option, `--the-option=${text}`), UserError);
      const start = `Cannot read --the-option: wanted ${wanted}`;
      assertEquals(message.slice(0, start.length), start);
      assertEquals(message.endsWith(`, got ${JSON.stringify(text)}`), true, message);
    }
  });

  Deno.test(`${kind}: values of another type, as in an edited file, are refused`, () => {
    assertEquals(wrongValues.filter((value) => option.accepts(value)), []);
    assertEquals(option.accepts(undefined), false);
  });

  Deno.test(`${kind}: the default is accepted, and holds where the option is not given`, () => {
    assertEquals(option.accepts(option.default), true);
    assertEquals(valueIn(option), option.default);
  });

  Deno.test(`${kind}: a missing value is refused`, () => {
    const missing = "Cannot read the options: wanted a value after --the-option, got";
    assertRefused(option, ["--the-option"], `${missing} nothing`);
    assertRefused(option, ["--the-option="], `${missing} nothing`);
    assertRefused(option, ["--the-option", ""], `${missing} nothing`);
    assertRefused(option, ["--the-option", "--old-option"], `${missing} --old-option`);
  });

  Deno.test(`${kind}: an option that is given twice is refused, whatever the spelling`, () => {
    const [[value]] = accepted, start = "Cannot read the options: wanted --the-option once, got";
    const twice = (a: string, b: string) => [a, value, b, value];
    assertRefused(option, twice("--the-option", "--the-option"), `${start} it twice`);
    const both = `${start} --old-option and --the-option`;
    assertRefused(option, twice("--old-option", "--the-option"), both);
    const turned = `${start} --the-option and --old-option`;
    assertRefused(option, twice("--the-option", "--old-option"), turned);
    assertRefused(option, twice("--old-option", "--old-option"), `${start} --old-option twice`);
  });
}

Deno.test("flag: given or not, never with a value, never twice", () => {
  const option = flag({ description });
  assertEquals([valueIn(option), valueIn(option, "--the-option")], [false, true]);
  assertEquals(valueIn(option, "--old-option"), true);
  assertRefused(
    option,
    ["--the-option=yes"],
    'Cannot read the options: wanted --the-option without a value, got "yes"',
  );
  const once = "Cannot read the options: wanted --the-option once, got";
  assertRefused(option, ["--the-option", "--the-option"], `${once} it twice`);
  const both = `${once} --the-option and --old-option`;
  assertRefused(option, ["--the-option", "--old-option"], both);
  assertEquals([true, 1, "true", null].map((value) => option.accepts(value)), [
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("minus zero on the command line is zero, as it will be in config.json", () => {
  assertStrictEquals(number({ default: 1, description }).convert("-0"), 0);
});

Deno.test("null is accepted only where it is the default", () => {
  const optional = [
    integer({ default: null, description }),
    sequence({ default: null, description }),
    seedRange({ default: null, description }),
    text({ default: null, description }),
  ];
  const required = [
    integer({ default: 1, description }),
    sequence({ default: [1], description }),
    seedRange({ default: "1..2", description }),
    text({ default: "a", description }),
  ];
  assertEquals(optional.map((option) => option.accepts(null)), [true, true, true, true]);
  assertEquals(required.map((option) => option.accepts(null)), [false, false, false, false]);
});

Deno.test("a range of seeds in a file is checked like one on the command line", () => {
  const good = [{ first: 2, last: 4 }, { first: 0, last: 9999 }];
  const bad = [
    ...[null, 3, "1..2", {}, { first: 4, last: 2 }, { first: "1", last: "2" }],
    ...[{ first: 0, last: 10_000 }, { first: -1, last: 2 }, { first: 0.5, last: 2 }],
    { first: 2 ** 32 - 1, last: 2 ** 32 },
  ];
  assertEquals([...good, ...bad].filter(isSeedRange), good);
  assertEquals(parseSeedRange("0..9999"), good[1]);
});

Deno.test("both ends of a range of seeds are in it", () => {
  assertEquals(listSeeds({ first: 2, last: 4 }), [2, 3, 4]);
});
