import { assert, assertEquals } from "@std/assert";
import { readStream } from "@/io/terminal.ts";

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
