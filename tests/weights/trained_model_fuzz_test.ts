import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { createStepper } from "@/engine/stepper.ts";
import { seededRandom } from "@/math/random.ts";
import { parameterShapes } from "@/models/sequence_shape.ts";
import { UserError } from "@/io/user_error.ts";
import { traceDecoding } from "@/training/decoding_trace.ts";
import {
  loadTrainedModel,
  saveTrainedModel,
  type TrainedModel,
  useModel,
} from "@/weights/trained_model.ts";
import { damage } from "./damaged_files.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

/** It has few characters, so that a damaged number matters. */
const MODEL = handMadeReverser(2);

function savedBytes(): Uint8Array<ArrayBuffer> {
  const files = new MemoryDisk();
  saveTrainedModel(files, "w", MODEL);
  return Uint8Array.from(files.readBytes("w", 2 ** 20));
}

/** Makes the checksum fit again, if the damage has left a place for it. */
function withNewChecksum(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder("latin1").decode(bytes), opening = '"file_sha256":"';
  const place = text.indexOf(opening), at = place + opening.length;
  if (place < 0 || at + 64 > bytes.length) return bytes;
  const zeroed = Uint8Array.from(bytes).fill("0".charCodeAt(0), at, at + 64);
  zeroed.set(new TextEncoder().encode(createHash("sha256").update(zeroed).digest("hex")), at);
  return zeroed;
}

function load(bytes: Uint8Array): TrainedModel | string {
  const files = new MemoryDisk();
  files.entries.set("w", "");
  files.readBytes = () => bytes;
  try {
    const model = loadTrainedModel(files, "w");
    const { shape, parameters, task } = model, pair = task.pairOf!([0, 0]);
    useModel("w", () => traceDecoding(createStepper(shape, parameters), task, pair));
    return model;
  } catch (error) {
    assert(error instanceof UserError, `${error}`);
    // deno-lint-ignore no-control-regex
    assertMatch(error.message, /^Cannot (read|use) w: wanted [^\x00-\x1f]+, got [^\x00-\x1f]+$/);
    return error.message;
  }
}

Deno.test("of 10,000 damaged networks with a new checksum, those that load are whole", () => {
  const bytes = savedBytes(), random = seededRandom("deceiver");
  const rules = new Map<string, number>();
  let loaded = 0;
  for (let i = 0; i < 10_000; i++) {
    const [kind, bad] = damage(bytes, random), model = load(withNewChecksum(bad));
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
  assertGreater(loaded, 300); // a changed weight with a checksum that fits makes another network
  assertGreater(rules.size, 20, [...rules.keys()].join("\n"));
});
