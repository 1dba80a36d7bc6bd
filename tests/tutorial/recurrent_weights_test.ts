import { assertEquals, assertThrows } from "@std/assert";
import { createRecurrentWeights, drawRecurrentWeights } from "@/tutorial/recurrent_network.ts";

Deno.test("starting weights are drawn W_x, W_y, W_h, each by columns, from −1 to 1", () => {
  const design = { inputs: 2, hidden: 2, outputs: 1, recurrence: "hidden", longest: 1 } as const;
  let drawn = 0;
  const { Wx, Wy, Wh } = drawRecurrentWeights(design, { uniform: () => drawn++ / 16 });
  const nth = (n: number) => 2 * (n / 16) - 1;
  assertEquals([...Wx], [0, 2, 1, 3].map(nth));
  assertEquals([...Wy], [4, 5].map(nth));
  assertEquals([...Wh], [6, 8, 7, 9].map(nth));
});

Deno.test("the views are parts of the flat array, W_h square or as wide as the input", () => {
  const design = { inputs: 2, hidden: 3, outputs: 4, longest: 1 };
  const lengths = (["hidden", "input"] as const).map((recurrence) => {
    const { flat, Wx, Wy, Wh } = createRecurrentWeights({ ...design, recurrence });
    [Wx, Wy, Wh].forEach((W, i) => W.fill(i + 1));
    assertEquals([...flat], [...Wx, ...Wy, ...Wh]);
    return [Wx.length, Wy.length, Wh.length];
  });
  assertEquals(lengths, [[6, 12, 9], [6, 12, 6]]);
});

Deno.test("widths that are not whole numbers of at least 1 are refused", () => {
  const design = { inputs: 2, hidden: 3, outputs: 1, recurrence: "hidden", longest: 4 } as const;
  assertThrows(
    () => createRecurrentWeights({ ...design, hidden: 0 }),
    RangeError,
    "Cannot make a network: wanted hidden of at least 1, got 0",
  );
  assertThrows(() => createRecurrentWeights({ ...design, longest: 1.5 }), RangeError, "got 1.5");
});
