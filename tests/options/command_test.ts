import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { commandHelp } from "@/options/command_help.ts";
import { type Command, EXIT_CODES, readCommandLine, type RunLine } from "@/options/command.ts";
import { choice, flag, integer, number, text } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import type { OptionTable, ValuesOf } from "@/options/settings.ts";
import { OutputError } from "@/io/terminal.ts";
import { UserError } from "@/io/user_error.ts";

const SENTENCE = /^Cannot [^:\n]+: wanted [^\n]+, got [^\n]+$/;

const OPTIONS = {
  experiment: text({ default: "walk", placeholder: "NAME", description: "what to train" }),
  resume: text({
    default: null,
    defaultText: "",
    placeholder: "PATH",
    description: "continue the run in that folder",
  }),
  runFolder: text({ default: null, placeholder: "PATH", description: "a new folder" }),
  seed: integer({ default: 1, minimum: 0, description: "of its random numbers" }),
  json: flag({ description: "print JSON" }),
};

/** Like `train`: options of every experiment, and those of the chosen one. */
const TRAIN: Command<typeof OPTIONS> = {
  action: "train",
  summary: "Trains an experiment.",
  usage: ["deno task train [--experiment NAME] [options]", "deno task train --resume PATH"],
  options: OPTIONS,
  groups: {
    commonTitle: "Options of every experiment",
    chosenBy: "experiment",
    groups: [
      {
        name: "walk",
        summary: "walks about",
        options: {
          cell: choice({ choices: ["lstm", "rnn"], default: "lstm", description: "the cell" }),
          memory: choice({
            choices: ["stack", "none"],
            default: "stack",
            description: "the memory",
          }),
          stepLength: number({ default: 0.1, above: 0, description: "how far a step goes" }),
        },
      },
      {
        name: "stroll",
        summary: "walks slowly",
        options: {
          stepLength: number({ default: 0.2, above: 0, description: "how far a step goes" }),
          leisure: number({ default: 1, description: "how slowly" }),
        },
      },
    ],
  },
  aliases: {
    "--stride": "--step-length",
    "--model": {
      "lstm+stack": { "--cell": "lstm", "--memory": "stack" },
      lstm: { "--cell": "lstm", "--memory": "none" },
      rnn: { "--cell": "rnn", "--memory": "none" },
    },
  },
  exclusive: [["resume", "runFolder"]],
  notes: ["A run folder holds everything."],
  exitCodes: { 1: "the numbers diverged", 130: EXIT_CODES[130] },
};

function read(...line: string[]): RunLine<typeof OPTIONS> {
  const result = readCommandLine(TRAIN, line);
  assert(result.kind === "run");
  return result;
}

function assertRefused(command: Command, line: string, message: string): void {
  const error = assertThrows(() => readCommandLine(command, line.split(" ")), UserError);
  assertMatch(error.message, SENTENCE);
  assert(error.message.includes(message), error.message);
}

Deno.test("every option of the command and of the chosen group has a value", () => {
  const { values, groupValues, given, words } = read("--step-length", "2", "--json", "--seed=7");
  assertEquals(values, { experiment: "walk", resume: null, runFolder: null, seed: 7, json: true });
  assertEquals(groupValues, { cell: "lstm", memory: "stack", stepLength: 2 });
  assertEquals([[...given], words], [["seed", "json", "stepLength"], []]);
});

Deno.test("another option chooses the group, wherever it stands", () => {
  assertEquals(read("--leisure", "3", "--experiment", "stroll").groupValues, {
    stepLength: 0.2,
    leisure: 3,
  });
  assertRefused(
    TRAIN,
    "--experiment run",
    'Cannot read --experiment: wanted one of walk, stroll, got "run"',
  );
});

Deno.test("an option of another group is refused with the options of the chosen one", () => {
  const own = "wanted one of --cell, --memory, --step-length, got --leisure";
  assertRefused(TRAIN, "--leisure 2", `Cannot train walk: ${own}`);
  assertRefused(TRAIN, "--experiment stroll --model rnn", "Cannot train stroll: wanted one of");
});

Deno.test("something else than an option may choose the group", () => {
  const choose = ({ resume }: ValuesOf<typeof OPTIONS>) => resume === "half" ? "stroll" : "walk";
  const line = readCommandLine(TRAIN, ["--resume", "half", "--leisure", "2"], choose);
  assert(line.kind === "run");
  assertEquals([line.groupValues.leisure, line.values.experiment], [2, "walk"]);
  assertThrows(() => readCommandLine(TRAIN, ["--leisure", "2"], choose), UserError, "train walk");
});

Deno.test("an alias stands for its option", () => {
  const { groupValues, given } = read("--stride", "3");
  assertEquals([groupValues.stepLength, [...given]], [3, ["stepLength"]]);
  assertRefused(
    TRAIN,
    "--stride 3 --step-length 3",
    "--step-length once, got --stride and --step-length",
  );
  assertRefused(TRAIN, "--stride 0", "Cannot read --step-length: wanted a number above 0");
  assertRefused(TRAIN, "--stirde 1", "an option that exists, such as --step-length, got --stirde");
});

Deno.test("an alias may stand for several options, value by value", () => {
  const { groupValues, given } = read("--model", "rnn");
  assertEquals([groupValues.cell, groupValues.memory], ["rnn", "none"]);
  assertEquals([...given], ["cell", "memory"]);
  assertRefused(TRAIN, "--model gru", "Cannot read --model: wanted lstm+stack, lstm or rnn");
  assertRefused(TRAIN, "--model toString", "Cannot read --model: wanted lstm+stack, lstm or rnn");
  assertRefused(TRAIN, "--model rnn --memory stack", "--memory once, got --model and --memory");
  assertRefused(TRAIN, "--model", "wanted a value after --model, got nothing");
});

Deno.test("of two options that exclude each other only one may be given", () => {
  assertRefused(TRAIN, "--run-folder b --resume a", "wanted --resume or --run-folder, got both");
  assertEquals(read("--resume", "a").values.resume, "a");
});

Deno.test("a command without words refuses them", () => {
  const wanted = "Cannot read the options: wanted options that begin with --";
  assertRefused(TRAIN, "walk", `${wanted}, got "walk"`);
  assertRefused(TRAIN, "-- --seed 3", `${wanted}, got "--"`);
});

function commandOf(minimum: number, maximum: number, mayBeEmpty?: boolean): Command {
  const words = { name: "RUN", description: "", minimum, maximum, wanted: "runs", mayBeEmpty };
  return { action: "look", summary: "", usage: [], options: {}, words };
}

Deno.test("too few words and too many are refused", () => {
  const refused: [line: string[], got: string][] = [
    [[], "none"],
    [["a"], '"a"'],
    [["a", "b", "c", "d"], "4 words"],
    [["a", ""], '"a" and ""'],
  ];
  for (const [line, got] of refused) {
    const { message } = assertThrows(() => readCommandLine(commandOf(2, 3), line), UserError);
    assertEquals(message, `Cannot look: wanted runs, got ${got}`);
  }
  for (const line of [["a", "b"], ["a", "b", "c"]]) {
    const read = readCommandLine(commandOf(2, 3), line);
    assert(read.kind === "run");
    assertEquals(read.words, line);
  }
  assertEquals(readCommandLine(commandOf(1, 1, true), [""]).kind, "run");
});

Deno.test("a table that contradicts itself is a mistake of the program", () => {
  const group = (name: string, options: OptionTable) => ({ name, summary: "", options });
  const n = integer({ default: 1, description: "" }), on = flag({ description: "" });
  const groups = (...groups: ReturnType<typeof group>[]) => ({
    commonTitle: "",
    chosenBy: "experiment",
    groups,
  });
  const wrong: Command[] = [
    { ...TRAIN, aliases: { "--seed": "--experiment" } },
    { ...TRAIN, aliases: { "--sede": "--sead" } },
    { ...TRAIN, aliases: { "--model": { rnn: { "--sead": "1" } } } },
    { ...TRAIN, aliases: {}, groups: groups(group("walk", { seed: n })) },
    { ...TRAIN, aliases: {}, groups: groups(group("walk", { x: n }), group("stroll", { x: on })) },
  ];
  for (const command of wrong) {
    assertThrows(() => readCommandLine(command, []), TypeError, "Cannot");
  }
});

Deno.test("help lists every option with its default, every group, and the exit codes", () => {
  assertEquals(commandHelp(TRAIN), [
    "Trains an experiment.",
    "",
    "Usage: deno task train [--experiment NAME] [options]",
    "       deno task train --resume PATH",
    "",
    "Options of every experiment",
    "  --experiment NAME    what to train (default walk)",
    "  --resume PATH        continue the run in that folder",
    "  --run-folder PATH    a new folder (default none)",
    "  --seed N             of its random numbers (default 1)",
    "  --json               print JSON",
    "  -h, --help           show this help",
    "",
    "walk: walks about",
    "  --cell lstm|rnn      the cell (default lstm)",
    "  --memory stack|none  the memory (default stack)",
    "  --step-length X      how far a step goes (default 0.1)",
    "",
    "stroll: walks slowly",
    "  --step-length X      how far a step goes (default 0.2)",
    "  --leisure X          how slowly (default 1)",
    "",
    "A run folder holds everything.",
    "",
    "Exit codes: 0 done, 1 the numbers diverged, 2 wrong input, or a file that cannot be used, 130",
    "stopped by Ctrl-C.",
  ]);
});

Deno.test("long descriptions and the words of long choices are broken at 100 columns", () => {
  const choices = ["recipe", "momentum", "rmsprop", "sgd"];
  const options = {
    optimizer: choice({ choices, default: "sgd", description: "word ".repeat(30).trim() }),
  };
  const help = commandHelp({ ...commandOf(1, 1), options });
  const start = help.findIndex((line) => line.startsWith("  --optimizer WORD  recipe, momentum"));
  assertMatch(help[start + 1], /^ {20}word word/);
  assertMatch(help[start + 2], /\(default sgd\)$/);
  assertEquals(help.filter((line) => line.length > 100), []);
});

function memoryTerminal() {
  const printed: string[] = [], noted: string[] = [];
  const print = (line: string) => void printed.push(line);
  const note = (line: string) => void noted.push(line);
  return { printed, noted, terminal: { print, note, overwrite() {}, columns: () => null } };
}

Deno.test("-h and --help print the help, whatever else is there, and run nothing", async () => {
  for (const line of [["-h"], ["--help"], ["--seed", "x", "--help"], ["--lenght", "-h", "a"]]) {
    const { printed, noted, terminal } = memoryTerminal();
    const code = await runCommand(TRAIN, line, terminal, () => {
      throw new Error("It ran");
    });
    assertEquals([code, printed, noted], [0, commandHelp(TRAIN), []]);
  }
});

Deno.test("a user error, of the line or of the command, is one sentence and exit code 2", async () => {
  const { printed, noted, terminal } = memoryTerminal();
  const fail = () => Promise.reject(new UserError("read a", "a file", "a folder"));
  assertEquals(await runCommand(TRAIN, ["--seed", "-1"], terminal, () => 0), 2);
  assertEquals(await runCommand(TRAIN, [], terminal, fail), 2);
  assertEquals(printed, []);
  assertEquals(noted, [
    'Cannot read --seed: wanted an integer of at least 0, got "-1"',
    "Cannot read a: wanted a file, got a folder",
  ]);
});

Deno.test("the exit code is the command's own, and other errors are not hidden", async () => {
  const { terminal } = memoryTerminal();
  assertEquals(await runCommand(TRAIN, ["--seed", "5"], terminal, ({ values }) => values.seed), 5);
  const fail = () => runCommand(TRAIN, [], terminal, () => Promise.reject(new RangeError("x")));
  assertEquals(await fail().catch((error) => error.name), "RangeError");
});

Deno.test("a result that could not be written is one sentence and exit code 1", async () => {
  const { terminal, noted } = memoryTerminal();
  const message = "Cannot write the result: wanted an output that takes it, got a full disk";
  const fail = () => Promise.reject(new OutputError(message));
  assertEquals(await runCommand(TRAIN, [], terminal, fail), 1);
  assertEquals(noted, [message]);
});
