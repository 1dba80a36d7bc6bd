import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { createVocabulary, layOutReversal } from "@/tasks/reversal.ts";
import { summarizeControls } from "@/training/control_summary.ts";

const symbols = createVocabulary(3);
const sizes = { layers: 1, hidden: 5, embedding: 3, valueWidth: 3, symbols: symbols.size };
const shape = { cell: "lstm", memory: "stack", ...sizes } as const;

Deno.test("a batch of many lengths comes to the mean of its strings, each run alone", () => {
  const engine = createEngine(shape);
  engine.setParameters(initialParameters(shape, seededRandom(4), { popBias: -0.2 }));
  const summaryOf = (strings: number[][]) => {
    const laidOut = strings.map((string) => layOutReversal(symbols, string));
    engine.gradient({ strings: laidOut, outputWeight: 1 });
    return summarizeControls(engine.controls(), strings.map(({ length }) => length));
  };
  const strings = [[0, 1], [2, 2, 1, 0, 1], [1], [0, 2, 1, 1, 0], [2, 1, 0]];
  const together = summaryOf(strings), alone = strings.map((string) => summaryOf([string]));
  const steps = strings.reduce((sum, { length }) => sum + length + 1, 0);
  for (const name of ["live", "readPush", "readPop", "writePush", "writePop"] as const) {
    const sum = alone.reduce((sum, s, i) => sum + s[name] * (strings[i].length + 1), 0);
    assertAlmostEquals(together[name], sum / steps, 1e-7, name);
  }
});

Deno.test("the trainable region has no edges: u = 2d − 1 and u = d are outside", () => {
  const controls = { pushes: [0.75, 0.75, 0.75, 0.75], pops: [0.5, 0.75, 0.6, 0.9] };
  assertEquals(summarizeControls(controls, [1]).live, 0.25);
});
