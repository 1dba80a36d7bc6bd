import { assert, assertEquals } from "@std/assert";
import { labCommand } from "@/cli/lab_command.ts";
import { LAB_KERNEL } from "@/cli/lab_server.ts";
import { machinePrograms } from "@/cli/programs.ts";
import { findPython } from "@/cli/python.ts";
import { processTerminal } from "@/cli/terminal.ts";
import { notebookDifference } from "@/jupyter/notebook_difference.ts";
import { formatNotebook, type Notebook, parseNotebook } from "@/jupyter/notebook_file.ts";
import { PLOTLY } from "@/jupyter/show.ts";
import { disk } from "@/training/disk.ts";
import { chattyNotebook } from "./chatty_notebook.ts";
import { findChromium, pause, until } from "./chromium.ts";
import { faultyNotebook } from "./faulty_notebook.ts";
import { restingFigures, seeFigures, type SeenFigure } from "./figures_in_page.ts";
import { copyFolder } from "./jupyterlab.ts";
import { liveNotebook, TRAINING_CELL } from "./live_notebook.ts";
import { figuresIn, Session } from "./session.ts";

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

function readNotebook(name: string): Notebook {
  return parseNotebook(Deno.readTextFileSync(`notebooks/${name}`), name);
}

/** Only those whose names begin with one of the words after `--`, if there are any. */
function chosenNotebooks(): string[] {
  const names = [...Deno.readDirSync("notebooks")].map(({ name }) => name);
  return names.filter((name) =>
    name.endsWith(".ipynb") &&
    (Deno.args.length === 0 || Deno.args.some((word) => name.startsWith(word)))
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

/** What is wrong with each figure, as far as it can be seen without touching it. */
function faultsOf(figures: readonly SeenFigure[]): string[] {
  return figures.flatMap(({ title, marks, overlaps, cutOff }) => [
    ...(marks === 0 ? [`${title}: no marks`] : []),
    ...overlaps.map((pair) => `${title}: texts over each other: ${pair}`),
    ...cutOff.map((text) => `${title}: cut off: ${text}`),
  ]);
}

function assertDrawn(figures: readonly SeenFigure[], wanted: number): void {
  assertEquals(faultsOf(figures), []);
  assertEquals(figures.length, wanted);
}

/** Moves every slider of every figure and presses every button: each must change what is drawn. */
async function idleControls({ page }: Session): Promise<string[]> {
  const idle: string[] = [];
  for (const [i, { title, sliders, buttons }] of (await page.evaluate(seeFigures)).entries()) {
    const lookNow = async () => (await page.evaluate(seeFigures))[i].look;
    for (const [k, { x, y, toX, toY }] of sliders.entries()) {
      const before = await lookNow();
      await page.drag({ x, y }, { x: toX, y: toY });
      await pause(800);
      if (await lookNow() === before) idle.push(`${title}: slider ${k + 1} moves nothing`);
    }
    for (const { label, x, y } of buttons.filter(({ label }) => !label.includes("pause"))) {
      const before = await lookNow();
      await page.click({ x, y });
      await pause(1500);
      if (await lookNow() === before) idle.push(`${title}: the button ${label} changes nothing`);
    }
  }
  return idle;
}

/** The checks themselves, on a notebook in which there is something to find for each. */
async function testFaults(t: Deno.TestContext, session: Session): Promise<void> {
  await t.step("faulty.ipynb: every fault is found", async () => {
    await session.open("faulty.ipynb");
    await session.spread();
    const { figures } = await session.look(3);
    assertEquals(faultsOf(figures), [
      "no marks: no marks",
      "texts over each other: texts over each other: one text | another",
      "a text that is cut off: cut off: a text much too long",
    ]);
    assertEquals(await idleControls(session), [
      "a slider that moves nothing: slider 1 moves nothing",
    ]);
    await session.do("notebook:run-all-cells").catch(() => {});
    const { errors } = await session.look(1);
    assertEquals(errors.map((error) => error.includes("as it should")), [true]);
  });
}

/** A chart that changes while a cell runs, what it is afterwards, and what is saved of it. */
async function testLive(t: Deno.TestContext, session: Session): Promise<void> {
  const outputsOf = async () => (await session.notebook()).cells[TRAINING_CELL].outputs!;

  await t.step("live.ipynb: while it trains, one picture changes, and not too often", async () => {
    await session.open("live.ipynb");
    const running = session.runAll();
    const pictures = new Set<string>();
    await until("the end", 60, async () => {
      const outputs = await outputsOf();
      assert(outputs.length <= 1);
      const isStill = outputs.length === 1 && "data" in outputs[0] && !(PLOTLY in outputs[0].data);
      if (isStill) pictures.add(JSON.stringify(outputs[0]));
      return outputs.length === 1 && !isStill;
    });
    await running;
    assert(pictures.size >= 3 && pictures.size <= 12, `${pictures.size} pictures in 4 s`);
  });
  await t.step(
    "live.ipynb: at the end it is one interactive figure of the last state",
    async () => {
      const { figures, errors, notebook } = await session.look();
      assertEquals(errors, []);
      assertDrawn(figures, 1);
      assert(JSON.stringify(await outputsOf()).includes("80 strings"));
      assertEquals(notebook.cells[2].outputs, [
        { output_type: "stream", name: "stdout", text: "strings\n" },
      ]);
    },
  );
  await t.step(
    "live.ipynb: saved and opened again, it is the same, and moves when touched",
    async () => {
      const before = await outputsOf();
      await session.do("docmanager:save");
      await session.open("live.ipynb");
      assertEquals(await outputsOf(), before);
      const [picture, ...others] = await until("a picture", 20, async () => {
        const pictures = await session.page.evaluate(restingFigures);
        return pictures.length > 0 && pictures;
      });
      assertEquals(others, []);
      await session.page.hover(picture);
      assertDrawn((await session.look()).figures, 1);
    },
  );
}

const RUNS = 20;

/** What a kernel says after the end of a cell is lost, or lands below the next. */
async function testChatty(t: Deno.TestContext, session: Session): Promise<void> {
  await t.step(
    `chatty.ipynb: ${RUNS} times "Run All", and nothing is lost or misplaced`,
    async () => {
      await session.open("chatty.ipynb");
      for (let run = 1; run <= RUNS; run++) {
        await session.runAll();
        const { notebook } = await session.look();
        const difference = notebookDifference(numbered(chattyNotebook()), numbered(notebook));
        assertEquals(difference, undefined, `run ${run}`);
      }
    },
  );
}

/** In a second run cells have other numbers. */
function numbered(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) => ({ ...cell, execution_count: 1 }));
  return withoutMetadata({ ...notebook, cells });
}

async function testNotebook(t: Deno.TestContext, session: Session, name: string): Promise<void> {
  const committed = readNotebook(name);
  const wanted = figuresIn(committed).length;
  const short = name.replace(".ipynb", "");

  await t.step(`${name}: as it is committed, it opens with its figures drawn`, async () => {
    assertEquals(await session.open(name), LAB_KERNEL.title);
    assertDrawn((await session.look()).figures, wanted);
  });
  await t.step(`${name}: "Run All" gives what is committed, without an error`, async () => {
    await session.runAll();
    const { notebook, errors, figures } = await session.look();
    assertEquals(errors, []);
    assertEquals(notebookDifference(withoutMetadata(committed), notebook), undefined);
    await session.spread();
    await session.picture(short);
    assertDrawn(figures, wanted);
  });
  await t.step(`${name}: sliders and buttons move the figures`, async () => {
    assertEquals(await idleControls(session), []);
  });
  await t.step(`${name}: in the dark theme everything is still drawn`, async () => {
    await session.do("apputils:change-theme", { theme: "JupyterLab Dark" });
    await pause(1500);
    await session.picture(`${short}-dark`);
    assertDrawn((await session.look()).figures, wanted);
    await session.do("apputils:change-theme", { theme: "JupyterLab Light" });
  });
  await session.end();
}

/** JupyterLab keeps in a cell's metadata when it was run. */
function withoutMetadata(notebook: Notebook): Notebook {
  return { ...notebook, cells: notebook.cells.map((cell) => ({ ...cell, metadata: {} })) };
}

const reason = await obstacle();

Deno.test({
  name: reason ? `${NAME} (left out: ${reason})` : NAME,
  ignore: reason !== undefined,
  fn: async (t) => {
    assertEquals(await makeLab(), 0);
    if (disk.kindOf(FOLDER) !== "nothing") disk.remove(FOLDER);
    const folder = `${Deno.cwd()}/${FOLDER}`;
    await copyFolder("notebooks", `${folder}/notebooks`);
    Deno.writeTextFileSync(`${FOLDER}/notebooks/faulty.ipynb`, formatNotebook(faultyNotebook()));
    Deno.writeTextFileSync(`${FOLDER}/notebooks/live.ipynb`, formatNotebook(liveNotebook()));
    Deno.writeTextFileSync(`${FOLDER}/notebooks/chatty.ipynb`, formatNotebook(chattyNotebook()));
    await using session = await Session.start((await findChromium())!, folder);
    await testFaults(t, session);
    await testLive(t, session);
    for (const name of chosenNotebooks()) await testNotebook(t, session, name);
    if (Deno.args.length === 0) await testChatty(t, session);
    await t.step("nothing was asked of the network", () => {
      const outside = session.page.requested.filter((url) =>
        !/^(http:\/\/(127\.0\.0\.1|localhost):|data:|blob:|about:)/.test(url)
      );
      assertEquals(outside, []);
    });
  },
});
