import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { range } from "@/math/lists.ts";
import { cutStreams, shortestText } from "@/text/text_streams.ts";

const sizes = fc.record({
  streams: fc.integer({ min: 1, max: 5 }),
  truncation: fc.integer({ min: 1, max: 5 }),
});

Deno.test("the strings of a pass are the streams, side by side and without a gap; each target is the next symbol", () => {
  fc.assert(fc.property(sizes, fc.integer({ min: 0, max: 60 }), (sizes, more) => {
    const { streams: B, truncation: k } = sizes, text = range(shortestText(sizes) + more);
    const streams = cutStreams(text, sizes), read: number[][] = range(B).map(() => []);
    for (let update = 0; update < streams.updatesPerPass; update++) {
      streams.stringsOf(update).forEach(({ inputs, targets }, b) => {
        assertEquals([inputs.length, targets], [k, inputs.map((symbol) => symbol + 1)]);
        read[b].push(...inputs);
      });
    }
    for (const symbols of read) {
      assertEquals(symbols, range(symbols[0], symbols[0] + symbols.length));
    }
    // Less than a string of each stream, and fewer symbols than streams, are left out.
    const used = read.flat().length, pairs = text.length - 1;
    assertEquals(new Set(read.flat()).size, used);
    assert(pairs - used < B * k + B, `${used} of ${pairs}`);
  }));
});

Deno.test("each stream begins where an equal part of the text begins", () => {
  const streams = cutStreams(range(102), { streams: 4, truncation: 10 });
  assertEquals(streams.stringsOf(0).map(({ inputs }) => inputs[0]), [0, 25, 50, 75]);
  assertEquals(streams.updatesPerPass, 2);
});

Deno.test("after the last string of a pass the first comes again", () => {
  const streams = cutStreams(range(14), { streams: 2, truncation: 2 });
  assertEquals(range(7).map(streams.startsPass), [true, false, false, true, false, false, true]);
  assertEquals(streams.stringsOf(4), streams.stringsOf(1));
});

Deno.test("the shortest text has one string in each stream; a shorter one is refused", () => {
  const sizes = { streams: 3, truncation: 4 };
  assertEquals(cutStreams(range(13), sizes).updatesPerPass, 1);
  assertThrows(() => cutStreams(range(12), sizes), RangeError, "at least 13 symbols, got 12");
  assertThrows(
    () => cutStreams([0], { streams: 0, truncation: 1 }),
    RangeError,
    "streams of at least 1, got 0",
  );
  assertThrows(
    () => cutStreams([0], { streams: 1, truncation: NaN }),
    RangeError,
    "truncation of at least 1",
  );
});
