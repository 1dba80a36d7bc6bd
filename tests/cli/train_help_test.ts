import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXPERIMENTS } from "@/cli/experiments.ts";
import { trainCommand } from "@/cli/train_command.ts";
import { trainHelp } from "@/cli/train_help.ts";
import { COMMAND_OPTIONS } from "@/cli/train_options.ts";
import { flagOf } from "@/options/settings.ts";
import { memoryHost } from "./memory_host.ts";

Deno.test("help names every experiment, every option and every default", () => {
  const help = trainHelp(EXPERIMENTS, EXPERIMENTS[0].name);
  for (const { flag } of COMMAND_OPTIONS) assertStringIncludes(help.join("\n"), `  ${flag}`);
  for (const { name, options } of EXPERIMENTS) {
    const start = help.findIndex((line) => line.startsWith(`${name}: `));
    assert(start > 0, name);
    const section = help.slice(start + 1, help.indexOf("", start)).join("\n");
    // A line that goes on where the one before had to be broken begins in the right column.
    const rows = section.replace(/\n {20,}/g, " ").split("\n");
    Object.entries(options).forEach(([option, { default: value, defaultText }], i) => {
      const shown = defaultText ?? { true: "on", false: "off", null: "none" }[String(value)] ??
        value;
      assertStringIncludes(rows[i], `  ${flagOf(option)} `);
      assertStringIncludes(rows[i], `(default ${shown})`);
    });
  }
});

Deno.test("no line of help is wider than 100 columns", () => {
  const wide = trainHelp(EXPERIMENTS, EXPERIMENTS[0].name).filter((line) => line.length > 100);
  assertEquals(wide, []);
});

Deno.test("--help and -h print the help, whatever else is asked for, and write nothing", async () => {
  for (const line of [["--help"], ["-h"], ["--seed", "3", "--help"]]) {
    const host = memoryHost();
    assertEquals(await trainCommand(line, host), 0);
    assertStringIncludes(host.printed[0], "Trains an experiment");
    assertEquals([host.noted, host.files.snapshot()], [[], []]);
  }
});

Deno.test("names of experiments are unique, and so are their options among the command's", () => {
  const names = EXPERIMENTS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  const taken = new Set(COMMAND_OPTIONS.map(({ flag }) => flag));
  for (const { name, options } of EXPERIMENTS) {
    const clashes = Object.keys(options).map(flagOf).filter((flag) => taken.has(flag));
    assertEquals(clashes, [], name);
  }
});

Deno.test("an option of one name takes a value in every experiment, or in none", () => {
  const kinds = new Map<string, boolean>();
  for (const { options } of EXPERIMENTS) {
    for (const [name, { kind }] of Object.entries(options)) {
      assertEquals(kinds.get(name) ?? (kind === "flag"), kind === "flag", name);
      kinds.set(name, kind === "flag");
    }
  }
});

Deno.test("the defaults of every experiment are accepted by their own options", () => {
  for (const { name, options } of EXPERIMENTS) {
    for (const [option, { default: value, accepts }] of Object.entries(options)) {
      assert(accepts(value), `${name} ${option}`);
    }
  }
});
