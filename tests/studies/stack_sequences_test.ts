import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { CONTROL_KINDS, drawStackSequence } from "@/studies/stack_sequences.ts";

const T = 400, M = 3;
const near = (bit: number) => (x: number) => Math.abs(x - bit) <= 0.01;
const isCrisp = (x: number) => near(0)(x) || near(1)(x);

function drawn(kind: string) {
  return drawStackSequence(CONTROL_KINDS[kind], T, M, seededRandom(kind));
}

Deno.test("the controls of each kind are what its name says", () => {
  const controlsOf = (kind: string) => {
    const { pops, pushes } = drawn(kind).inputs;
    return { pops, pushes, all: [...pops, ...pushes] };
  };
  const uniform = controlsOf("uniform").all;
  assert(uniform.every((x) => x >= 0 && x < 1) && uniform.some((x) => !isCrisp(x)));
  const crisp = controlsOf("nearly 0 or 1");
  assert(crisp.all.every(isCrisp));
  const share = (controls: number[]) => controls.filter(near(1)).length / T;
  assert(Math.abs(share(crisp.pops) - 0.4) < 0.1 && Math.abs(share(crisp.pushes) - 0.6) < 0.1);
  const { pops, pushes } = controlsOf("reversal"), half = T / 2;
  assert(pushes.slice(0, half).every(near(1)) && pushes.slice(half).every(near(0)));
  assert(pops.slice(0, half).every(near(0)) && pops.slice(half).every(near(1)));
  const tiny = controlsOf("tiny");
  assert(tiny.pops.every((u) => u < 0.001) && tiny.pushes.every((d) => d < 0.002));
  assert(tiny.pushes.some((d) => d > 0.001));
  const eighths = new Set(controlsOf("eighths").all.map((x) => 8 * x));
  assertEquals([...eighths].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("values and gradients are whole numbers from −9 to 9, drawn after pops and pushes", () => {
  const { inputs: { values, pops, pushes }, gReads } = drawn("uniform");
  for (const rows of [values, gReads]) {
    assertEquals(rows.map(({ length }) => length), Array(T).fill(M));
    assertEquals(new Set(rows.flat()).size, 19);
    assert(rows.flat().every((x) => Number.isInteger(x) && Math.abs(x) <= 9));
  }
  assertNotEquals(values, gReads);
  const random = seededRandom("uniform");
  assertEquals([...pops, ...pushes], Array.from({ length: 2 * T }, () => random.uniform()));
  assertEquals(values[0], [0, 1, 2].map(() => random.integer(-9, 10)));
});
