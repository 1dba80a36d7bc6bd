import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { makeFigure } from "@/figures/figure.ts";
import { Kernel } from "@/jupyter/kernel.ts";
import { trainLive } from "@/jupyter/live_training.ts";
import { PLOTLY } from "@/jupyter/show.ts";
import { testWithKernel } from "./needs_kernel.ts";

const draw = () =>
  makeFigure({ title: "A curve", description: "A curve.", data: [{ type: "scatter", y: [1] }] });
const never = { now: () => 0, takeStop: () => false };

Deno.test("it ends after as many strings as the budget has", async () => {
  let steps = 0;
  const step = () => {
    steps++;
    return 10;
  };
  assertEquals(await trainLive({ budget: { strings: 95 }, step, draw }, never), "strings");
  assertEquals(steps, 10);
});

Deno.test("it ends when there is nothing left to learn", async () => {
  const left = [10, 10, 0, 10];
  const step = () => left.shift()!;
  assertEquals(await trainLive({ budget: { strings: 95 }, step, draw }, never), "done");
  assertEquals(left, [10]);
});

Deno.test("an error of a step is not hidden", async () => {
  const step = () => {
    throw new RangeError("diverged");
  };
  await assertRejects(() => trainLive({ budget: { strings: 1 }, step, draw }, never), RangeError);
});

const PREPARE = `
  import { makeFigure } from "@/figures/figure.ts";
  import { trainLive } from "@/jupyter/live_training.ts";
  const errors: number[] = [1];
  const draw = () =>
    makeFigure({ title: "A curve", description: "A curve.", data: [{ type: "scatter", y: errors }] });
  const status = () => \`\${errors.length} errors\`;
  const pause = (ms: number) => { const end = performance.now() + ms; while (performance.now() < end); };
`;

testWithKernel("a stop file ends the cell, and what was learned is kept for the next", async () => {
  await using kernel = await Kernel.start("tests/jupyter");
  await kernel.run(PREPARE, 60);
  const { outputs, error } = await kernel.run(
    `const step = () => {
      errors.push(errors.at(-1)! / 2);
      if (errors.length === 4) Deno.writeTextFileSync("stop", "");
      pause(100);
      return 1;
    };
    const ending = await trainLive({ budget: { seconds: 50 }, step, draw, status });`,
    60,
  );
  assertEquals([error, outputs.length], [undefined, 1]);
  assert("data" in outputs[0]);
  const figure = outputs[0].data[PLOTLY] as { data: { y: number[] }[] };
  const said = await kernel.run("console.log(ending, errors.length)", 60);
  assert("text" in said.outputs[0]);
  const [, ending, count] = /(\w+) (\d+)/.exec(said.outputs[0].text)!;
  assertEquals(ending, "stopped");
  assertEquals(figure.data[0].y.length, Number(count));
  assertLess(Number(count), 12);
});

testWithKernel("the clock of a budget begins when everything is loaded that draws", async () => {
  await using kernel = await Kernel.start("tests/jupyter");
  await kernel.run(PREPARE, 60);
  const { outputs, error } = await kernel.run(
    `import { headlessPlotly } from "@/figures/headless_plotly.ts";
    let isLoaded = false, wasLoaded: boolean | undefined;
    headlessPlotly().then(() => isLoaded = true);
    const now = () => { wasLoaded ??= isLoaded; return 0; };
    const world = { now, takeStop: () => false };
    await trainLive({ budget: { strings: 1 }, step: () => 1, draw, status }, world);
    console.log(wasLoaded);`,
    60,
  );
  assertEquals(error, undefined);
  assertEquals(outputs.map((output) => "text" in output && output.text.trim()), [false, "true"]);
});

testWithKernel(
  "two runs with a budget in strings leave the same output, however long they take",
  async () => {
    await using kernel = await Kernel.start("tests/jupyter");
    const run = async (milliseconds: number) => {
      await kernel.run(PREPARE.replaceAll(/^ {2}const /gm, "  var "), 60);
      const step = `() => { errors.push(errors.at(-1)! / 2); pause(${milliseconds}); return 5; }`;
      const cell = `await trainLive({ budget: { strings: 40 }, step: ${step}, draw, status });`;
      return (await kernel.run(`${cell}\nvoid 0;`, 60)).outputs;
    };
    const [slow, quick] = [await run(120), await run(0)];
    assertEquals(slow.length, 1);
    assertEquals(slow, quick);
  },
);
