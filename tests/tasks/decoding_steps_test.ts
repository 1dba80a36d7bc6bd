import { assertEquals } from "@std/assert";
import { decodeGreedily, decodingSteps } from "@/tasks/decoding.ts";
import { firstStrings } from "@/tasks/streams.ts";
import { createVocabulary } from "@/tasks/reversal.ts";
import { reverser, type Script, ScriptedNetwork } from "./scripted_network.ts";

const symbols = createVocabulary(10), { separator, terminator } = symbols;
const strings = firstStrings(30, 1, "test", symbols, { shortest: 1, longest: 12 });

const scripts: Record<string, Script> = {
  "a right one": reverser(symbols),
  "one that never ends": () => 3,
  "one that ends at once": () => terminator,
  "one that writes marks": (fed) => [separator, symbols.start, 1, terminator][fed.length % 4],
  "one that depends on what it wrote": (fed) =>
    (fed[fed.length - 1] * 7 + fed.length) % symbols.size,
};

for (const [name, script] of Object.entries(scripts)) {
  Deno.test(`answers of a group are those of greedy decoding: ${name}`, () => {
    const own = new ScriptedNetwork(symbols, script);
    const steps = decodingSteps(own, symbols, strings);
    let next = steps.next();
    while (!next.done) next = steps.next();
    const together = { together: strings.length };
    const network = new ScriptedNetwork(symbols, script);
    assertEquals(next.value, decodeGreedily(network, symbols, strings, together));
    const byLength = (a: number[], b: number[]) => a.indexOf(separator) - b.indexOf(separator);
    assertEquals(own.groups[0].toSorted(byLength), network.groups[0]);
  });
}

Deno.test("the network has taken exactly one step more at each pause", () => {
  const network = new ScriptedNetwork(symbols, reverser(symbols));
  let steps = 0;
  for (const _ of decodingSteps(network, symbols, [[1, 2], [3, 4, 5]])) {
    steps++;
    assertEquals(network.groups[0].map(({ length }) => length), [steps, steps]);
  }
  assertEquals(steps, 2 * 3 + 2);
});
