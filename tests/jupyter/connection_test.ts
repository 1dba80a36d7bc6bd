import { createHmac } from "node:crypto";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { Connection, WireProtocol } from "@/jupyter/connection.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { testWithKernel } from "./needs_kernel.ts";

const encoder = new TextEncoder();

function bytesOf(frames: string[]): Uint8Array[] {
  return frames.map((frame) => encoder.encode(frame));
}

Deno.test("a request is signed over its four parts, as the protocol says", () => {
  const { id, frames } = new WireProtocol("secret").pack("execute_request", { code: "1 + 1" });
  const [delimiter, signature, ...parts] = frames;
  assertEquals(delimiter, "<IDS|MSG>");
  assertEquals(signature, createHmac("sha256", "secret").update(parts.join("")).digest("hex"));
  const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part));
  assertEquals([header.msg_id, header.msg_type], [id, "execute_request"]);
  assertEquals([parent, metadata, content], [{}, {}, { code: "1 + 1" }]);
});

Deno.test("a message is read, whatever addresses stand before it", () => {
  const { frames } = new WireProtocol("secret").pack("stream", { text: "é" });
  const message = new WireProtocol("secret").unpack(bytesOf(["address", ...frames]));
  assertEquals(message, { type: "stream", parent: undefined, content: { text: "é" } });
});

Deno.test("a message with another key, or changed on the way, is refused", () => {
  const { frames } = new WireProtocol("secret").pack("stream", { text: "a" });
  const refused = (wire: WireProtocol, frames: string[]) =>
    assertThrows(() => wire.unpack(bytesOf(frames)), TypeError, "wanted the kernel's signature");
  refused(new WireProtocol("another"), frames);
  refused(new WireProtocol("secret"), frames.with(5, '{"text":"b"}'));
  refused(new WireProtocol("secret"), ["no", "message"]);
});

testWithKernel(
  "only its owner can read the connection file, whose name does not contain the key",
  () =>
    inScratchFolder(async (folder) => {
      const connection = await Connection.open(folder);
      try {
        const { mode } = Deno.statSync(connection.file);
        if (Deno.build.os !== "windows") assertEquals(mode! & 0o777, 0o600);
        const { key } = JSON.parse(Deno.readTextFileSync(connection.file));
        assert(!connection.file.includes(key));
      } finally {
        connection.close();
      }
      assertEquals([...Deno.readDirSync(folder)], []);
    }),
);

testWithKernel("a connection file that cannot be written is one sentence", async () => {
  const files = new MemoryDisk();
  files.readOnly.push(".runs");
  const { message } = await assertRejects(() => Connection.open(".runs", files), UserError);
  assertEquals(
    message,
    'Cannot write .runs: wanted a place that can be written, got "Permission denied"',
  );
});
