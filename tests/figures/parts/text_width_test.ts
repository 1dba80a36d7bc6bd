import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { fittingText, textWidth } from "@/figures/parts/text_width.ts";

Deno.test("a text is chosen only if it fits into its box", () => {
  fc.assert(fc.property(fc.string(), fc.nat(200), fc.nat(40), (text, width, height) => {
    const plain = text.replace(/[<>]/g, "");
    const fits = textWidth(plain, 13) <= width && 13 <= height;
    assertEquals(fittingText([plain], width, height), fits ? plain : "");
  }));
  assertEquals(fittingText(["one<br>two"], 100, 20), "");
  assertEquals(fittingText(["one<br>two"], 100, 26), "one<br>two");
});
