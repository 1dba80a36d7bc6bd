/**
 * The checks themselves, on a notebook in which there is something to find for each.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { idleControls } from "./controls_in_page.ts";
import { faultsOf } from "./figure_faults.ts";
import { visibleErrors } from "./notebook_in_page.ts";
import type { Session } from "./session.ts";
import { until } from "./waiting.ts";

export async function checkFaults(t: Deno.TestContext, session: Session): Promise<void> {
  await t.step("faulty.ipynb: every fault is found", async () => {
    await session.open("faulty.ipynb");
    await session.spread();
    const { figures } = await session.look(1);
    const long = "a title that reaches below all the buttons in a row";
    assertEquals(faultsOf(figures), [
      "no marks: no marks",
      "texts over each other: texts over each other: one text | another",
      "a text that is cut off: cut off: a text much too long",
      `${long}: under the buttons: ${long}`,
    ]);
    const { idle, count } = await idleControls(session.page);
    assertEquals(idle, ["a slider that moves nothing: slider 1 moves nothing"]);
    assertEquals(count, 2);
    await session.do("notebook:run-all-cells").catch(() => {});
    const errors = await until("an error", async () => {
      const errors = await session.page.evaluate(visibleErrors);
      return errors.length > 0 && errors;
    });
    assertEquals(errors.map((error) => error.includes("as it should")), [true]);
  });
}
