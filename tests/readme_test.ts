import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeSteps } from "@/figures/parts/step_table.ts";
import { runStack } from "@/memory/stack.ts";
import { defaultMemory, TASK_NAMES, type TaskName } from "@/tasks/tasks.ts";
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

testReadme("the README says which tasks there are, and which memory each has by default", () => {
  const text = read("README.md").replace(/\s+/g, " "), [first, ...others] = TASK_NAMES;
  const names = [`${first} (the default)`, ...others].join(", ").replace(/, ([^,]*)$/, " and $1");
  assertStringIncludes(text, `\`--task\` is one of ${names}.`);
  const memory = defaultMemory(first), same = (name: TaskName) => defaultMemory(name) === memory;
  const rest = new Set(others.filter((name) => !same(name)).map(defaultMemory));
  assertEquals(rest.size, 1);
  const alike = TASK_NAMES.filter(same).join(", ").replace(/, ([^,]*)$/, " and $1");
  assertStringIncludes(text, `a ${memory} for ${alike}, a ${[...rest][0]} for the rest.`);
});

testReadme("every task that the README names is in deno.json", () => {
  const { tasks } = JSON.parse(read("deno.json"));
  const named = [...read("README.md").matchAll(/deno(?:@[\d.]+)? task ([a-z:-]+)/g)];
  assert(named.length > 5);
  for (const [, task] of named) assert(task in tasks, task);
});

testReadme("the lab may write to its own folder only, which the README names", () => {
  const { tasks: { lab } } = JSON.parse(read("deno.json"));
  const written = [...lab.matchAll(/--allow-write(?:=(\S+))?|--allow-all|-A/g)];
  assertEquals(written.map(([, folder]) => folder), [".jupyter"]);
  assertStringIncludes(read("README.md"), "`.jupyter`");
});

testReadme("the README's picture says of each step what the stack does", () => {
  const picture = ".github/stack_in_motion.svg";
  assertStringIncludes(read("README.md"), `](${picture})`);
  const names = ["s", "t", "o", "p", "–", "–", "–"];
  const trace = runStack({
    values: names.map((_, i) => names.map((_, j) => Number(i === j))),
    pops: [0, 0, 0, 0, 0.9, 1, 0.8],
    pushes: [0.9, 0.8, 1, 0.9, 0, 0, 0],
  });
  const steps = describeSteps(trace, names);
  const svg = read(picture);
  assertStringIncludes(svg, `A stack in motion over 7 steps: ${steps.join("; ")}.</title>`);
  const shown = [
    ...svg.matchAll(/>(step \d) of 7<.*?>(pop [^<]*)<.*?>(push [^<]*)<.*?>(read [^<]*)</g),
  ];
  assertEquals(
    shown.map(([, step, pop, push, read]) => `${step} ${pop}, ${push}, ${read}`),
    steps.map((words) =>
      words.replace("pops", "pop").replace("pushes", "push").replace("reads", "read")
    ),
  );
});
