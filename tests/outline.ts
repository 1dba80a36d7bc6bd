/**
 * Headings and links of a text in Markdown, and what is wrong with them.
 *
 * @module
 */

/** A heading and how deep it stands. */
export interface Heading {
  readonly level: number;
  readonly words: string;
}

/** A link or, if it begins with an exclamation mark, a picture. */
export interface Link {
  readonly isPicture: boolean;
  readonly words: string;
  readonly target: string;
}

/** Code is no text, and a # in it no heading. */
function withoutCode(markdown: string): string {
  return markdown.replace(/^(```|~~~)[^]*?^\1/gm, "").replace(
    /`[^`\n]*`/g,
    (code) => code.replace(/[[\]()#!]/g, " "),
  );
}

export function headingsOf(markdown: string): Heading[] {
  return [...withoutCode(markdown).matchAll(/^(#{1,6}) +(.+?) *$/gm)]
    .map(([, marks, words]) => ({ level: marks.length, words }));
}

export function linksOf(markdown: string): Link[] {
  // A badge is a picture in a link: the picture first, then the link with what is left of it.
  const links: Link[] = [];
  let text = withoutCode(markdown);
  const inner = /(!?)\[([^[\]]*)\]\(([^()\s]*(?:\([^()\s]*\))?[^()\s]*)\)/;
  for (let found = inner.exec(text); found; found = inner.exec(text)) {
    const [whole, mark, words, target] = found;
    links.push({ isPicture: mark === "!", words, target });
    text = text.replace(whole, () => words);
  }
  return links;
}

/** The name that GitHub gives a heading, by which a link finds it. */
export function anchorOf(words: string): string {
  return words.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
}

/** What is wrong with an outline: it begins with its one title, leaves out no level, and says nothing twice. */
export function outlineFaults(headings: readonly Heading[]): string[] {
  const faults: string[] = [];
  const titles = headings.filter(({ level }) => level === 1).length;
  if (titles !== 1) faults.push(`has ${titles} titles`);
  if (headings.length > 0 && headings[0].level !== 1) faults.push("does not begin with its title");
  for (const [i, { level, words }] of headings.entries()) {
    if (i > 0 && level > headings[i - 1].level + 1) faults.push(`leaves out a level at "${words}"`);
    if (headings.findIndex((other) => other.words === words) < i) {
      faults.push(`has "${words}" twice`);
    }
  }
  return faults;
}

/** What of the house a link may point to. */
export interface House {
  /** Whether there is a file or a folder. */
  has(path: string): boolean;
  /** The headings of a text. */
  headingsIn(path: string): readonly Heading[];
  /** The ids of a notebook's cells. */
  cellsIn(path: string): readonly string[];
}

/** From the page of a file at the top, GitHub finds a workflow's runs and badge two steps up, whatever the repository is called. */
export function fileOf(target: string): string {
  return decodeURI(target).replace(
    /^\.\.\/\.\.\/actions\/workflows\/([\w-]+\.yml)(\/badge\.svg)?$/,
    ".github/workflows/$1",
  );
}

/** What is wrong with a link in a text; an address elsewhere is looked at, but not asked for. */
export function linkFault(link: Link, path: string, house: House): string | undefined {
  const { isPicture, words, target } = link;
  if (words.trim() === "") return isPicture ? "a picture without words" : "a link without words";
  if (/^(here|this|link|click here)$/i.test(words.trim())) {
    return `a link that says only "${words}"`;
  }
  if (/^[a-z]+:/i.test(target)) return isProperAddress(target) ? undefined : `address ${target}`;
  const [file, anchor] = target.split("#");
  const folder = path.includes("/") ? path.replace(/[^/]+$/, "") : "";
  const wanted = file === "" ? path : folder === "" ? fileOf(file) : folder + decodeURI(file);
  if (!house.has(wanted)) return `nothing at ${target}`;
  if (anchor === undefined) return undefined;
  if (wanted.endsWith(".ipynb")) {
    // JupyterLab finds a cell by its id before it is drawn, and a heading only afterwards.
    const isThere = house.cellsIn(wanted).some((id) => anchor === `cell-id=${id}`);
    return isThere ? undefined : `no cell at ${target}`;
  }
  const anchors = house.headingsIn(wanted).map((heading) => anchorOf(heading.words));
  return anchors.includes(anchor) ? undefined : `no heading at ${target}`;
}

function isProperAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" && /^[a-z\d-]+(\.[a-z\d-]+)+$/.test(hostname);
}
