import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Notebook } from "@/jupyter/notebook_file.ts";
import { typeErrors } from "./type_errors.ts";
import { testWithKernel } from "./needs_kernel.ts";

function notebookOf(...sources: string[]): Notebook {
  return { nbformat: 4, cells: sources.map((source) => ({ cell_type: "code", source })) };
}

testWithKernel("cells that fit together pass, and are not run", async () => {
  const fitting = notebookOf(
    'import { ToyStack } from "@/memory/toy_stack.ts";\nDeno.exit(1);',
    "const x = await Promise.resolve(2);",
    "export const y: number = x + Number(ToyStack !== undefined);",
  );
  assertEquals(await typeErrors({ one: fitting, another: fitting }), undefined);
});

testWithKernel("what does not fit is found, with its notebook, cell and line", async () => {
  const found = await typeErrors({
    fitting: notebookOf("const x = 1;"),
    wrong: notebookOf("const x = 1;", '\nconst y: number = "two";'),
    twice: notebookOf("const z = 1;", "const z = 2;"),
    loose: notebookOf("", "function f(x) { return x; }\nf(1);"),
  });
  assertStringIncludes(found!, "wrong, code cell [2], line 2");
  assertStringIncludes(found!, "twice, code cell [2], line 1");
  assertStringIncludes(found!, "loose, code cell [2], line 1");
  assert(!found!.includes("fitting"));
});

testWithKernel("a checker that dies, or ends without checking, is a failure", async () => {
  const cases = [
    ['Deno.kill(Deno.pid, "SIGKILL")', "ended with SIGKILL"],
    ["Deno.exit(1)", 'ended with code 1 and said ""'],
    ["Deno.exit(0)", "ended with code 0"],
    ['console.error("out of memory"); Deno.exit(134)', 'code 134 and said "out of memory"'],
  ];
  for (const [code, got] of cases) {
    const checker = ["eval", "--no-config", code];
    await assertRejects(() => typeErrors({ a: notebookOf("1;") }, ".runs", checker), Error, got);
  }
});

testWithKernel("a module that does not exist is an error of its notebook", async () => {
  const found = await typeErrors({ lost: notebookOf("", 'import "@/io/lost.ts";') });
  assertStringIncludes(found!, "lost, code cell [2], line 1");
});
