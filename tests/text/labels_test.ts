import { assert, assertEquals } from "@std/assert";
import { range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { readCorpus } from "@/text/corpus.ts";
import {
  bracketDepths,
  indentations,
  insideComments,
  insideConditions,
  insideStrings,
  positionsInLine,
} from "@/text/labels.ts";
import { wrapLines } from "@/text/line_wrapping.ts";

const LABELS = {
  bracketDepths,
  indentations,
  insideComments,
  insideConditions,
  insideStrings,
  positionsInLine,
};
const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

Deno.test("every label has a number for each character, of those outside the first plane too", () => {
  const code = 'if (a) { f("𝄞", `${b}𝄞`); } // 𝄞\n';
  for (const [name, label] of Object.entries(LABELS)) {
    assertEquals(label(code).length, [...code].length, name);
    assertEquals(label("").length, 0, name);
  }
});

Deno.test("positions in wrapped lines go up to the columns, one by one", () => {
  const words = readCorpus("moby-dick").slice(0, 5000);
  const positions = positionsInLine(wrapLines(words, 16));
  assert(positions.slice(1).every((at, t) => at === 0 || at === positions[t] + 1));
  assert(positions.filter((at) => at > 16).length < 20, "only words that are longer");
});

Deno.test("an escaped quotation mark does not end a string, and templates are no strings", () => {
  assertEquals(insideStrings(String.raw`"a\"b" c`).join(""), "11111000");
  assertEquals(insideStrings('`a"b"` + "c"').join(""), "000000000110");
  assertEquals(insideStrings("/'/ // it's").join(""), "00000000000");
});

Deno.test("the depth of brackets is that of a count, where no string or comment has one", () => {
  const random = seededRandom(1);
  for (const _ of range(20)) {
    let [code, depth] = ["", 0];
    const depths = range(30).map(() => {
      const [bracket, change] = depth > 0 && random.uniform() < 0.5 ? [")", -1] : ["(", 1];
      code += bracket;
      return depth += change;
    });
    assertEquals([...bracketDepths(code)], depths);
  }
  assertEquals(bracketDepths(")a(").join(""), "001");
  assertEquals(bracketDepths("(`${a}(` // (").join(""), "1".repeat(13));
});

Deno.test("comments of both kinds count from their first character to their last", () => {
  assertEquals(insideComments("/** a\n */b").join(""), "1111111110");
  assertEquals(insideComments("`//` /a/ /**/").join(""), "0000000001111");
});

Deno.test("only the condition of an if counts: no call, no other statement, and none in a comment", () => {
  assertEquals(insideConditions("if(a)b").join(""), "001100");
  assertEquals(insideConditions("f(a); for (b) c").join(""), "0".repeat(15));
  assertEquals(insideConditions("// if (a)\nif  (b)").join(""), "0".repeat(14) + "110");
});

Deno.test({
  name: "in the project's own code, most strings are short and most lines indented by even numbers",
  ignore: !mayRead,
  fn() {
    const code = readCorpus("typescript"),
      strings = insideStrings(code),
      blanks = indentations(code);
    const share = strings.reduce((sum, inside) => sum + inside, 0) / strings.length;
    assert(share > 0.01 && share < 0.1, `${share}`);
    const starts = [...code].flatMap((character, t) => character === "\n" ? [t - 1] : []);
    const even = starts.filter((t) => t >= 0 && blanks[t] % 2 === 0).length;
    assert(even > 0.6 * starts.length, `${even} of ${starts.length}`);
  },
});
