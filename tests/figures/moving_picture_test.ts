import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Key } from "@/figures/keyframes.ts";
import { keyframes } from "@/figures/keyframes.ts";
import { movingPicture } from "@/figures/moving_picture.ts";
import { momentsOf, type Piece, pilePieces, runSeconds } from "@/figures/pile_timeline.ts";
import { pilesOf } from "@/figures/piles.ts";
import { seededRandom } from "@/math/random.ts";
import { runStack, type StackTrace } from "@/memory/stack.ts";

function randomRun(seed: number, T = 8): StackTrace {
  const random = seededRandom(seed);
  const numbers = () => Array.from({ length: T }, () => random.uniform());
  const pops = numbers().map((u) => (u < 0.3 ? 0 : u)), pushes = numbers();
  return runStack({ values: pops.map((u) => [u]), pops, pushes });
}

const runs = [1, 2, 3, 4, 5].map((seed) => randomRun(seed));

/** Where a piece is at a moment, as a browser would have it. */
function lookAt({ keys }: Piece, moment: number): Omit<Key, "at"> {
  const k = keys.findIndex((key) => key.at > moment);
  if (k === 0) return keys[0];
  if (k < 0) return keys[keys.length - 1];
  const [a, b] = [keys[k - 1], keys[k]], share = (moment - a.at) / (b.at - a.at);
  const between = (from: number, to: number) => from + share * (to - from);
  return {
    x: between(a.x, b.x),
    y: between(a.y, b.y),
    opacity: between(a.opacity, b.opacity),
  };
}

function visibleAt(pieces: readonly Piece[], moment: number, kind: Piece["kind"]): number[][] {
  return pieces.filter((piece) => piece.kind === kind)
    .map((piece) => ({ ...piece, ...lookAt(piece, moment) }))
    .filter(({ opacity }) => opacity === 1)
    .map(({ row, y, height }) => [row, y, y + height])
    .sort((a, b) => a[1] - b[1]);
}

function assertBlocks(got: number[][], wanted: { row: number; top: number; bottom: number }[]) {
  assertEquals(got.map(([row]) => row), wanted.map(({ row }) => row));
  wanted.forEach(({ top, bottom }, k) => {
    assertAlmostEquals(got[k][1], top, 1e-9);
    assertAlmostEquals(got[k][2], bottom, 1e-9);
  });
}

Deno.test("after each step the pieces lie as the pile does, with what was popped above it", () => {
  for (const trace of runs) {
    const pieces = pilePieces(trace), piles = pilesOf(trace);
    trace.strengths.forEach((_, t) => {
      const moment = momentsOf(trace, t)[2] + 0.1;
      assertBlocks(visibleAt(pieces, moment, "held"), piles.held[t]);
      assertBlocks(visibleAt(pieces, moment, "popped"), piles.popped[t]);
    });
  }
});

Deno.test("while a step pops, the pile of the step before rises as one, though in more pieces", () => {
  for (const trace of runs) {
    const pieces = pilePieces(trace), piles = pilesOf(trace);
    for (let t = 1; t < trace.strengths.length; t++) {
      const [start, push] = momentsOf(trace, t);
      const rise = piles.popped[t].reduce((sum, { top, bottom }) => sum + bottom - top, 0);
      for (const share of [0.02, 0.5, 1]) {
        const moment = start + share * (push - start) + (push === start ? 0.0101 : 0);
        const all = (["popped", "held"] as const)
          .flatMap((kind) => visibleAt(pieces, moment, kind))
          .filter(([row]) => row < t)
          .sort((a, b) => a[1] - b[1]);
        let reached = -share * rise;
        for (const [, top, bottom] of all) {
          assertAlmostEquals(top, reached, 0.03);
          reached = bottom;
        }
        assertAlmostEquals(reached, (piles.held[t - 1].at(-1)?.bottom ?? 0) - share * rise, 0.03);
      }
    }
  }
});

Deno.test("keys are in the order of time, and within the time of the picture", () => {
  for (const trace of runs) {
    const end = runSeconds(trace.strengths.length);
    for (const { keys } of pilePieces(trace)) {
      keys.forEach(({ at }, k) => assert(at <= end && (k === 0 || at >= keys[k - 1].at), `${at}`));
      assertEquals(keys.at(-1)!.opacity, 0);
    }
  }
});

Deno.test("a rule says where a part is at each moment, and says nothing twice", () => {
  const at = (at: number, y: number) => ({ at, x: 0, y, opacity: 1 });
  const look = (y: number) => `{transform:translate(0px,${y}px);opacity:1}`;
  assertEquals(
    keyframes("k", [at(1, 0), at(2, 0), at(3, 7), at(4, 7)], 8),
    `@keyframes k{0%,25%${look(0)}37.5%,100%${look(7)}}`,
  );
});

const NAMES = [..."abcdefgh"];

Deno.test("every moving part has a rule of its own, and stands still for who wants no motion", () => {
  const svg = movingPicture({ title: "Eight", trace: runs[0], names: NAMES, still: 5 });
  const used = [...svg.matchAll(/animation-name:(k\d+)/g)].map(([, name]) => name);
  const rules = [...svg.matchAll(/@keyframes (k\d+)\{/g)].map(([, name]) => name);
  assertEquals([...new Set(used)].sort(), rules.toSorted());
  assertEquals(svg.match(/class="m"/g)?.length, used.length);
  assert(svg.includes("@media(prefers-reduced-motion:reduce){.m{animation:none!important}}"));
});

Deno.test("what stands still is one step, and all reads", () => {
  const svg = movingPicture({ title: "Eight", trace: runs[0], names: NAMES, still: 5 });
  const still = svg.replace(/<g class="m"[^>]* opacity="0">.*?<\/g>/g, "");
  assertEquals(still.match(/step \d of 8/g), ["step 6 of 8"]);
  assertEquals(svg.match(/step \d of 8/g)?.length, 8);
  const held = pilesOf(runs[0]).held[5].length;
  const blocks = still.match(/<rect x="130" [^>]*stroke-width="1.5"/g)?.length;
  assertEquals(blocks, held + pilesOf(runs[0]).popped[5].length);
});

Deno.test("nothing is fetched, nothing is run, and names are text", () => {
  const svg = movingPicture({ title: "1 < 2", trace: runs[1], names: [..."abc<&fgh"], still: 0 });
  assert(!/<script|href|url\(|https?:(?!\/\/www\.w3\.org\/2000\/svg")|@import/.test(svg));
  assert(svg.includes("<title>1 &lt; 2. ") && !/>[^<]*<</.test(svg));
  assert(svg.includes("&amp;") && !/&(?!amp;|lt;|gt;)/.test(svg));
});

Deno.test("one name for each step is wanted", () => {
  assertThrows(
    () => movingPicture({ title: "Eight", trace: runs[0], names: ["a"], still: 0 }),
    TypeError,
    "Cannot draw the moving picture: wanted 8 names (one for each step), got 1",
  );
});
