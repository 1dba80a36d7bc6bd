/**
 * `deno task bench:autoencoder`: how fast the autoencoder experiment is, beside the same algorithm in numpy, in one run.
 *
 * Both take turns, five rounds of each, and the best round of each counts, in seconds of processor
 * time: whatever else the machine is doing, it does to both. Both must print the same errors, or the
 * comparison is worth nothing.
 *
 * numpy is timed twice: "stepwise", which adds up the gradients of the weights at every step, as the
 * library and the tutorial do, and "hoisted", which makes one product of them after the last step.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { cpuUsage } from "node:process";
import { machinePrograms } from "@/io/programs.ts";
import { processTerminal } from "@/io/terminal.ts";
import { UserError } from "@/io/user_error.ts";
import type { Command } from "@/options/command.ts";
import { runCommand } from "@/options/run_command.ts";
import { PUBLISHED_AUTOENCODER } from "@/tutorial/controller_recipes.ts";
import { ControllerTraining, numpyDraws } from "@/tutorial/controller_training.ts";

const ROUNDS = 5, NUMPY_STRINGS = 2000, OUR_STRINGS = 100_000, PUBLISHED_STRINGS = 750_000;
/** Strings of 3 to 5 symbols, as the published run has them to its end. */
const { curriculum, design } = PUBLISHED_AUTOENCODER;
const RECIPE = {
  ...PUBLISHED_AUTOENCODER,
  design: { ...design, longest: 5 },
  curriculum: { ...curriculum, lastLevel: 3 },
};

function begin(): ControllerTraining {
  return ControllerTraining.start(RECIPE, numpyDraws(1));
}

function processorSeconds(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds for a string. */
function timeOurs(): number {
  const training = begin(), begun = processorSeconds();
  training.advance(OUR_STRINGS);
  return (processorSeconds() - begun) / OUR_STRINGS;
}

/** Seconds for a string, and the errors of its windows. */
async function timeNumpy(
  ...how: string[]
): Promise<{ seconds: number; errors: number[][] }> {
  const program = `${import.meta.dirname}/autoencoder_in_numpy.py`;
  const numpy = await machinePrograms.run("python3", [program, String(NUMPY_STRINGS), ...how], {
    OMP_NUM_THREADS: "1",
    OPENBLAS_NUM_THREADS: "1",
  });
  if (numpy?.code !== 0) {
    const got = numpy ? numpy.noted.split("\n").at(-1)! : "none";
    throw new UserError(COMMAND.action, "a python3 that has numpy", got);
  }
  const lines = numpy.printed.split("\n").map((line) => line.split(" "));
  const errors = lines.filter(([word]) => word === "errors").map((line) =>
    line.slice(2).map(Number)
  );
  const seconds = Number(lines.find(([word]) => word === "seconds")![1]) / NUMPY_STRINGS;
  return { seconds, errors };
}

function checkErrors(printed: number[][]): void {
  const training = begin();
  for (const window of printed) {
    training.advance(1000);
    const { output, readouts } = training.lastWindow!;
    [output, ...readouts].forEach((error, k) => {
      if (!(Math.abs(error - window[k]) < 1e-6)) {
        throw new Error(`Cannot compare: wanted the same errors, got ${error} and ${window[k]}`);
      }
    });
  }
}

/** The command. */
export const COMMAND: Command = {
  action: "compare with numpy",
  summary: "Times notebook 8's experiment beside the same algorithm in numpy.",
  usage: ["deno task bench:autoencoder"],
  options: {},
  notes: ["It needs a python3 that has numpy."],
};

async function compare(): Promise<number> {
  let ours = Infinity, hoisted = Infinity, stepwise = Infinity;
  for (let round = 1; round <= ROUNDS; round++) {
    const [quick, literal] = [await timeNumpy(), await timeNumpy("stepwise")];
    if (round === 1) [quick, literal].forEach(({ errors }) => checkErrors(errors));
    hoisted = Math.min(hoisted, quick.seconds);
    stepwise = Math.min(stepwise, literal.seconds);
    ours = Math.min(ours, timeOurs());
  }
  for (const [name, seconds] of Object.entries({ ours, stepwise, hoisted })) {
    const all = (seconds * PUBLISHED_STRINGS).toFixed(1), ratio = (seconds / ours).toFixed(0);
    const each = `${(seconds * 1e6).toFixed(1)} µs a string`;
    processTerminal.print(`${name.padEnd(9)} ${each}, ${all} s for all, ${ratio} times ours`);
  }
  return 0;
}

if (import.meta.main) {
  Deno.exit(await runCommand(COMMAND, Deno.args, processTerminal, compare));
}
