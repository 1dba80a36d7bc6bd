import { assert, assertEquals, assertLess } from "@std/assert";
import { type Notebook, notebookDifference, parseNotebook } from "@/jupyter/notebook_file.ts";
import { runNotebook } from "@/jupyter/run_notebook.ts";
import { typeErrors } from "./jupyter/type_errors.ts";
import { mayRunKernel } from "./jupyter/needs_kernel.ts";
import { faultsOf, LARGEST_FILE } from "./jupyter/notebook_faults.ts";

const FOLDER = "notebooks";
const mayRead = Deno.permissions.querySync({ name: "read", path: FOLDER }).state === "granted";

const LEFT_OUT = " (left out: needs the permissions of `deno task test`)";

function readNotebook(name: string): Notebook {
  return parseNotebook(Deno.readTextFileSync(`${FOLDER}/${name}`), name);
}

/** Runs all notebooks, two side by side, from the first time that one is asked for. */
class Runs {
  readonly #names: string[];
  readonly #runs = new Map<string, PromiseWithResolvers<Notebook>>();

  constructor(names: string[]) {
    this.#names = names;
  }

  of(name: string): Promise<Notebook> {
    if (this.#runs.size === 0) this.#start();
    return this.#runs.get(name)!.promise;
  }

  #start(): void {
    for (const name of this.#names) {
      const run = Promise.withResolvers<Notebook>();
      run.promise.catch(() => {}); // its own test tells
      this.#runs.set(name, run);
    }
    const waiting = this.#names.toReversed(); // the last take longest
    const work = async () => {
      for (let name = waiting.shift(); name; name = waiting.shift()) {
        await runNotebook(`${FOLDER}/${name}`)
          .then(this.#runs.get(name)!.resolve, this.#runs.get(name)!.reject);
      }
    };
    work();
    work();
  }
}

function testNotebook(name: string, runs: Runs): void {
  Deno.test(`${name}: the committed file has no faults`, () => {
    assertEquals(faultsOf(readNotebook(name)), []);
    assertLess(Deno.statSync(`${FOLDER}/${name}`).size, LARGEST_FILE);
  });
  const ignore = !mayRunKernel;
  Deno.test({
    name: `${name}: a run from top to bottom gives what is committed${ignore ? LEFT_OUT : ""}`,
    ignore,
    sanitizeOps: false, // the next notebook is running already
    sanitizeResources: false,
    fn: async () => {
      assertEquals(notebookDifference(readNotebook(name), await runs.of(name)), undefined);
    },
  });
}

if (mayRead) {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((name) => name.endsWith(".ipynb")).sort();
  Deno.test("there are notebooks", () => assert(names.length > 0));
  Deno.test({
    name: `the joined cells of every notebook type-check${mayRunKernel ? "" : LEFT_OUT}`,
    ignore: !mayRunKernel,
    fn: async () => {
      const notebooks = names.map((name) => [name, readNotebook(name)]);
      assertEquals(await typeErrors(Object.fromEntries(notebooks)), undefined);
    },
  });
  const runs = new Runs(names);
  for (const name of names) testNotebook(name, runs);
} else {
  Deno.test({
    name: "the notebooks (left out: needs --allow-read and more, see `deno task test`)",
    ignore: true,
    fn: () => {},
  });
}
