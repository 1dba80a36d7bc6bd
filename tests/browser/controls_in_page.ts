/**
 * Sliders and buttons of figures, moved and pressed as a reader would.
 *
 * @module
 */
import type { Page } from "./chromium.ts";
import { scrollToFigure, seeFigures, type SeenFigure } from "./figures_in_page.ts";
import { pause, settled } from "./waiting.ts";

/** What has not moved after so many seconds, and so many looks, moves nothing: a busy page is looked at more seldom. */
const IDLE = { seconds: 20, looks: 80 };
const PAUSE = 150;

/** Tries something on a figure as it is seen at rest. */
type Act = (figure: SeenFigure) => Promise<void>;

/** Whether an act changes what a figure shows, looked at from rest. */
async function changes(page: Page, figure: number, act: Act): Promise<boolean> {
  const see = () => page.evaluate(seeFigures).then((figures) => figures[figure]);
  await page.evaluate(scrollToFigure, figure);
  const before = await settled({
    what: "a figure at rest",
    read: see,
    isComplete: () => true,
    quietSeconds: 0,
  });
  await act(before);
  const end = performance.now() + 1000 * IDLE.seconds;
  for (let looks = 0; looks < IDLE.looks || performance.now() < end; looks++) {
    if ((await see()).look !== before.look) return true;
    await pause(PAUSE);
  }
  return false;
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
    for (const k of sliders.keys()) {
      count++;
      const isMoved = await changes(page, i, ({ sliders }) => {
        const { x, y, toX, toY } = sliders[k];
        return page.drag({ x, y }, { x: toX, y: toY });
      });
      if (!isMoved) idle.push(`${title}: slider ${k + 1} moves nothing`);
    }
    const pause = buttons.find(({ label }) => label.includes("pause"));
    for (const button of buttons.filter((button) => button !== pause)) {
      count++;
      const named = ({ buttons }: SeenFigure, label: string) =>
        buttons.find((button) => button.label === label)!;
      const isChanged = await changes(page, i, (now) => page.click(named(now, button.label)));
      if (!isChanged) idle.push(`${title}: the button ${button.label} changes nothing`);
      if (pause) {
        const now = (await page.evaluate(seeFigures))[i];
        await page.click(named(now, pause.label));
      }
    }
  }
  return { idle, count };
}
