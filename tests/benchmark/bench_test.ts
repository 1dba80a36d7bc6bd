import { assert, assertEquals, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { COMMAND, namedOf } from "./bench.ts";
import { PEER_SIZES } from "./peer_task.ts";
import { PEERS } from "./peers.ts";

Deno.test("the rows are the chosen libraries, in the order of the table", () => {
  const names = namedOf(PEERS, "brain.js,pytorch").map(({ name }) => name);
  assertEquals(names, ["pytorch", "brain.js"]);
  assertEquals(namedOf(PEERS, COMMAND.options.peers.default), [...PEERS]);
});

Deno.test("sizes that only other parts have are refused, and those of this part named", () => {
  assertEquals(namedOf(PEER_SIZES, "small,lstm-64").map(({ hidden }) => hidden), [64]);
  const message = "Cannot time the engine: wanted lstm-64 or lstm-256, got small";
  assertThrows(() => namedOf(PEER_SIZES, "small"), UserError, message);
});

Deno.test("other libraries are fetched and timed only when asked for", () => {
  const { only } = COMMAND.options;
  assert(only.accepts("peers"));
  assert(!only.default.split(",").includes("peers"));
});
