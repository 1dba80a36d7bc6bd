/**
 * A chart that changes while a cell runs, what it is afterwards, and what is saved of it.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Notebook } from "@/jupyter/notebook_file.ts";
import type { Output } from "@/jupyter/outputs.ts";
import { PLOTLY } from "@/jupyter/show.ts";
import { assertDrawn } from "./figure_faults.ts";
import { restingFigures, seeFigures } from "./figures_in_page.ts";
import { PICTURES, TRAINING_CELL } from "./live_notebook.ts";
import { shownSince, watchCell } from "./notebook_in_page.ts";
import type { Session } from "./session.ts";
import { until } from "./waiting.ts";

/** What the cell after the training prints when it is over. */
const ENDING: Output[] = [{ output_type: "stream", name: "stdout", text: "done\n" }];

function isOver({ cells }: Notebook): boolean {
  const outputs = cells[TRAINING_CELL + 1].outputs ?? [];
  return outputs.some((output) => "text" in output && output.text === "done\n");
}

export async function checkLive(t: Deno.TestContext, session: Session): Promise<void> {
  const outputsOf = async () => (await session.notebook()).cells[TRAINING_CELL].outputs!;

  await t.step("live.ipynb: while it trains, one picture changes, and no more often", async () => {
    await session.open("live.ipynb");
    await session.page.evaluate(watchCell, TRAINING_CELL);
    await session.runAll(isOver);
    const shown = await session.page.evaluate(shownSince);
    assert(shown.every(({ formats }) => formats.length <= 1), "never two of them");
    const still = shown.filter(({ formats }) =>
      formats.length === 1 && !formats[0].includes(PLOTLY)
    );
    assertEquals(new Set(still.map(({ picture }) => picture)).size, PICTURES);
    assertEquals(still.length, PICTURES);
  });
  await t.step(
    "live.ipynb: at the end it is one interactive figure of the last state",
    async () => {
      const { figures, errors, notebook } = await session.look();
      assertEquals(errors, []);
      assertDrawn(figures, 1);
      assertMatch(JSON.stringify(await outputsOf()), /\b\d+ strings/);
      assertEquals(notebook.cells[TRAINING_CELL + 1].outputs, ENDING);
    },
  );
  await t.step(
    "live.ipynb: saved and opened again, it is the same, and moves when touched",
    async () => {
      const before = await outputsOf();
      await session.do("docmanager:save");
      await session.open("live.ipynb");
      assertEquals(await outputsOf(), before);
      const [picture, ...others] = await until("a picture", async () => {
        const pictures = await session.page.evaluate(restingFigures);
        return pictures.length > 0 && pictures;
      });
      assertEquals(others, []);
      // A picture may be there before it listens.
      await until("a figure that was touched", async () => {
        await session.page.hover({ x: 0, y: 0 });
        await session.page.hover(picture);
        return (await session.page.evaluate(seeFigures)).length > 0;
      });
      assertDrawn((await session.look()).figures, 1);
    },
  );
}
