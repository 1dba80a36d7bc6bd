import { assert, assertEquals } from "@std/assert";
import { EXPERIMENTS } from "@/cli/experiments.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";
import { denoCommand, end } from "./deno_process.ts";
import type { OpenedStream } from "./recording_tychei.ts";

const deno = await denoCommand();

/** The project's imports, with a generator that records in the place of seedrandom's. */
function importMap(): object {
  const { imports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  const project = new URL("../../", import.meta.url).href;
  const { "@std/assert": _, "seedrandom/": seedrandom, ...others } = imports;
  const map = {
    ...others,
    "@/": `${project}lib/`,
    "seedrandom/lib/tychei.js": `${project}tests/cli/recording_tychei.ts`,
    "seedrandom/tychei": seedrandom.replace("npm:/", "npm:") + "lib/tychei.js",
  };
  return { imports: map };
}

/** The streams that each training opens, by its name. */
async function openedStreams(): Promise<[string, OpenedStream[]][]> {
  let streams = {};
  await inScratchFolder(async (folder) => {
    const map = `${folder}/import_map.json`;
    Deno.writeTextFileSync(map, JSON.stringify(importMap()));
    const flags = ["--no-check", "--no-lock", "--no-prompt", "--quiet", "--allow-read=."];
    const args = ["run", ...flags, "--import-map", map, "tests/cli/opened_streams.ts"];
    const child = new Deno.Command(String(deno), { args, stdout: "piped", stderr: "piped" });
    const { code, out, err } = await end(child.spawn());
    assertEquals(code, 0, err.join("\n"));
    streams = JSON.parse(out.join("\n"));
  });
  return Object.entries(streams);
}

let found: ReturnType<typeof openedStreams> | undefined;
/** All trainings, which run once for all tests. */
const trainings = () => found ??= openedStreams();

function testTrainings(name: string, fn: (streams: OpenedStream[], of: string) => void): void {
  Deno.test({
    name,
    ignore: deno === undefined,
    async fn() {
      for (const [of, streams] of await trainings()) fn(streams, of);
    },
  });
}

testTrainings("a stream of random numbers is opened in one place only", (streams, training) => {
  const openers = new Map<string, string>();
  for (const { seed, opener } of streams) {
    assertEquals(opener, openers.get(seed) ?? opener, `"${seed}" in ${training}`);
    openers.set(seed, opener);
  }
  assert(openers.size > 0, training);
});

testTrainings(
  "no string that trains a network or stops its training is in a final score, validation apart",
  (streams, training) => {
    const isScored = ({ forTraining }: OpenedStream) => !forTraining;
    const scored = new Set(streams.filter(isScored).map(({ seed }) => seed));
    for (const { seed, forTraining } of streams) {
      const mayBeBoth = seed.startsWith("validation strings");
      if (forTraining && !mayBeBoth) assert(!scored.has(seed), `"${seed}" in ${training}`);
    }
  },
);

Deno.test({
  name: "every experiment is tried, and the trainings open every kind of set",
  ignore: deno === undefined,
  async fn() {
    for (const { name } of EXPERIMENTS) {
      assert((await trainings()).some(([of]) => of === name), name);
    }
    const kinds = (await trainings()).flatMap(([, streams]) =>
      streams.map(({ seed, forTraining }) =>
        `${seed.replace(/ strings .*|, seed .*/, "")}${forTraining ? ", while training" : ""}`
      )
    );
    for (
      const kind of [
        "training",
        "validation",
        "validation, while training",
        "longer validation, while training",
        "test",
        "noise",
        "parameters",
        "controller: validation, while training",
        "controller: held out",
        "binary addition: held out",
        "steered: held out",
      ]
    ) assert(kinds.includes(kind), kind);
  },
});
