import { assertEquals } from "@std/assert";
import { nearestWord } from "@/cli/nearest_word.ts";

Deno.test("up to two slips are forgiven: letters left out, added, replaced or swapped", () => {
  for (const word of ["--lengt", "--lengthh", "--lengtx", "--legnth", "--lenghtt", "--lgenhth"]) {
    assertEquals(nearestWord(word, ["--seed", "--length"]), "--length", word);
  }
});

Deno.test("three slips are not", () => {
  for (const word of ["--len", "--lengthier", "--abcgth", "--lnegthxy"]) {
    assertEquals(nearestWord(word, ["--seed", "--length"]), undefined, word);
  }
});

Deno.test("the nearest of several is meant", () => {
  assertEquals(nearestWord("--seeds", ["--seed", "--seeds1", "--seeds"]), "--seeds");
  assertEquals(nearestWord("--sede", ["--seeder", "--seed"]), "--seed");
});
