import { assert, assertEquals, assertLess } from "@std/assert";
import { type Contender, type Side, timeInTurns, WARM_UP } from "./peer_rounds.ts";
import { peerTask } from "./peer_task.ts";

const TASK = peerTask({ name: "tiny", hidden: 2 });

/** Sides on a clock that runs only while one of them works. */
function stage(limit: number) {
  const log: string[] = [];
  let time = 0;
  const options = { rounds: 3, limit, pause: () => Promise.resolve(), now: () => time };
  /** A side whose update takes some milliseconds; `failsAt` is the number of a round of its own. */
  function side(title: string, milliseconds: number, failsAt = Infinity): Side {
    let rounds = 0;
    const contender: Contender = {
      prepare: () => Promise.resolve(),
      round(updates) {
        if (rounds++ === failsAt) return Promise.reject(new Error("out of memory"));
        time += milliseconds * updates;
        log.push(`${title} ${updates}`);
        return Promise.resolve({ seconds: milliseconds * updates / 1000, loss: 5 - rounds });
      },
      close: () => log.push(`${title} closed`),
    };
    return { title, open: () => contender };
  }
  return { log, options, side };
}

Deno.test("sides take turns; a round after the two of one update takes half a second", async () => {
  const { log, options, side } = stage(60_000);
  const [a, b] = await timeInTurns([side("a", 100), side("b", 2000)], TASK, options);
  const turns = ["a 1", "b 1", "a 1", "b 1", "a 5", "b 1", "a 5", "b 1", "a 5", "b 1"];
  assertEquals(log, [...turns, "a closed", "b closed"]);
  assertEquals(a.times, [100, 100, 100, 100, 100]);
  assertEquals([b.title, b.times.length, b.failure], ["b", WARM_UP + 3, undefined]);
  assertEquals(b.losses, [4, 3]); // before the first update and the second
});

Deno.test("a side that fails ends alone, and says why", async () => {
  const { log, options, side } = stage(60_000);
  const missing: Side = {
    title: "missing",
    open() {
      throw new Error("there is no python3");
    },
  };
  const sides = [missing, side("broken", 100, 3), side("whole", 100)];
  const [absent, broken, whole] = await timeInTurns(sides, TASK, options);
  assertEquals([absent.failure, absent.times], ["there is no python3", []]);
  assertEquals(broken.failure, "out of memory");
  assertEquals([whole.failure, whole.times.length], [undefined, WARM_UP + 3]);
  assertLess(log.indexOf("broken closed"), log.indexOf("whole closed") - 1);
});

Deno.test("a side makes no round that would outlast its time, and keeps those that it made", async () => {
  const { log, options, side } = stage(10_000);
  const [slow, quick] = await timeInTurns([side("slow", 4000), side("quick", 100)], TASK, options);
  assertEquals([slow.times, slow.failure], [[4000, 4000], undefined]);
  assertEquals(quick.times.length, WARM_UP + 3);
  assertLess(log.indexOf("slow closed"), log.lastIndexOf("quick 5"));
});

Deno.test("a side that does not answer is closed when its time is over", async () => {
  const { options } = stage(20);
  let closed = false;
  let answer = (_: Error) => {};
  const silent: Contender = {
    prepare: () => Promise.resolve(),
    round: () => new Promise((_, reject) => answer = reject),
    close() {
      closed = true;
      answer(new Error("the process ended")); // as one that is killed does
    },
  };
  const [result] = await timeInTurns([{ title: "silent", open: () => silent }], TASK, options);
  assert(closed);
  assertEquals(result.failure, "wanted an update within 0.02 s, got none");
});
