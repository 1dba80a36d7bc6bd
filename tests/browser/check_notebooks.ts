/**
 * Notebooks as they are committed, opened, run and looked at.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { LAB_KERNEL } from "@/cli/lab.ts";
import { type Notebook, notebookDifference, parseNotebook } from "@/jupyter/notebook_file.ts";
import { PLOTLY } from "@/jupyter/show.ts";
import { chattyNotebook } from "./chatty_notebook.ts";
import { idleControls } from "./controls_in_page.ts";
import { assertDrawn } from "./figure_faults.ts";
import { figuresIn, type Session } from "./session.ts";
import { settled } from "./waiting.ts";

/** As it was when the test began: the lab works on copies, and does not save them. */
function readNotebook({ folder }: Session, name: string): Notebook {
  return parseNotebook(Deno.readTextFileSync(`${folder}/notebooks/${name}`), name);
}

/** JupyterLab keeps in a cell's metadata when it was run, and in a second run cells have other numbers. */
function comparable(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    metadata: {},
    ...(cell.cell_type === "code" && { execution_count: 1 }),
  }));
  return { ...notebook, cells };
}

function difference(wanted: Notebook, got: Notebook): string | undefined {
  return notebookDifference(comparable(wanted), comparable(got));
}

/** The text alternative of each figure, with single spaces. */
function wordsOf({ cells }: Notebook): string[] {
  const outputs = cells.flatMap(({ outputs = [] }) => outputs);
  return outputs.flatMap((output) =>
    "data" in output && PLOTLY in output.data ? [String(output.data["text/plain"])] : []
  ).map((words) => words.replace(/\s+/g, " "));
}

/** Opens a notebook, runs it, looks at it and touches it. */
export async function checkNotebook(
  t: Deno.TestContext,
  session: Session,
  name: string,
): Promise<void> {
  const committed = readNotebook(session, name);
  const wanted = figuresIn(committed).length;
  const short = name.replace(".ipynb", "");

  await t.step(`${name}: as it is committed, it opens with its figures drawn`, async () => {
    assertEquals(await session.open(name), LAB_KERNEL.title);
    assertDrawn((await session.look()).figures, wanted);
  });
  await t.step(`${name}: "Run All" gives what is committed, without an error`, async () => {
    const run = await session.runAll((now) => difference(committed, now) === undefined);
    const { errors, figures } = await session.look();
    await session.spread();
    await session.picture(short);
    assertEquals(errors, []);
    assertEquals(difference(committed, run), undefined);
    assertDrawn(figures, wanted);
  });
  await t.step(`${name}: a screen reader finds the words of every figure`, async () => {
    const unspoken = await settled({
      what: "the words of all figures",
      read: async () => {
        const spoken = await session.page.spokenWords();
        return wordsOf(committed).filter((words) => !spoken.includes(words));
      },
      isComplete: (missing) => missing.length === 0,
      quietSeconds: 30,
    });
    assertEquals(unspoken, []);
  });
  await t.step(`${name}: sliders and buttons move the figures`, async () => {
    const { idle, count } = await idleControls(session.page);
    assertEquals(idle, []);
    const layouts = figuresIn(committed).map((figure) => JSON.stringify(figure));
    assert(count > 0 || !layouts.some((json) => /"(sliders|updatemenus)":\[\{/.test(json)));
  });
  await t.step(`${name}: in the dark theme everything is still drawn`, async () => {
    await session.theme("JupyterLab Dark");
    await session.picture(`${short}-dark`);
    const { figures } = await session.look();
    await session.theme("JupyterLab Light");
    assertDrawn(figures, wanted);
  });
  await session.end();
}

/** Runs a notebook again and again: what a kernel says after the end of a cell is lost, or lands below the next. */
async function runAgainAndAgain(session: Session, wanted: Notebook, runs: number): Promise<void> {
  for (let run = 1; run <= runs; run++) {
    const got = await session.runAll((now) => difference(wanted, now) === undefined);
    assertEquals(difference(wanted, got), undefined, `run ${run}`);
  }
}

const again = (name: string, runs: number) =>
  `${name}: ${runs} times "Run All", and nothing is lost or misplaced`;

export async function checkChatty(
  t: Deno.TestContext,
  session: Session,
  runs: number,
): Promise<void> {
  await t.step(again("chatty.ipynb", runs), async () => {
    await session.open("chatty.ipynb");
    await runAgainAndAgain(session, chattyNotebook(), runs);
  });
}

export async function checkRuns(
  t: Deno.TestContext,
  session: Session,
  name: string,
  runs: number,
): Promise<void> {
  await t.step(again(name, runs), async () => {
    await session.open(name);
    await runAgainAndAgain(session, readNotebook(session, name), runs);
  });
  await session.end();
}
