import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FRONT_PICTURE, frontPicture } from "@/cli/front_picture.ts";
import { fileOf } from "./outline.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const read = (path: string) => Deno.readTextFileSync(path);

function testReadme(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

testReadme("the README lists every notebook, and no other", () => {
  const listed = [...read("README.md").matchAll(/^\| \d+ +\| \[.*?\]\(notebooks\/(.+?)\)/gm)];
  const there = [...Deno.readDirSync("notebooks")].map(({ name }) => name);
  assertEquals(
    listed.map(([, name]) => name),
    there.filter((name) => name.endsWith(".ipynb")).sort(),
  );
});

testReadme("every file that the README points to is there", () => {
  const targets = [...read("README.md").matchAll(/\]\((?!https?:)([^)#]+)\)/g)];
  assert(targets.length > 10);
  for (const [, target] of targets) Deno.statSync(fileOf(target));
});

testReadme("every task that the README names is in deno.json", () => {
  const { tasks } = JSON.parse(read("deno.json"));
  const named = [...read("README.md").matchAll(/deno(?:@[\d.]+)? task ([a-z:-]+)/g)];
  assert(named.length > 5);
  for (const [, task] of named) assert(task in tasks, task);
});

testReadme("every room of the library is on the README's map", () => {
  const rooms = [...Deno.readDirSync("lib")].filter(({ isDirectory }) => isDirectory);
  const map = [...read("README.md").matchAll(/^\| \[lib\/(\w+)\]/gm)].map(([, room]) => room);
  assertEquals(map.toSorted(), rooms.map(({ name }) => name).sort());
});

testReadme("the README says what the lab writes outside its folder", () => {
  const text = read("README.md").replace(/\s+/g, " ");
  assert(text.includes("Besides the caches of Deno, npm and pip it writes nothing anywhere else"));
});

testReadme("the README's picture is the one that the code draws", () => {
  assertStringIncludes(read("README.md"), `](${FRONT_PICTURE})`);
  assert(read(FRONT_PICTURE) === frontPicture(), "draw it anew: deno task picture");
});
