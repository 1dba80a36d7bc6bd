import { assert, assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";
import { type LiveTrainingHost, StoppingRule, trainLive } from "@/jupyter/live_training.ts";
import { makeFigure } from "@/figures/figure.ts";
import { Kernel } from "@/jupyter/kernel.ts";
import { PLOTLY } from "@/jupyter/show.ts";
import { testWithKernel } from "./needs_kernel.ts";

/** A host whose clock advances 100 ms at each call, with stops requested at given times. */
function hostWith(...stops: number[]): LiveTrainingHost & { polls: number } {
  let clock = -100;
  return {
    polls: 0,
    now: () => clock += 100,
    takeStopRequest() {
      this.polls++;
      const isAsked = stops.length > 0 && stops[0] <= clock;
      if (isAsked) stops.shift();
      return isAsked;
    },
  };
}

Deno.test("a budget in strings stops when they are spent, on every machine at the same string", () => {
  const rule = new StoppingRule({ strings: 100 }, hostWith());
  for (let i = 0; i < 9; i++) rule.count(11);
  assertEquals(rule.shouldStop(), false);
  rule.count(1);
  assertEquals([rule.shouldStop(), rule.reason, rule.strings], [true, "strings", 100]);
});

Deno.test("a budget in seconds counts from the first call", () => {
  const rule = new StoppingRule({ seconds: 0.5 }, hostWith());
  assertEquals(Array.from({ length: 7 }, () => rule.shouldStop()), [
    ...new Array(5).fill(false),
    true,
    true,
  ]);
  assertEquals(rule.reason, "seconds");
});

Deno.test("a stop request ends the training, and is cleared", () => {
  const rule = new StoppingRule({ strings: 9 }, hostWith(250));
  const answers = Array.from({ length: 6 }, () => rule.shouldStop());
  assertEquals(answers, [false, false, false, false, true, true]);
  assertEquals(rule.reason, "stopped");
});

Deno.test("a stop requested before the start is cleared and ignored", () => {
  const rule = new StoppingRule({ strings: 9 }, hostWith(0));
  assertEquals(Array.from({ length: 9 }, () => rule.shouldStop()).includes(true), false);
});

Deno.test("the stop file is polled every 200 ms at most", () => {
  const host = hostWith();
  const rule = new StoppingRule({ strings: 9 }, host);
  for (let i = 0; i < 100; i++) rule.shouldStop();
  assertEquals(host.polls, 1 + 50);
});

Deno.test("the first reason to stop stays", () => {
  const rule = new StoppingRule({ strings: 9, seconds: 0.1 }, hostWith());
  assertEquals([rule.shouldStop(), rule.shouldStop(), rule.reason], [false, true, "seconds"]);
  rule.count(20);
  assertEquals([rule.shouldStop(), rule.reason], [true, "seconds"]);
});

Deno.test("a budget that is infinite or zero is refused", () => {
  for (
    const budget of [{}, { seconds: 0 }, { strings: -1 }, { strings: NaN }, {
      seconds: Infinity,
    }]
  ) {
    assertThrows(
      () => new StoppingRule(budget, hostWith()),
      RangeError,
      "wanted seconds or strings above 0",
    );
  }
});

const draw = () =>
  makeFigure({ title: "A curve", description: "A curve.", data: [{ type: "scatter", y: [1] }] });
const never = { now: () => 0, takeStopRequest: () => false };

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
    const reason = await trainLive({ budget: { seconds: 50 }, step, draw, status });`,
    60,
  );
  assertEquals([error, outputs.length], [undefined, 1]);
  assert("data" in outputs[0]);
  const figure = outputs[0].data[PLOTLY] as { data: { y: number[] }[] };
  const said = await kernel.run("console.log(reason, errors.length)", 60);
  assert("text" in said.outputs[0]);
  const [, reason, count] = /(\w+) (\d+)/.exec(said.outputs[0].text)!;
  assertEquals(reason, "stopped");
  assertEquals(figure.data[0].y.length, Number(count));
  assertLess(Number(count), 12);
});

testWithKernel("the clock of a budget starts after Plotly is loaded", async () => {
  await using kernel = await Kernel.start("tests/jupyter");
  await kernel.run(PREPARE, 60);
  const { outputs, error } = await kernel.run(
    `import { headlessPlotly } from "@/figures/svg/headless_plotly.ts";
    let isLoaded = false, wasLoaded: boolean | undefined;
    headlessPlotly().then(() => isLoaded = true);
    const now = () => { wasLoaded ??= isLoaded; return 0; };
    const host = { now, takeStopRequest: () => false };
    await trainLive({ budget: { strings: 1 }, step: () => 1, draw, status }, host);
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
