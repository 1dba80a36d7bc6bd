import { assertEquals } from "@std/assert";
import type { Media, Output } from "@/jupyter/outputs.ts";
import { PLOTLY } from "@/jupyter/show.ts";
import { faultsOf } from "./notebook_faults.ts";

function faultsOfCell(source: string, outputs: Output[], execution_count: number | null = 1) {
  const cell = { cell_type: "code", source, outputs, execution_count };
  return faultsOf({ nbformat: 4, cells: [cell] });
}

function displayed(data: Media): Output[] {
  return [{ output_type: "display_data", data, metadata: {} }];
}

function printed(text: string, name = "stdout"): Output[] {
  return [{ output_type: "stream", name, text }];
}

const CHART = "const chart = new LiveChart();\n";
const EMPTY = { data: [], layout: {} };
const FIGURE = { [PLOTLY]: EMPTY, "image/svg+xml": "<svg/>", "text/plain": "A line." };

/** Two dots, as a notebook stores them. */
function dots(xaxis: object): object {
  const data = [{ type: "scatter", mode: "markers", x: [1, 2], y: [1, 1] }];
  return { data, layout: { width: 720, height: 400, margin: { t: 56 }, xaxis } };
}

Deno.test("a notebook with a figure, a print and a quiet cell has no faults", () => {
  assertEquals(faultsOfCell("await show(figure);", displayed(FIGURE)), []);
  assertEquals(faultsOfCell("print(1);", printed("1\n")), []);
  assertEquals(faultsOfCell("const x = 1;", []), []);
  assertEquals(
    faultsOfCell(`${CHART}await chart.update(draw);\nawait chart.finish(end);`, displayed(FIGURE)),
    [],
  );
});

Deno.test("Markdown is shown like a figure: once it is awaited, and not without an output", () => {
  const markdown = displayed({ "text/markdown": "| a |", "text/plain": "| a |" });
  assertEquals(faultsOfCell("await showMarkdown(table);", markdown), []);
  assertEquals(faultsOfCell("await showMarkdown(table);", []), ["code cell [1] shows nothing"]);
  assertEquals(faultsOfCell("showMarkdown(table);", markdown), [
    "code cell [1] shows something without waiting for it",
  ]);
});

Deno.test("text, comments and functions that are only made do not count as showing", () => {
  assertEquals(faultsOfCell("// show(figure);\nconst x = `\nprint(1)\n`;", []), []);
  assertEquals(faultsOfCell('print("print(1)", 2); // not print(3)', printed("print(1)\n2\n")), []);
  assertEquals(faultsOfCell("/*\nprint(1);\n*/\nfunction tell() {\n  print(1);\n}", []), []);
  assertEquals(faultsOfCell("print('print(1)');", printed("print(1)\n")), []);
  assertEquals(faultsOfCell("book.print(1);\nreprint(2);", []), []);
});

Deno.test("only a live chart has to be waited for: an engine has an update of its own", () => {
  const uses =
    "engine.update(batch, adam);\nprogress.finish(end);\nchart.draw();\nmy.chart.update(x);";
  assertEquals(faultsOfCell(CHART + uses, []), []);
  const cells = [CHART, "while (x) chart.update(draw);", "other.update(draw);"].map((source) => ({
    cell_type: "code",
    source,
    outputs: printed("a"),
    execution_count: 1,
  }));
  assertEquals(faultsOf({ nbformat: 4, cells }), [
    "code cell [2] shows something without waiting for it",
  ]);
  const typed = "const live: LiveChart = new LiveChart();\nlive.update(draw);";
  assertEquals(faultsOfCell(typed, printed("a")), [
    "code cell [1] shows something without waiting for it",
  ]);
});

Deno.test("each fault is found", () => {
  const error: Output = { output_type: "error", ename: "Error", evalue: "", traceback: [] };
  const cases: [string, string[]][] = [
    ["is empty", faultsOfCell(" ", [])],
    ["was never run", faultsOfCell("1", [], null)],
    ["shows nothing", faultsOfCell("await show(figure);", [])],
    ["shows nothing", faultsOfCell('const x = 1;\nprint("x", x);', [])],
    ["shows nothing", faultsOfCell("await show(lineChart({\n  title,\n}));", [])],
    ["shows nothing", faultsOfCell("print(1);\nconst x = 2;", [])],
    ["shows nothing", faultsOfCell("const ending = await trainLive({\n  step,\n});", [])],
    [
      "shows something without waiting for it",
      faultsOfCell("trainLive({ step });", displayed(FIGURE)),
    ],
    ["shows nothing", faultsOfCell(`${CHART}await chart.finish(\n  end,\n);`, [])],
    ["prints in more than one piece", faultsOfCell("print(1);\nprint(2);", printed("1\n2\n"))],
    [
      "prints in more than one piece",
      faultsOfCell("if (x) print(1);\nelse print(2);", printed("1")),
    ],
    ["shows something without waiting for it", faultsOfCell("show(figure);", displayed(FIGURE))],
    [
      "shows something without waiting for it",
      faultsOfCell(`${CHART}chart.finish(figure);`, printed("a")),
    ],
    ["has a committed error", faultsOfCell("1", [error])],
    ["writes to stderr", faultsOfCell("1", printed("a", "stderr"))],
    [
      "leaves a value that nobody asked for",
      faultsOfCell("while (x) list.push(x);", [{
        output_type: "execute_result",
        execution_count: 1,
        data: { "text/plain": "88" },
        metadata: {},
      }]),
    ],
    ["has colours in it", faultsOfCell("1", printed("\x1b[33m2\x1b[39m"))],
    ["has colours in it", faultsOfCell("1", displayed({ "text/plain": "\x1b[33m2" }))],
    ["has a folder of someone's machine in it", faultsOfCell("1", printed("at /home/me/x.ts"))],
    ["has a folder of someone's machine in it", faultsOfCell("1", printed("file:///Users/me/x"))],
    ["has a folder of someone's machine in it", faultsOfCell("1", printed("C:\\Users\\me"))],
    ["has HTML in it", faultsOfCell("1", displayed({ "text/html": "<b>" }))],
    [
      "has a figure without a static picture",
      faultsOfCell("1", displayed({ [PLOTLY]: EMPTY, "text/plain": "A line." })),
    ],
    [
      "has a PNG, which hides the interactive figure",
      faultsOfCell("1", displayed({ ...FIGURE, "image/png": "" })),
    ],
    [
      "has a figure without a description",
      faultsOfCell("1", displayed({ ...FIGURE, "text/plain": "" })),
    ],
    [
      "has a figure that cuts off markers at 2, 1",
      faultsOfCell("1", displayed({ ...FIGURE, [PLOTLY]: dots({ range: [0, 1.5] }) })),
    ],
    [
      "has a figure whose xaxis runs the wrong way",
      faultsOfCell("1", displayed({ ...FIGURE, [PLOTLY]: dots({ range: [3, 0] }) })),
    ],
  ];
  for (const [fault, found] of cases) assertEquals(found, [`code cell [1] ${fault}`]);
});
