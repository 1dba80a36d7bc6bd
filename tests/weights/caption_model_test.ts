import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { seededRandom } from "@/math/random.ts";
import { initialCaptioner } from "@/models/captioner.ts";
import { captionPlan } from "@/training/caption_plan.ts";
import { isCaptioner, loadAnyModel, loadStringsModel } from "@/weights/any_model.ts";
import { loadCaptioner, saveCaptioner } from "@/weights/caption_model.ts";
import { writeSafetensors } from "@/weights/safetensors.ts";
import { loadWeights, saveTrainedModel } from "@/weights/trained_model.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { tinyCaptionSettings } from "../training/tiny_captions.ts";

function drawnModel(changes: Parameters<typeof tinyCaptionSettings>[0] = {}) {
  const { shape } = captionPlan(tinyCaptionSettings(changes));
  const drawn = Object.entries(initialCaptioner(shape, seededRandom(1)))
    .map(([name, numbers]) => [name, Float32Array.from(numbers)] as const);
  return { shape, parameters: Object.fromEntries(drawn) };
}

/** A file whose metadata are changed; null takes a text away. */
function diskWith(changes: Record<string, string | null>): MemoryDisk {
  const files = new MemoryDisk();
  saveCaptioner(files, "w", drawnModel());
  const { tensors, metadata } = loadWeights(files, "w");
  const texts = Object.entries({ ...Object.fromEntries(metadata), ...changes });
  const kept = texts.flatMap(([name, text]) => text === null ? [] : [[name, text] as const]);
  files.writeBytes("w", writeSafetensors(tensors, { metadata: kept }));
  return files;
}

Deno.test("a captioner is loaded as it was saved, with its notes", () => {
  for (
    const changes of [{}, { architecture: "encoder-decoder" }, { cell: "gru", layers: 2 }] as const
  ) {
    const files = new MemoryDisk(), model = drawnModel(changes);
    saveCaptioner(files, "w", model, [["command", "deno task train"]]);
    const loaded = loadCaptioner(files, "w"), any = loadAnyModel(files, "w");
    assertEquals([loaded.shape, loaded.parameters], [model.shape, model.parameters]);
    assertEquals([loaded.warnings, loaded.metadata.get("command")], [[], "deno task train"]);
    assertEquals([isCaptioner(any), any.parameters], [true, model.parameters]);
  }
});

Deno.test("metadata that do not agree with the tensors are refused in one sentence", () => {
  const wrong: [Record<string, string | null>, string][] = [
    [{ architecture: null }, 'wanted architecture "captioner" in its metadata, got none'],
    [{ task: "copy" }, 'wanted task "captions" in its metadata, got "copy"'],
    [{ blocks: null }, 'wanted blocks such as "16/3/2,32/3/4" in its metadata, got none'],
    [{ blocks: "16/3" }, 'got "16/3"'],
    [{ blocks: "16/3/5" }, "wanted blocks that fit the images in its metadata"],
    [{ blocks: "16/2/2" }, "wanted blocks that fit the images in its metadata"],
    [{ blocks: "8/3/2,32/3/4" }, "of shape"],
    [{ hidden: "6" }, "of shape"],
    [{ symbols: "7" }, "in its metadata"],
    [{ attention: "none" }, "wanted attentionWidth 0 in its metadata"],
  ];
  for (const [changes, message] of wrong) {
    assertThrows(() => loadCaptioner(diskWith(changes), "w"), UserError, message);
  }
});

Deno.test("a network for strings is no captioner, and the other way round", () => {
  const files = new MemoryDisk();
  saveTrainedModel(files, "strings", handMadeReverser(6));
  saveCaptioner(files, "captions", drawnModel());
  assertEquals(isCaptioner(loadAnyModel(files, "strings")), false);
  assertThrows(() => loadCaptioner(files, "strings"), UserError, 'wanted architecture "captioner"');
  const { message } = assertThrows(() => loadStringsModel(files, "captions"), UserError);
  assertStringIncludes(message, "Cannot use captions: wanted");
});
