import { assertEquals } from "@std/assert";
import { createInterrupts, type StopCode } from "@/io/signals.ts";

function heardAt(
  times: number[],
  listening: (time: number) => boolean,
  code: StopCode = 130,
): string[] {
  const heard: string[] = [];
  let clock = 0;
  const interrupts = createInterrupts(
    () => clock,
    (code) => heard.push(`end ${clock} with ${code}`),
  );
  let forget: (() => void) | undefined;
  for (const time of times) {
    clock = time;
    if (listening(time)) {
      forget ??= interrupts.listen((code) => heard.push(`stop ${clock} with ${code}`));
    } else forget?.();
    interrupts.signal(code);
  }
  return heard;
}

Deno.test("one press that arrives twice is one press", () => {
  assertEquals(heardAt([1000, 1003, 1400], () => true), ["stop 1000 with 130"]);
});

Deno.test("the echo of a press is not an end, even when the listener has gone meanwhile", () => {
  assertEquals(heardAt([1000, 1003], (time) => time === 1000), ["stop 1000 with 130"]);
});

Deno.test("a second press ends", () => {
  assertEquals(heardAt([1000, 1600], () => true), ["stop 1000 with 130", "end 1600 with 130"]);
});

Deno.test("a press that nobody listens to ends", () => {
  assertEquals(heardAt([5], () => false), ["end 5 with 130"]);
});

Deno.test("other signals than Ctrl-C stop with the code for trying again, and never end what is stopping", () => {
  assertEquals(heardAt([1000, 1600, 9000], () => true, 75), ["stop 1000 with 75"]);
  assertEquals(heardAt([5], () => false, 75), ["end 5 with 75"]);
});
