import { assertEquals } from "@std/assert";
import { copyTask } from "@/tasks/copy.ts";
import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";
import { expectedAnswer } from "@/tasks/task.ts";

const task = copyTask(9), { vocabulary } = task, pair = task.pairOf!([3, 1, 4, 1, 5]);

Deno.test("the decoder's targets are what the task expects, its inputs one step behind", () => {
  const { source, inputs, targets } = layOutSourceAndTarget(vocabulary, pair);
  assertEquals(source, [3, 1, 4, 1, 5]);
  assertEquals(targets, [...expectedAnswer(task, pair)]);
  assertEquals(inputs, [vocabulary.start, ...targets.slice(0, -1)]);
});

Deno.test("source and target are reversed each for itself, the marks stay where they are", () => {
  const { start, terminator } = vocabulary, forwards = [3, 1, 4, 1, 5], backwards = [5, 1, 4, 1, 3];
  for (const reverseSource of [false, true]) {
    for (const reverseTarget of [false, true]) {
      const target = reverseTarget ? backwards : forwards;
      assertEquals(layOutSourceAndTarget(vocabulary, pair, { reverseSource, reverseTarget }), {
        source: reverseSource ? backwards : forwards,
        inputs: [start, ...target],
        targets: [...target, terminator],
      });
    }
  }
  assertEquals([...pair.source], forwards);
});
