/**
 * `deno task sample`: lets a network that was trained on text write.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { dirname } from "node:path";
import { createStepper } from "@/engine/stepper.ts";
import { enterCallerFolder } from "@/io/caller_folder.ts";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import { printableText, processTerminal, type Terminal } from "@/io/terminal.ts";
import { UserError } from "@/io/user_error.ts";
import { seededRandom } from "@/math/random.ts";
import type { Command } from "@/options/command.ts";
import { flag, integer, number, text } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { BUILD_OPTION, SEED_OPTION, type ValuesOf } from "@/options/settings.ts";
import { decodeSymbols, encodeText } from "@/text/alphabet.ts";
import { readHiddenStates } from "@/text/hidden_states.ts";
import { freshPrompt, sampleSymbols } from "@/text/sampling.ts";
import { saveStates } from "@/weights/state_file.ts";
import { type LoadedTextModel, loadTextModel } from "@/weights/text_model.ts";
import { findWeights, useModel } from "@/weights/trained_model.ts";
import { createProgressBar } from "./progress.ts";
import { RUN_WORDS } from "./run_words.ts";

/** Everything outside its own code that the command uses. */
export interface SampleHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** A clock in milliseconds. */
  now(): number;
}

const OPTIONS = {
  prompt: text({
    default: null,
    defaultText: "a line break, not shown",
    description: "the text that the network reads first",
  }),
  length: integer({
    default: 400,
    minimum: 0,
    maximum: 1e6,
    description: "characters, or bytes, to write",
  }),
  temperature: number({
    default: 0.7,
    minimum: 0,
    maximum: 1000,
    description:
      "divides the network's scores: below 1 favours likely characters, above 1 evens them out",
  }),
  topK: integer({
    default: null,
    defaultText: "all",
    minimum: 1,
    maximum: 1e6,
    description: "the likeliest characters, of which each is drawn",
  }),
  argmax: flag({ description: "always take the likeliest character, as at temperature 0" }),
  states: text({
    default: null,
    defaultText: "none",
    placeholder: "FILE",
    description:
      "a new file for the hidden state after each character of the prompt and of the text",
  }),
  seed: SEED_OPTION,
  build: BUILD_OPTION,
};

/** The command. */
export const COMMAND = {
  action: "sample",
  summary: "Lets a network that was trained on text write.",
  usage: ['deno task sample RUN [--prompt "Call me"] [--temperature 0.7] [--length 400] [options]'],
  words: RUN_WORDS,
  options: OPTIONS,
  exclusive: [["argmax", "temperature"], ["argmax", "topK"], ["argmax", "seed"]],
  notes: [
    "deno task train --task text trains such a network. The same seed writes the same text.",
    "FILE is in the safetensors format, with the tensors h.0 and c.0 (a row for each character, a " +
    "column for each unit; h.1 … of further layers), symbols and text. With --length 0 the network " +
    "only reads the prompt.",
    "Control characters are shown as pictures, apart from line breaks and tabs.",
  ],
} satisfies Command;

/** A progress bar is shown for texts of at least this many symbols. */
const PROGRESS_SYMBOLS = 5000;
/** The number of symbols between two updates of the progress bar. */
const PROGRESS_STEPS = 500;

/**
 * Runs the command.
 *
 * @param words The arguments of the command line.
 * @param host The files, terminal and clock to use.
 * @returns The exit code: 0 done, 2 wrong input.
 */
export function sampleCommand(words: readonly string[], host: SampleHost): Promise<number> {
  return runCommand(COMMAND, words, host.terminal, ({ words: [run], values }) => {
    const path = findWeights(host.files, run), model = loadTextModel(host.files, path);
    for (const warning of model.warnings) host.terminal.note(warning);
    const { alphabet } = model, { prompt } = values;
    if (values.states !== null) checkNewFile(host.files, values.states);
    const read = prompt === null
      ? freshPrompt(alphabet)
      : encodeText(alphabet, prompt, "read --prompt");
    const written = useModel(path, () => write(model, read, values, host));
    const all = [...read, ...written], shown = prompt === null ? written : all;
    host.terminal.print(printableText(decodeSymbols(alphabet, shown)));
    if (values.states !== null) keepStates(values.states, all, path, model, values, host);
    return 0;
  });
}

function write(
  { shape, parameters }: LoadedTextModel,
  prompt: Int32Array,
  { length, temperature, topK, argmax, seed, build }: ValuesOf<typeof OPTIONS>,
  { terminal, now }: SampleHost,
): number[] {
  const rule = { temperature: argmax ? 0 : temperature, ...(topK !== null && { topK }) };
  const request = { prompt, length, rule, random: seededRandom(seed) };
  const network = createStepper(shape, parameters, { build }), written: number[] = [];
  const progress = createProgressBar(terminal, "Sampling", now);
  for (const symbol of sampleSymbols(network, request)) {
    written.push(symbol);
    if (length < PROGRESS_SYMBOLS || written.length % PROGRESS_STEPS !== 0) continue;
    progress.show({ share: written.length / length, details: [] });
  }
  progress.end();
  return written;
}

/** Checks, before anything is computed, that the states will replace nothing, and have a folder. */
function checkNewFile(files: Files, path: string): void {
  const folder = dirname(path);
  if (files.kindOf(path) !== "nothing") {
    throw new UserError(
      "save the states",
      "the name of a new file for --states",
      `${path}, which exists`,
    );
  }
  if (folder !== "." && files.kindOf(folder) !== "folder") {
    throw new UserError("save the states", "a folder that exists for --states", folder);
  }
}

/** Lets the network read the whole text again, and saves its states. */
function keepStates(
  file: string,
  symbols: readonly number[],
  path: string,
  { shape, parameters, alphabet }: LoadedTextModel,
  { build }: Pick<ValuesOf<typeof OPTIONS>, "build">,
  { files, terminal }: SampleHost,
): void {
  const network = createStepper(shape, parameters, { build });
  useModel(path, () => {
    const states = readHiddenStates(network, symbols);
    saveStates(files, file, { alphabet, symbols, states }, [["network", path]]);
  });
  terminal.note(`Hidden states after ${countText(symbols.length)} ${alphabet.unit}: ${file}`);
}

if (import.meta.main) {
  enterCallerFolder();
  const host = { files: disk, terminal: processTerminal, now: () => performance.now() };
  Deno.exit(await sampleCommand(Deno.args, host));
}
