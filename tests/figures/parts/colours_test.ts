import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { blockMarker } from "@/figures/parts/block_bars.ts";
import { coloursOf, hatchOf, shade, textColourOn, tint } from "@/figures/parts/colours.ts";
import { DIVERGING, PALETTE, SEQUENTIAL } from "@/figures/figure.ts";
import { lineStyle } from "@/figures/parts/lines.ts";

type Triple = [number, number, number];

/**
 * What an eye without one kind of cone sees, in linear light.
 *
 * Source: Machado, Oliveira, Fernandes 2009, A physiologically-based model for simulation of color vision deficiency,
 * severity 1.0.
 */
const EYES: Record<string, Triple[]> = {
  "with all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  "without L cones (protanopia)": [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  "without M cones (deuteranopia)": [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881],
  ],
  "without S cones (tritanopia)": [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.303900],
  ],
};

const product = (rows: Triple[], x: Triple) =>
  rows.map((row) => row[0] * x[0] + row[1] * x[1] + row[2] * x[2]) as Triple;

function linearLight(colour: string): Triple {
  return [1, 3, 5].map((start) => {
    const c = parseInt(colour.slice(start, start + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

/** CIE 1976 L*a*b*, white point D65. */
function lab(colour: string, eye: Triple[]): Triple {
  const seen = product(eye, linearLight(colour)).map((c) => Math.min(1, Math.max(0, c))) as Triple;
  const [x, y, z] = product([
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
  ], seen);
  const f = (t: number) => t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116;
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

function distance(one: string, other: string, eye: Triple[]): number {
  const [a, b] = [lab(one, eye), lab(other, eye)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const pairs = <T>(list: readonly T[]) =>
  list.flatMap((a, i) => list.slice(i + 1).map((b) => [a, b]));

Deno.test("the measure itself: black and white are 100 apart, red and green much less without M cones", () => {
  const all = EYES["with all cones"];
  assertAlmostEquals(distance("#000000", "#ffffff", all), 100, 0.01);
  const redAndGreen = (eye: string) => distance("#d02020", "#508020", EYES[eye]);
  assert(redAndGreen("with all cones") > 80);
  assert(redAndGreen("without M cones (deuteranopia)") < 25);
});

// A difference of 2.3 can just be noticed side by side; marks in a figure are small and apart.
for (const [name, eye] of Object.entries(EYES)) {
  Deno.test(`to an eye ${name}, no two colours of the palette are alike`, () => {
    for (const [a, b] of pairs(Object.values(PALETTE))) {
      assert(distance(a, b, eye) > 15, `${a} and ${b}: ${distance(a, b, eye)}`);
    }
  });

  Deno.test(`to an eye ${name}, the scales only get darker away from white`, () => {
    const [negative, positive] = [DIVERGING.slice(0, 3).toReversed(), DIVERGING.slice(2)];
    for (const scale of [SEQUENTIAL, negative, positive]) {
      const L = scale.map(([, colour]) => lab(colour, eye)[0]);
      assert(L.every((l, i) => i === 0 || l < L[i - 1] - 5), `${L}`);
    }
  });
}

Deno.test("in grey print, no two colours of names are alike and hatched alike", () => {
  const lightness = (colour: string) => lab(colour, EYES["with all cones"])[0];
  const hues = coloursOf([..."abcdefg"]);
  let hatched = 0;
  for (const [a, b] of pairs(hues)) {
    if (hatchOf(a) !== hatchOf(b)) hatched++;
    else assert(Math.abs(lightness(a) - lightness(b)) > 10, `${a} and ${b} are the same grey`);
  }
  assert(hatched > 0);
});

Deno.test("six lines of one figure are told apart by their dashes or by their lightness", () => {
  const styles = Array.from({ length: 6 }, (_, k) => lineStyle(k));
  for (const [a, b] of pairs(styles)) {
    const [one, other] = [a, b].map(({ color }) => lab(color, EYES["with all cones"])[0]);
    assert(a.dash !== b.dash || Math.abs(one - other) > 10, `${a.color} and ${b.color}`);
  }
});

Deno.test("every style of a block is hatched", () => {
  for (const look of ["read", "deeper", "popped"] as const) {
    const marker = blockMarker(look, [PALETTE.sky, PALETTE.orange]);
    assertEquals(marker?.pattern?.shape, ["", "/"]);
    // With "replace", Plotly's own way, the colour itself would be gone but for the lines.
    assertEquals(marker?.pattern?.fillmode, "overlay");
  }
});

/** Contrast of two colours after WCAG 2.2, written out anew. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, k) => {
      const c = parseInt(colour.slice(1 + 2 * k, 3 + 2 * k), 16) / 255;
      return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    }, 0);
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

Deno.test("words on every colour of the palette have a contrast of at least 4.5", () => {
  for (const colour of Object.values(PALETTE)) {
    assert(contrast(textColourOn(colour), colour) >= 4.5, colour);
    assert(contrast("#222222", tint(colour, 0.4)) >= 4.5 || colour === PALETTE.black, colour);
  }
});

Deno.test("seven names have seven colours, and a name keeps its own", () => {
  const names = [..."abcdefg"];
  assertEquals(new Set(coloursOf(names)).size, 7);
  const twice = coloursOf([...names, ...names]);
  assertEquals(twice.slice(7), twice.slice(0, 7));
});

Deno.test("a tint is lighter and a shade darker than the colour", () => {
  assertEquals([tint("#336699", 1), shade("#336699", 1)], ["#336699", "#336699"]);
  assertEquals([tint("#336699", 0), shade("#336699", 0)], ["#ffffff", "#000000"]);
  assertEquals([tint("#336699", 0.5), shade("#336699", 0.5)], ["#99b3cc", "#1a334d"]);
});
