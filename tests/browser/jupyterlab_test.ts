import { assertEquals } from "@std/assert";
import { labCommand } from "@/cli/lab_command.ts";
import { machinePrograms } from "@/cli/programs.ts";
import { findPython } from "@/cli/python.ts";
import { processTerminal } from "@/cli/terminal.ts";
import { formatNotebook } from "@/jupyter/notebook_file.ts";
import { disk } from "@/training/disk.ts";
import { chattyNotebook } from "./chatty_notebook.ts";
import { checkFaults } from "./check_faults.ts";
import { checkLive } from "./check_live.ts";
import { checkChatty, checkNotebook, checkRuns } from "./check_notebooks.ts";
import { findChromium } from "./chromium.ts";
import { faultyNotebook } from "./faulty_notebook.ts";
import { copyFolder } from "./jupyterlab.ts";
import { liveNotebook } from "./live_notebook.ts";
import { Session } from "./session.ts";

const NAME = "the notebooks in a real JupyterLab";
const FOLDER = ".runs/lab";

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

/**
 * What is asked for after `--`: words, with which the names of the notebooks begin (all of them if there is none), and
 * --runs=20, for so many runs of each in place of the other checks.
 */
const runs = Number(Deno.args.find((word) => /^--runs=\d+$/.test(word))?.split("=")[1] ?? 0);
const words = Deno.args.filter((word) => !word.startsWith("--"));

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
async function prepareFolder(): Promise<string> {
  if (disk.kindOf(FOLDER) !== "nothing") disk.remove(FOLDER);
  // A notebook may read what lies in the library, from where it stands.
  for (const name of ["notebooks", "lib"]) await copyFolder(name, `${FOLDER}/${name}`);
  const own = { faulty: faultyNotebook(), live: liveNotebook(), chatty: chattyNotebook() };
  for (const [name, notebook] of Object.entries(own)) {
    Deno.writeTextFileSync(`${FOLDER}/notebooks/${name}.ipynb`, formatNotebook(notebook));
  }
  return `${Deno.cwd()}/${FOLDER}`;
}

Deno.test({
  name: reason ? `${NAME} (left out: ${reason})` : NAME,
  ignore: reason !== undefined,
  fn: async (t) => {
    assertEquals(await makeLab(), 0);
    await using session = await Session.start((await findChromium())!, await prepareFolder());
    if (runs === 0) {
      await checkFaults(t, session);
      await checkLive(t, session);
      for (const name of chosenNotebooks()) await checkNotebook(t, session, name);
    }
    if (words.length === 0) await checkChatty(t, session, runs || CHATTY_RUNS);
    else if (runs > 0) {
      for (const name of chosenNotebooks()) await checkRuns(t, session, name, runs);
    }
    await t.step("nothing was asked of the network", () => {
      const outside = session.page.requested.filter((url) =>
        !/^(http:\/\/(127\.0\.0\.1|localhost):|data:|blob:|about:)/.test(url)
      );
      assertEquals(outside, []);
    });
    await t.step("nothing failed in the page", () => {
      assertEquals(session.page.failures, []);
    });
  },
});
