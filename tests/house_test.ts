import { assert, assertEquals } from "@std/assert";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

/** The rooms of the library from the ground up: each may import from itself and from those before it. */
const ROOMS = [
  "math",
  "memory",
  "network",
  "tasks",
  "models",
  "engine",
  "figures",
  "training",
  "jupyter",
  "cli",
];

/** As many lines as can be read at a sitting. */
const LONGEST = 250;

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

testHouse("every room is on the plan", () => {
  const rooms = [...Deno.readDirSync("lib")].filter(({ isDirectory }) => isDirectory);
  assertEquals(rooms.map(({ name }) => name).sort(), ROOMS.toSorted());
});

testHouse("a room imports only from itself and from the rooms below it", () => {
  for (const [floor, room] of ROOMS.entries()) {
    for (const path of filesBelow(`lib/${room}`)) {
      const code = Deno.readTextFileSync(path).replace(/^\s*(\*|\/\/).*$/gm, "");
      for (const [, other] of code.matchAll(/(?:from|import\(|import)\s*"@\/([a-z]+)\//g)) {
        assert(ROOMS.indexOf(other) <= floor, `${path} imports from ${other}`);
      }
    }
  }
});

testHouse("no file of the library needs a map", () => {
  for (const path of filesBelow("lib")) {
    const lines = Deno.readTextFileSync(path).split("\n").length - 1;
    assert(lines <= LONGEST, `${path} has ${lines} lines, wanted at most ${LONGEST}`);
  }
});

testHouse("nothing else lies at the top of the house", () => {
  const kept = ["LICENSE", "README.md", "deno.json", "deno.lock", "lib", "notebooks", "tests"];
  const allowed = [...kept, "node_modules"]; // which some front ends make, and git ignores
  const there = [...Deno.readDirSync(".")].map(({ name }) => name).filter((name) =>
    name[0] !== "."
  );
  assertEquals(there.filter((name) => !allowed.includes(name)), []);
});

testHouse("every part of a package that is imported has its entry in the import map", () => {
  // deno.json expands "name" to "name/part" by itself; as a plain import map (deno task test:jsr) it does not.
  const { imports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  for (const path of filesBelow("lib")) {
    const code = Deno.readTextFileSync(path).replace(/^\s*(\*|\/\/).*$/gm, "");
    for (
      const [, name, part] of code.matchAll(
        /(?:from|import\(|import)\s*"((?:@\w+\/)?[\w.-]+\w)(\/[^"]+)?"/g,
      )
    ) {
      assert((part ? `${name}/` : name) in imports, `${path} imports ${name}${part ?? ""}`);
    }
  }
});
