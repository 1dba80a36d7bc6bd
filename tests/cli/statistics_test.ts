import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { statisticsCommand } from "@/cli/statistics.ts";
import type { Study, StudyHost } from "@/studies/study.ts";
import { memoryHost } from "./memory_host.ts";

function setUp(failing = "", takesSeeds?: boolean) {
  const made: string[] = [], hosts: StudyHost[] = [];
  const study = (name: string): Study => ({
    name,
    about: `the table of ${name}`,
    ...(takesSeeds && name === "rows" && {
      takesSeeds,
      tables: () => [{ title: "Rows", rows: [{ seed: "1", exact: "yes" }] }],
    }),
    async make(part, host, seeds) {
      await Promise.resolve();
      if (name === failing) throw new Error("broken");
      made.push(`${name}/${part}${seeds ? ` ${seeds.first} to ${seeds.last}` : ""}`);
      hosts.push(host);
      host.terminal.print(`did ${name}`);
    },
  });
  const host = memoryHost(), { printed, noted } = host;
  const studies = [study("rows"), study("columns")];
  const run = (...words: string[]) => statisticsCommand(words, studies, host);
  return { run, made, hosts, host, printed, noted };
}

Deno.test("without a name every study is made, one after the other", async () => {
  const { run, made, hosts, host, printed } = setUp();
  assertEquals(await run(), 0);
  assertEquals(hosts.every((given) => given === host), true);
  assertEquals(made, ["rows/", "columns/"]);
  assertEquals(printed, ["did rows", "did columns"]);
});

Deno.test("a name makes one study, and a part goes with it", async () => {
  const { run, made } = setUp();
  assertEquals(await run("columns", "the noise"), 0);
  assertEquals(made, ["columns/the noise"]);
});

Deno.test("an unknown name, or a word too many, is refused with the names", async () => {
  const { run, made, noted } = setUp();
  assertEquals([await run("colunms"), await run("rows", "a", "b")], [2, 2]);
  assertEquals(made, []);
  assertEquals(noted, [
    'Cannot make statistics: wanted one of rows, columns, got "colunms" (did you mean columns?)',
    "Cannot make statistics: wanted STUDY and PART, got 3 words",
  ]);
});

Deno.test("seeds go to a study that takes them, and are refused for any other", async () => {
  const { run, made, noted } = setUp("", true);
  assertEquals(await run("rows", "a", "--seeds", "2..4"), 0);
  assertEquals(made, ["rows/a 2 to 4"]);
  assertEquals([await run("columns", "--seeds", "2..4"), await run("--seeds", "2..4")], [2, 2]);
  assertEquals(made.length, 1);
  assertEquals(noted, [
    "Cannot make statistics: wanted a study that takes --seeds (rows), got columns",
    "Cannot make statistics: wanted a study that takes --seeds (rows), got all studies",
  ]);
});

Deno.test("the tables of a study are printed once it is made", async () => {
  const { run, printed } = setUp("", true);
  assertEquals(await run("rows"), 0);
  assertEquals(printed, ["did rows", "Rows\nseed  exact\n   1  yes\n"]);
});

Deno.test("help names every study and makes none", async () => {
  for (const word of ["--help", "-h"]) {
    const { run, made, printed } = setUp();
    assertEquals(await run(word), 0);
    assertEquals(made, []);
    for (const name of ["rows", "columns"]) {
      assertStringIncludes(printed.join("\n"), `the table of ${name}`);
    }
  }
});

Deno.test("an error of a study is not reported as the user's", async () => {
  await assertRejects(() => setUp("columns").run(), Error, "broken");
});
