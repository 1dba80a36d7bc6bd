/**
 * `deno task bench`: the engine beside PyTorch, beside the machine's own limit, against length, and taken apart.
 *
 * Everything is measured in one run, rounds interleaved, since only ratios within a run mean anything.
 *
 * @module
 */
import { processTerminal } from "@/io/terminal.ts";
import { type Command, EXIT_CODES } from "@/options/command.ts";
import { integer, text } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import type { ValuesOf } from "@/options/settings.ts";
import { UserError } from "@/io/user_error.ts";
import { kernelTimes } from "./kernel_times.ts";
import { timesByLength } from "./lengths.ts";
import { shareOfLimit } from "./limit.ts";
import { beginRecords, note } from "./output.ts";
import { race } from "./race.ts";
import { BENCH_SIZES } from "./sizes.ts";

const SECTIONS = ["race", "limit", "lengths", "kernels"];
const PROGRAMS = ["eager", "eager-compiled", "manual", "packed", "compiled"];
const SIZES = BENCH_SIZES.map(({ name }) => name);

const OPTIONS = {
  only: text({
    default: SECTIONS.join(),
    defaultText: "all",
    placeholder: "PARTS",
    description: `which of ${SECTIONS.join(", ")}, with commas between: against PyTorch, against ` +
      "the machine's limit, against length, taken apart",
  }),
  sizes: text({
    default: SIZES.join(),
    defaultText: "all",
    placeholder: "NAMES",
    description: `which of ${SIZES.join(", ")}`,
  }),
  rounds: integer({ default: 7, minimum: 1, description: "rounds of each side in a race" }),
  seconds: integer({ default: 5, minimum: 1, description: "how long each size is measured alone" }),
  variants: text({
    default: PROGRAMS.join(),
    defaultText: "all that apply to a size",
    placeholder: "PROGRAMS",
    description: `which of PyTorch's programs, ${PROGRAMS.join(", ")}; the compiled ones take ` +
      "minutes to compile",
  }),
};

const COMMAND: Command<typeof OPTIONS> = {
  action: "bench",
  summary: "Times the engine; prints tables, and writes records to .runs/bench.jsonl.",
  usage: ["deno task bench [options]"],
  options: OPTIONS,
  notes: ["Each run overwrites the records. The race needs a python3 that has torch."],
  exitCodes: { 1: EXIT_CODES[1] },
};

function chosen(option: string, text: string, known: readonly string[]): string[] {
  const names = text.split(",");
  for (const name of names) {
    if (!known.includes(name)) {
      throw new UserError(`read --${option}`, `some of ${known.join(", ")}`, JSON.stringify(name));
    }
  }
  return names;
}

async function bench(values: ValuesOf<typeof OPTIONS>): Promise<void> {
  const { rounds, seconds } = values;
  const only = chosen("only", values.only, SECTIONS);
  const names = chosen("sizes", values.sizes, SIZES);
  const sizes = BENCH_SIZES.filter(({ name }) => names.includes(name));
  const variants = chosen("variants", values.variants, PROGRAMS);
  beginRecords();
  if (only.includes("limit")) await shareOfLimit(sizes, seconds);
  if (only.includes("kernels")) kernelTimes(sizes, seconds);
  if (only.includes("lengths")) await timesByLength(rounds);
  if (only.includes("race")) {
    const allThreads = navigator.hardwareConcurrency;
    await race(sizes, { python: "python3", rounds, allThreads, variants });
  }
}

try {
  const code = await runCommand(COMMAND, Deno.args, processTerminal, async ({ values }) => {
    await bench(values);
    return 0;
  });
  Deno.exit(code);
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
