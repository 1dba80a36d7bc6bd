/**
 * The part of the DOM's types that static pictures need; Deno's types have no DOM.
 *
 * @module
 */

/** A node of an SVG tree: an element, or a piece of text (`nodeType` 3). */
export interface SvgNode {
  readonly nodeType: number;
  textContent: string | null;
}

/** An element of an SVG tree. */
export interface SvgElement extends SvgNode {
  readonly localName: string;
  readonly children: ArrayLike<SvgElement>;
  readonly childNodes: ArrayLike<SvgNode>;
  readonly parentElement: SvgElement | null;
  readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelectorAll(selector: string): ArrayLike<SvgElement>;
  prepend(...nodes: SvgNode[]): void;
  replaceWith(...nodes: SvgNode[]): void;
  remove(): void;
}

/**
 * Reads one property of an element's `style` attribute.
 *
 * @param element The element.
 * @param property A CSS property, as in "font-size".
 * @returns Its value, or undefined if the attribute does not set it.
 */
export function styleOf(element: SvgElement, property: string): string | undefined {
  const style = element.getAttribute("style") ?? "";
  for (const declaration of style.split(";")) {
    const colon = declaration.indexOf(":");
    if (declaration.slice(0, colon).trim() === property) return declaration.slice(colon + 1).trim();
  }
}
