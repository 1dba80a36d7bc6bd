import { assert, assertEquals, assertThrows } from "@std/assert";
import { sequences } from "@/figures/sequence_comparison.ts";

interface Marks {
  name: string;
  mode: string;
  x: (number | null)[];
  y: (number | null)[];
  text: string[];
  marker: { symbol: string };
}

const inputs = {
  title: "Learned",
  target: [0.3, 0.2, 0.1],
  predictions: [
    { name: "before", values: [0, 0.05, 0] },
    { name: "after", values: [0.3, 0.2, 0.125] },
  ],
};
const data = sequences(inputs).data as unknown as Marks[];

function named(name: string): Marks {
  return data.find((trace) => trace.name === name)!;
}

Deno.test("the target is a bar at its height for each step", () => {
  assertEquals(named("target").y.filter((y) => y !== null), [0.3, 0.3, 0.2, 0.2, 0.1, 0.1]);
});

Deno.test("each prediction has markers at its numbers, of its own shape", () => {
  for (const { name, values } of inputs.predictions) assertEquals(named(name).y, values);
  assert(named("before").marker.symbol !== named("after").marker.symbol);
  const distances = named("after").x.map((x, t) => x! - named("before").x[t]!);
  assert(distances.every((distance) => distance > 0), "side by side");
});

Deno.test("a line as long as the error leads from the target to the prediction", () => {
  assertEquals(named("after, error").y, [0.3, 0.3, null, 0.2, 0.2, null, 0.1, 0.125, null]);
});

Deno.test("numbers are on the side of the markers away from the target", () => {
  const texts = data.filter((trace) => trace.mode === "text");
  assertEquals(texts.map((trace) => trace.text), [["0", "0.05", "0"], ["0.3", "0.2", "0.13"]]);
  texts[0].y.forEach((y, t) => assert(y! < inputs.predictions[0].values[t]));
  texts[1].y.forEach((y, t) => assert(y! > inputs.predictions[1].values[t]));
});

Deno.test("the description has all the numbers", () => {
  assertEquals(
    sequences(inputs).description,
    "Target: 0.3, 0.2, 0.1. before: 0, 0.05, 0. after: 0.3, 0.2, 0.13.",
  );
});

Deno.test("a prediction of another length is refused, and a fourth one", () => {
  const [one] = inputs.predictions;
  assertThrows(
    () => sequences({ ...inputs, predictions: [{ name: "short", values: [1] }] }),
    TypeError,
    'Cannot compare sequences: wanted 3 numbers "short", got 1',
  );
  assertThrows(
    () => sequences({ ...inputs, predictions: [one, one, one, one] }),
    TypeError,
    "Cannot compare sequences: wanted 1 to 3 predictions, got 4",
  );
});
