import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Notebook } from "@/jupyter/notebook_file.ts";
import { typeErrors } from "@/jupyter/type_errors.ts";
import { testWithDeno } from "./needs_kernel.ts";

function notebookOf(...sources: string[]): Notebook {
  return { nbformat: 4, cells: sources.map((source) => ({ cell_type: "code", source })) };
}

testWithDeno("cells that fit together pass, and are not run", async () => {
  const notebook = notebookOf(
    'import { ToyStack } from "@/memory/toy_stack.ts";\nDeno.exit(1);',
    "const x = await Promise.resolve(2);",
    "export const y: number = x + Number(ToyStack !== undefined);",
  );
  assertEquals(await typeErrors(notebook), undefined);
});

testWithDeno("a wrong type is found, with its cell and line", async () => {
  const found = await typeErrors(notebookOf("const x = 1;", '\nconst y: number = "two";'));
  assertStringIncludes(found!, "code cell [2], line 2");
});

testWithDeno("a name declared in two cells is found", async () => {
  assert(await typeErrors(notebookOf("const x = 1;", "const x = 2;")));
});

testWithDeno("the strict settings of the project hold", async () => {
  assert(await typeErrors(notebookOf("function f(x) { return x; }\nf(1);")));
});
