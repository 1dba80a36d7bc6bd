import { assert, assertEquals, assertMatch } from "@std/assert";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

/** The folders of lib in their order: a folder may import from itself and from those before it in this list. */
const FOLDERS = [
  "math",
  "io",
  "memory",
  "network",
  "tasks",
  "text",
  "models",
  "engine",
  "figures",
  "options",
  "weights",
  "runs",
  "training",
  "tutorial",
  "studies",
  "jupyter",
  "cli",
];

/** The most lines of code in a file; docstrings, comments, imports and blank lines do not count. */
const MOST_CODE_LINES = 250;

function testHouse(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? filesBelow(path) : path.endsWith(".ts") ? [path] : [];
  });
}

/** The library's files without the kernels, which another compiler reads. */
function libraryFiles(): string[] {
  return filesBelow("lib").filter((path) => !path.startsWith("lib/engine/assembly/"));
}

function codeOf(path: string): string {
  return Deno.readTextFileSync(path).replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

/** The files of lib that a file imports, types included. */
function importsOf(path: string): string[] {
  return [...codeOf(path).matchAll(/(?:from|import\(|import)\s*"((?:@\/|\.)[^"]+\.ts)"/g)]
    .map(([, name]) => new URL(name.replace(/^@/, "/lib"), `file:///${path}`).pathname.slice(1));
}

function placeOf(path: string): number {
  return FOLDERS.indexOf(path.split("/")[1]);
}

testHouse(
  "every folder of the library has a place in the order, and README shows that order",
  () => {
    const folders = [...Deno.readDirSync("lib")].filter(({ isDirectory }) => isDirectory);
    assertEquals(folders.map(({ name }) => name).sort(), FOLDERS.toSorted());
    const table = Deno.readTextFileSync("README.md").matchAll(/^\| \[lib\/(\w+)\]/gm);
    assertEquals([...table].map(([, name]) => name), FOLDERS);
  },
);

testHouse("a file imports only from its own folder and from those before it", () => {
  assertEquals(importsOf("lib/training/evaluation.ts"), [
    "lib/tasks/decoding.ts",
    "lib/tasks/scores.ts",
    "lib/tasks/streams.ts",
    "lib/tasks/task.ts",
  ]);
  for (const path of libraryFiles().filter((path) => path !== "lib/mod.ts")) {
    for (const other of importsOf(path)) {
      assert(placeOf(other) <= placeOf(path), `${path} imports from ${other}`);
    }
  }
});

testHouse("only lib/io reads and writes files, so that every refusal is one sentence", () => {
  const call =
    /Deno\.(read|write|open|mkdir|makeTemp|remove|rename|copyFile|l?stat|realPath|create)/;
  for (const path of libraryFiles().filter((path) => !path.startsWith("lib/io/"))) {
    assertEquals(call.exec(codeOf(path))?.[0], undefined, path);
  }
});

testHouse("no file imports itself through others", () => {
  const done = new Set<string>();
  function visit(path: string, way: readonly string[]): void {
    assert(!way.includes(path), [...way, path].join(" imports "));
    if (done.has(path)) return;
    for (const other of importsOf(path)) visit(other, [...way, path]);
    done.add(path);
  }
  for (const path of libraryFiles()) visit(path, []);
});

testHouse("the kernels are imported after the check of Deno's version, not before it", () => {
  // An older Deno fails while it reads kernels.js, if that is a static import.
  const importers = libraryFiles().filter((path) => /["']\.\/kernels\.js["']/.test(codeOf(path)));
  assertEquals(importers, ["lib/engine/kernel_calls.ts"]);
  assertMatch(
    codeOf(importers[0]),
    /\ncheckDenoVersion\(\);\s+const .* = await import\("\.\/kernels\.js"\);/,
  );
});

testHouse("no file of the library is too long to read in one go", () => {
  for (const path of libraryFiles()) {
    const code = codeOf(path).replace(/^import\s[^]*?from "[^"]+";$/gm, "");
    const lines = code.split("\n").filter((line) => line.trim() !== "").length;
    assert(lines <= MOST_CODE_LINES, `${path} has ${lines} lines of code`);
  }
});

/** Files and folders that are about one task; and others with the text of theirs that may name it. */
const REVERSAL = {
  itsOwn: ["lib/tasks/reversal.ts", "lib/tasks/tasks.ts", "lib/tutorial/", "lib/studies/"],
  named: {
    "lib/cli/train.ts": '"string-reversal": "sequence"', // what the experiment was called in older run folders
  } as Readonly<Record<string, string>>,
};

testHouse("only what is about string reversal names it: all else is for any task", () => {
  for (const path of filesBelow("lib")) {
    if (REVERSAL.itsOwn.some((start) => path.startsWith(start))) continue;
    const text = Deno.readTextFileSync(path).replace(REVERSAL.named[path] ?? "", "");
    const line = text.split("\n").findIndex((line) => /reversal/i.test(line)) + 1;
    assertEquals(line, 0, `${path} names string reversal in line ${line}`);
  }
});

testHouse("nothing else lies at the top of the project", () => {
  const kept = ["LICENSE", "README.md", "deno.json", "deno.lock", "lib", "notebooks", "tests"];
  const allowed = [...kept, "node_modules"]; // which some front ends make, and git ignores
  const there = [...Deno.readDirSync(".")].map(({ name }) => name).filter((name) =>
    name[0] !== "."
  );
  assertEquals(there.filter((name) => !allowed.includes(name)), []);
});

testHouse(
  "a file beside a module is found by the module's folder, not by the path of its URL",
  () => {
    const encoded = /new URL\([^)]*import\.meta\.url\)\s*\.pathname/; // which has %20 for a blank
    for (const path of [...filesBelow("lib"), ...filesBelow("tests")]) {
      assert(!encoded.test(codeOf(path)), `${path} takes the path of a URL`);
    }
  },
);

testHouse("every part of a package that is imported has its entry in the import map", () => {
  // deno.json expands "name" to "name/part" by itself; as a plain import map (deno task test:jsr) it does not.
  const { imports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  for (const path of libraryFiles()) {
    const code = codeOf(path);
    for (
      const [, name, part] of code.matchAll(
        /(?:from|import\(|import)\s*"((?:@\w+\/)?[\w.-]+\w)(\/[^"]+)?"/g,
      )
    ) {
      assert((part ? `${name}/` : name) in imports, `${path} imports ${name}${part ?? ""}`);
    }
  }
});
