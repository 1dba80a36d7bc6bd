import { assertEquals } from "@std/assert";
import { copyTask } from "@/tasks/copy.ts";
import { seededRandom } from "@/math/random.ts";
import { genderTask } from "@/tasks/gender.ts";
import { layOutSourceAndTarget, reverseTargets } from "@/tasks/source_and_target.ts";
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

Deno.test("with reversed targets a task draws the same sources, and writes their targets from the end", () => {
  for (const other of [task, genderTask()]) {
    const reversed = reverseTargets(other), lengths = { shortest: 8, longest: 12 };
    const drawn = [other, reversed].map(({ sample }) => sample(seededRandom(1), lengths));
    assertEquals(drawn[1].source, drawn[0].source);
    assertEquals([...drawn[1].target], [...drawn[0].target].reverse());
    const answer = expectedAnswer(reversed, drawn[1]);
    assertEquals([...answer], [...[...drawn[0].target].reverse(), other.vocabulary.terminator]);
  }
  assertEquals([...reverseTargets(task).pairOf!([3, 1, 4]).target], [4, 1, 3]);
});
