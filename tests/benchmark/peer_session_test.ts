import { assert, assertEquals } from "@std/assert";
import { createSession } from "./peer_session.ts";
import { peerTask } from "./peer_task.ts";

const TASK = peerTask({ name: "tiny", hidden: 2 });

Deno.test("a session builds from the task, makes the updates, and tells the loss before the first", async () => {
  let loss = 10;
  const answer = createSession((task) => () => task.hidden + loss--);
  assertEquals(await answer({ prepare: TASK }), { ready: true });
  const { seconds, ...first } = await answer({ round: 3 });
  assertEquals(first, { loss: 12 });
  assert(Number(seconds) >= 0);
  assertEquals((await answer({ round: 1 })).loss, 9);
});

Deno.test("what a library throws is the answer, whether it builds or trains", async () => {
  const update = createSession(() => () => {
    throw new Error("no gradient of gather");
  });
  assertEquals(await update({ round: 1 }), { error: "wanted a task first" });
  assertEquals(await update({ prepare: TASK }), { ready: true });
  assertEquals(await update({ round: 1 }), { error: "no gradient of gather" });
  const build = createSession(() => Promise.reject("no backend"));
  assertEquals(await build({ prepare: TASK }), { error: "no backend" });
});
