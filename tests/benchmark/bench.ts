/**
 * `deno task bench`: the engine against PyTorch, against the machine's peak, against length, by its parts, and one memory
 * against another.
 *
 * Everything is measured in one run, rounds interleaved, since only ratios within a run mean anything.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { processTerminal } from "@/io/terminal.ts";
import type { Command } from "@/options/command.ts";
import { choices, integer } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { kernelTimes } from "./kernel_times.ts";
import { timesByLength } from "./lengths.ts";
import { timesByMemory } from "./memories.ts";
import { shareOfPeak } from "./share_of_peak.ts";
import { beginRecords } from "./output.ts";
import { compareWithPyTorch } from "./pytorch_comparison.ts";
import { BENCH_SIZES } from "./sizes.ts";

const SECTIONS = ["pytorch", "peak", "lengths", "memories", "kernels"];
const PROGRAMS = ["eager", "eager-compiled", "manual", "packed", "compiled"];
const SIZES = BENCH_SIZES.map(({ name }) => name);

/** The command. */
export const COMMAND = {
  action: "time the engine",
  summary: "Times the engine, and prints tables; the records go to .runs/bench.jsonl.",
  usage: ["deno task bench [options]"],
  options: {
    only: choices({
      choices: SECTIONS,
      default: SECTIONS.join(),
      description: "against PyTorch, against the machine's peak, against length, by its parts",
    }),
    sizes: choices({ choices: SIZES, default: SIZES.join(), description: "sizes of networks" }),
    rounds: integer({
      default: 7,
      minimum: 1,
      maximum: 1000,
      description: "rounds of each side against PyTorch",
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
  },
  notes: [
    "Each run begins the records anew. The comparison with PyTorch needs a python3 that has torch.",
  ],
} satisfies Command;

if (import.meta.main) {
  const code = await runCommand(COMMAND, Deno.args, processTerminal, async ({ values }) => {
    const { rounds, seconds } = values;
    const [only, names, variants] = [values.only, values.sizes, values.variants]
      .map((text) => text.split(","));
    const sizes = BENCH_SIZES.filter(({ name }) => names.includes(name));
    beginRecords();
    if (only.includes("peak")) await shareOfPeak(sizes, seconds);
    if (only.includes("kernels")) kernelTimes(sizes, seconds);
    if (only.includes("memories")) timesByMemory(sizes, rounds);
    if (only.includes("lengths")) await timesByLength(rounds);
    if (only.includes("pytorch")) {
      const allThreads = navigator.hardwareConcurrency;
      await compareWithPyTorch(sizes, { python: "python3", rounds, allThreads, variants });
    }
    return 0;
  });
  Deno.exit(code);
}
