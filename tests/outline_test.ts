import { assertEquals } from "@std/assert";
import { anchorOf, headingsOf, type House, linkFault, linksOf, outlineFaults } from "./outline.ts";

const HOUSE: House = {
  has: (path) =>
    ["README.md", "notebooks/01.ipynb", "lib", ".github/workflows/ci.yml"].includes(path),
  headingsIn: () => [{ level: 1, words: "What's new? (2)" }],
  cellsIn: () => ["cell-01"],
};

function faultOf(markdown: string, path = "README.md"): string | undefined {
  return linkFault(linksOf(markdown)[0], path, HOUSE);
}

Deno.test("headings are found, but not in code", () => {
  const markdown = "# One\n\n```sh\n# not this\n```\n\n## Two #hash\ntext # not this\n";
  assertEquals(headingsOf(markdown), [
    { level: 1, words: "One" },
    { level: 2, words: "Two #hash" },
  ]);
});

Deno.test("links and pictures are found, also in each other, but not in code", () => {
  assertEquals(linksOf("`[a](b)` [c](d_(e)) [![badge](f.svg)](https://g.org/h?i=j)"), [
    { isPicture: false, words: "c", target: "d_(e)" },
    { isPicture: true, words: "badge", target: "f.svg" },
    { isPicture: false, words: "badge", target: "https://g.org/h?i=j" },
  ]);
});

Deno.test("a good outline has no faults, a bad one has each of its own", () => {
  const faults = (markdown: string) => outlineFaults(headingsOf(markdown));
  assertEquals(faults("# a\n## b\n### c\n## d"), []);
  assertEquals(faults("## b"), ["has 0 titles", "does not begin with its title"]);
  assertEquals(faults("# a\n# b"), ["has 2 titles"]);
  assertEquals(faults("# a\n### b"), ['leaves out a level at "b"']);
  assertEquals(faults("# a\n## b\n## b"), ['has "b" twice']);
});

Deno.test("a link that leads somewhere has no fault", () => {
  assertEquals(faultOf("[the library](lib)"), undefined);
  assertEquals(faultOf("[news](#whats-new-2)"), undefined);
  assertEquals(faultOf("[readme](../README.md)", "notebooks/01.ipynb"), "nothing at ../README.md");
  assertEquals(faultOf("[one](01.ipynb)", "notebooks/02.ipynb"), undefined);
  assertEquals(faultOf("[a cell](01.ipynb#cell-id=cell-01)", "notebooks/02.ipynb"), undefined);
  assertEquals(faultOf("[paper](https://arxiv.org/abs/1506.02516)"), undefined);
  const runs = "../../actions/workflows/ci.yml";
  assertEquals(faultOf(`[CI](${runs})`), undefined);
  assertEquals(faultOf(`![CI](${runs}/badge.svg)`), undefined);
});

Deno.test("each fault of a link is found", () => {
  assertEquals(faultOf("[old](notebooks/00.ipynb)"), "nothing at notebooks/00.ipynb");
  assertEquals(faultOf("[news](#whats-old)"), "no heading at #whats-old");
  const heading = "01.ipynb#whats-new-2", cell = "01.ipynb#cell-id=cell-02";
  assertEquals(faultOf(`[news](${heading})`, "notebooks/02.ipynb"), `no cell at ${heading}`);
  assertEquals(faultOf(`[a cell](${cell})`, "notebooks/02.ipynb"), `no cell at ${cell}`);
  assertEquals(faultOf("[here](lib)"), 'a link that says only "here"');
  assertEquals(faultOf("[](lib)"), "a link without words");
  const other = "../../actions/workflows/other.yml", runs = "../../actions/workflows/ci.yml";
  assertEquals(faultOf(`[CI](${other})`), `nothing at ${other}`);
  assertEquals(faultOf(`[CI](${runs})`, "notebooks/01.ipynb"), `nothing at ${runs}`);
  assertEquals(faultOf("![](lib)"), "a picture without words");
  assertEquals(faultOf("[paper](http://arxiv.org)"), "address http://arxiv.org");
  assertEquals(faultOf("[paper](https://arxiv)"), "address https://arxiv");
  assertEquals(faultOf("[paper](https:/arxiv.org)"), undefined); // a URL's parser mends it
});

Deno.test("anchors are GitHub's", () => {
  assertEquals(anchorOf("What's new? (2)"), "whats-new-2");
  assertEquals(anchorOf("1 · A toy stack"), "1--a-toy-stack");
});
