/**
 * The same training on text in PyTorch: `baselines/text_baseline.py` draws parameters of its own, and trains on the same
 * text with the same settings and the same budget.
 *
 * @module
 */
import type { Tensors } from "@/engine/engine.ts";
import { projectPath } from "@/io/caller_folder.ts";
import type { Files } from "@/io/files.ts";
import type { Programs } from "@/io/programs.ts";
import { UserError } from "@/io/user_error.ts";
import type { TextPlan } from "@/training/text_plan.ts";
import {
  scoredStreams,
  STANDARD_VALIDATION,
  type TextValidation,
  validationInterval,
} from "@/training/text_run.ts";

const PROGRAM = "lib/studies/baselines/text_baseline.py";
const PYTHON = "python3";

/** What a training in PyTorch uses. */
export interface PyTorchTraining {
  readonly files: Files;
  readonly programs: Pick<Programs, "run">;
  /** A file for the request, which is removed afterwards. */
  readonly request: string;
  readonly validation?: TextValidation;
  /** The initial parameters, in place of those that PyTorch draws. */
  readonly parameters?: Tensors;
}

/**
 * Trains an LSTM in PyTorch.
 *
 * @param plan What is trained, and how; the state is carried.
 * @param training The files and programs to use.
 * @returns Symbols learned from, and bits per symbol of the held-out text, at each validation.
 * @throws {UserError} If there is no Python with PyTorch.
 * @throws {TypeError} If the plan is not that of an LSTM whose state is carried.
 */
export async function trainInPyTorch(
  plan: TextPlan,
  { files, programs, request, validation = STANDARD_VALIDATION, parameters }: PyTorchTraining,
): Promise<(readonly [symbols: number, bits: number])[]> {
  const { shape: { cell }, carry, streams: { streams, truncation }, updates } = plan;
  if (cell !== "lstm" || !carry) {
    const got = `${cell}, state ${carry ? "carried" : "reset"}`;
    throw new TypeError(
      `Cannot train in PyTorch: wanted an LSTM whose state is carried, got ${got}`,
    );
  }
  const validated = validationInterval(plan, validation);
  files.writeText(request, JSON.stringify(requestOf(plan, validation, parameters)));
  try {
    const outcome = await programs.run(PYTHON, [projectPath(PROGRAM), request]);
    if (outcome?.code !== 0) {
      const got = outcome?.noted.split("\n").at(-1) ?? `no ${PYTHON}`;
      throw new UserError("train in PyTorch", `a ${PYTHON} that has torch and numpy`, got);
    }
    const { bits }: { bits: number[] } = JSON.parse(outcome.printed);
    return bits.map((bits, n) =>
      [Math.min((n + 1) * validated, updates) * streams * truncation, bits] as const
    );
  } finally {
    files.remove(request);
  }
}

/** The request, as the program's docstring describes it. */
function requestOf(
  plan: TextPlan,
  validation: TextValidation,
  parameters: Tensors = {},
): Readonly<Record<string, unknown>> {
  const { shape, text, streams, optimizer: { rate, clip }, updates, settings: { seed } } = plan;
  const { forgetBias = 1 } = plan; // as `initialParameters` has it
  const tensors = Object.entries(parameters).map(([name, tensor]) => [name, [...tensor]]);
  return {
    shape,
    training: [...text.training],
    validation: [...text.validation],
    streams: streams.streams,
    truncation: streams.truncation,
    ...{ updates, rate, clip, forgetBias, seed },
    validated: validationInterval(plan, validation),
    validationStreams: scoredStreams(text.validation.length, validation.streams),
    parameters: Object.fromEntries(tensors),
  };
}
