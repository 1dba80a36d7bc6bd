import { assert, assertEquals, assertThrows } from "@std/assert";
import { range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import {
  CAPTION_VOCABULARY,
  describeScene,
  drawDescribedScene,
  drawImage,
  DRAWING_SIZE,
  drawScene,
  isHeldOut,
  openDrawings,
  type PlacedShape,
  type Scene,
} from "@/tasks/drawn_shapes.ts";
import { symbolsToText } from "@/tasks/text.ts";

const text = (scene: Scene) => symbolsToText(describeScene(scene).words, CAPTION_VOCABULARY);

/** Reads a caption back: the shapes of each row that has one, from left to right; undefined if it is no caption. */
function parseCaption(caption: string): string[][] | undefined {
  const item = /^a (red|green|blue) (circle|square|triangle)(?: (above|beside) (?=a )|$)/;
  const rows: string[][] = [[]];
  for (let rest = caption; rest !== "";) {
    const match = item.exec(rest);
    if (match === null) return undefined;
    const [whole, colour, kind, relation] = match;
    rows[rows.length - 1].push(`${colour} ${kind}`);
    if (relation === "above") rows.push([]);
    rest = rest.slice(whole.length);
  }
  return rows;
}

/** What should be in those rows, from a grid with a line for each row. */
function rowsOf(scene: Scene): string[][] {
  const grid = range(3).map(() => new Array<string>(3).fill(""));
  for (const { kind, colour, place } of scene) {
    grid[(place - place % 3) / 3][place % 3] = `${colour} ${kind}`;
  }
  return grid.map((row) => row.filter((name) => name !== "")).filter((row) => row.length > 0);
}

Deno.test("captions are read back into the rows of the grid", () => {
  const random = seededRandom("oracle");
  for (let n = 0; n < 2000; n++) {
    const scene = drawScene(random, n % 2 ? "trained combinations" : "a held-out combination");
    assertEquals(parseCaption(text(scene)), rowsOf(scene), text(scene));
  }
  const scene = [[0, 2], [1, 4], [2, 5], [0, 6]].map(([k, place]): PlacedShape => ({
    kind: (["circle", "square", "triangle"] as const)[k],
    colour: (["blue", "red", "green"] as const)[k],
    place,
  }));
  assertEquals(
    text(scene),
    "a blue circle above a red square beside a green triangle above a blue circle",
  );
});

Deno.test("a caption with one word changed, left out, said twice or in another place is not the image's", () => {
  const random = seededRandom("mutations"), words = CAPTION_VOCABULARY.words!;
  for (let n = 0; n < 300; n++) {
    const scene = drawScene(random),
      right = text(scene).split(" "),
      wanted = JSON.stringify(rowsOf(scene));
    const i = random.integer(0, right.length), other = words[random.integer(0, words.length)];
    const j = random.integer(0, right.length - 1);
    const mutations = [
      right.with(i, other),
      right.toSpliced(i, 1),
      right.toSpliced(i, 0, right[i]),
      right.with(j, right[j + 1]).with(j + 1, right[j]),
    ];
    for (const mutation of mutations) {
      const caption = mutation.join(" "), isRight = caption === right.join(" ");
      assertEquals(JSON.stringify(parseCaption(caption)) === wanted, isRight, caption);
    }
  }
});

Deno.test("each word of an item has the place of its shape", () => {
  const random = seededRandom("places");
  for (let n = 0; n < 200; n++) {
    const scene = drawScene(random), { words, places } = describeScene(scene);
    assertEquals(places.length, words.length);
    const items = places.flatMap((place, t) =>
      place < 0 ? [] : [[place, CAPTION_VOCABULARY.words![words[t]]]]
    );
    const wanted = scene.flatMap(({ kind, colour, place }) =>
      ["a", colour, kind].map((w) => [place, w])
    );
    assertEquals(items, wanted);
  }
});

Deno.test("scenes have two to four shapes in reading order, all counts alike, all places alike", () => {
  const random = seededRandom("counts"), counts = [0, 0, 0], places = new Array(9).fill(0);
  for (let n = 0; n < 3000; n++) {
    const scene = drawScene(random), own = scene.map(({ place }) => place);
    counts[scene.length - 2]++;
    own.forEach((place) => places[place]++);
    assertEquals(own, [...new Set(own)].sort());
  }
  for (const count of counts) {
    assert(Math.abs(count - 1000) < 4 * Math.sqrt(1000 * 2 / 3), `${counts}`);
  }
  for (const count of places) {
    assert(Math.abs(count - 1000) < 4 * Math.sqrt(1000 * 2 / 3), `${places}`);
  }
});

Deno.test("nine combinations are held out: one for each place and for each kind in each colour; training shows the others", () => {
  const random = seededRandom("held out"),
    name = (shape: PlacedShape) => Object.values(shape).join();
  const seen = new Set<string>();
  for (let n = 0; n < 4000; n++) drawScene(random).forEach((shape) => seen.add(name(shape)));
  const heldOut: PlacedShape[] = [];
  for (const kind of ["circle", "square", "triangle"] as const) {
    for (const colour of ["red", "green", "blue"] as const) {
      for (const place of range(9)) {
        const shape = { kind, colour, place };
        assertEquals(seen.has(name(shape)), !isHeldOut(shape), name(shape));
        if (isHeldOut(shape)) heldOut.push(shape);
      }
    }
  }
  assertEquals(heldOut.map(({ place }) => place).sort(), range(9));
  assertEquals(new Set(heldOut.map(({ kind, colour }) => kind + colour)).size, 9);
  for (let n = 0; n < 500; n++) {
    assertEquals(drawScene(random, "a held-out combination").filter(isHeldOut).length, 1);
  }
});

/** The pixels of a place in one channel that are brighter than the noise, as rows of x and spaces. */
function silhouette(image: Float64Array, place: number, channel: number): string[] {
  const [top, left] = [8 * ((place - place % 3) / 3), 8 * (place % 3)],
    { height, width } = DRAWING_SIZE;
  return range(8).map((row) =>
    range(8).map((column) =>
      image[(channel * height + top + row) * width + left + column] > 0.3 ? "x" : " "
    ).join("")
  );
}

/** The kind of a silhouette, from how its rows' lengths go. */
function kindOf(rows: readonly string[]): string {
  const lengths = rows.map((row) => row.trim().length).filter((length) => length > 0);
  const first = lengths[0], last = lengths[lengths.length - 1], most = Math.max(...lengths);
  if (lengths.every((length) => length === first)) return "square";
  return first < last && last === most ? "triangle" : "circle";
}

Deno.test("an image shows each shape in its place, in its colour and in its form, and nothing else", () => {
  const random = seededRandom("images"), confused: string[] = [];
  for (let n = 0; n < 500; n++) {
    const { scene, image } = drawDescribedScene(random);
    assertEquals(image.length, 3 * 24 * 24);
    for (const place of range(9)) {
      const shape = scene.find((shape) => shape.place === place);
      ["red", "green", "blue"].forEach((colour, channel) => {
        const rows = silhouette(image, place, channel),
          isBlank = rows.every((row) => row.trim() === "");
        assertEquals(isBlank, shape?.colour !== colour);
        if (!isBlank && kindOf(rows) !== shape!.kind) {
          confused.push(`${shape!.kind}\n${rows.join("\n")}`);
        }
      });
    }
  }
  assertEquals(confused, []);
});

Deno.test("two images of a scene differ in every pixel", () => {
  const random = seededRandom("noise"), scene = drawScene(random);
  const [first, second] = [drawImage(scene, random), drawImage(scene, random)];
  assert(first.every((pixel, at) => pixel !== second[at]));
});

Deno.test("a seed that is not finite is refused", () => {
  assertThrows(
    () => openDrawings(NaN, "training"),
    RangeError,
    "Cannot open a stream of images: wanted a finite seed, got NaN",
  );
});
