/**
 * `deno task bench`: the engine against PyTorch, against the machine's peak, against length, and by its parts.
 *
 * Everything is measured in one run, rounds interleaved, since only ratios within a run mean anything.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { kernelTimes } from "./kernel_times.ts";
import { timesByLength } from "./lengths.ts";
import { shareOfPeak } from "./share_of_peak.ts";
import { beginRecords, note, print } from "./output.ts";
import { compareWithPyTorch } from "./pytorch_comparison.ts";
import { BENCH_SIZES } from "./sizes.ts";

const SECTIONS = ["pytorch", "peak", "lengths", "kernels"];
const PROGRAMS = ["eager", "eager-compiled", "manual", "packed", "compiled"];
const HELP =
  `Times the engine; tables to the terminal, records to .runs/bench.jsonl, which each run begins anew.

Usage: deno task bench [--only PARTS] [--sizes NAMES] [--rounds N] [--seconds S] [--variants PROGRAMS]

  --only      which of ${
    SECTIONS.join(", ")
  }, with commas between; all if left out: against PyTorch, against the machine's
              peak, against length, by its parts
  --sizes     which of ${BENCH_SIZES.map(({ name }) => name).join(", ")}
  --rounds    rounds of each side against PyTorch, 7 if left out
  --seconds   how long each size is measured alone, 5 if left out
  --variants  which of PyTorch's programs: ${PROGRAMS.join(", ")}; all that apply to a
              size, if left out. The compiled ones take minutes to compile.

The comparison with PyTorch needs a python3 that has torch.`;

class BadOption extends Error {}

function chosen(option: string, text: string, known: readonly string[]): string[] {
  const names = text.split(",");
  for (const name of names) {
    if (!known.includes(name)) {
      throw new BadOption(`Cannot bench: wanted --${option} of ${known.join(", ")}, got ${name}`);
    }
  }
  return names;
}

function count(option: string, text: string): number {
  const n = Number(text);
  if (!(Number.isInteger(n) && n >= 1)) {
    throw new BadOption(`Cannot bench: wanted --${option} of at least 1, got ${text}`);
  }
  return n;
}

function readOptions() {
  try {
    return parseArgs({
      args: Deno.args,
      options: {
        only: { type: "string", default: SECTIONS.join() },
        sizes: { type: "string", default: BENCH_SIZES.map(({ name }) => name).join() },
        rounds: { type: "string", default: "7" },
        seconds: { type: "string", default: "5" },
        variants: { type: "string", default: PROGRAMS.join() },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    const [reason] = (error as Error).message.split(/[.\n]/);
    throw new BadOption(
      `Cannot bench: wanted options of deno task bench --help, got this: ${reason}`,
    );
  }
}

async function main(): Promise<void> {
  const values = readOptions();
  if (values.help) return print(HELP);
  const only = chosen("only", values.only, SECTIONS);
  const names = chosen("sizes", values.sizes, BENCH_SIZES.map(({ name }) => name));
  const sizes = BENCH_SIZES.filter(({ name }) => names.includes(name));
  const [rounds, seconds] = [count("rounds", values.rounds), count("seconds", values.seconds)];
  const variants = chosen("variants", values.variants, PROGRAMS);
  beginRecords();
  if (only.includes("peak")) await shareOfPeak(sizes, seconds);
  if (only.includes("kernels")) kernelTimes(sizes, seconds);
  if (only.includes("lengths")) await timesByLength(rounds);
  if (only.includes("pytorch")) {
    const allThreads = navigator.hardwareConcurrency;
    await compareWithPyTorch(sizes, { python: "python3", rounds, allThreads, variants });
  }
}

try {
  await main();
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
  Deno.exit(error instanceof BadOption ? 2 : 1);
}
