import { assert, assertEquals, assertMatch } from "@std/assert";
import { denoCommand } from "../cli/deno_process.ts";
import { timeInTurns } from "./peer_rounds.ts";
import { peerTask } from "./peer_task.ts";
import { commandOf, PEERS, processSide } from "./peers.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const deno = await denoCommand();
const FOLDER = "tests/benchmark/peers";

function testPeers(name: string, needed: boolean, fn: () => void | Promise<void>): void {
  const ignore = !needed;
  Deno.test({
    name: ignore ? `${name} (left out: needs the permissions of deno task test)` : name,
    ignore,
    fn,
  });
}

testPeers("a TypeScript library runs without any permission, from what is locked", mayRead, () => {
  const commands = PEERS.map(commandOf).filter(([program]) => program !== "python3");
  assertEquals(commands.length, PEERS.length - 1);
  for (const [, run, ...args] of commands) {
    assertEquals(run, "run");
    assertEquals(args.filter((arg) => /^(--allow-|-[A-Z]|--permission|-P)/.test(arg)), []);
    for (const wanted of ["--no-prompt", "--cached-only", "--frozen"]) {
      assert(args.includes(wanted));
    }
    const lock = args.find((arg) => arg.startsWith("--lock="))!.slice("--lock=".length);
    JSON.parse(Deno.readTextFileSync(lock));
  }
});

testPeers(
  "the libraries are pinned in a config of their own, and not the project's",
  mayRead,
  () => {
    const read = (path: string) => Deno.readTextFileSync(path);
    const { imports, lock } = JSON.parse(read(`${FOLDER}/deno.json`));
    assertEquals(lock, false); // each program has its own
    for (const [name, specifier] of Object.entries(imports)) {
      assertMatch(String(specifier), /^npm:.+@\d+\.\d+\.\d+$/);
      for (const file of ["deno.json", "deno.lock"]) assert(!read(file).includes(name), name);
    }
  },
);

testPeers(
  "a library whose process ends takes only its own row with it",
  deno !== undefined,
  async () => {
    const program = `${import.meta.dirname}/stand_in_peer.ts`;
    const sideOf = (title: string, ...args: string[]) =>
      processSide({ title }, [deno!, "run", "--no-prompt", "--no-check", program, ...args]);
    const absent = processSide({ title: "absent" }, ["python3-that-is-not-there"]);
    const sides = [sideOf("ends", "3"), sideOf("goes on"), absent];
    const pause = () => Promise.resolve(), now = () => performance.now();
    const task = { ...peerTask({ name: "tiny", hidden: 2 }), hidden: 4 };
    const options = { rounds: 1, limit: 60_000, pause, now };
    const [ends, goesOn, missing] = await timeInTurns(sides, task, options);
    assertEquals([ends.failure, ends.losses], ["the process ended without a word", [4]]);
    assertEquals([goesOn.failure, goesOn.losses, goesOn.times.length], [undefined, [4, 3], 3]);
    assertMatch(missing.failure!, /there is no python3-that-is-not-there|Requires run access/);
  },
);
