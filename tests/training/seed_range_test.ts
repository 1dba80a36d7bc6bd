import { assertEquals } from "@std/assert";
import { isSeedRange, parseSeedRange, seedsIn } from "@/training/seed_range.ts";

Deno.test("a range is two integers in order, neither too great nor too far apart", () => {
  const texts = ["0..0", "1..20", "3..3", "5..1", "-1..3", "1..2.5", "1...3", "1-3", "7", "a..b"];
  const tooMuch = ["1..10001", "1..4294967296"];
  const read = [...texts, ...tooMuch].filter((text) => parseSeedRange(text));
  assertEquals(read, ["0..0", "1..20", "3..3"]);
});

Deno.test("a range from a file is checked like one from the command line", () => {
  const good = { first: 2, last: 4 };
  const bad = [null, 3, "1..2", {}, { first: 4, last: 2 }, { first: "1", last: "2" }];
  assertEquals([good, ...bad].filter(isSeedRange), [good]);
});

Deno.test("both ends of a range are in it", () => {
  assertEquals(seedsIn({ first: 2, last: 4 }), [2, 3, 4]);
});
