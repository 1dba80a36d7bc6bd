/**
 * Plotly without a browser: its script runs in jsdom, with a canvas and measurements added that jsdom lacks.
 *
 * Nothing is loaded before it is used, and no permission is needed. Texts are measured with a table instead of the
 * installed fonts, so that every machine draws the same picture.
 *
 * @module
 */
import process from "node:process";
import { type CanvasElement, PixelContext } from "./pixel_canvas.ts";
import { type Box, innerBounds, outerBounds, pathLength, pointAlong } from "./bounds.ts";
import type { SvgElement } from "./element.ts";

/** The part of Plotly's window that is used. */
export interface PlotlyWindow {
  readonly Plotly: {
    toImage(figure: unknown, options: { format: "svg"; imageDataOnly: true }): Promise<string>;
  };
  readonly JSON: { parse(text: string): unknown };
  readonly DOMParser: new () => {
    parseFromString(text: string, type: "image/svg+xml"): { documentElement: SvgElement };
  };
  readonly XMLSerializer: new () => { serializeToString(element: SvgElement): string };
}

interface JsdomWindow extends PlotlyWindow {
  readonly navigator: object;
  readonly URL: object;
  readonly HTMLCanvasElement: { prototype: object };
  readonly SVGElement: { prototype: object };
  eval(script: string): void;
}

interface Jsdom {
  readonly JSDOM: new (
    html: string,
    options: { runScripts: "outside-only"; virtualConsole: object },
  ) => { window: JsdomWindow };
  readonly VirtualConsole: new () => object;
}

/** One of jsdom's packages reads all environment variables when it loads; without permission it gets an empty object. */
async function importJsdom(): Promise<Jsdom> {
  if (Deno.permissions.querySync({ name: "env" }).state === "granted") return await import("jsdom");
  const own = Object.getOwnPropertyDescriptor(process, "env")!;
  Object.defineProperty(process, "env", { ...own, value: {} });
  try {
    return await import("jsdom");
  } finally {
    Object.defineProperty(process, "env", own);
  }
}

function asRect({ left, top, right, bottom }: Box): object {
  return { left, top, right, bottom, x: left, y: top, width: right - left, height: bottom - top };
}

function addCanvas(window: JsdomWindow): void {
  const contexts = new WeakMap<CanvasElement, PixelContext>();
  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: CanvasElement, kind: string) {
      if (kind !== "2d") return null;
      if (!contexts.has(this)) contexts.set(this, new PixelContext(this));
      return contexts.get(this);
    },
    toDataURL(this: CanvasElement) {
      return contexts.get(this)?.toDataURL();
    },
  });
}

function addMeasurements(window: JsdomWindow): void {
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: SvgElement) {
      return asRect(innerBounds(this));
    },
    getBoundingClientRect(this: SvgElement) {
      return asRect(outerBounds(this));
    },
    getComputedTextLength(this: SvgElement) {
      const { left, right } = innerBounds(this);
      return right - left;
    },
    getTotalLength(this: SvgElement) {
      return pathLength(this.getAttribute("d") ?? "");
    },
    getPointAtLength(this: SvgElement, way: number) {
      return pointAlong(this.getAttribute("d") ?? "", way);
    },
  });
}

async function load(): Promise<PlotlyWindow> {
  const { JSDOM, VirtualConsole } = await importJsdom();
  const script = await import("plotly.js-dist/plotly.js", { with: { type: "text" } });
  const { window } = new JSDOM("<!DOCTYPE html><body></body>", {
    runScripts: "outside-only",
    virtualConsole: new VirtualConsole(),
  });
  Object.assign(window, { TextDecoder, TextEncoder, CSS: { supports: () => true } });
  Object.assign(window.URL, { createObjectURL: () => "" });
  Object.defineProperty(window.navigator, "hardwareConcurrency", { value: 1 });
  addCanvas(window);
  addMeasurements(window);
  window.eval(script.default);
  return window;
}

let loading: Promise<PlotlyWindow> | undefined;

/**
 * Loads Plotly at the first call, which takes about a second; later calls return the same window.
 *
 * @returns The window that contains Plotly.
 */
export function headlessPlotly(): Promise<PlotlyWindow> {
  loading ??= load();
  return loading;
}
