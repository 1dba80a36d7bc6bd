import { assert, assertEquals, assertThrows } from "@std/assert";
import { createTerminal, OutputError, readStream } from "@/io/terminal.ts";

function streamOf(...chunks: number[][]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks.map((chunk) => Uint8Array.from(chunk)));
}

Deno.test("what comes in pieces is one text", async () => {
  assertEquals([...await readStream(streamOf([1, 2], [], [3]), 3)], [1, 2, 3]);
  assertEquals([...await readStream(streamOf(), 3)], []);
});

Deno.test("what is too long is cut short, but never to as much as was wanted", async () => {
  let pulled = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(10));
    },
  });
  const { length } = await readStream(endless, 30);
  assert(length > 30 && length < 60 && pulled < 10);
});

/** A stream that takes at most `most` bytes at a time, after failing as often as there are errors. */
function outputOf(most: number, errors: Error[] = []) {
  const texts: string[] = [];
  return {
    texts,
    isTerminal: () => true,
    writeSync(bytes: Uint8Array): number {
      const error = errors.shift();
      if (error) throw error;
      texts.push(new TextDecoder().decode(bytes.subarray(0, most)));
      return Math.min(most, bytes.length);
    },
  };
}
const wide = () => ({ columns: 80 });

Deno.test("a pipe that is full, or takes a part, gets the whole text in the end", () => {
  const output = outputOf(3, [
    new Deno.errors.WouldBlock("full"),
    new Deno.errors.WouldBlock("full"),
  ]);
  createTerminal(output, outputOf(99), wide).print("a result");
  assertEquals(output.texts.join(""), "a result\n");
});

Deno.test("notes that cannot be written are dropped, whatever the reason", () => {
  const broken = [new Error("No space left on device"), new Deno.errors.BrokenPipe("gone")];
  const notes = outputOf(99, [...broken, new Error("closed")]);
  const terminal = createTerminal(outputOf(99), notes, wide);
  terminal.note("one");
  terminal.note("two");
  terminal.overwrite("three");
  terminal.note("four");
  assertEquals(notes.texts, ["four\n"]);
});

Deno.test("a result that cannot be written is an error of its own, a reader that has gone is none", () => {
  const output = outputOf(99, [new Deno.errors.BrokenPipe("gone"), new Error("No space left")]);
  const terminal = createTerminal(output, outputOf(99), wide);
  terminal.print("to head -1");
  const message = "Cannot write the result: wanted an output that takes it, got No space left";
  assertThrows(() => terminal.print("to a full disk"), OutputError, message);
});

Deno.test("a terminal of unknown width counts as none", () => {
  const columns = (size: () => { columns: number }) =>
    createTerminal(outputOf(99), outputOf(99), size).columns();
  assertEquals(columns(wide), 80);
  assertEquals(columns(() => ({ columns: 0 })), null);
  assertEquals(
    columns(() => {
      throw new Error("no console");
    }),
    null,
  );
});
