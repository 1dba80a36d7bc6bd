import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { linksOf } from "./outline.ts";

const COPY = ".runs";

function isGranted(descriptor: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(descriptor).state === "granted";
}

function hasPython(): boolean {
  if (!isGranted({ name: "read", path: "." }) || !isGranted({ name: "write", path: COPY })) {
    return false;
  }
  if (!isGranted({ name: "run", command: "python3" })) return false;
  try {
    return new Deno.Command("python3", { args: ["--version"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const mayRun = hasPython();

/** A copy of the README, and of what fills in its badges. */
class Copy implements Disposable {
  readonly #folder: string;

  constructor() {
    Deno.mkdirSync(COPY, { recursive: true });
    this.#folder = Deno.makeTempDirSync({ dir: COPY, prefix: "address-" });
    Deno.mkdirSync(`${this.#folder}/.ci`);
    for (const path of [".ci/address", "README.md"]) {
      Deno.copyFileSync(path, `${this.#folder}/${path}`);
    }
  }

  fill(...words: string[]): { code: number; said: string } {
    const args = [`${this.#folder}/.ci/address`, ...words];
    const { code, stdout, stderr } = new Deno.Command("python3", { args }).outputSync();
    return { code, said: [stdout, stderr].map((text) => new TextDecoder().decode(text)).join("") };
  }

  get readme(): string {
    return Deno.readTextFileSync(`${this.#folder}/README.md`);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

function testAddress(name: string, fn: (copy: Copy) => void): void {
  const why = " (left out: needs python3 and the permissions of `deno task test`)";
  Deno.test({
    name: mayRun ? name : name + why,
    ignore: !mayRun,
    fn() {
      using copy = new Copy();
      fn(copy);
    },
  });
}

testAddress("the badges lead to the repository that is named, and nothing else changes", (copy) => {
  const before = copy.readme;
  assertEquals(copy.fill("some-one/a.repository_2"), { code: 0, said: "" });
  const targets = linksOf(copy.readme).map(({ target }) => target);
  const notebook = "HEAD?urlpath=lab/tree/notebooks/00_start_here.ipynb";
  for (
    const address of [
      `https://mybinder.org/v2/gh/some-one/a.repository_2/${notebook}`,
      "https://codespaces.new/some-one/a.repository_2",
    ]
  ) assertEquals(targets.filter((target) => target === address).length, 1, address);
  const [old, now] = [before, copy.readme].map((text) => text.split("\n"));
  assertEquals(old.filter((line, k) => line !== now[k]).length, 2);
  assertEquals(old.length, now.length);
});

testAddress("filled in again, they stay, and another repository's name takes the place", (copy) => {
  copy.fill("one/first");
  const once = copy.readme;
  assertEquals(copy.fill("one/first").code, 0);
  assert(copy.readme === once);
  copy.fill("two/second");
  assertEquals(copy.readme.includes("one/first"), false);
  assertEquals(copy.readme, once.replaceAll("one/first", "two/second"));
});

testAddress(
  "what is no repository's name is refused in one sentence, and changes nothing",
  (copy) => {
    const before = copy.readme;
    const wrong = [[], [""], ["name"], ["a/b/c"], ["a/b", "c/d"], ["a b/c"], ["a/.."], ["-a/b"]];
    for (const words of [...wrong, ["https://github.com/a/b"], ["a/b\n"], ["a/$(b)"]]) {
      const { code, said } = copy.fill(...words);
      assert(code !== 0, words.join(" "));
      assertStringIncludes(said, "Cannot fill in the address: wanted OWNER/REPOSITORY, got ");
      assertEquals(said.includes("Traceback"), false);
      assert(copy.readme === before);
    }
  },
);

testAddress("the workflow knows a README that is not filled in yet", (copy) => {
  const workflow = Deno.readTextFileSync(".github/workflows/address.yml");
  const [, sign] = /grep -qF '([^']+)'/.exec(workflow)!;
  copy.fill("OWNER/REPOSITORY");
  assertStringIncludes(copy.readme, sign);
  copy.fill("some/where");
  assertEquals(copy.readme.includes(sign), false);
  assertStringIncludes(workflow, 'python3 .ci/address "$REPOSITORY"');
  // Whoever has pushed meanwhile does not stop it.
  assert(/git pull --rebase\n +git push\n/.test(workflow));
  // What may write does nothing but that.
  assertEquals(workflow.match(/contents: write/g)?.length, 1);
});
