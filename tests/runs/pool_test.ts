import { assertEquals, assertRejects } from "@std/assert";
import { workInPool } from "@/runs/pool.ts";
import { type JobWorker, StopFlag } from "@/runs/worker.ts";

const workers = [0, 1].map((): JobWorker => ({
  run: () => Promise.reject(new Error("no job is run here")),
  close() {},
}));

Deno.test("once a stop is requested no other job is begun, and there is no result", async () => {
  const stop = new StopFlag(), begun: number[] = [];
  const results = await workInPool([1, 2, 3, 4, 5], workers, stop, (job) => {
    begun.push(job);
    if (job === 3) stop.request();
    return Promise.resolve(job);
  });
  assertEquals([results, begun], ["stopped", [1, 2, 3]]);
});

Deno.test("a job that obeyed a stop ends its worker's work; the others go on", async () => {
  const stop = new StopFlag(), begun: number[] = [];
  const results = await workInPool([1, 2, 3, 4], workers, stop, (job) => {
    begun.push(job);
    return Promise.resolve(job === 1 ? "stopped" : job);
  });
  assertEquals([results, begun], ["stopped", [1, 2, 3, 4]]);
});

Deno.test("the first error stops the others and is thrown", async () => {
  const stop = new StopFlag();
  const failing = workInPool(
    [1, 2, 3],
    workers,
    stop,
    (job) => job === 1 ? Promise.reject(new Error("out of disk")) : Promise.resolve(job),
  );
  await assertRejects(() => failing, Error, "out of disk");
  assertEquals(stop.requested, true);
});
