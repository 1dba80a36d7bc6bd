import { assert, assertEquals } from "@std/assert";
import { BREAKAGES } from "./breakages/breakages.ts";
import { placesOf, sourcePaths, testFiles } from "./breakages/places.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

function testBreakages(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

testBreakages("every breakage has one place in the library", () => {
  const sources = new Map(sourcePaths("lib").map((path) => [path, Deno.readTextFileSync(path)]));
  for (const breakage of BREAKAGES) {
    const places = placesOf(breakage, sources).map(({ path }) => path);
    const got = `"${breakage.find}" occurs ${places.length} times (${places.join(", ")})`;
    assertEquals(places.length, 1, `${breakage.name}: ${got}`);
  }
});

testBreakages("the tests of every breakage exist", () => {
  const [tests, sources] = [sourcePaths("tests"), sourcePaths("lib")];
  for (const { name, tests: names } of BREAKAGES) {
    for (const test of names) {
      assert(testFiles(test, tests, sources).length > 0, `${name}: there is no ${test}`);
    }
  }
});

Deno.test("there are forty breakages or more, each under its own name, each a change", () => {
  assert(new Set(BREAKAGES.map(({ name }) => name)).size >= 40);
  assertEquals(new Set(BREAKAGES.map(({ name }) => name)).size, BREAKAGES.length);
  for (const { name, find, replace } of BREAKAGES) assert(find !== replace, name);
});

Deno.test("a place is found however its code is broken into lines", () => {
  const sources = new Map([["lib/a.ts", "const sum = f(\n  a +\n    bc,\n);"], [
    "lib/b.ts",
    "aa + bc",
  ]]);
  assertEquals(placesOf({ find: "a + bc" }, sources), [{ path: "lib/a.ts", from: 17, to: 27 }]);
  assertEquals(placesOf({ find: "a + b" }, sources), []);
  assertEquals(placesOf({ find: "+ bc" }, sources).length, 2);
  assertEquals(placesOf({ find: "+ bc", file: "b.ts" }, sources).length, 1);
});
