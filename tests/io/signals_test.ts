import { assertEquals } from "@std/assert";
import { createInterrupts } from "@/io/signals.ts";

function heardAt(times: number[], listening: (time: number) => boolean): string[] {
  const heard: string[] = [];
  let clock = 0;
  const interrupts = createInterrupts(() => clock, () => heard.push(`end ${clock}`));
  let forget: (() => void) | undefined;
  for (const time of times) {
    clock = time;
    if (listening(time)) forget ??= interrupts.listen(() => heard.push(`stop ${clock}`));
    else forget?.();
    interrupts.signal();
  }
  return heard;
}

Deno.test("one press that arrives twice is one press", () => {
  assertEquals(heardAt([1000, 1003, 1400], () => true), ["stop 1000"]);
});

Deno.test("the echo of a press is not an end, even when the listener has gone meanwhile", () => {
  assertEquals(heardAt([1000, 1003], (time) => time === 1000), ["stop 1000"]);
});

Deno.test("a second press ends", () => {
  assertEquals(heardAt([1000, 1600], () => true), ["stop 1000", "end 1600"]);
});

Deno.test("a press that nobody listens to ends", () => {
  assertEquals(heardAt([5], () => false), ["end 5"]);
});
