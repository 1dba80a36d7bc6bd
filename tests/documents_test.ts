import { assert, assertEquals, assertLess } from "@std/assert";
import { formatNotebook, parseNotebook } from "@/jupyter/notebook_file.ts";
import { PLOTLY } from "@/jupyter/show.ts";
import { LARGEST_FILE } from "./jupyter/notebook_faults.ts";
import { headingsOf, type House, linkFault, linksOf, outlineFaults } from "./outline.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

/** All notebooks together: what a clone has to fetch. */
const LARGEST_SUM = 8_000_000;

function testDocuments(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

const notebooks = () =>
  [...Deno.readDirSync("notebooks")].map(({ name }) => `notebooks/${name}`)
    .filter((path) => path.endsWith(".ipynb")).sort();
const documents = () => ["README.md", ...notebooks()];

function markdownOf(path: string): string {
  const text = Deno.readTextFileSync(path);
  if (!path.endsWith(".ipynb")) return text;
  const cells = parseNotebook(text, path).cells.filter((cell) => cell.cell_type === "markdown");
  return cells.map(({ source }) => source).join("\n\n");
}

const house: House = {
  has(path) {
    try {
      return Deno.statSync(path) !== null;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  },
  headingsIn: (path) => headingsOf(markdownOf(path)),
  cellsIn: (path) =>
    parseNotebook(Deno.readTextFileSync(path), path).cells.map(({ id }) => id ?? ""),
};

testDocuments("the headings of README and notebooks form an outline", () => {
  for (const path of documents()) {
    const headings = headingsOf(markdownOf(path));
    assert(headings.length > 3, path);
    assertEquals(outlineFaults(headings), [], path);
  }
});

testDocuments("every link of README and notebooks leads somewhere", () => {
  let count = 0;
  for (const path of documents()) {
    for (const link of linksOf(markdownOf(path))) {
      count++;
      assertEquals(linkFault(link, path, house), undefined, path);
    }
  }
  assert(count > 20);
});

testDocuments("notebooks are small: the largest under 1.5 MB, all under 8 MB", () => {
  const sizes = notebooks().map((path) => Deno.statSync(path).size);
  assertLess(Math.max(...sizes), LARGEST_FILE);
  assertLess(sizes.reduce((sum, size) => sum + size, 0), LARGEST_SUM);
});

testDocuments("notebooks are written as a run writes them, and ask for the kernel deno", () => {
  for (const path of notebooks()) {
    const text = Deno.readTextFileSync(path);
    const notebook = parseNotebook(text, path);
    assert(text === formatNotebook(notebook), `${path}: refresh it with deno task notebooks`);
    const { kernelspec, language_info } = notebook.metadata as {
      kernelspec: object;
      language_info: { name: string };
    };
    assertEquals(kernelspec, { display_name: "Deno", language: "typescript", name: "deno" }, path);
    // By the language JupyterLab finds a kernel of another name.
    assertEquals(language_info.name, "typescript", path);
  }
});

testDocuments(
  "without scripts, every figure of every notebook is a picture with a text alternative",
  () => {
    let count = 0;
    for (const path of notebooks()) {
      for (const cell of parseNotebook(Deno.readTextFileSync(path), path).cells) {
        for (const output of cell.outputs ?? []) {
          if (!("data" in output) || !(PLOTLY in output.data)) continue;
          count++;
          assertEquals(pictureFaults(output.data), [], `${path}: ${output.data["text/plain"]}`);
        }
      }
    }
    assert(count >= notebooks().length);
  },
);

/** What a reader without scripts would miss in a figure's picture. */
function pictureFaults(data: Record<string, unknown>): string[] {
  const svg = String(data["image/svg+xml"] ?? "");
  const words = String(data["text/plain"] ?? "");
  const faults: string[] = [];
  const root = /^<svg\b[^>]*>/.exec(svg)?.[0] ?? "";
  if (!/ width="[1-9]/.test(root) || !/ height="[1-9]/.test(root)) faults.push("has no size");
  const marks = svg.match(
    /<(?:path|rect|image|circle)\b[^>]*?(?: d="[^"]{4}|href="data:|width="[1-9])/g,
  );
  if ((marks?.length ?? 0) < 4) faults.push("has no marks");
  if (!/<text\b/.test(svg)) faults.push("has no words");
  // Black letters on the dark page of a dark theme would be lost.
  const [, width, height] = / width="([\d.]+)" height="([\d.]+)"/.exec(root) ?? [];
  const paper = `<rect x="0" y="0" width="${width}" height="${height}" style="fill:#ffffff"/>`;
  if (!svg.includes(`</title>${paper}`)) faults.push("has no paper of its own");
  if (/<script|<foreignObject|href="http|url\(http/i.test(svg)) {
    faults.push("fetches or runs something");
  }
  const title = /<title[^>]*>([^<]*)<\/title>/.exec(svg)?.[1];
  if (words.length < 30 || title !== escaped(words)) faults.push("has no text alternative");
  if (!/ role="img"/.test(root)) faults.push("does not say that it is a picture");
  return faults;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
