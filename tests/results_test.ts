/** The README's table of results says what the stored tables say, row by row. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { BaselinesStatistics } from "@/studies/baselines_study.ts";
import type { TrainingStatistics } from "@/studies/reversal_study.ts";
import { wilsonInterval } from "@/math/wilson_interval.ts";

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
  const alone = (name: string, published: string) => {
    const { layers, strings, validation, test } = baselines[name], sets = [validation, test];
    const both = (count: "publishedFine" | "fine") =>
      sets.map((scores) => share(scores[count])).join(", ");
    return `| ${name} without a stack, 256 hidden: matching characters, 8 to 64 and 65 to 128 long | ` +
      `${published} | ${both("publishedFine")} (${layers} layers, ${thousands(strings)} strings); ${
        both("fine")
      } before the first mistake |`;
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
    `| another (RMSProp, batches of 10, 20,000 strings; published with 256 hidden, here 64) | about 80 % | ${
      onLonger(studies, "dusell-2017")
    } |`,
    alone("RNN", ".981, .373 (4 layers)"),
    alone("LSTM", ".970, .132 (2 layers)"),
  ];
}

Deno.test({
  name: "the README's results are the stored ones",
  ignore: !mayRead,
  fn() {
    const readme = Deno.readTextFileSync("README.md").replaceAll(/ +/g, " ");
    const all = rows(stored("reversal_studies"), stored("reversal_baselines"));
    assertEquals(all.length, 11);
    for (const row of all) assertStringIncludes(readme, row);
  },
});
