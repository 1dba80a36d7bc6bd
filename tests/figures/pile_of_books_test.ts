import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { pileOfBooks } from "@/figures/pile_of_books.ts";
import { ToyStack } from "@/memory/toy_stack.ts";

interface Bars {
  x: number[];
  base: number[];
  customdata: string[];
  marker: { color: string[] };
  text: string[];
}

function program() {
  const pile = new ToyStack<string>();
  const steps = [];
  for (const book of ["atlas", "novel"]) {
    pile.push(book);
    steps.push({ operation: `push ${book}`, books: pile.items });
  }
  steps.push({ operation: `pop ${pile.pop()}`, books: pile.items });
  return { title: "The last book on is the first one off", steps };
}

Deno.test("every book of every pile is drawn at its height, one colour for each book", () => {
  const [standing] = pileOfBooks(program()).data as unknown as Bars[];
  assertEquals(standing.x, [0, 1, 1, 2]);
  assertEquals(standing.base, [0, 0, 1, 0]);
  assertEquals(standing.customdata, ["atlas", "atlas", "novel", "atlas"]);
  const [first, second, third, fourth] = standing.marker.color;
  assertEquals([first === second, second === third, first === fourth], [true, false, true]);
});

Deno.test("a book just taken off is outlined where it was", () => {
  const [, gone] = pileOfBooks(program()).data as unknown as Bars[];
  assertEquals([gone.x, gone.base, gone.customdata], [[2], [1], ["novel"]]);
});

Deno.test("arrows point down onto added books and up from removed ones", () => {
  const [, , , arrows] = pileOfBooks(program()).data as unknown as Bars[];
  assertEquals(arrows.text, ["↓", "↓", "↑"]);
});

Deno.test("the description names the books of each pile", () => {
  assertStringIncludes(
    pileOfBooks(program()).description,
    'after "push novel": atlas, novel; after "pop novel": atlas.',
  );
});

Deno.test("a pile that becomes empty, and no operation at all", () => {
  const steps = [{ operation: "push a", books: ["a"] }, { operation: "pop", books: [] }];
  const { description } = pileOfBooks({ title: "Gone", steps });
  assertStringIncludes(description, 'after "pop": no book');
  assertThrows(
    () => pileOfBooks({ title: "Nothing", steps: [] }),
    TypeError,
    "Cannot draw the books: wanted at least 1 operation, got 0",
  );
});
