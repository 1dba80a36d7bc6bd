import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXPERIMENTS } from "@/cli/experiments.ts";
import { trainCommand } from "@/cli/train.ts";
import { optionRow } from "@/options/command_help.ts";
import { flagOf } from "@/options/settings.ts";
import { memoryHost, trainStandIn } from "./memory_host.ts";

const OWN_FLAGS = [
  "--experiment",
  "--seed",
  "--seeds",
  "--workers",
  "--threads",
  "--run-folder",
  "--resume",
  "--json",
  "--help",
];

/** The help of the real command; it is refused if options of experiments and of the command clash. */
async function help(): Promise<readonly string[]> {
  const host = memoryHost();
  assertEquals(await trainCommand(["--help"], host), 0);
  return host.printed;
}

Deno.test("help names every experiment, every option and every default", async () => {
  const lines = await help();
  for (const flag of OWN_FLAGS) {
    assert(
      lines.some((line) => line.startsWith(`  ${flag} `) || line.includes(`, ${flag} `)),
      flag,
    );
  }
  for (const { name, options } of EXPERIMENTS) {
    const start = lines.findIndex((line) => line.startsWith(`${name}: `));
    assert(start > 0, name);
    const section = lines.slice(start + 1, lines.indexOf("", start)).join("\n");
    // A line that goes on where the one before had to be broken begins in the right column.
    const rows = section.replace(/\n {20,}/g, " ").split("\n");
    assertEquals(rows.length, Object.keys(options).length, name);
    Object.entries(options).forEach(([option, definition], i) => {
      const [left, right] = optionRow(option, definition);
      assertStringIncludes(rows[i], `  ${left} `);
      assertStringIncludes(rows[i], right);
    });
  }
});

Deno.test("no line of help is wider than 100 columns", async () => {
  assertEquals((await help()).filter((line) => line.length > 100), []);
});

Deno.test("help shows how to choose a task and a memory, and what a run folder holds", async () => {
  const text = (await help()).join("\n");
  assertStringIncludes(text, "Usage: deno task train [--task NAME] [--memory NAME] [options]");
  assertStringIncludes(text, "checkpoint.safetensors");
  assertStringIncludes(
    text,
    "1 a run diverged, 2 wrong input, or a file that cannot be used, 75 stopped",
  );
});

Deno.test("--help and -h print the help, whatever else is asked for, and write nothing", async () => {
  for (const line of [["--help"], ["-h"], ["--seed", "3", "--help"], ["--resume", "a", "-h"]]) {
    const host = memoryHost();
    assertEquals(await trainStandIn(line, host), 0);
    assertStringIncludes(host.printed[0], "Trains an experiment");
    assertEquals([host.noted, host.files.snapshot()], [[], []]);
  }
});

Deno.test("names of experiments are unique, and so are their options among the command's", () => {
  const names = EXPERIMENTS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  for (const { name, options } of EXPERIMENTS) {
    const flags = Object.keys(options).map(flagOf);
    assertEquals(flags.filter((flag) => OWN_FLAGS.includes(flag)), [], name);
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
