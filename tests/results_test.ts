/** The README's numbers are those of the stored tables and of the library's settings. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { boardRows, type PublishedScores } from "@/studies/board_rows.ts";
import { BOARD_MEMORIES, BOARD_SETUPS, BOARD_TASKS } from "@/studies/board_setups.ts";
import { type PublishedResults, taskRows } from "@/studies/paper_rows.ts";
import { PAPER_TASKS } from "@/studies/paper_setups.ts";
import type { BaselinesStatistics } from "@/studies/baselines_study.ts";
import type { TrainingStatistics } from "@/studies/reversal_study.ts";
import { TRAINING_STUDIES } from "@/studies/reversal_study.ts";
import { defaultSettings } from "@/training/training_options.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { STANDARD_SETS } from "@/training/validation.ts";
import { wilsonInterval } from "@/math/wilson_interval.ts";
import { statedNumbers } from "./prose_numbers.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const stored = (name: string) => JSON.parse(Deno.readTextFileSync(`notebooks/data/${name}.json`));

/** Of one study. */
function table(studies: TrainingStatistics, name: string) {
  const { seeds } = studies[name], successes = seeds.filter(({ success }) => success).length;
  return { seeds, rate: `${successes} of ${seeds.length}`, successes };
}

/** Seeds that are right on every string of 65 to 128 characters. */
function onLonger(studies: TrainingStatistics, name: string): string {
  const { seeds } = studies[name];
  const right = seeds.filter(({ scores }) => scores["65..128"]?.[0] === 1);
  return `${right.length} of ${seeds.length}`;
}

function rows(studies: TrainingStatistics, baselines: BaselinesStatistics): string[] {
  const { seeds, rate, successes } = table(studies, "standard");
  const { low, high } = wilsonInterval(successes, seeds.length);
  const percent = (share: number) => (100 * share).toFixed(1);
  const right = (length: string) => seeds.filter(({ scores }) => scores[length]?.[0] === 1).length;
  const strings = seeds.map(({ strings }) => strings).sort((a, b) => a - b);
  const thousands = (n: number) => Math.round(n).toLocaleString("en");
  const median = (strings[(strings.length - 1) >> 1] + strings[strings.length >> 1]) / 2;
  const share = (x: number) => x.toFixed(3).replace(/^0/, "");
  const alone = (name: string, published: string, fine = "–") => {
    const { layers, strings, validation, test } = baselines[name], sets = [validation, test];
    const both = (count: "publishedFine" | "fine") =>
      sets.map((scores) => share(scores[count])).join(", ");
    return [
      `| ${name} without a stack, 256 hidden: fine, 8 to 64 and 65 to 128 characters | ${fine} | ` +
      `${both("fine")} (${layers} layers, ${thousands(strings)} strings) |`,
      `| … places that agree | ${published} | ${both("publishedFine")} |`,
    ];
  };
  return [
    `| seeds on which it is right on 1,000 of 1,000 strings of 65 to 128 characters | 3 of 6 | ` +
    `**${right("65..128")} of ${seeds.length}** |`,
    `| … and on all of 1,000 and 10,000 characters, terminators included | – | ` +
    `**${rate}** (95 % interval ${percent(low)} to ${percent(high)} %) |`,
    `| … and on one of 100,000 characters | – | ${right("100000")} of ${seeds.length} |`,
    `| training strings: median, most | 500,000 | ${thousands(median)}, ${
      thousands(strings[strings.length - 1])
    } |`,
    `| the same recipe with 16 symbols (32 hidden, width 16) | – | ${
      table(studies, "16 symbols").rate
    } |`,
    `| … with 64 hidden, width 64 | – | ${table(studies, "width 64").rate} |`,
    `| … with 256 hidden, width 256, the paper's sizes | – | ${table(studies, "width 256").rate} |`,
    `| a published recipe, 64 hidden (Adam 10⁻³, batches of 50; here a tenth of its strings) | 3 of 6 | ${
      onLonger(studies, "flamant-2019")
    } |`,
    `| another (RMSProp, batches of 10, 20,000 strings; published: 256 hidden, coupled gates; here: 64, not coupled) | about 80 % | ${
      onLonger(studies, "dusell-2017")
    } |`,
    ...alone("RNN", ".981, .373 (4 layers)"),
    ...alone("LSTM", ".970, .132 (2 layers)", ".96, .15 (4 layers)"),
  ];
}

/** Two rows for each task of the paper, a cell for each memory: here, and in the paper's table 3. */
function taskTable(): string[] {
  const published: PublishedResults = stored("grefenstette_2015");
  const rows = taskRows(stored("paper_statistics"), published);
  return PAPER_TASKS.flatMap((task) => {
    const own = rows.filter((row) => row.task === task);
    const here = own.map(({ coarse, "exact seeds": exact }) =>
      exact === "–" ? exact : `${coarse}; ${exact}`
    );
    const there = own.map((row) => row["paper's coarse"]);
    return [`| ${task} | ${here.join(" | ")} |`, `| … in the paper | ${there.join(" | ")} |`];
  });
}

/** A row for each task of the board, with a cell for each memory and one for what is published. */
function boardTable(): string[] {
  const { benchmark }: PublishedScores = stored("exact_lengths");
  const rows = boardRows(stored("board"), BOARD_SETUPS);
  return BOARD_TASKS.map((task) => {
    const cells = BOARD_MEMORIES.map((memory) => {
      const row = rows.find((row) => row.task === task && row.memory === memory)!;
      return row["exact seeds"] === "–" ? "–" : `${row["exact seeds"]}; ${row["per token"]}`;
    });
    const there = Object.entries(benchmark.scores[task] ?? {})
      .map(([network, score]) => `${network} ${score.toFixed(3)}`);
    return `| ${[task, ...cells, there.join(", ") || "–"].join(" | ")} |`;
  });
}

/** How far the controls of the shipped network are from 0 or 1 at most, as notebook 22 asserts. */
const FARTHEST = "0.00001";

/** The numbers outside of the tables, with the words around them. */
function sentences(studies: TrainingStatistics): string[] {
  const plan = trainingPlan(defaultSettings(1)), { hidden, symbols } = plan.settings;
  const { shortest, longest } = plan.lengths;
  const english = (n: number) => n.toLocaleString("en");
  const sets = STANDARD_SETS.test(plan).map(({ lengths }) =>
    lengths.shortest === lengths.longest
      ? english(lengths.longest)
      : `${lengths.shortest} to ${lengths.longest}`
  );
  const far = Math.max(
    ...Object.keys(studies.standard.seeds[0].scores).map(Number).filter(Boolean),
  );
  const trained = `${shortest} to ${longest}`, { rate } = table(studies, "standard");
  return [
    `on strings of ${trained} characters, finds`,
    `within ${FARTHEST} of 0 or 1 ([notebook 22]`, // asserted there
    `reverses strings of ${english(far)} characters without a mistake, on **${rate} seeds**`,
    `(Flamant 2019) reaches 128 characters, on 3 of 6 seeds`, // its report
    `to reverse strings of ${trained} ASCII characters, then tests it on strings of ${
      sets[0]
    }, of ` +
    `${sets[1]} and of ${sets[2]} characters`,
    `An LSTM with ${hidden} hidden units and a stack, trained on strings of ${trained} characters from ` +
    `an alphabet of ${symbols} and tested`,
    `on other seeds (1001 to 1040)`,
    `on 25 million strings and more`, // the report of 2019
    `are within 10⁻⁵ of the reference`,
  ];
}

/** Times depend on the machine and on what else it does: they are no results. */
const TIME = /\b[\w-]+ (?:seconds?|minutes?|hours?)\b/g;

function testReadme(name: string, fn: () => void): void {
  Deno.test({ name, ignore: !mayRead, fn });
}

const readme = () => Deno.readTextFileSync("README.md").replaceAll(/ +/g, " ");

testReadme("the README's results are the stored ones", () => {
  const all = rows(stored("reversal_studies"), stored("reversal_baselines"));
  assertEquals(all.length, 13);
  for (const row of all) assertStringIncludes(readme(), row);
});

testReadme("the README's table of tasks is the stored one", () => {
  const all = taskTable();
  assertEquals(all.length, 10);
  for (const row of all) assertStringIncludes(readme(), row);
});

testReadme("the README's table of any length is the stored one", () => {
  const all = boardTable();
  assertEquals(all.length, 9);
  for (const row of all) assertStringIncludes(readme(), row);
});

testReadme("the distance of the controls from 0 or 1 is the one that notebook 22 asserts", () => {
  const notebook = Deno.readTextFileSync("notebooks/22_what_we_predicted.ipynb");
  assertStringIncludes(
    notebook,
    `assertLess(sixtyFour.farthest, ${Number(FARTHEST).toExponential()});`,
  );
});

testReadme("every number in the README is a result, a setting, or a time", () => {
  const results = rows(stored("reversal_studies"), stored("reversal_baselines"));
  const questions = readme().split("\n").filter((line) => /^\| \d+ \|/.test(line));
  let text = readme();
  for (const row of [...results, ...taskTable(), ...questions]) text = text.replace(row, "");
  text = text.replace(/\s+/g, " ");
  for (const sentence of sentences(stored("reversal_studies"))) {
    assertStringIncludes(text, sentence);
    text = text.replace(sentence, "");
  }
  const rest = text.replace(TIME, "").replace(/```.*?```/g, "");
  assertEquals(statedNumbers(rest).map(({ raw }) => raw), []);
});

testReadme(
  "the seeds on which the recipe was chosen are in no study, and 10⁻⁵ is what the engine is held to",
  () => {
    assert(TRAINING_STUDIES.every(({ seeds: { last } }) => last < 1001));
    assertStringIncludes(
      Deno.readTextFileSync("tests/engine/reference_comparison.ts"),
      "const WITHIN = 1e-5;",
    );
    assertStringIncludes(
      Deno.readTextFileSync("tests/engine/pytorch_test.ts"),
      "const WITHIN = 1e-5,",
    );
  },
);
