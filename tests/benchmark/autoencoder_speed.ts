/**
 * How fast the autoencoder experiment is, beside the same algorithm in numpy, in one run.
 *
 *     deno run --allow-run=python3 tests/benchmark/autoencoder_speed.ts [PYTHON]
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
import { cpuUsage } from "node:process";
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
  python: string,
  ...how: string[]
): Promise<{ seconds: number; errors: number[][] }> {
  const program = new URL("autoencoder_in_numpy.py", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [program, String(NUMPY_STRINGS), ...how],
    env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const lines = new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.split(" "));
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

if (import.meta.main) {
  const python = Deno.args[0] ?? "python3";
  const write = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
  let ours = Infinity, hoisted = Infinity, stepwise = Infinity;
  for (let round = 1; round <= ROUNDS; round++) {
    const [quick, literal] = [await timeNumpy(python), await timeNumpy(python, "stepwise")];
    if (round === 1) [quick, literal].forEach(({ errors }) => checkErrors(errors));
    hoisted = Math.min(hoisted, quick.seconds);
    stepwise = Math.min(stepwise, literal.seconds);
    ours = Math.min(ours, timeOurs());
  }
  for (const [name, seconds] of Object.entries({ ours, stepwise, hoisted })) {
    const all = (seconds * PUBLISHED_STRINGS).toFixed(1), ratio = (seconds / ours).toFixed(0);
    write(
      `${name.padEnd(9)} ${
        (seconds * 1e6).toFixed(1)
      } µs a string, ${all} s for all, ${ratio} times ours`,
    );
  }
}
