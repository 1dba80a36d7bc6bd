import { assertEquals } from "@std/assert";
import { denoCommand } from "../cli/deno_process.ts";
import { LineProcess, reasonOf } from "./line_process.ts";

const deno = await denoCommand();

Deno.test("a program's last error is why it ended, and its last line where there is none", () => {
  const python =
    'Traceback (most recent call last):\n  raise ValueError("x")\nValueError: no torch\n';
  assertEquals(reasonOf(python), "ValueError: no torch");
  assertEquals(reasonOf(`${python}\nDuring handling:\nTypeError: y`), "TypeError: y");
  const typescript =
    "a warning\nerror: Uncaught (in promise) TypeError: no\n  f();\n   ^\n  at f:1:1\n";
  assertEquals(reasonOf(typescript), "TypeError: no");
  assertEquals(reasonOf("error: Failed caching\n\nStack backtrace:\n   0: x\n"), "Failed caching");
  assertEquals(reasonOf("killed\nby the system\n\n"), "by the system");
  assertEquals(reasonOf(""), "the process ended without a word");
});

Deno.test({
  name: deno
    ? "a process answers line by line, and one that ends says why"
    : "a process answers line by line (left out: needs the permissions of deno task test)",
  ignore: deno === undefined,
  async fn() {
    const program = `
      const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
      for await (const line of lines) {
        if (line.includes("end")) throw new Error("asked to end");
        console.log(line.trim());
        console.error("a warning");
      }`;
    const process = new LineProcess(deno!, ["eval", program]);
    assertEquals(await process.ask({ a: 1 }), { a: 1 });
    assertEquals(await process.ask({ b: "zwei" }), { b: "zwei" });
    assertEquals(await process.ask("end"), { error: "Error: asked to end" });
    assertEquals(await process.ask({ c: 3 }), { error: "Error: asked to end" });
    process.close();
  },
});
