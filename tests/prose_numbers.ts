/**
 * The numbers that a notebook's texts state, and whether its code backs them.
 *
 * A number is backed by the same number in a cell of code between the same two headings: in an output, an assertion or
 * another literal, rounded or as a percentage. From any cell of the notebook come
 *
 * - numbers of three digits or more, such as 4.88 or 10,000, which are not found there by chance;
 * - the numbers of a text without code between its headings, such as an introduction.
 *
 * A paragraph that names another notebook may take its numbers from there.
 *
 * Read as stated is what is written with digits, and words from eleven up. Not read are: code and displayed formulas,
 * which define and do not report; indices and exponents; what only numbers something (headings, lists, notebooks,
 * equations, years, versions); numbers of one digit without a point, which stand in every cell. But in "3 of 6" and
 * "one of twenty" both count, and must be found in one cell. Nor is read what need not come out: predictions that were
 * wrong, at least in part, and what exercises ask for.
 *
 * @module
 */
import type { Notebook } from "@/jupyter/notebook_file.ts";
import type { Output } from "@/jupyter/outputs.ts";

/** A number as it is written. */
export interface Written {
  readonly value: number;
  /** Digits after the point. */
  readonly decimals: number;
  readonly raw: string;
  /** Where it begins in the text. */
  readonly at: number;
}

const SMALL =
  ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen " +
    "seventeen eighteen nineteen").split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const SCALES: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000, million: 1e6 };

const POWER = String.raw`(?<![\w\p{L}.^_])10(?:\^\{?(?<latex>[-−]?\d+)\}?|(?<raised>⁻?[⁰¹²³⁴-⁹]+))`;
const DIGITS = String
  .raw`(?<![\w\p{L}^_]|\d[.,])(?<digits>\d{1,3}(?:[,_]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?!\.\d)|\.\d+)(?<e>e[-+−]?\d+)?(?!\d|[.,_]\d|[a-zA-Z_])`;
const UNIT = `(?:${[...TENS, ...SMALL].join("|")})`;
const WORDS = String
  .raw`\b(?<![-\w])(?<words>${UNIT}(?:-${UNIT})?(?: (?:hundred|thousand|million))*|(?:half )?an? (?:hundred|thousand|million)(?: thousand| million)?)(?![-\w])`;
const NUMBER = new RegExp(
  `${POWER}|${DIGITS}(?: (?<scale>hundred|thousand|million))?|${WORDS}`,
  "giu",
);

function wordsValue(words: string): number {
  return words.toLowerCase().split(/[ -]/).reduce((value, word) => {
    if (word in SCALES) return value * SCALES[word];
    if (word === "half") return 0.5;
    if (word === "a" || word === "an") return value || 1;
    return value + (TENS.includes(word) ? 10 * (TENS.indexOf(word) + 2) : SMALL.indexOf(word));
  }, 0);
}

/** Reads the numbers in prose, code or an output, without signs. */
function readNumbers(text: string): Written[] {
  return [...text.matchAll(NUMBER)].map((match) => {
    const { latex, raised, digits, e = "", scale, words } = match.groups!;
    const written = { raw: match[0], at: match.index, decimals: 0 };
    if (words) return { ...written, value: wordsValue(words) };
    const exponent = latex ??
      raised?.replace(/./gu, (c) => c === "⁻" ? "-" : `${"⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c)}`);
    if (exponent) return { ...written, value: Number(`1e${exponent.replace("−", "-")}`) };
    const plain = digits.replace(/[,_]/g, "");
    const value = Number(plain + e.replace("−", "-")) * (scale ? SCALES[scale] : 1);
    return { ...written, value, decimals: e || scale ? 0 : plain.split(".")[1]?.length ?? 0 };
  });
}

/** What is not read: see the top of this file. */
const NOT_STATED = [
  /```[^]*?```|`[^`\n]*`/g, // code
  /^#+ .*$|^\s*\d+\. |^\| \d+ \|/gm, // headings, and the numbers of items and rows
  /\$\$[^]*?\$\$|(?<!\b10)[_^]\{[^}]*\}/g, // displayed formulas, indices and exponents
  /\[\d+( · [^\]]*)?\]\([^)]*\)|(?<=\])\([^)]*\)|\bhttps?:\S+|\barXiv:[\d.]+/g, // links
  /(?<![\d,.])(?:19|20)\d\d(?!\d|,\d)/g, // years
  /\b(?:Python|Deno|Node|JupyterLab|Notebook|NIPS) \d[\d.]*|\b\d+-bit\b|\b(?:Float|Int)\d+\b/g,
  /\b(?:notebook|prediction|verdict|answer|exercise|equation|figure|table|section|part|appendix)s? (?:\(?\d[\d.]*\)?(?:, | and | or | to )?)+/gi,
  /\(\d{1,2}\)/g, // equations
];

/** Blanks, so that places stay the same. */
const blank = (text: string) => text.replace(/[^\n]/g, " ");

const OF = /^ (?:out )?(?:of|in) (?:all |the )*$/;

/** Digits that count: leading zeros do not. */
const digitsOf = ({ raw }: Written) => raw.replace(/e.*|\D/g, "").replace(/^0+/, "").length;
const isWords = ({ raw }: Written) => /^[a-z]/i.test(raw);
/** Whether a number stands in nearly every cell, so that to find it says nothing. */
const isCommon = (number: Written) =>
  number.decimals === 0 && Number.isInteger(number.value) &&
  number.value <= (isWords(number) ? 10 : 9);

/** Whether two numbers and what is between them say a rate, such as "3 of 6"; "one of two" and the like are idioms. */
function isPartOf(part: Written, whole: Written, between: string): boolean {
  const least = !isWords(whole) ? 1 : part.value === 1 ? 11 : 5;
  return OF.test(between) && whole.value >= least && part.value <= whole.value;
}

/** A number that a text states; with `of`, the whole of which it is a part. */
interface Stated extends Written {
  readonly isPercent: boolean;
  readonly of?: Written;
}

/**
 * Reads the numbers that a text states.
 *
 * @param text Markdown.
 * @returns The numbers, in order.
 */
export function statedNumbers(text: string): Stated[] {
  const prose = NOT_STATED.reduce((rest, what) => rest.replace(what, blank), text);
  const all = readNumbers(prose);
  return all.flatMap((number, k) => {
    const end = number.at + number.raw.length, next = all[k + 1];
    const isPart = next !== undefined && isPartOf(number, next, prose.slice(end, next.at));
    const isWhole = k > 0 &&
      isPartOf(all[k - 1], number, prose.slice(all[k - 1].at + all[k - 1].raw.length, number.at));
    if (isWhole || isCommon(number) && !isPart) return [];
    const isPercent = /^\s?%|^ (?:to|and) [\d.]+ %/.test(prose.slice(end));
    return [{ ...number, isPercent, of: isPart ? next : undefined }];
  });
}

/** The numbers of a cell of code and its outputs. */
interface Evidence {
  readonly section: number;
  readonly numbers: Written[];
  /** Those written as "3 of 6" or "3/6". */
  readonly rates: readonly { part: number; whole: number }[];
}

function readRates(text: string): Evidence["rates"] {
  const found = text.matchAll(/(?<![\d.,/])(\d+)(?: of |\/)(\d+)(?![\d/]|[.,]\d)/g);
  return [...found].map(([, part, whole]) => ({ part: Number(part), whole: Number(whole) }));
}

function textOf(output: Output): string {
  if (output.output_type === "stream") return output.text;
  // Markdown that a cell shows repeats texts of other notebooks, with their numbers.
  if (!("data" in output) || "text/markdown" in output.data) return "";
  return [output.data["text/plain"] ?? ""].flat().join("");
}

/** What is in it only to say how the numbers look: imports, comments, digits to print. */
const NOT_CODE =
  /^import[^]*?;$|(?<=^|\s)\/\/.*$|\/\*[^]*?\*\/|\.to(?:Fixed|Exponential|Precision)\(\d+\)/gm;

function backs(found: Written, stated: Stated): boolean {
  const rounded = (value: number) => Number(value.toFixed(stated.decimals));
  if (found.value === stated.value) return true;
  if (stated.isPercent && rounded(100 * found.value) === stated.value) return true;
  return digitsOf(stated) >= 2 && found.decimals > stated.decimals &&
    rounded(found.value) === stated.value;
}

/**
 * Whether these cells hold a number; or a rate: both of its numbers in one cell, or their quotient. Where a cell has rates
 * with the same whole, it must be one of those.
 */
function isBacked(stated: Stated, cells: Evidence[]): boolean {
  const { value, of } = stated;
  if (!of) return cells.some(({ numbers }) => numbers.some((number) => backs(number, stated)));
  const rates = cells.flatMap(({ rates }) => rates).filter((rate) => rate.whole === of.value);
  if (rates.length > 0) return rates.some(({ part }) => part === value);
  return cells.some(({ numbers }) => {
    const has = (wanted: number) => numbers.some(({ value }) => value === wanted);
    return has(value / of.value) || has(value) && has(of.value);
  });
}

/** A number that a notebook's text states, and the cells that may back it. */
export interface Claim {
  readonly cell: number;
  readonly stated: Stated;
  /** The paragraph it is in. */
  readonly text: string;
  /** What stands around it. */
  readonly line: string;
  readonly near: Evidence[];
  readonly anywhere: Evidence[];
}

/** Without what exercises ask for: it is new, and not a result. Their answers stay. */
const withoutTasks = (source: string) =>
  source.replace(/^(## Exercises\n)[^]*?(?=<details>|$(?![^]))/m, "$1\n");
const paragraphsOf = (source: string) => source.split(/\n\n+/);

/** Reads a notebook's cells into texts and evidence, each with its section. */
function sectionsOf({ cells }: Notebook) {
  const texts: { section: number; cell: number; text: string }[] = [], evidence: Evidence[] = [];
  let section = 0;
  for (const [cell, { cell_type, source, outputs = [] }] of cells.entries()) {
    if (cell_type === "code") {
      const text = [source.replace(NOT_CODE, ""), ...outputs.map(textOf)].join("\n");
      evidence.push({ section, numbers: readNumbers(text), rates: readRates(text) });
    } else {
      for (const text of paragraphsOf(withoutTasks(source))) {
        if (/^#+ /m.test(text)) section++;
        texts.push({ section, cell, text });
      }
    }
  }
  return { texts, evidence };
}

/** Finds the predictions that were wrong or partly wrong, each to the end of its paragraph. */
function wrongPredictions({ cells }: Notebook): RegExp {
  const verdicts = cells.map(({ source }) => source).join("\n")
    .matchAll(/Verdict (\d+\.\d+): (?:wrong|partly)/g);
  const ids = [...verdicts].map(([, id]) => id.replace(".", "\\."));
  return new RegExp(`\\*\\*Prediction (?:${ids.join("|") || "none"})\\.\\*\\*[^]*`);
}

/** The numbers of the notebooks that a text names or links to; notebook 0 has none of its own. */
function namedNotebooks(text: string): number[] {
  const named = text.matchAll(/\bnotebooks? (\d+)(?: and (\d+))?|\((\d\d)_\w+\.ipynb/gi);
  const numbers = [...named].flatMap((match) => match.slice(1)).filter(Boolean).map(Number);
  return [...new Set(numbers)].filter((number) => number > 0);
}

/** Some sixty characters before and after a place, within its line. */
function lineAround(text: string, at: number): string {
  const from = text.lastIndexOf("\n", at) + 1;
  const [line] = text.slice(from).split("\n");
  return line.slice(Math.max(0, at - from - 60), at - from + 60);
}

/**
 * Reads the numbers that a notebook's texts state.
 *
 * @param notebook The notebook.
 * @param others The notebooks by number, for paragraphs that name one.
 * @returns The numbers, in order, each with the cells that may back it.
 */
export function readClaims(notebook: Notebook, others: readonly Notebook[]): Claim[] {
  const { texts, evidence } = sectionsOf(notebook), wrong = wrongPredictions(notebook);
  const evidenceOf = others.map((other) => sectionsOf(other).evidence);
  return texts.flatMap(({ section, cell, text }) => {
    const here = evidence.filter((other) => other.section === section);
    const own = here.length > 0 ? here : evidence;
    const theirs = namedNotebooks(text).flatMap((number) => evidenceOf[number] ?? []);
    return statedNumbers(text.replace(wrong, blank)).map((stated) => ({
      cell,
      stated,
      text,
      line: lineAround(text, stated.at),
      near: digitsOf(stated) >= 2 ? [...own, ...theirs] : own,
      anywhere: evidence,
    }));
  });
}

/**
 * Says whether a notebook's code backs a number in its text.
 *
 * @param claim The number.
 * @returns Whether a cell has it.
 */
export function isClaimBacked({ stated, near, anywhere }: Claim): boolean {
  return isBacked(stated, near) ||
    (isWords(stated) || digitsOf(stated) >= 3) && isBacked(stated, anywhere);
}

/**
 * Changes a number in one digit, or a number in words by one.
 *
 * @param claim The number.
 * @returns One claim for each of its digits.
 */
export function mutateClaim(claim: Claim): Claim[] {
  const { stated } = claim, { raw, of } = stated;
  if (isWords(stated)) return [{ ...claim, stated: { ...stated, value: stated.value + 1 } }];
  const wholes = of
    ? [{ ...claim, stated: { ...stated, of: { ...of, value: of.value + 1 } } }]
    : [];
  const parts = [...raw].flatMap((digit, k) => {
    if (!/\d/.test(digit)) return [];
    const text = raw.slice(0, k) + (digit === "9" ? "8" : Number(digit) + 1) + raw.slice(k + 1);
    const [changed] = readNumbers(text);
    return changed ? [{ ...claim, stated: { ...stated, ...changed } }] : [];
  });
  return [...parts, ...wholes];
}
