/**
 * `deno task bench`: the engine against PyTorch, against the machine's peak, against length, by its parts, one memory
 * against another, and the same LSTM in other libraries.
 *
 * Everything is measured in one run, rounds interleaved, since only ratios within a run mean anything. CI runs none of it.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { processTerminal } from "@/io/terminal.ts";
import { UserError } from "@/io/user_error.ts";
import type { Command } from "@/options/command.ts";
import { choices, integer, joinWithOr } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { kernelTimes } from "./kernel_times.ts";
import { timesByLength } from "./lengths.ts";
import { timesByMemory } from "./memories.ts";
import { compareWithPeers } from "./peer_comparison.ts";
import { PEER_SIZES } from "./peer_task.ts";
import { PEERS } from "./peers.ts";
import { shareOfPeak } from "./share_of_peak.ts";
import { beginRecords } from "./output.ts";
import { compareWithPyTorch } from "./pytorch_comparison.ts";
import { BENCH_SIZES } from "./sizes.ts";

const SECTIONS = ["pytorch", "peak", "lengths", "memories", "kernels"];
const PROGRAMS = ["eager", "eager-compiled", "manual", "packed", "compiled"];
const SIZES = [...BENCH_SIZES, ...PEER_SIZES].map(({ name }) => name);
const PEER_NAMES = PEERS.map(({ name }) => name);

/** The command. */
export const COMMAND = {
  action: "time the engine",
  summary: "Times the engine, and prints tables; the records go to .runs/bench.jsonl.",
  usage: ["deno task bench [options]"],
  options: {
    only: choices({
      choices: [...SECTIONS, "peers"],
      default: SECTIONS.join(),
      description:
        "against PyTorch, against the machine's peak, against length, by its parts; peers: other libraries",
    }),
    sizes: choices({ choices: SIZES, default: SIZES.join(), description: "sizes of networks" }),
    rounds: integer({
      default: 7,
      minimum: 1,
      maximum: 1000,
      description: "rounds of each side against PyTorch and against other libraries",
    }),
    seconds: integer({
      default: 5,
      minimum: 1,
      maximum: 3600,
      description: "how long each size is measured alone",
    }),
    variants: choices({
      choices: PROGRAMS,
      default: PROGRAMS.join(),
      description:
        "PyTorch's programs, where they apply to the size; the compiled ones take minutes",
    }),
    peers: choices({
      choices: PEER_NAMES,
      default: PEER_NAMES.join(),
      description: "other libraries, a minute at most for each at each size",
    }),
  },
  notes: [
    "Each run begins the records anew. The comparison with PyTorch needs a python3 that has torch;",
    "that with other libraries fetches them from npm, and leaves out what it cannot get.",
  ],
} satisfies Command;

/** The ones of a list that a text names, in the list's order; throws a {@linkcode UserError} if it names none. */
export function namedOf<T extends { readonly name: string }>(
  all: readonly T[],
  names: string,
): T[] {
  const named = all.filter(({ name }) => names.split(",").includes(name));
  if (named.length > 0) return named;
  throw new UserError(COMMAND.action, joinWithOr(all.map(({ name }) => name)), names);
}

if (import.meta.main) {
  const code = await runCommand(COMMAND, Deno.args, processTerminal, async ({ values }) => {
    const { rounds, seconds } = values, only = values.only.split(",");
    const sizes = () => namedOf(BENCH_SIZES, values.sizes);
    beginRecords();
    if (only.includes("peak")) await shareOfPeak(sizes(), seconds);
    if (only.includes("kernels")) kernelTimes(sizes(), seconds);
    if (only.includes("memories")) timesByMemory(sizes(), rounds);
    if (only.includes("lengths")) await timesByLength(rounds);
    if (only.includes("pytorch")) {
      const allThreads = navigator.hardwareConcurrency, variants = values.variants.split(",");
      await compareWithPyTorch(sizes(), { python: "python3", rounds, allThreads, variants });
    }
    if (only.includes("peers")) {
      const peers = namedOf(PEERS, values.peers);
      await compareWithPeers(namedOf(PEER_SIZES, values.sizes), peers, rounds);
    }
    return 0;
  });
  Deno.exit(code);
}
