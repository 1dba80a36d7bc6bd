import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import {
  type Grammar,
  grammarTask,
  type GrammarTaskRule,
  type Rule,
  wordPairs,
} from "@/tasks/grammar.ts";
import { type LengthRange, NoTargetError, type Task } from "@/tasks/task.ts";
import { createTask, TASK_NAMES } from "@/tasks/tasks.ts";
import { symbolsToText } from "@/tasks/text.ts";

const toy = (grammar: Grammar, translate: GrammarTaskRule["translate"] = (words) => words) =>
  grammarTask({ name: "toy", title: "toy", grammar, translate });

/** One drawn pair as texts. */
function draw(task: Task, lengths: LengthRange, seed = 1): string[] {
  const { source, target } = task.sample(seededRandom(seed), lengths);
  return [source, target].map((side) => symbolsToText(side, task.vocabulary));
}
const exactly = (length: number) => ({ shortest: length, longest: length });

Deno.test("what a nonterminal has become stands where the number of its link says", () => {
  const grammar = {
    A: [[1, "D1 x D2 E3", "E3 D2 y D1"]],
    D: wordPairs(9, "d", "g"),
    E: [[1, "e e", "f h"]],
  } satisfies Record<string, Rule[]>;
  const [source, target] = draw(toy(grammar), exactly(5), 2);
  const [, one, two] = /^d(\d) x d(\d) e e$/.exec(source)!;
  assert(one !== two);
  assertEquals(target, `f h g${two} y g${one}`);
});

Deno.test("words are numbered as they stand in the rules, those of the source first", () => {
  const { vocabulary } = toy({ A: [[1, "b B1 c", "B1 d b"]], B: wordPairs(2, "s", "t") });
  assertEquals(vocabulary.words, ["b", "c", "s1", "s2", "d", "t1", "t2"]);
  assertEquals([vocabulary.characters, vocabulary.start, vocabulary.size], [7, 7, 10]);
});

Deno.test("what is drawn depends on the seed alone, not on what was drawn before", () => {
  for (const name of TASK_NAMES) {
    const task = createTask(name), lengths = { shortest: 5, longest: 40 };
    const before = draw(task, lengths);
    draw(task, exactly(700));
    assertEquals(draw(task, lengths), before);
  }
});

Deno.test("6,001 words of probability 1e-1337 are drawn: nothing is taken for 0", () => {
  const task = toy({ X: [[.1, "a X1 X2", "b X2 X1"], [.9, "c", "d"]] });
  const { source, target } = task.sample(seededRandom(1), exactly(6001));
  assertEquals([source.length, target.length], [6001, 6001]);
  const letters = (side: Int32Array) => Map.groupBy(side, (symbol) => symbol);
  assertEquals([...letters(source).values()].map(({ length }) => length), [3000, 3001]);
  // A letter a for every two X, and one more X than that.
  assertEquals(target.filter((symbol) => task.vocabulary.words![symbol] === "b").length, 3000);
});

Deno.test("a source has a target if the task's translation has one, and a word of the target has none", () => {
  const translate = (words: readonly string[]) => words[0] === "a" ? ["b"] : undefined;
  const task = toy({ X: [[.5, "a", "b"], [.5, "c", "d"]] }, translate);
  const [a, c, b] = [0, 1, 2];
  assertEquals([...task.pairOf!([a]).target], [b]);
  for (const source of [[c], [b], [a, b]]) assertThrows(() => task.pairOf!(source), NoTargetError);
  for (const source of [[], [9], [-1], [.5]]) {
    const error = assertThrows(() => task.pairOf!(source), RangeError, "Cannot read a source");
    assert(!(error instanceof NoTargetError));
  }
});

Deno.test("a grammar whose sides or probabilities do not agree is refused", () => {
  const bad: [Rule[], string][] = [
    [[[1, "a b", "c"]], 'wanted as many words and the same nonterminals as in "a b", got "c"'],
    [[[.5, "a A1", "A2 b"], [.5, "a", "b"]], 'nonterminals as in "a A1", got "A2 b"'],
    [[[.5, "a A1", "b b"], [.5, "a", "b"]], 'nonterminals as in "a A1", got "b b"'],
    [[[.5, "a", "b"], [.4, "c", "d"]], "wanted probabilities of A that add up to 1, got 0.9"],
  ];
  for (const [rules, message] of bad) assertThrows(() => toy({ A: rules }), TypeError, message);
});
