import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { TESTED_DENO } from "@/io/deno_version.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const read = (path: string) => Deno.readTextFileSync(path);

function testPins(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

const PLACES = ["README.md", ".ci/run", ".binder/postBuild", ".devcontainer/post_create.sh"];

testPins("wherever Deno is fetched, it is the version that the commands ask for", () => {
  const found = PLACES.map((path) => {
    const versions = [...read(path).matchAll(/\bdeno(?:@|==)(\d+\.\d+\.\d+)/g)].map(([, v]) => v);
    assert(versions.length > 0, path);
    return versions;
  });
  assertEquals([...new Set(found.flat())], [TESTED_DENO], `${found}`);
});

testPins("JupyterLab 4 and its renderer are pinned, and named nowhere else", () => {
  const pins = read(".binder/requirements.txt").split("\n").filter((line) => /^\w/.test(line));
  assertEquals(pins.map((pin) => pin.split("==")[0]), ["jupyterlab", "plotly"]);
  assert(pins.every((pin) => /^\w+==\d+\.\d+\.\d+$/.test(pin)), `${pins}`);
  assert(pins[0].startsWith("jupyterlab==4."));
  for (const path of PLACES) assert(!/(jupyterlab|plotly)==/.test(read(path)), path);
});

testPins("the container and Binder install the kernel, and can be run", () => {
  const { postCreateCommand } = JSON.parse(read(".devcontainer/devcontainer.json"));
  assertEquals(postCreateCommand, ".devcontainer/post_create.sh");
  assertStringIncludes(read(".devcontainer/post_create.sh"), "deno task lab --check");
  for (const path of [".devcontainer/post_create.sh", ".binder/postBuild"]) {
    assertStringIncludes(read(path), "lib/cli/install_kernel.ts");
    if (Deno.build.os !== "windows") assert((Deno.statSync(path).mode! & 0o100) !== 0, path);
  }
});

testPins(
  "tasks work where Deno lies in a folder with a blank: what a command gives is quoted",
  () => {
    const { tasks } = JSON.parse(read("deno.json")) as { tasks: Record<string, string> };
    const filled = Object.entries(tasks).filter(([, task]) => task.includes("$("));
    assert(filled.length > 0);
    for (const [name, task] of filled) {
      assert(!task.replace(/"[^"]*"/g, "").includes("$("), `the task ${name} splits at blanks`);
    }
  },
);

testPins("a clone has the same line endings everywhere, and binary files as they are", () => {
  const lines = read(".gitattributes").split("\n").filter((line) => /^[^#\s]/.test(line));
  assertEquals(lines, ["* text=auto eol=lf", "*.wasm binary", "*.safetensors binary"]);
});
