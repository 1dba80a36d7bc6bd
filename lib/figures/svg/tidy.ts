/**
 * Makes Plotly's SVG small and reproducible: no empty groups, no unused ids, two decimals, and ids that depend only on
 * the picture.
 *
 * @module
 */
import { styleOf, type SvgElement } from "./element.ts";

/** Set once on the root element instead of on each text. */
const FONT_FAMILY = "Arial, Helvetica, sans-serif";

/** Declarations of default values, and those without effect in a static picture. */
const REDUNDANT = new Set([
  "opacity:1",
  "fill-opacity:1",
  "stroke-opacity:1",
  "stroke-width:1px",
  "vector-effect:none",
  "font-weight:normal",
  "font-style:normal",
  "font-variant:normal",
  "white-space:pre",
  "cursor:pointer",
  "pointer-events:all",
  "pointer-events:none",
  `font-family:${FONT_FAMILY}`,
]);

/** Attributes that only scripts and pointer events use. */
const REDUNDANT_ATTRIBUTE = /^(class|data-.*|pointer-events|xml:space)$/;

const REFERENCE = /url\(['"]?#([^)'"]+)['"]?\)/;

function hex(colour: string): string {
  const [r, g, b] = [...colour.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  return `#${((r << 16) | (g << 8) | b).toString(16).padStart(6, "0")}`;
}

/** Colours in hexadecimal, fractions with two decimals; references and embedded pictures stay. */
function shortened(text: string): string {
  if (text.includes("url(") || text.startsWith("data:")) return text;
  const short = text.replace(/rgb\([^)]*\)/g, hex);
  return short.replace(/-?\d*\.\d+(e-?\d+)?|-?\d+e-\d+/g, (digits) => {
    return String(Math.round(Number(digits) * 100) / 100 + 0);
  });
}

function tidyStyle(style: string): string {
  const declarations = style.split(";").map((declaration) =>
    declaration.trim().replace(/\s*:\s*/, ":")
  );
  const useful = declarations.filter((declaration) =>
    declaration !== "" && !REDUNDANT.has(declaration)
  );
  const strokes = !useful.includes("stroke-width:0px");
  return useful.filter((declaration) => strokes || !declaration.startsWith("stroke"))
    .map(shortened).join(";");
}

function tidyAttributes(element: SvgElement): void {
  const crisp = /\bcrisp\b/.test(element.getAttribute("class") ?? "");
  for (const { name, value } of Array.from(element.attributes)) {
    const tidy = name === "style" ? tidyStyle(value) : name === "id" ? value : shortened(value);
    if (REDUNDANT_ATTRIBUTE.test(name) || tidy === "") element.removeAttribute(name);
    else if (tidy !== value) element.setAttribute(name, tidy);
  }
  if (crisp) element.setAttribute("shape-rendering", "crispEdges");
}

function isInvisible(element: SvgElement): boolean {
  if (styleOf(element, "display") === "none") return true;
  switch (element.localName) {
    case "g":
    case "defs":
      return element.children.length === 0;
    case "path":
      return /^(M0,0)?Z?$/.test(element.getAttribute("d") ?? "");
    case "rect":
      return /^(0|)$/.test(element.getAttribute("width") ?? "") || isTransparent(element);
    case "text":
      return element.textContent === "";
  }
  return false;
}

/** Plotly covers everything that can be clicked with transparent rectangles. */
function isTransparent(rect: SvgElement): boolean {
  const clipping = rect.parentElement?.localName === "clipPath";
  const isClear = styleOf(rect, "fill-opacity") === "0" || styleOf(rect, "opacity") === "0";
  const outlined = styleOf(rect, "stroke") !== undefined &&
    styleOf(rect, "stroke-opacity") !== "0" && styleOf(rect, "stroke-width") !== "0px";
  return isClear && !clipping && !outlined;
}

/** Children first, so that a group of empty groups is removed too. */
function tidyTree(element: SvgElement, isRoot = true): void {
  for (const child of Array.from(element.children)) tidyTree(child, false);
  if (!isRoot && isInvisible(element)) return element.remove();
  tidyAttributes(element);
  const bare = element.localName === "g" && element.attributes.length === 0;
  if (bare) element.replaceWith(...Array.from(element.childNodes));
}

function referredIds(root: SvgElement): string[] {
  const ids = new Set<string>();
  for (const element of Array.from(root.querySelectorAll("*"))) {
    for (const { value } of Array.from(element.attributes)) {
      const id = REFERENCE.exec(value)?.[1];
      if (id) ids.add(id);
    }
  }
  return [...ids];
}

function removeUnusedIds(root: SvgElement): void {
  const used = new Set(referredIds(root));
  for (const element of Array.from(root.querySelectorAll("[id]"))) {
    if (used.has(element.getAttribute("id")!)) continue;
    if (element.localName === "clipPath") element.remove();
    else element.removeAttribute("id");
  }
}

/** FNV-1a hash: pictures on one page must not share ids, and a picture must keep its own. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}

/**
 * Removes everything redundant from a picture, in place.
 *
 * @param root The `svg` element that Plotly exports.
 */
export function tidySvg(root: SvgElement): void {
  removeUnusedIds(root);
  tidyTree(root);
  root.setAttribute("font-family", FONT_FAMILY);
}

/**
 * Replaces the ids of a picture by ids that depend only on its content.
 *
 * @example The long id of a clip path becomes a hash and a number.
 * ```ts
 * import { renameIds } from "@/figures/svg/tidy.ts";
 * import { assertMatch } from "@std/assert";
 *
 * const svg = '<clipPath id="long"/><g clip-path="url(#long)"/>';
 * assertMatch(renameIds(svg), /^<clipPath id="(\w+-0)"\/><g clip-path="url\(#\1\)"\/>$/);
 * ```
 * @param svg The picture's text.
 * @returns The picture with the new ids.
 */
export function renameIds(svg: string): string {
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  const numbered = ids.reduce((text, id, i) => replaceId(text, id, `${i}`), svg);
  const prefix = `p${fingerprint(numbered)}-`;
  return ids.reduce((text, id, i) => replaceId(text, id, prefix + i), svg);
}

function replaceId(svg: string, from: string, to: string): string {
  return svg.replaceAll(` id="${from}"`, ` id="${to}"`).replaceAll(`url(#${from})`, `url(#${to})`);
}
