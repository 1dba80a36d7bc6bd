/**
 * Sliders and buttons of figures, moved and pressed as a reader would.
 *
 * @module
 */
import type { Page } from "./chromium.ts";
import { seeFigures } from "./figures_in_page.ts";
import { settled, until } from "./waiting.ts";

/** What has not moved after so many seconds moves nothing. */
const IDLE_SECONDS = 20;

function lookOf(page: Page, figure: number): Promise<string> {
  return page.evaluate(seeFigures).then((figures) => figures[figure].look);
}

/** Whether an act changes what a figure shows, looked at from rest. */
async function changes(page: Page, figure: number, act: () => Promise<void>): Promise<boolean> {
  const before = await settled({
    what: "a figure at rest",
    read: () => lookOf(page, figure),
    isComplete: () => true,
    quietSeconds: 0,
  });
  await act();
  const isOther = async () => await lookOf(page, figure) !== before;
  return await until("a change", isOther, IDLE_SECONDS).catch(() => false);
}

/**
 * Moves every slider of every figure and presses every button: each must change what is drawn.
 *
 * @returns What moved or changed nothing, and how many there were.
 */
export async function idleControls(page: Page): Promise<{ idle: string[]; count: number }> {
  const idle: string[] = [];
  let count = 0;
  for (const [i, { title, sliders, buttons }] of (await page.evaluate(seeFigures)).entries()) {
    for (const [k, { x, y, toX, toY }] of sliders.entries()) {
      count++;
      const isMoved = await changes(page, i, () => page.drag({ x, y }, { x: toX, y: toY }));
      if (!isMoved) idle.push(`${title}: slider ${k + 1} moves nothing`);
    }
    const pause = buttons.find(({ label }) => label.includes("pause"));
    for (const button of buttons.filter((button) => button !== pause)) {
      count++;
      const isChanged = await changes(page, i, () => page.click(button));
      if (!isChanged) idle.push(`${title}: the button ${button.label} changes nothing`);
      if (pause) await page.click(pause);
    }
  }
  return { idle, count };
}
