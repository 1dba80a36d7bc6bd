import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { seededRandom } from "@/math/random.ts";
import { parameterShapes } from "@/models/sequence_shape.ts";
import { UserError } from "@/io/user_error.ts";
import { NO_CHECKSUM, seal } from "@/training/safetensors_checksum.ts";
import { traceDecoding } from "@/training/decoding_trace.ts";
import {
  answering,
  loadTrainedModel,
  saveTrainedModel,
  type TrainedModel,
} from "@/training/trained_model.ts";
import { damaged } from "./damaged_files.ts";
import { handMadeReverser } from "./hand_made_network.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

/** Of a few characters, so that a damaged number matters. */
const MODEL = handMadeReverser(2);

function savedBytes(): Uint8Array<ArrayBuffer> {
  const files = new MemoryDisk();
  saveTrainedModel(files, "w", MODEL);
  return Uint8Array.from(files.readBytes("w", 2 ** 20));
}

/** What a deceiver does last: the checksum is made to fit, if there is still a place for it. */
function resealed(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 8) return bytes;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const header = new TextDecoder("latin1").decode(bytes.subarray(8, 8 + Number(length)));
  const place = header.indexOf('"file_sha256":"');
  if (place < 0 || length > bytes.length - 8) return bytes;
  const sealed = Uint8Array.from(bytes), at = 8 + place + '"file_sha256":"'.length;
  if (at + NO_CHECKSUM.length > sealed.length) return bytes;
  sealed.set(new TextEncoder().encode(NO_CHECKSUM), at);
  seal(sealed, Number(length));
  return sealed;
}

function load(bytes: Uint8Array): TrainedModel | string {
  const files = new MemoryDisk();
  files.entries.set("w", "");
  files.readBytes = () => bytes;
  try {
    const model = loadTrainedModel(files, "w");
    const { shape, parameters, symbols } = model;
    answering("w", () => traceDecoding(createStepper(shape, parameters), symbols, [0, 0]));
    return model;
  } catch (error) {
    assert(error instanceof UserError, `${error}`);
    // deno-lint-ignore no-control-regex
    assertMatch(error.message, /^Cannot (read|use) w: wanted [^\x00-\x1f]+, got [^\x00-\x1f]+$/);
    return error.message;
  }
}

Deno.test("of 10,000 damaged networks whose checksum was made to fit, those that load are whole networks, and all others are refused in one sentence", () => {
  const bytes = savedBytes(), random = seededRandom("deceiver");
  const rules = new Map<string, number>();
  let loaded = 0;
  for (let i = 0; i < 10_000; i++) {
    const [kind, bad] = damaged(bytes, random), model = load(resealed(bad));
    if (typeof model === "string") {
      const rule = model.replace(/, got .*/, "").replace(/"(\\.|[^"\\])*"|\[.*?\]|\d+/g, "_");
      rules.set(rule, (rules.get(rule) ?? 0) + 1);
      continue;
    }
    loaded++;
    const { shape, parameters } = model, shapes = parameterShapes(shape);
    assertEquals(shapes.map(([name]) => name).sort(), Object.keys(parameters).sort(), kind);
    for (const [name, axes] of shapes) {
      const size = axes.reduce((product, axis) => product * axis, 1);
      assertEquals([name, parameters[name].length], [name, size], `${kind}, file ${i}`);
      assert(parameters[name].every(Number.isFinite), `${kind}, file ${i}`);
    }
  }
  assertGreater(loaded, 300); // a changed weight with a checksum that fits is another network
  assertGreater(rules.size, 25, [...rules.keys()].join("\n"));
});
