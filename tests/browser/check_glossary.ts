/// <reference lib="dom" />
/**
 * The links from the notebooks to the glossary of notebook 0, followed with the mouse.
 *
 * @module
 */
import { notYet, type Page } from "./chromium.ts";
import type { Session } from "./session.ts";
import { until } from "./waiting.ts";

/** A notebook that links this term. */
const FROM = "04_learning_to_push.ipynb";
const TERM = "trainable region";
/** Seconds within which a link must have led somewhere. */
const SECONDS = 120;

/** Scrolls to the first link to a term and gives its middle, once it is there. */
function linkTo(term: string): { x: number; y: number } | false {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".jp-Notebook a")];
  const link = links.find(({ textContent }) => textContent === term);
  if (!link) return false;
  link.scrollIntoView({ block: "center" });
  const { left, right, top, bottom } = link.getClientRects()[0];
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

/** Whether notebook 0 is in front. */
function isStartOpen(): boolean {
  const context = globalThis.jupyterapp?.shell.currentWidget?.context;
  return context?.path === "00_start_here.ipynb" && context.isReady;
}

/** Whether the heading of a term can be seen. */
function isHeadingSeen(term: string): boolean {
  const headings = [...document.querySelectorAll(".jp-Notebook h3")];
  const shown = headings.filter((heading) => heading.getBoundingClientRect().height > 0);
  const heading = shown.find(({ textContent }) => textContent!.startsWith(term));
  const top = heading?.getBoundingClientRect().top ?? -1;
  return top > 0 && top < innerHeight;
}

async function follow(page: Page): Promise<void> {
  const find = () => page.evaluate(linkTo, TERM).catch(notYet);
  await page.click(await until(`a link to ${TERM}`, find, SECONDS));
  await until("notebook 0", () => page.evaluate(isStartOpen).catch(notYet), SECONDS);
}

/** Follows a link to the glossary, twice: JupyterLab opens a notebook at its top, and goes to a cell of an open one. */
export async function checkGlossary(t: Deno.TestContext, session: Session): Promise<void> {
  await t.step(`a link to "${TERM}" leads to that term of the glossary`, async () => {
    const { page } = session;
    await session.open(FROM);
    await follow(page);
    await session.do("tabsmenu:activate-previously-used-tab");
    await follow(page);
    const isSeen = () => page.evaluate(isHeadingSeen, TERM).catch(notYet);
    await until(`the heading ${TERM}`, isSeen, SECONDS);
    await page.picture(`${session.folder}/glossary.png`);
    await session.end();
  });
}
