import { assertEquals } from "@std/assert";
import { checkpointFromText, checkpointToText } from "@/training/checkpoint.ts";
import { walkSettings } from "../runs/stand_in.ts";

const checkpoint = {
  experiment: "walk",
  settings: walkSettings(),
  iteration: 12,
  rows: 7,
  seconds: 0.25,
  state: { places: new Float64Array([1 / 3, -0]), least: -Infinity },
};

Deno.test("a checkpoint comes back from its text as it was", () => {
  assertEquals(checkpointFromText(checkpointToText(checkpoint)), checkpoint);
});

Deno.test("any one letter changed, left out or doubled is noticed", () => {
  const text = checkpointToText(checkpoint);
  for (let i = 0; i < text.length; i++) {
    const [before, letter, after] = [text.slice(0, i), text[i], text.slice(i + 1)];
    const other = letter === "0" ? "1" : "0";
    for (
      const damaged of [before + other + after, before + after, before + letter + text.slice(i)]
    ) {
      assertEquals(checkpointFromText(damaged), undefined, `letter ${i}: ${damaged}`);
    }
  }
});

Deno.test("a checkpoint cut off anywhere is noticed", () => {
  const text = checkpointToText(checkpoint);
  for (let length = 0; length < text.length; length++) {
    assertEquals(checkpointFromText(text.slice(0, length)), undefined, `${length} letters`);
  }
});
