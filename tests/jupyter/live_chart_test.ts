import { assert, assertEquals } from "@std/assert";
import { LiveChart, RedrawThrottle } from "@/jupyter/live_chart.ts";
import type { Figure } from "@/figures/figure.ts";
import { Kernel } from "@/jupyter/kernel.ts";
import { show } from "@/jupyter/show.ts";
import { testWithKernel } from "./needs_kernel.ts";

/** How many times it is due in so many seconds, if it is asked every millisecond and takes so many itself. */
function timesIn(seconds: number, takes: number): number {
  const throttle = new RedrawThrottle();
  let times = 0;
  for (let now = 0; now < 1000 * seconds; now++) {
    if (!throttle.isDue(now)) continue;
    throttle.record(now, now + takes);
    now += takes;
    times++;
  }
  return times;
}

Deno.test("an hour takes few times more than a minute", () => {
  assertEquals([12, 60, 600, 3600].map((seconds) => timesIn(seconds, 0)), [30, 75, 167, 245]);
});

Deno.test("what takes long is done for a sixth of the time", () => {
  assertEquals(timesIn(60, 1000), 10);
});

/** A figure that cannot even be looked at. */
const FORBIDDEN = new Proxy({}, {
  ownKeys() {
    throw new Error("drawn");
  },
  get() {
    throw new Error("drawn");
  },
}) as Figure;

const PREPARE = `
  import { makeFigure } from "@/figures/figure.ts";
  import { LiveChart } from "@/jupyter/live_chart.ts";
  import { print } from "@/jupyter/print.ts";
  import { show } from "@/jupyter/show.ts";
  const draw = (y: number[]) =>
    makeFigure({ title: "A curve", description: "A curve.", data: [{ type: "scatter", y }] });
`;

Deno.test("outside a kernel nothing is drawn and nothing fails", async () => {
  await show(FORBIDDEN);
  const chart = new LiveChart();
  assertEquals(await chart.update(() => FORBIDDEN, "status"), false);
  await chart.finish(FORBIDDEN);
});

testWithKernel(
  "a figure is shown once, in every format that is needed, before what follows",
  async () => {
    await using kernel = await Kernel.start(".");
    const { outputs, error } = await kernel.run(
      PREPARE + 'print("above", [1, 2]);\nawait show(draw([1, 2]));\nprint("below");',
      60,
    );
    assertEquals(error, undefined);
    const [above, figure, below] = outputs;
    assertEquals("text" in above && above.text, "above\n[ 1, 2 ]\n");
    assert("data" in figure);
    assertEquals(Object.keys(figure.data).sort(), [
      "application/vnd.plotly.v1+json",
      "image/svg+xml",
      "text/plain",
    ]);
    assertEquals(figure.data["text/plain"], "A curve. A curve.");
    assertEquals("text" in below && below.text, "below\n");
  },
);

testWithKernel("a live chart is one output, and ends as a figure of the last state", async () => {
  await using kernel = await Kernel.start(".");
  const { outputs, error } = await kernel.run(
    PREPARE + `
    const chart = new LiveChart();
    await chart.update(() => draw([3]), "step 1");
    await chart.finish(draw([3, 1]), "done");`,
    60,
  );
  assertEquals(error, undefined);
  assertEquals(outputs.length, 1);
  assert("data" in outputs[0]);
  const figure = outputs[0].data["application/vnd.plotly.v1+json"] as {
    data: { y: number[] }[];
    layout: { title: { subtitle: { text: string } } };
  };
  assertEquals(figure.data[0].y, [3, 1]);
  assertEquals(figure.layout.title.subtitle.text, "done");
  assert(String(outputs[0].data["image/svg+xml"]).includes(">done<"));
});
