import { assertEquals } from "@std/assert";
import { payAttention } from "@/training/attention.ts";

Deno.test("attention is paid every 50 milliseconds, pauses not counted, and shown how far the work is", async () => {
  let clock = 0;
  const heard: string[] = [];
  const stopAsked = payAttention({
    now: () => clock,
    pause: () => Promise.resolve(void (clock += 1000, heard.push(`pause to ${clock}`))),
    stopRequested: () => clock > 2000,
    show: (told) => void heard.push(`${told}`),
  });
  const asked: boolean[] = [];
  for (const share of [0.1, 0.2, 0.3, 0.4]) {
    clock += 25;
    asked.push(await stopAsked(share));
  }
  assertEquals(heard, ["0.2", "pause to 1050", "0.4", "pause to 2100"]);
  assertEquals(asked, [false, false, false, true]);
});
