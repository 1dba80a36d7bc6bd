import { assert, assertEquals } from "@std/assert";
import { parseNotebook } from "@/jupyter/notebook_file.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const read = (path: string) => Deno.readTextFileSync(path);

function testReadme(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

testReadme("the README lists every notebook, and no other", () => {
  const listed = [...read("README.md").matchAll(/^\| \d+ \| \[.*?\]\(notebooks\/(.+?)\)/gm)];
  const there = [...Deno.readDirSync("notebooks")].map(({ name }) => name);
  assertEquals(
    listed.map(([, name]) => name),
    there.filter((name) => name.endsWith(".ipynb")).sort(),
  );
});

testReadme("every file that the README points to is there", () => {
  const targets = [...read("README.md").matchAll(/\]\((?!https?:)([^)#]+)\)/g)];
  assert(targets.length > 10);
  for (const [, target] of targets) Deno.statSync(target);
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

testReadme("the README's figure is the one that notebook 2 draws", () => {
  const notebook = parseNotebook(read("notebooks/02_the_neural_stack.ipynb"), "notebook 2");
  const svgs = JSON.stringify(notebook.cells);
  const figure = read(".github/figure_1a.svg").trimEnd();
  assert(svgs.includes(JSON.stringify(figure).slice(1, -1)), "copy it from the notebook's output");
});
