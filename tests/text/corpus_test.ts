import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { decodeSymbols } from "@/text/alphabet.ts";
import {
  CORPUS_NAMES,
  hashOfText,
  isCorpusName,
  MAX_CORPUS_BYTES,
  readCorpus,
  splitText,
  TYPESCRIPT_SNAPSHOT,
} from "@/text/corpus.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { missing } from "../pytorch/python.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

function diskWith(bytes: ArrayLike<number>): MemoryDisk {
  const files = new MemoryDisk();
  files.writeBytes("my.txt", Uint8Array.from(bytes));
  return files;
}

Deno.test("Moby Dick is the novel from its first sentence to its last, without titles", () => {
  // Needs no permission: the text is in a package.
  const text = readCorpus("moby-dick", new MemoryDisk());
  assert(text.startsWith("Call me Ishmael. Some years ago—never mind how long precisely—having"));
  assert(text.endsWith("search after her missing children, only found another orphan.\n"));
  assertEquals(text.length, 1_186_770);
  assertEquals(text.includes("Loomings"), false);
  assertEquals(/\n{3}|^\s|\r/.test(text), false); // paragraphs, one empty line between them
  assertEquals(hashOfText(text).slice(0, 8), "6942ee9d");
});

Deno.test({
  name: "the snapshot of TypeScript is the file whose hash is in its name",
  ignore: !mayRead,
  fn() {
    const text = readCorpus("typescript");
    assertEquals(TYPESCRIPT_SNAPSHOT.includes(`_${hashOfText(text).slice(0, 8)}.txt`), true);
    assert(text.length < 600_000);
    assertStringIncludes(text, "export function runStack(");
  },
});

const reason = missing([], false);
Deno.test({
  name: "the snapshot of TypeScript is made from the commit in its name",
  ignore: reason !== undefined || !mayRead,
  fn() {
    const args = [".ci/typescript_snapshot", "--check"];
    const { code, stderr } = new Deno.Command("python3", { args }).outputSync();
    const said = new TextDecoder().decode(stderr);
    if (said.includes("wanted a clone with the commit")) return; // a clone without the history, or no git
    assertEquals([code, said], [0, ""]);
  },
});

Deno.test("a file is read as UTF-8, without a byte-order mark", () => {
  const files = diskWith(new TextEncoder().encode("\ufeffCafé\r\n"));
  assertEquals(readCorpus("my.txt", files), "Café\r\n");
});

Deno.test("what is no text is refused in one sentence", () => {
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  const cases: [bytes: number[], message: string][] = [
    [[], "Cannot read my.txt: wanted a text in UTF-8, got an empty file"],
    [[0xef, 0xbb, 0xbf], "Cannot read my.txt: wanted a text in UTF-8, got an empty file"],
    [png, "Cannot read my.txt: wanted text in UTF-8, got bytes that are not"],
    [
      [0x61, 0x62, 0],
      "Cannot read my.txt: wanted a text in UTF-8, got a binary file (a zero byte after 2 characters)",
    ],
    [
      [0xff, 0xfe, 0x61, 0],
      "Cannot read my.txt: wanted text in UTF-8, got UTF-16, which older versions of PowerShell write",
    ],
  ];
  for (const [bytes, message] of cases) {
    const error = assertThrows(() => readCorpus("my.txt", diskWith(bytes)), UserError);
    assertEquals(error.message, message);
  }
});

Deno.test("a file that is missing or too large is refused, and the names of corpora are said", () => {
  const { message } = assertThrows(() => readCorpus("moby-dik", new MemoryDisk()), UserError);
  assertEquals(
    message,
    "Cannot read moby-dik: wanted a file, moby-dick or typescript, got nothing",
  );
  const files = diskWith([0x61]);
  let asked = 0;
  files.readBytes = (_path, atMost) => {
    asked = atMost;
    return new Uint8Array([0x61]);
  };
  readCorpus("my.txt", files);
  assertEquals(asked, MAX_CORPUS_BYTES);
});

Deno.test("the names of the corpora are not the names of files", () => {
  assertEquals(CORPUS_NAMES.map(isCorpusName), [true, true]);
  assertEquals(["moby-dick.txt", ""].map(isCorpusName), [false, false]);
});

Deno.test("a text is split by position, with one alphabet for both parts", () => {
  const text = "aaaaaaaabé";
  const { alphabet, training, validation } = splitText(text, "characters", 0.25);
  assertEquals(alphabet.characters, "abé");
  assertEquals([decodeSymbols(alphabet, training), decodeSymbols(alphabet, validation)], [
    "aaaaaaa",
    "abé",
  ]);
  const bytes = splitText(text, "bytes", 0.3);
  assertEquals([bytes.training.length, bytes.validation.length], [8, 3]);
  for (const share of [0, 1, -0.1, NaN]) {
    assertThrows(() => splitText(text, "characters", share), RangeError, "wanted a share above 0");
  }
});
