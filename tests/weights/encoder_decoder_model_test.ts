import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { seededRandom } from "@/math/random.ts";
import { type EncoderDecoderShape, initialEncoderDecoder } from "@/models/encoder_decoder.ts";
import { copyTask } from "@/tasks/copy.ts";
import { genderTask } from "@/tasks/gender.ts";
import { reverseTargets } from "@/tasks/source_and_target.ts";
import { loadAnyModel, loadStringsModel } from "@/weights/any_model.ts";
import {
  type EncoderDecoderModel,
  loadEncoderDecoder,
  saveEncoderDecoder,
} from "@/weights/encoder_decoder_model.ts";
import { writeSafetensors } from "@/weights/safetensors.ts";
import { loadTextModel } from "@/weights/text_model.ts";
import { loadTrainedModel, loadWeights, saveTrainedModel } from "@/weights/trained_model.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";

/** A drawn network that copies strings of four characters. */
function drawnModel(
  changes: Partial<EncoderDecoderShape> = {},
  own: Partial<Pick<EncoderDecoderModel, "task" | "order">> = {},
): EncoderDecoderModel {
  const { task = copyTask(4), order = { reverseSource: false, reverseTarget: false } } = own;
  const sizes = { layers: 2, hidden: 3, embedding: 2, symbols: task.vocabulary.size };
  const kind = { cell: "gru", attention: "none", attentionWidth: 0, bidirectional: false } as const;
  const shape = { ...kind, ...sizes, ...changes };
  const drawn = Object.entries(initialEncoderDecoder(shape, seededRandom(1)))
    .map(([name, numbers]) => [name, Float32Array.from(numbers)] as const);
  return { task, order, shape, parameters: Object.fromEntries(drawn) };
}

const MODELS: readonly EncoderDecoderModel[] = [
  drawnModel(),
  drawnModel({ bidirectional: true, cell: "lstm" }),
  drawnModel({ attention: "additive", attentionWidth: 5 }, {
    order: { reverseSource: true, reverseTarget: false },
  }),
  drawnModel({ attention: "dot-product", attentionWidth: 1, cell: "rnn", layers: 1 }, {
    task: reverseTargets(genderTask()),
    order: { reverseSource: true, reverseTarget: true },
  }),
];

/** A file whose metadata are changed; null takes a text away. */
function diskWith(changes: Record<string, string | null>): MemoryDisk {
  const files = new MemoryDisk();
  saveEncoderDecoder(files, "w", MODELS[0]);
  const { tensors, metadata } = loadWeights(files, "w");
  const texts = Object.entries({ ...Object.fromEntries(metadata), ...changes });
  const kept = texts.flatMap(([name, text]) => text === null ? [] : [[name, text] as const]);
  files.writeBytes("w", writeSafetensors(tensors, { metadata: kept }));
  return files;
}

Deno.test("an encoder–decoder is loaded as it was saved, with its order, its task and its notes", () => {
  for (const model of MODELS) {
    const files = new MemoryDisk();
    saveEncoderDecoder(files, "w", model, [["command", "deno task train"]]);
    for (const load of [loadEncoderDecoder, loadStringsModel, loadAnyModel]) {
      const { metadata, warnings, ...loaded } = load(files, "w");
      if (!("order" in loaded)) throw new Error("wanted an encoder–decoder");
      const { task, ...numbers } = loaded, { task: saved, ...original } = model;
      assertEquals([numbers, warnings], [original, []]);
      assertEquals([task.title, task.vocabulary], [saved.title, saved.vocabulary]);
      const lengths = { shortest: 9, longest: 9 };
      const [a, b] = [task, saved].map(({ sample }) => sample(seededRandom(1), lengths));
      assertEquals(a, b);
      assertEquals(metadata.get("command"), "deno task train");
    }
  }
});

Deno.test("metadata that do not agree with the tensors are refused in one sentence", () => {
  const wrong: [Record<string, string | null>, string][] = [
    [{ architecture: null }, 'wanted architecture "encoder-decoder" in its metadata, got none'],
    [{ architecture: "transformer" }, 'got "transformer"'],
    [{ task: null }, "wanted the network's task and shape in its metadata"],
    [{ task: "text" }, "wanted a network for a task on strings"],
    [{ task: "undo flip-flop" }, 'got "undo flip-flop"'],
    [{ characters: "5" }, 'wanted symbols 8 in its metadata, got "7"'],
    [{ reverseSource: "yes" }, 'wanted reverseSource "true" or "false" in its metadata, got "yes"'],
    [{ bidirectional: "true" }, 'wanted "reverse_encoder.embedding.weight" F32'],
    [{ attention: "additive" }, "wanted attentionWidth from 1 to"],
    [{ attentionWidth: "1" }, 'wanted attentionWidth 0 in its metadata, got "1"'],
    [{ layers: "999999999" }, "wanted layers from 1 to 22 in its metadata"],
    [{ hidden: "4" }, 'wanted "encoder.cells.0.weight_ih"'],
  ];
  for (const [changes, sentence] of wrong) {
    const error = assertThrows(() => loadEncoderDecoder(diskWith(changes), "w"), UserError);
    assertStringIncludes(error.message, sentence);
    assertMatch(error.message, /^Cannot use w: wanted [^\n]+, got [^\n]+$/);
  }
});

Deno.test("an encoder–decoder is told apart from the other networks", () => {
  const files = new MemoryDisk();
  saveEncoderDecoder(files, "pairs", MODELS[0]);
  saveTrainedModel(files, "strings", handMadeReverser(6));
  const { message } = assertThrows(() => loadTrainedModel(files, "pairs"), UserError);
  assertEquals(message, "Cannot use pairs: wanted a sequence model, got an encoder–decoder");
  assertThrows(() => loadTextModel(files, "pairs"), UserError, 'got "string copying"');
  assertThrows(
    () => loadEncoderDecoder(files, "strings"),
    UserError,
    'wanted architecture "encoder-decoder" in its metadata, got none',
  );
  assertEquals("order" in loadStringsModel(files, "strings"), false);
});

Deno.test("an encoder–decoder that could not be loaded is not saved", () => {
  const files = new MemoryDisk(), [model] = MODELS;
  assertThrows(
    () => saveEncoderDecoder(files, "w", { ...model, task: copyTask(5) }),
    RangeError,
    "the task's 8 symbols, got 7",
  );
  const { "decoder.logits.bias": _, ...parameters } = model.parameters;
  assertThrows(() => saveEncoderDecoder(files, "w", { ...model, parameters }), TypeError);
  assertEquals(files.snapshot(), new MemoryDisk().snapshot());
});
