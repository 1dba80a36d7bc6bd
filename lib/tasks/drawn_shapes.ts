/**
 * Drawn shapes: images of coloured shapes in a grid, and captions that say what is in them.
 *
 * A scene is two to four shapes, each in a place of its own in a grid of 3 × 3. Its caption names them in reading order:
 *
 * - caption → item | item relation caption
 * - item → `a` colour kind; colour → `red` | `green` | `blue`; kind → `circle` | `square` | `triangle`
 * - relation → `beside`, if the next shape is in the same row, else `above`
 *
 * So the caption is a function of the image, "a red circle above a blue square", and how shapes are drawn is not: their
 * brightness, their size and where in their place they are differ, and every pixel has noise.
 *
 * Of the 81 combinations of kind, colour and place nine are held out: training never shows them, though it shows each kind in
 * each colour, and each of the two in each place.
 *
 * @module
 */
import { range } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { type ImageSize, pixelCount } from "@/network/convolution.ts";
import type { Purpose } from "./streams.ts";
import { type AutoregressiveVocabulary, createVocabulary } from "./task.ts";

/** The kinds of shapes. */
export const SHAPE_KINDS = ["circle", "square", "triangle"] as const;

/** One of them. */
export type ShapeKind = (typeof SHAPE_KINDS)[number];

/** The colours of shapes, in the order of an image's channels. */
export const SHAPE_COLOURS = ["red", "green", "blue"] as const;

/** One of them. */
export type ShapeColour = (typeof SHAPE_COLOURS)[number];

/** Rows and columns of the grid. */
export const GRID_SIDE = 3;

/** Rows and columns of pixels in a place. */
const PLACE_SIDE = 8;

/** The size of every image. */
export const DRAWING_SIZE: ImageSize = {
  channels: SHAPE_COLOURS.length,
  height: GRID_SIDE * PLACE_SIDE,
  width: GRID_SIDE * PLACE_SIDE,
};

/** A shape in its place. */
export interface PlacedShape {
  readonly kind: ShapeKind;
  readonly colour: ShapeColour;
  /** From 0 to 8, in reading order. */
  readonly place: number;
}

/** Two to four shapes, in reading order, no two in one place. */
export type Scene = readonly PlacedShape[];

/** Which scenes are drawn: of combinations that training shows, or with one that it never does. */
export type SceneChoice = "trained combinations" | "a held-out combination";

/** The words of captions. */
export const CAPTION_VOCABULARY: AutoregressiveVocabulary = vocabularyOf([
  "a",
  ...SHAPE_COLOURS,
  ...SHAPE_KINDS,
  "above",
  "beside",
]);

function vocabularyOf(words: readonly string[]): AutoregressiveVocabulary {
  return { ...createVocabulary(words.length), words };
}

/**
 * Whether a combination of kind, colour and place is held out from training: each kind in each colour has one such place, and
 * each place one such shape.
 *
 * @example One of nine places.
 * ```ts
 * import { isHeldOut } from "@/tasks/drawn_shapes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const places = [0, 1, 2, 3, 4, 5, 6, 7, 8];
 * const heldOut = places.filter((place) => isHeldOut({ kind: "circle", colour: "red", place }));
 * assertEquals(heldOut, [1]);
 * ```
 * @param shape The shape.
 * @returns Whether it is.
 */
export function isHeldOut({ kind, colour, place }: PlacedShape): boolean {
  const pair = SHAPE_KINDS.indexOf(kind) * SHAPE_COLOURS.length + SHAPE_COLOURS.indexOf(colour);
  return place === (2 * pair + 1) % (GRID_SIDE * GRID_SIDE);
}

/** Every shape in a place, held out or not. */
function shapesAt(place: number, heldOut: boolean): PlacedShape[] {
  const all = SHAPE_KINDS.flatMap((kind) =>
    SHAPE_COLOURS.map((colour) => ({ kind, colour, place }))
  );
  return all.filter((shape) => isHeldOut(shape) === heldOut);
}

/**
 * Draws a scene: how many shapes, their places, and in each place a shape.
 *
 * @example The same seed, the same scene.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { drawScene, isHeldOut } from "@/tasks/drawn_shapes.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const scene = drawScene(seededRandom(1));
 * assertEquals(drawScene(seededRandom(1)), scene);
 * assert(!scene.some(isHeldOut));
 * ```
 * @param random Where numbers come from.
 * @param choice Which combinations; those that training shows, if left out. Otherwise one shape is of a held-out combination.
 * @returns The scene.
 */
export function drawScene(
  random: Pick<RandomSource, "integer" | "shuffle">,
  choice: SceneChoice = "trained combinations",
): Scene {
  const count = random.integer(2, 5);
  const places = random.shuffle(range(GRID_SIDE * GRID_SIDE)).slice(0, count).sort((a, b) => a - b);
  const unseen = choice === "a held-out combination" ? random.integer(0, count) : -1;
  return places.map((place, i) => {
    const shapes = shapesAt(place, i === unseen);
    return shapes[random.integer(0, shapes.length)];
  });
}

/** Whether a shape of radius r covers the point (x, y), seen from its middle, y downwards; smaller circles would look like squares. */
const COVERS: Readonly<Record<ShapeKind, (x: number, y: number, r: number) => boolean>> = {
  circle: (x, y, r) => x * x + y * y <= r * r,
  square: (x, y, r) => Math.max(Math.abs(x), Math.abs(y)) <= 0.75 * r,
  triangle: (x, y, r) => y <= r && 2 * Math.abs(x) <= y + r,
};

/**
 * Draws an image of a scene.
 *
 * A shape is seen in the channel of its colour; its brightness is uniform from .6 to 1, its radius from 3.1 to 3.5 pixels, its
 * middle within half a pixel of its place's in both directions. To every pixel of every channel noise of deviation .05 is added.
 *
 * @example The middle of a place is bright in the channel of its shape.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { DRAWING_SIZE, drawImage } from "@/tasks/drawn_shapes.ts";
 * import { assert } from "@std/assert";
 *
 * const image = drawImage([{ kind: "square", colour: "blue", place: 4 }], seededRandom(1));
 * const [row, column] = [12, 12], { width } = DRAWING_SIZE;
 * const [red, green, blue] = [0, 1, 2].map((i) => image[(i * width + row) * width + column]);
 * assert(blue > 0.3 && red < 0.3 && green < 0.3);
 * ```
 * @param scene The shapes.
 * @param random Where numbers come from.
 * @returns {@linkcode DRAWING_SIZE} numbers, channel after channel, by rows.
 */
export function drawImage(
  scene: Scene,
  random: Pick<RandomSource, "uniform" | "normal">,
): Float64Array {
  const { height, width } = DRAWING_SIZE;
  const image = new Float64Array(pixelCount(DRAWING_SIZE));
  for (let i = 0; i < image.length; i++) image[i] = random.normal(0, 0.05);
  for (const { kind, colour, place } of scene) {
    const [brightness, r] = [random.uniform(0.6, 1), random.uniform(3.1, 3.5)];
    const middle = () => (PLACE_SIDE - 1) / 2 + random.uniform(-0.5, 0.5);
    const [x, y] = [middle(), middle()], channel = SHAPE_COLOURS.indexOf(colour);
    const top = PLACE_SIDE * Math.floor(place / GRID_SIDE), left = PLACE_SIDE * (place % GRID_SIDE);
    for (let row = 0; row < PLACE_SIDE; row++) {
      for (let column = 0; column < PLACE_SIDE; column++) {
        if (!COVERS[kind](column - x, row - y, r)) continue;
        image[(channel * height + top + row) * width + left + column] += brightness;
      }
    }
  }
  return image;
}

/** A caption, and what its words are about. */
export interface Caption {
  /** Symbols of {@linkcode CAPTION_VOCABULARY}. */
  readonly words: Int32Array;
  /** Of each word of an item, the place of its shape; −1 for a relation. */
  readonly places: readonly number[];
}

/**
 * Says what is in a scene.
 *
 * @example Two shapes in two rows.
 * ```ts
 * import { CAPTION_VOCABULARY, describeScene } from "@/tasks/drawn_shapes.ts";
 * import { symbolsToText } from "@/tasks/text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { words, places } = describeScene([
 *   { kind: "circle", colour: "red", place: 2 },
 *   { kind: "square", colour: "blue", place: 3 },
 * ]);
 * assertEquals(symbolsToText(words, CAPTION_VOCABULARY), "a red circle above a blue square");
 * assertEquals(places, [2, 2, 2, -1, 3, 3, 3]);
 * ```
 * @param scene The shapes, in reading order.
 * @returns The caption.
 */
export function describeScene(scene: Scene): Caption {
  const words: string[] = [], places: number[] = [];
  const rowOf = ({ place }: PlacedShape) => Math.floor(place / GRID_SIDE);
  scene.forEach((shape, i) => {
    if (i > 0) {
      words.push(rowOf(shape) === rowOf(scene[i - 1]) ? "beside" : "above");
      places.push(-1);
    }
    words.push("a", shape.colour, shape.kind);
    places.push(shape.place, shape.place, shape.place);
  });
  return {
    words: Int32Array.from(words, (word) => CAPTION_VOCABULARY.words!.indexOf(word)),
    places,
  };
}

/**
 * Lays a caption out for a decoder: fed START and the words, it should write the words and END.
 *
 * @example The decoder is always one word behind.
 * ```ts
 * import { CAPTION_VOCABULARY, describeScene, layOutCaption } from "@/tasks/drawn_shapes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { start, terminator } = CAPTION_VOCABULARY;
 * const caption = describeScene([{ kind: "circle", colour: "red", place: 2 }]);
 * const { inputs, targets } = layOutCaption(caption);
 * assertEquals(inputs, [start, ...caption.words]);
 * assertEquals(targets, [...caption.words, terminator]);
 * ```
 * @param caption The caption.
 * @returns As many inputs as targets.
 */
export function layOutCaption({ words }: Caption): { inputs: number[]; targets: number[] } {
  const { start, terminator } = CAPTION_VOCABULARY;
  return { inputs: [start, ...words], targets: [...words, terminator] };
}

/** The part of a word in its item. */
export type WordRole = "article" | "colour" | "kind";

/** Their order in an item. */
export const WORD_ROLES: readonly WordRole[] = ["article", "colour", "kind"];

/** A scene, an image of it and its caption. */
export interface DrawnScene {
  readonly scene: Scene;
  readonly image: Float64Array;
  readonly caption: Caption;
}

/**
 * Draws the first scenes of a stream, each with its image and caption; the same ones every time.
 *
 * @param seed A finite number.
 * @param purpose What they are for.
 * @param count How many.
 * @param choice Which combinations; those that training shows, if left out.
 * @returns The scenes.
 */
export function firstDrawings(
  seed: number,
  purpose: Purpose,
  count: number,
  choice?: SceneChoice,
): DrawnScene[] {
  const random = openDrawings(seed, purpose);
  return Array.from({ length: count }, () => drawDescribedScene(random, choice));
}

/**
 * Draws a scene, an image of it and its caption.
 *
 * @param random Where numbers come from.
 * @param choice Which combinations; those that training shows, if left out.
 * @returns The three.
 */
export function drawDescribedScene(random: RandomSource, choice?: SceneChoice): DrawnScene {
  const scene = drawScene(random, choice);
  return { scene, image: drawImage(scene, random), caption: describeScene(scene) };
}

/**
 * Opens the stream of images of a seed and a purpose; no stream is part of another.
 *
 * @example The same seed, other numbers for another purpose.
 * ```ts
 * import { openDrawings } from "@/tasks/drawn_shapes.ts";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const first = (purpose: "training" | "test") => openDrawings(7, purpose).integer(0, 1e9);
 * assertEquals(first("test"), first("test"));
 * assertNotEquals(first("test"), first("training"));
 * ```
 * @param seed A finite number.
 * @param purpose What the images are for.
 * @returns A stream at its start.
 * @throws {RangeError} If the seed is not finite.
 */
export function openDrawings(seed: number, purpose: Purpose): RandomSource {
  if (!Number.isFinite(seed)) {
    throw new RangeError(`Cannot open a stream of images: wanted a finite seed, got ${seed}`);
  }
  return seededRandom(`${purpose} images of drawn shapes, seed ${seed}`);
}
