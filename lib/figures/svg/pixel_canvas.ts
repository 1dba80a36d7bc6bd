/**
 * The part of a canvas that Plotly's heat maps need: rectangles of one colour, blocks of pixels, and export as PNG.
 *
 * @module
 */
import { encode } from "fast-png";

/** A canvas element; only its size is used. */
export interface CanvasElement {
  readonly width: number;
  readonly height: number;
}

/** A 2D context that holds its pixels in memory. */
export class PixelContext {
  /** The colour of the next rectangle, as "rgba(red, green, blue, opacity)". */
  fillStyle = "rgba(0,0,0,1)";
  readonly #width: number;
  readonly #height: number;
  readonly #pixels: Uint8ClampedArray;

  constructor({ width, height }: CanvasElement) {
    this.#width = width;
    this.#height = height;
    this.#pixels = new Uint8ClampedArray(width * height * 4);
  }

  /** Fills a rectangle; the part outside the canvas is cut off. */
  fillRect(left: number, top: number, width: number, height: number): void {
    const [r, g, b, opacity] = [...this.fillStyle.matchAll(/[\d.]+/g)].map(Number);
    const colour = [r, g, b, Math.round(255 * opacity)];
    const right = Math.min(this.#width, left + width);
    const bottom = Math.min(this.#height, top + height);
    for (let y = Math.max(0, top); y < bottom; y++) {
      for (let x = Math.max(0, left); x < right; x++) {
        this.#pixels.set(colour, (y * this.#width + x) * 4);
      }
    }
  }

  /** Makes a block of transparent pixels. */
  createImageData(width: number, height: number): { data: Uint8ClampedArray } {
    return { data: new Uint8ClampedArray(width * height * 4) };
  }

  /** Replaces all pixels. */
  putImageData(image: { data: Uint8ClampedArray }): void {
    this.#pixels.set(image.data);
  }

  /** Returns the picture as a PNG file in a data URL: equal pixels give equal bytes on every machine. */
  toDataURL(): string {
    const [width, height] = [this.#width, this.#height];
    const png = encode({ width, height, data: this.#pixels, channels: 4, depth: 8 });
    return `data:image/png;base64,${png.toBase64()}`;
  }
}
