import { assert, assertEquals, assertThrows } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { disk } from "@/io/disk.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { createAlphabet, encodeText } from "@/text/alphabet.ts";
import { readHiddenStates } from "@/text/hidden_states.ts";
import { saveStates } from "@/weights/state_file.ts";
import { loadWeights } from "@/weights/trained_model.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";
import { missing, PYTHON } from "../pytorch/python.ts";

const alphabet = createAlphabet("a whále", "characters"), text = "hála la";
const symbols = encodeText(alphabet, text, "read");
const sizes = { layers: 2, hidden: 3, embedding: 2, valueWidth: 0, symbols: alphabet.size };

function statesOf(cell: SequenceModelShape["cell"]) {
  const shape = { cell, memory: "none", ...sizes } as const;
  return readHiddenStates(createStepper(shape, initialParameters(shape, seededRandom(1))), symbols);
}

Deno.test("a row of a tensor is the state after a symbol, of each layer", () => {
  const files = new MemoryDisk(), states = statesOf("lstm");
  saveStates(files, "states", { alphabet, symbols, states }, [["network", "a"]]);
  const { tensors, metadata } = loadWeights(files, "states");
  assertEquals([...tensors.keys()].sort(), ["c.0", "c.1", "h.0", "h.1", "symbols", "text"]);
  for (const [layer, kinds] of states.layers.entries()) {
    for (const kind of ["h", "c"] as const) {
      const { shape: [T, H], data } = tensors.get(`${kind}.${layer}`)!;
      assertEquals([T, H], [symbols.length, 3]);
      kinds[kind]!.forEach((unit, j) => assertEquals(unit, unit.map((_, t) => data[t * H + j])));
    }
  }
  assertEquals(tensors.get("symbols")!.data, symbols);
  assertEquals(new TextDecoder().decode(tensors.get("text")!.data), text);
  assertEquals(Object.fromEntries(metadata), {
    unit: "characters",
    alphabet: alphabet.characters,
    network: "a",
  });
});

Deno.test("a GRU has no c, and states of another text are refused", () => {
  const files = new MemoryDisk(), states = statesOf("gru");
  saveStates(files, "states", { alphabet, symbols, states });
  const { tensors } = loadWeights(files, "states");
  assertEquals([...tensors.keys()].sort(), ["h.0", "h.1", "symbols", "text"]);
  const shorter = { alphabet, symbols: symbols.subarray(1), states };
  assertThrows(() => saveStates(files, "other", shorter), RangeError, "wanted 7 symbols, got 6");
  assertEquals(files.kindOf("other"), "nothing");
});

const why = missing(["safetensors", "numpy"], true);
const claim = "Python's safetensors reads the same numbers";
const PROGRAM = `
import sys
from safetensors.numpy import load_file
states = load_file(sys.argv[1])
c = states["c.1"]
print(bytes(states["text"]).decode(), c.shape, c.dtype, " ".join(str(x) for x in c.flatten()))
`;

Deno.test({
  name: why ? `${claim} (left out: ${why})` : claim,
  ignore: why !== undefined,
  fn: () =>
    inScratchFolder(async (scratch) => {
      const path = `${scratch}/states.safetensors`, states = statesOf("lstm");
      saveStates(disk, path, { alphabet, symbols, states });
      const { stdout, stderr } = await new Deno.Command(PYTHON, { args: ["-c", PROGRAM, path] })
        .output();
      const said = new TextDecoder().decode(stdout).trim();
      assert(said.startsWith(`${text} (7, 3) float32 `), new TextDecoder().decode(stderr));
      const numbers = said.split("float32 ")[1].split(" ").map((word) => Math.fround(Number(word)));
      const units = states.layers[1].c!;
      assertEquals(numbers, [...symbols].flatMap((_, t) => units.map((unit) => unit[t])));
    }),
});
