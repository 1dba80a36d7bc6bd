import { assertEquals } from "@std/assert";
import { labCommand } from "@/cli/lab.ts";
import { machinePrograms } from "@/io/programs.ts";
import { findPython } from "@/cli/lab_environment.ts";
import { processTerminal } from "@/io/terminal.ts";
import { type Command, readCommandLine } from "@/options/command.ts";
import { commandHelp } from "@/options/command_help.ts";
import { integer } from "@/options/option.ts";
import { formatNotebook } from "@/jupyter/notebook_file.ts";
import { disk } from "@/io/disk.ts";
import { chattyNotebook } from "./chatty_notebook.ts";
import { checkFaults } from "./check_faults.ts";
import { checkGlossary } from "./check_glossary.ts";
import { checkLive } from "./check_live.ts";
import { checkChatty, checkNotebook, checkRuns } from "./check_notebooks.ts";
import { checkStatic, STATIC } from "./check_static.ts";
import { findChromium } from "./chromium.ts";
import { faultyNotebook } from "./faulty_notebook.ts";
import { copyFolder } from "./jupyterlab.ts";
import { liveNotebook } from "./live_notebook.ts";
import { fetchNotebook7, NOTEBOOK_7 } from "./notebook7.ts";
import { Session } from "./session.ts";
import { staticNotebook } from "./static_faults.ts";

const NAME = "the notebooks in a real JupyterLab";

function isGranted(descriptor: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(descriptor).state === "granted";
}

/** Why the test cannot be run here, if it cannot. */
async function obstacle(): Promise<string | undefined> {
  const mayRun = isGranted({ name: "run", command: ".jupyter/bin/python" });
  if (!mayRun || !isGranted({ name: "net", host: "127.0.0.1" })) {
    return "deno task test:lab runs it";
  }
  if (!await findChromium()) return "needs Chromium";
  const hasPython = await findPython(machinePrograms).then(() => true, () => false);
  return hasPython ? undefined : "needs Python 3.10 or newer with venv";
}

/** What may stand after `deno task test:lab --`. */
const COMMAND = {
  action: "test the lab",
  summary: "Runs the notebooks in a real JupyterLab and looks at its pages.",
  usage: ["deno task test:lab -- [NAME …] [--runs N]"],
  words: {
    name: "NAME",
    description: "the beginning of a notebook's name, or glossary for its links (default all)",
    minimum: 0,
    maximum: Infinity,
    wanted: "the beginnings of names",
  },
  options: {
    runs: integer({
      default: 0,
      minimum: 0,
      maximum: 1000,
      description: "so many runs of each notebook in place of the other checks",
    }),
  },
} satisfies Command;

const line = readCommandLine(COMMAND, Deno.args);
if (line.kind === "help") {
  for (const text of commandHelp(COMMAND)) processTerminal.print(text);
  Deno.exit(0);
}
const { words, values: { runs } } = line;

/** How often the notebook that says most in the least time is run. */
const CHATTY_RUNS = 20;

function chosenNotebooks(): string[] {
  const names = [...Deno.readDirSync("notebooks")].map(({ name }) => name);
  return names.filter((name) =>
    name.endsWith(".ipynb") &&
    (words.length === 0 || words.some((word) => name.startsWith(word)))
  ).sort();
}

function makeLab(): Promise<number> {
  return labCommand(["--check"], {
    files: disk,
    programs: machinePrograms,
    terminal: processTerminal,
    root: Deno.cwd(),
    deno: Deno.execPath(),
    isWindows: Deno.build.os === "windows",
    prefetch: async () => {},
  });
}

const reason = await obstacle();

/** A folder with copies of the notebooks, and with those that are for the test alone. */
async function prepareFolder(name: string): Promise<string> {
  const folder = `.runs/${name}`;
  if (disk.kindOf(folder) !== "nothing") disk.remove(folder);
  // A notebook may read what lies in the library, from where it stands.
  for (const name of ["notebooks", "lib"]) await copyFolder(name, `${folder}/${name}`);
  const own = {
    "faulty.ipynb": faultyNotebook(),
    "live.ipynb": liveNotebook(),
    "chatty.ipynb": chattyNotebook(),
    [STATIC]: staticNotebook(),
  };
  for (const [name, notebook] of Object.entries(own)) {
    Deno.writeTextFileSync(`${folder}/notebooks/${name}`, formatNotebook(notebook));
  }
  return `${Deno.cwd()}/${folder}`;
}

/** What the page asked of anybody but the project's own server. */
function askedOutside({ page: { requested } }: Session): string[] {
  const home = /^(http:\/\/(127\.0\.0\.1|localhost):|data:|blob:|about:)/;
  return requested.filter((url) => !home.test(url));
}

/** A notebook with sliders, in the page of Notebook 7. */
const IN_NOTEBOOK_7 = "02_the_neural_stack.ipynb";

Deno.test({
  name: reason ? `${NAME} (left out: ${reason})` : NAME,
  ignore: reason !== undefined,
  fn: async (t) => {
    assertEquals(await makeLab(), 0);
    const [chromium, folder] = [(await findChromium())!, await prepareFolder("lab")];
    if (runs === 0) await checkStatic(t, chromium, folder, chosenNotebooks());
    await using session = await Session.start(chromium, folder);
    if (runs === 0) {
      await checkFaults(t, session);
      await checkLive(t, session);
      for (const name of chosenNotebooks()) await checkNotebook(t, session, name);
    }
    if (words.length === 0 || words.includes("glossary")) await checkGlossary(t, session);
    if (words.length === 0) await checkChatty(t, session, runs || CHATTY_RUNS);
    else if (runs > 0) {
      for (const name of chosenNotebooks()) await checkRuns(t, session, name, runs);
    }
    await t.step("nothing was asked of the network", () => assertEquals(askedOutside(session), []));
    await t.step("nothing failed in the page", () => {
      assertEquals(session.page.failures, []);
    });
  },
});

Deno.test({
  name: reason ? `a notebook in Notebook 7 (left out: ${reason})` : "a notebook in Notebook 7",
  ignore: reason !== undefined || runs > 0 || !chosenNotebooks().includes(IN_NOTEBOOK_7),
  fn: async (t) => {
    assertEquals(await makeLab(), 0);
    if (!await fetchNotebook7()) {
      await t.step({ name: "left out: pip could not fetch it", ignore: true, fn() {} });
      return;
    }
    const folder = await prepareFolder("notebook7");
    await using session = await Session.start((await findChromium())!, folder, NOTEBOOK_7);
    await checkNotebook(t, session, IN_NOTEBOOK_7);
    await t.step("nothing was asked of the network", () => assertEquals(askedOutside(session), []));
  },
});
