/** What holds for every command and every option, as they are declared. */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { commandHelp } from "@/options/command_help.ts";
import { type Command, readCommandLine } from "@/options/command.ts";
import type { Option, OptionValue } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { flagOf } from "@/options/settings.ts";
import { denoCommand, end } from "./deno_process.ts";
import { memoryTerminal } from "./memory_host.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const deno = await denoCommand();

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? filesBelow(path) : path.endsWith(".ts") ? [path] : [];
  });
}

/** The modules that are run as programs, by what is in the files: a new one is tested as well. */
const MODULES = mayRead
  ? ["lib", "tests"].flatMap(filesBelow).filter((path) =>
    /^if \(import\.meta\.main\)/m.test(Deno.readTextFileSync(path))
  ).sort()
  : [];

function testCommands(name: string, fn: (path: string) => void | Promise<void>, ignore = false) {
  ignore ||= !mayRead;
  Deno.test({
    name: ignore ? `${name} (left out: needs the permissions of deno task test)` : name,
    ignore,
    fn: async () => {
      assert(MODULES.length > 10);
      for (const path of MODULES) await fn(path);
    },
  });
}

async function commandOf(path: string): Promise<Command> {
  const { COMMAND } = await import(`../../${path}`);
  assert(COMMAND, `${path} exports no COMMAND`);
  return COMMAND;
}

/** An option, and the words that must stand before it on the command line. */
interface Place {
  readonly name: string;
  readonly option: Option;
  readonly before: readonly string[];
}

function placesOf({ options, groups }: Command): Place[] {
  const places = (table: Command["options"], before: readonly string[]) =>
    Object.entries(table).map(([name, option]) => ({ name, option, before }));
  const own = places(options, []).filter(({ name }) => name !== groups?.chosenBy);
  return [
    ...own,
    ...groups?.groups.flatMap((group) =>
      places(group.options, [flagOf(groups.chosenBy), group.name])
    ) ?? [],
  ];
}

/** Texts that an option must accept, with their values, and texts that it must refuse. */
interface Expectation {
  readonly accepted: readonly (readonly [text: string, value: OptionValue])[];
  readonly refused: readonly string[];
}

const NO_NUMBERS = ["x", "NaN", "Infinity", "1e999", "0x10", "1,5", "--", "1 2"];

/** The numbers next to another one in Float64. */
function neighbours(x: number): [below: number, above: number] {
  const step = Math.max(Math.abs(x) * 2 ** -52, Number.MIN_VALUE);
  return [x - step, x + step];
}

/** Derives what a number's option must do from the range that its error tells the user. */
function expectNumber(wanted: string, range: RegExp, isInteger: boolean): Expectation {
  assertMatch(wanted, range);
  const [, how, from, to] = range.exec(wanted)!, [low, high] = [Number(from), Number(to)];
  const [below, aboveLow] = isInteger ? [low - 1, low + 1] : neighbours(low);
  const aboveHigh = isInteger ? high + 1 : neighbours(high)[1];
  const lowest = how === "above" ? aboveLow : low;
  const refused = [below, ...how === "above" ? [low] : [], aboveHigh].map(String);
  return {
    accepted: [lowest, high].map((value) => [String(value), value]),
    refused: [...refused, ...NO_NUMBERS, ...isInteger ? [String(low + 0.5)] : []],
  };
}

/** Derives what an option must do from its kind and from what its error tells the user. */
function expectationOf({ kind, wanted }: Option): Expectation {
  const texts = (...accepted: string[]) => accepted.map((text) => [text, text] as const);
  switch (kind) {
    case "integer":
      return expectNumber(wanted, /^an integer (of at least) (\S+) and at most (\d+)$/, true);
    case "number":
      return expectNumber(wanted, /^a number (of at least|above) (\S+) and at most (\S+)$/, false);
    case "sequence": {
      const range = /^1 to (\d+) numbers (of at least) (\S+) and at most (\S+) separated by/;
      assertMatch(wanted, range);
      const [, longest, , low, high] = range.exec(wanted)!;
      const numbers = Array(Number(longest)).fill(Number(high)), refused = [...numbers, high];
      return {
        accepted: [[low, [Number(low)]], [numbers.join(), numbers]],
        refused: [refused.join(), `${Number(high) + 1}`, `${Number(low) - 1},0`, "1,,2", "x"],
      };
    }
    case "lengths": {
      const [, low, high] = /^one or two integers from (\d+) to (\d+) in ascending/.exec(wanted)!;
      return {
        accepted: texts(low, high, `${low}..${high}`),
        refused: [`${Number(low) - 1}`, `${Number(high) + 1}`, `${low}..${high}0`, "9..8", "x"],
      };
    }
    case "seeds": {
      const [, low, high] = /^two integers from (\d+) to (\d+) in ascending/.exec(wanted)!;
      return {
        accepted: texts(`${low}..${low}`, `${high}..${high}`),
        refused: [`-1..${low}`, `${high}..${Number(high) + 1}`, "9..8", low, "x"],
      };
    }
    case "choice":
      return { accepted: texts(...wanted.split(/, | or /)), refused: ["no-such-word", "A"] };
    case "choices": {
      const words = /^some of (.*), separated by commas$/.exec(wanted)![1].split(", ");
      return { accepted: texts(...words, words.join()), refused: ["no-such-word", `${words[0]},`] };
    }
    case "text":
      return { accepted: texts("a b", "-x"), refused: [] };
    case "flag":
      throw new Error("A flag takes no value");
  }
}

function valueAt(command: Command, { name, before }: Place, ...line: string[]): OptionValue {
  const read = readCommandLine(command, [...before, ...line, ...requiredWords(command)]);
  assert(read.kind === "run");
  return { ...read.values, ...read.groupValues }[name];
}

function requiredWords({ words }: Command): string[] {
  return Array(words?.minimum ?? 0).fill("word");
}

function assertRefused(command: Command, place: Place, line: string[], message: string): void {
  const error = assertThrows(() => valueAt(command, place, ...line), UserError);
  assertEquals(error.message, message);
}

function checkOption(command: Command, place: Place): void {
  const { name, option } = place, flag = flagOf(name);
  assert(option.accepts(option.default), `the default of ${flag}`);
  if (option.kind === "flag") {
    assertEquals([valueAt(command, place), valueAt(command, place, flag)], [false, true]);
    const wanted = `Cannot read the options: wanted ${flag} without a value, got "1"`;
    return assertRefused(command, place, [`${flag}=1`], wanted);
  }
  const { accepted, refused } = expectationOf(option);
  for (const [text, value] of accepted) {
    assertEquals(valueAt(command, place, `${flag}=${text}`), value, `${flag}=${text}`);
  }
  for (const text of refused) {
    const message = `Cannot read ${flag}: wanted ${option.wanted}, got ${JSON.stringify(text)}`;
    assertRefused(command, place, [`${flag}=${text}`], message);
  }
  const missing = `Cannot read the options: wanted a value after ${flag}, got nothing`;
  assertRefused(command, place, [`${flag}=`], missing);
}

testCommands(
  "every option accepts the range that its error names, and nothing else",
  async (path) => {
    const command = await commandOf(path);
    for (const place of placesOf(command)) checkOption(command, place);
  },
);

testCommands(
  "every option that is given twice, or is the last word without its value, is refused",
  async (path) => {
    const command = await commandOf(path);
    for (const place of placesOf(command)) {
      const { name, option, before } = place, flag = flagOf(name);
      const text = option.kind === "flag"
        ? flag
        : `${flag}=${expectationOf(option).accepted[0][0]}`;
      const once = `Cannot read the options: wanted ${flag} once, got it twice`;
      assertRefused(command, place, [text, text], once);
      if (option.kind === "flag") continue;
      const line = [...requiredWords(command), ...before, flag];
      const { message } = assertThrows(() => readCommandLine(command, line), UserError);
      assertEquals(message, `Cannot read the options: wanted a value after ${flag}, got nothing`);
    }
  },
);

testCommands(
  "every command refuses an unknown option with exit code 2 and one sentence",
  async (path) => {
    const { terminal, printed, noted } = memoryTerminal();
    const run = () => Promise.reject(new Error(`${path} ran`));
    assertEquals(await runCommand(await commandOf(path), ["--no-such"], terminal, run), 2);
    assertEquals([printed.length, noted.length], [0, 1]);
    assertMatch(noted[0], /^Cannot read the options: wanted an option that .*, got --no-such$/);
  },
);

testCommands("every task that runs a program of the project runs one of these commands", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync("deno.json")) as {
    tasks: Record<string, string>;
  };
  const programs = Object.values(tasks).flatMap((task) =>
    /deno run .* (\S+\.ts)/.exec(task)?.[1] ?? []
  );
  assertEquals(programs.filter((path) => !MODULES.includes(path)), []);
});

testCommands("every command checks the version of Deno before it imports anything else", (path) => {
  const [first] = /^import .*$/m.exec(Deno.readTextFileSync(path)) ?? [];
  assertEquals(first, 'import "@/io/require_deno.ts";', path);
});

/** Runs a command as a process that may do nothing but what help needs: to be loaded. */
async function runAlone(path: string, ...line: readonly string[]) {
  const flags = ["run", "--no-check", "--no-prompt"];
  const preload = line.length === 0 ? ["--preload", "./tests/cli/older_deno.ts"] : [];
  const args = [...flags, ...preload, path, ...line];
  const options = { args, stdin: "null", stdout: "piped", stderr: "piped" } as const;
  return await end(new Deno.Command(String(deno), options).spawn());
}

testCommands(
  "every program prints its help for -h and --help, without any permission",
  async (path) => {
    const help = commandHelp(await commandOf(path));
    for (const word of ["-h", "--help"]) {
      assertEquals(await runAlone(path, word), { code: 0, out: help, err: [""] }, path);
    }
  },
  deno === undefined,
);

testCommands("every program refuses an older Deno in one sentence", async (path) => {
  const { code, out, err } = await runAlone(path);
  assertEquals([code, out, err.length], [2, [""], 1], err.join("\n"));
  assertMatch(err[0], /^Cannot run the project: wanted Deno \d+\.\d+ or newer .*, got 2\.5\.6$/);
}, deno === undefined);
