import { assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import {
  addLink,
  addLinkBackward,
  addSparseLink,
  addSparseLinkBackward,
  createLayer,
  type Link,
  setLayerBias,
  setLayerBiasBackward,
} from "@/tutorial/layers.ts";

function randomLink(): Link {
  const random = seededRandom(1), from = createLayer(3, 4), to = createLayer(2, 5);
  const [W, gW] = [new Float64Array(20), new Float64Array(20)];
  for (const numbers of [from.y, to.y, to.g, W]) {
    for (let i = 0; i < numbers.length; i++) numbers[i] = random.normal();
  }
  return { from, to, W, gW };
}

Deno.test("a link goes from one row to another, and touches no other", () => {
  const link = randomLink(), before = link.to.y.slice();
  addLink(link, 2, 1);
  assertEquals(link.to.y.slice(0, 5), before.slice(0, 5));
  for (let j = 0; j < 5; j++) {
    let sum = before[5 + j];
    for (let i = 0; i < 4; i++) sum += link.W[j * 4 + i] * link.from.y[8 + i];
    assertAlmostEquals(link.to.y[5 + j], sum, 1e-14);
  }
});

Deno.test("a sparse link gives what a link gives, forwards and for the weights", () => {
  const [dense, sparse] = [randomLink(), randomLink()];
  for (const { from } of [dense, sparse]) from.y[5] = from.y[7] = 0;
  addLink(dense, 1, 0);
  addSparseLink(sparse, 1, 0);
  addLinkBackward(dense, 1, 0);
  addSparseLinkBackward(sparse, 1, 0);
  dense.to.y.forEach((y, i) => assertAlmostEquals(sparse.to.y[i], y, 1e-14));
  dense.gW.forEach((g, i) => assertAlmostEquals(sparse.gW[i], g, 1e-14));
});

Deno.test("a bias starts a row's sums, and its gradient adds up over rows", () => {
  const layer = createLayer(2, 2), gB = new Float64Array([1, 1]);
  layer.y.fill(9);
  setLayerBias(layer, 1, new Float64Array([3, 4]));
  assertEquals([...layer.y], [9, 9, 3, 4]);
  layer.g.set([10, 20, 30, 40]);
  setLayerBiasBackward(layer, 0, gB);
  setLayerBiasBackward(layer, 1, gB);
  assertEquals([...gB], [41, 61]);
});
