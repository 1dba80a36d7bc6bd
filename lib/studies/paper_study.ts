/**
 * The study `paper` of notebook 14: every task of the paper with every memory, the paper's own recipe, and ablations.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { ablationRows, publishedRecipeRows, readPublishedResults, taskRows } from "./paper_rows.ts";
import { PAPER_SETUPS, type PaperSetup } from "./paper_setups.ts";
import type { Study } from "./study.ts";
import { scoresText, trainingStudy } from "./training_study.ts";
import { trainingRunOf } from "./training_table.ts";

/** Path of the table, from the project's folder. */
export const PAPER_FILE = "notebooks/data/paper_statistics.json";

/** What the study is made of; tests have smaller setups and a disk in memory. */
export interface PaperStudyParts {
  readonly files: Files;
  readonly setups: readonly PaperSetup[];
}

/**
 * Creates the study.
 *
 * @param parts Its setups, and the disk of its table and its runs.
 * @returns The study.
 */
export function paperStudy({ files, setups }: PaperStudyParts): Study {
  return trainingStudy({
    name: "paper",
    about: "for notebook 14",
    file: PAPER_FILE,
    files,
    setups,
    recordOf: (result, { job: { threads } }) => Promise.resolve(trainingRunOf(result, threads)),
    describe: scoresText,
    tables(table) {
      const published = readPublishedResults(files);
      return [
        {
          title: "Every task with every memory; coarse and fine are medians on 65 to 128 symbols",
          rows: taskRows(table, published, setups),
        },
        {
          title: "The paper's recipe beside the default one",
          rows: publishedRecipeRows(table, published, setups),
        },
        {
          title: "The default recipe without one of its parts",
          rows: ablationRows(table, setups),
        },
      ];
    },
  });
}

/** The study on the command line. */
export const PAPER_STUDY: Study = paperStudy({ files: disk, setups: PAPER_SETUPS });
