/**
 * The places that strings may attend to, copied into the kernels' memory, and their gradients, copied out.
 *
 * The places of all slots follow each other; those of a slot begin at number firstPlace[slot].
 *
 * `S` places of a string, `C` numbers at a place.
 *
 * @module
 */
import { range } from "@/math/lists.ts";
import { type EngineBuffers, floats, integers } from "./engine_buffers.ts";
import type { AttentionShape, EngineShape, EngineString } from "./engine_shape.ts";

/** What of a string is said here. */
type Attending = Pick<EngineString, "places">;

/** How many places there are. */
export interface PlaceCount {
  /** Of all strings. */
  readonly places: number;
  /** From one row of their weights to the next: those of the string that has most, rounded up to whole vectors. */
  readonly placesPerRow: number;
}

/** Counts the places of checked strings. */
export function countPlaces(
  { attention }: EngineShape,
  strings: readonly Attending[],
): PlaceCount {
  if (attention === undefined) return { places: 0, placesPerRow: 0 };
  let [places, most] = [0, 0];
  for (const string of strings) {
    const count = placesOf(attention, string);
    places += count;
    most = Math.max(most, count);
  }
  return { places, placesPerRow: 4 * Math.ceil(most / 4) };
}

function placesOf({ placeWidth }: AttentionShape, { places }: Attending): number {
  return places!.length / placeWidth;
}

/**
 * Checks that strings have the places that a model wants, and no others.
 *
 * @param action What the caller cannot do if the check fails.
 * @param shape The model's shape.
 * @param strings What to check.
 * @throws {TypeError} If there are no places with attention, or places without, or not `C` numbers for each.
 * @throws {RangeError} If a number is NaN, infinite, or too large for Float32.
 */
export function checkPlaces(
  action: string,
  { attention }: EngineShape,
  strings: readonly Attending[],
): void {
  strings.forEach(({ places }, i) => {
    if ((attention === undefined) !== (places === undefined)) {
      const [wanted, got] = attention ? ["places with", "none"] : ["no places without", "some"];
      throw new TypeError(
        `Cannot ${action}: wanted ${wanted} attention in string ${i}, got ${got}`,
      );
    }
    if (attention === undefined || places === undefined) return;
    const { placeWidth: C } = attention;
    if (places.length === 0 || places.length % C !== 0) {
      const wanted = `places of ${C} numbers each in string ${i}, at least one`;
      throw new TypeError(`Cannot ${action}: wanted ${wanted}, got ${places.length} numbers`);
    }
    for (let n = 0; n < places.length; n++) {
      if (Number.isFinite(Math.fround(places[n]))) continue;
      const wanted = `numbers within 3.4e38 in the places of string ${i}`;
      throw new RangeError(`Cannot ${action}: wanted ${wanted}, got ${places[n]} at ${n}`);
    }
  });
}

/**
 * Writes the places of the string in each slot.
 *
 * @param buffers The model's, large enough.
 * @param slots How many there are.
 * @param stringIn The string in a slot, checked.
 */
export function writePlaces(
  buffers: EngineBuffers,
  slots: number,
  stringIn: (slot: number) => Attending,
): void {
  const { shape: { attention }, layout: { widths } } = buffers;
  if (attention === undefined) return;
  const { placeWidth: C } = attention, strings = range(slots).map(stringIn);
  const first = integers(buffers, "firstPlace", slots + 1);
  const { places: count, placesPerRow } = countPlaces(buffers.shape, strings);
  const all = floats(buffers, "places", count * widths.reads); // whose padding is 0
  let n = 0;
  strings.forEach((string, slot) => {
    first[slot] = n;
    const places = string.places!;
    for (let i = 0; i < places.length; i += C, n++) {
      for (let c = 0; c < C; c++) all[n * widths.reads + c] = places[i + c];
    }
  });
  first[slots] = n;
  buffers.plan.set({ placesPerRow });
}

/** Copies out ∂L/∂ the places of a slot, `S` × `C`. */
export function readPlaceGradient(buffers: EngineBuffers, slot: number): Float32Array {
  const { shape: { attention }, layout: { widths } } = buffers;
  if (attention === undefined) return new Float32Array(0);
  const { placeWidth: C } = attention, first = integers(buffers, "firstPlace", slot + 2);
  const [from, to] = [first[slot], first[slot + 1]], gradient = new Float32Array((to - from) * C);
  const all = floats(buffers, "gPlaces", to * widths.reads);
  for (let n = from; n < to; n++) {
    gradient.set(all.subarray(n * widths.reads, n * widths.reads + C), (n - from) * C);
  }
  return gradient;
}
