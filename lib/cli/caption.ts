/**
 * `deno task caption`: lets a network that was trained on captions say what is in a drawn image.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { createCaptionerEngine } from "@/engine/captioner_engine.ts";
import { type WrittenCaption } from "@/engine/greedy_captions.ts";
import { enterCallerFolder } from "@/io/caller_folder.ts";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { processTerminal, type Terminal } from "@/io/terminal.ts";
import { range } from "@/math/lists.ts";
import type { Command } from "@/options/command.ts";
import { flag, integer } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { BUILD_OPTION, SEED_OPTION, type ValuesOf } from "@/options/settings.ts";
import {
  CAPTION_VOCABULARY,
  type DrawnScene,
  firstDrawings,
  GRID_SIDE,
  layOutCaption,
} from "@/tasks/drawn_shapes.ts";
import { rightBeforeMistake } from "@/tasks/scores.ts";
import { symbolsToText, symbolText } from "@/tasks/text.ts";
import { scoreCaptions } from "@/training/caption_scores.ts";
import { loadCaptioner, type LoadedCaptioner } from "@/weights/caption_model.ts";
import { findWeights, useModel } from "@/weights/trained_model.ts";
import { RUN_WORDS } from "./run_words.ts";

/** Everything outside its own code that the command uses. */
export interface CaptionHost {
  readonly files: Files;
  readonly terminal: Terminal;
}

/** The command. */
export const COMMAND = {
  action: "caption",
  summary: "Lets a network that was trained on captions say what is in a drawn image.",
  usage: ["deno task caption RUN [--image N] [--held-out] [--seed N] [--show] [options]"],
  words: RUN_WORDS,
  options: {
    image: integer({
      default: 1,
      minimum: 1,
      maximum: 100_000,
      description: "which of the seed's test images",
    }),
    heldOut: flag({
      description:
        "an image with a combination of shape, colour and place that training never shows",
    }),
    show: flag({ description: "print how much the network looks at each cell for each word" }),
    seed: SEED_OPTION,
    build: BUILD_OPTION,
  },
  notes: [
    "deno task train --task captions trains such a network. What was drawn is printed first, place by",
    "place; the caption is printed even if it is wrong, and standard error then says so.",
  ],
} satisfies Command;

/**
 * Runs the command.
 *
 * @param words The arguments of the command line.
 * @param host The files and the terminal to use.
 * @returns The exit code: 0 done, 2 wrong input.
 */
export function captionCommand(words: readonly string[], host: CaptionHost): Promise<number> {
  return runCommand(COMMAND, words, host.terminal, ({ words: [run], values }) => {
    const { files, terminal } = host, path = findWeights(files, run);
    const model = loadCaptioner(files, path);
    for (const warning of model.warnings) terminal.note(warning);
    const drawn = drawScene(values), caption = useModel(path, () => write(model, drawn, values));
    for (const line of sceneLines(drawn)) terminal.print(line);
    terminal.print("");
    terminal.print(symbolsToText(caption.symbols, CAPTION_VOCABULARY));
    if (values.show) { for (const line of ["", ...lookLines(caption)]) terminal.print(line); }
    noteMistake(caption, drawn, terminal);
    return 0;
  });
}

type Values = ValuesOf<typeof COMMAND["options"]>;

function drawScene({ seed, image, heldOut }: Values): DrawnScene {
  const choice = heldOut ? "a held-out combination" : "trained combinations";
  return firstDrawings(seed, "test", image, choice)[image - 1];
}

function write(
  { shape, parameters }: LoadedCaptioner,
  drawn: DrawnScene,
  { build }: Values,
): WrittenCaption {
  const engine = createCaptionerEngine(shape, { build });
  try {
    engine.setParameters(parameters);
    return scoreCaptions(engine, [drawn]).captions[0];
  } finally {
    engine.close();
  }
}

/** The grid with what was drawn. */
function sceneLines({ scene }: DrawnScene): string[] {
  const names = range(GRID_SIDE ** 2).map((place) => {
    const shape = scene.find((shape) => shape.place === place);
    return shape ? `${shape.colour} ${shape.kind}` : "·";
  });
  return range(GRID_SIDE).map((row) =>
    names.slice(row * GRID_SIDE, (row + 1) * GRID_SIDE).map((name) => name.padEnd(14)).join("  ")
      .trimEnd()
  );
}

/** A line for each word, a column for each cell. */
function lookLines({ symbols, looks }: WrittenCaption): string[] {
  if (looks.length === 0) {
    return ["This network has no attention: it has seen the image as one vector."];
  }
  const cells = range(1, GRID_SIDE ** 2 + 1).map((cell) => String(cell).padStart(4));
  return [
    `${"cell".padEnd(8)}  ${cells.join("  ")}`,
    ...symbols.map((symbol, t) => {
      const shares = Array.from(looks[t], (share) => share.toFixed(2));
      return `${symbolText(symbol, CAPTION_VOCABULARY).padEnd(8)}  ${shares.join("  ")}`;
    }),
  ];
}

function noteMistake(
  { symbols }: WrittenCaption,
  { caption }: DrawnScene,
  terminal: Terminal,
): void {
  const { targets } = layOutCaption(caption), right = rightBeforeMistake(symbols, targets);
  if (right === targets.length) return;
  const wanted = symbolsToText(caption.words, CAPTION_VOCABULARY);
  terminal.note(
    `This caption is wrong from word ${right + 1} on: wanted ${JSON.stringify(wanted)}`,
  );
}

if (import.meta.main) {
  enterCallerFolder();
  Deno.exit(await captionCommand(Deno.args, { files: disk, terminal: processTerminal }));
}
