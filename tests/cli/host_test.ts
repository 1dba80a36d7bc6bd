import { assertEquals, assertRejects } from "@std/assert";
import { type CommandHost, withStopFlag } from "@/cli/host.ts";
import { memoryHost } from "./memory_host.ts";

/** A host whose signals come when the test says so. */
function signalledHost() {
  const listeners = new Set<() => void>();
  const host: CommandHost = {
    ...memoryHost(),
    onStopSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { host, listeners, signal: () => listeners.forEach((listener) => listener()) };
}

Deno.test("a signal sets the stop flag of the work that is under way", async () => {
  const { host, signal } = signalledHost();
  const seen = await withStopFlag(host, (stop) => {
    const before = stop.requested;
    signal();
    return Promise.resolve([before, stop.requested]);
  });
  assertEquals(seen, [false, true]);
});

Deno.test("signals are listened to only while the work goes on, however it ends", async () => {
  const { host, listeners } = signalledHost();
  const during = await withStopFlag(host, () => Promise.resolve(listeners.size));
  assertEquals([during, listeners.size], [1, 0]);
  const fail = () => Promise.reject(new TypeError("slip"));
  await assertRejects(() => withStopFlag(host, fail), TypeError, "slip");
  assertEquals(listeners.size, 0);
});
