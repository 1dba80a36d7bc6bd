/** The notebooks as a collection: one list, and what every notebook has in common with the others. */
import { assert, assertEquals } from "@std/assert";
import { parseNotebook } from "@/jupyter/notebook_file.ts";
import { fileOfNotebook, NOTEBOOKS } from "@/jupyter/notebook_list.ts";
import { readPredictions } from "@/jupyter/predictions.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

function testCollection(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

const START = { number: 0, title: "Start here" };
const readNotebook = (file: string) =>
  parseNotebook(Deno.readTextFileSync(`notebooks/${file}`), file);
const files = [START, ...NOTEBOOKS].map(fileOfNotebook);

Deno.test("the list has every number once, in order, and each notebook comes after those that lead to it", () => {
  assertEquals(NOTEBOOKS.map(({ number }) => number), NOTEBOOKS.map((_, i) => i + 1));
  for (const { number, after } of NOTEBOOKS) {
    assert(after.length > 0 || number === 1, `nothing leads to notebook ${number}`);
    assert(
      after.every((other) => other < number),
      `notebook ${number} comes before one of ${after}`,
    );
  }
});

Deno.test("no two notebooks have one place on the map", () => {
  assertEquals(new Set(NOTEBOOKS.map(({ at }) => `${at}`)).size, NOTEBOOKS.length);
});

Deno.test("the short path leads through notebooks each of which leads to the next", () => {
  const path = NOTEBOOKS.filter(({ place }) => place === "short path");
  assertEquals(path.map(({ number }) => number), [1, 2, 3, 7, 8, 11, 12]);
  path.slice(1).forEach(({ after }, k) => assert(after.includes(path[k].number)));
});

testCollection("the folder has the notebooks of the list, and no other", () => {
  const there = [...Deno.readDirSync("notebooks")].map(({ name }) => name);
  assertEquals(there.filter((name) => name.endsWith(".ipynb")).sort(), files);
});

testCollection("every notebook begins with its number, its title and its question", () => {
  for (const { number, title, question } of NOTEBOOKS) {
    const [{ source }] = readNotebook(fileOfNotebook({ number, title })).cells;
    assert(source.startsWith(`# ${number} · ${title}\n\n**${question}**`), `notebook ${number}`);
  }
});

/** The rows of a table in Markdown that begin with a notebook's number, with single spaces. */
function rowsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^\| *\d+ *\|.*$/gm)].map(([row]) => row.replace(/ +/g, " "));
}

testCollection("notebook 0 lists every notebook, with a link", () => {
  const { cells } = readNotebook(fileOfNotebook(START));
  const table = cells.map(({ source }) => source).find((source) =>
    source.includes("what it answers")
  );
  const wanted = NOTEBOOKS.map(({ number, title, question, place }) => {
    const file = fileOfNotebook({ number, title });
    return `| ${number} | [${title}](${file}) | ${question} | ${place} |`;
  });
  assertEquals(rowsOf(table ?? ""), wanted);
});

testCollection("the README lists every notebook with its question, and no other", () => {
  const rows = rowsOf(Deno.readTextFileSync("README.md")).slice(1); // without notebook 0
  const wanted = NOTEBOOKS.map((entry) =>
    `| ${entry.number} | [${entry.title}](notebooks/${fileOfNotebook(entry)}) | ${entry.question} |`
  );
  assertEquals(rows.map((row) => row.split(" | ").slice(0, 3).join(" | ") + " |"), wanted);
});

testCollection("every notebook ends with a link to the next, the last with one to the map", () => {
  for (const [k, file] of files.entries()) {
    const last = readNotebook(file).cells.at(-1)!, next = NOTEBOOKS[k];
    const wanted = next
      ? `Next: [${next.number} · ${next.title}](${fileOfNotebook(next)})`
      : `This was the last notebook. Others that you may have passed by are on [the map](${
        fileOfNotebook(START)
      }#cell-id=the-map).`;
    assertEquals([last.cell_type, last.source], ["markdown", wanted], file);
  }
});

testCollection("every prediction has a verdict, and every question to the reader an answer", () => {
  for (const file of files) {
    const predictions = readPredictions(readNotebook(file), file);
    const [asked, made] = ["reader", "author"].map((by) =>
      predictions.filter((prediction) => prediction.by === by).length
    );
    assert(asked >= 1, `${file} asks the reader for nothing`);
    assert(made >= 5 || file === files[0], `${file} has ${made} predictions`);
  }
});

/** The longest line of code that JupyterLab shows without cutting it, in characters. */
const LONGEST_LINE = 88;

testCollection("no line of code is too long to be seen, and no table is padded by hand", () => {
  for (const file of files) {
    const code = readNotebook(file).cells.filter(({ cell_type }) => cell_type === "code");
    for (const line of code.flatMap(({ source }) => source.split("\n"))) {
      assert([...line].length <= LONGEST_LINE, `${file}: ${line}`);
      assert(!/\bpad(Start|End)\(/.test(line), `${file}: ${line}`);
      assert(!/\S {3,}\S/.test(line), `${file}: ${line}`);
    }
  }
});

/** Its lines of code: neither imports, nor comments, nor blank lines. */
function linesOfCode(source: string): number {
  const withoutImports = source.replace(/^import [^;]*;$/gm, "");
  return withoutImports.split("\n").filter((line) => !/^\s*(\/\/|\/\*\*|\*|$)/.test(line)).length;
}

testCollection("no cell has more than twelve lines of code, besides imports and comments", () => {
  assertEquals(linesOfCode('import {\n  a,\n} from "b";\n\n/** c */\n// d\na(); // e\na();'), 2);
  for (const file of files) {
    for (const { id, cell_type, source } of readNotebook(file).cells) {
      if (cell_type !== "code") continue;
      assert(linesOfCode(source) <= 12, `${file}: ${id} has ${linesOfCode(source)} lines of code`);
    }
  }
});

testCollection("only cells that check the answers to exercises are folded", () => {
  for (const file of files) {
    const { cells } = readNotebook(file);
    const exercises = cells.findIndex(({ source }) => /^## Exercises/m.test(source));
    for (const [i, cell] of cells.entries()) {
      const { jupyter } = cell.metadata as { jupyter?: { source_hidden?: boolean } };
      const isChecked = cell.cell_type === "code" && i > exercises && exercises >= 0;
      assertEquals(jupyter?.source_hidden ?? false, isChecked, `${file}: cell ${i}`);
    }
  }
});

/** The cells of the glossary, one for each term: its id is the term in lower case, with hyphens. */
function glossaryCells() {
  const { cells } = readNotebook(fileOfNotebook(START));
  return cells.filter(({ source }) => source.startsWith("### "));
}

testCollection(
  "the glossary is in order, a cell for each term, which says where it comes up first",
  () => {
    const terms = glossaryCells().map(({ source }) => source.split("\n")[0].slice("### ".length));
    assert(terms.length > 40);
    assertEquals(terms, terms.toSorted(new Intl.Collator("en").compare));
    const ids = terms.map((term) => term.toLowerCase().replaceAll(" ", "-"));
    assertEquals(glossaryCells().map(({ id }) => id), ids);
    for (const { source } of glossaryCells()) {
      assert(
        /\((\[notebook \d+\]|notebook \d+)/.test(source),
        source,
      );
    }
  },
);

/** All text of a notebook, in lower case; with spaces in place of hyphens and line breaks. */
function wordsOf(file: string): string {
  const texts = readNotebook(file).cells.map(({ source }) => source);
  return texts.join("\n").toLowerCase().replace(/[-\s]+/g, " ");
}

testCollection(
  "every term of the glossary is linked to from a lesson, and is used in the one that explains it",
  () => {
    const lessons = files.slice(1);
    const all = lessons.flatMap((file) => readNotebook(file).cells).map(({ source }) => source)
      .join();
    for (const { id, source } of glossaryCells()) {
      assert(all.includes(`(${fileOfNotebook(START)}#cell-id=${id})`), `no lesson links to ${id}`);
      const explained = Number(/\(\[?notebook (\d+)\]?/.exec(source)![1]);
      const lesson = fileOfNotebook(NOTEBOOKS[explained - 1]);
      assert(source.endsWith(`([notebook ${explained}](${lesson}))`), source);
      assert(wordsOf(lesson).includes(id!.replaceAll("-", " ")), `${lesson} does not use ${id}`);
    }
  },
);

testCollection("every lesson links its notation to the index of symbols", () => {
  for (const file of files.slice(1)) {
    const { source } = readNotebook(file).cells[1];
    assert(source.startsWith("## Notation") && source.includes("#cell-id=symbols)"), file);
  }
});
