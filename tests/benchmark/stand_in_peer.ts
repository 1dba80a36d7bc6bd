/**
 * A library that trains nothing: its loss falls by 1 at each update, and it ends its process at the update that it is told.
 *
 * @module
 */
import { servePeer } from "./peer_session.ts";

await servePeer(({ hidden }) => {
  let loss = hidden;
  return () => {
    if (loss === Number(Deno.args[0])) throw Deno.exit(1);
    return loss--;
  };
});
