import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { decodeSymbols } from "@/text/alphabet.ts";
import { hashOfText } from "@/text/corpus.ts";
import { defaultTextSettings, type TextSettings } from "@/training/text_options.ts";
import { resolveTextSettings, textCommand, textPlan } from "@/training/text_plan.ts";
import { textDisk, TINY_TEXT, tinyTextSettings } from "./tiny_text.ts";

const plan = (changes: Partial<TextSettings>, text?: string) =>
  textPlan(resolveTextSettings(tinyTextSettings(changes)), textDisk(text));

function refusal(changes: Partial<TextSettings>, text?: string): string {
  return assertThrows(() => plan(changes, text), UserError).message;
}

Deno.test("the defaults: an LSTM of 128 units on Moby Dick, 32 streams of 100 characters, state carried", () => {
  const { seed, ...settings } = defaultTextSettings(7);
  assertEquals(seed, 7);
  assertEquals(settings, {
    task: "text",
    corpus: "moby-dick",
    unit: "characters",
    wrap: null,
    heldOut: 0.1,
    cell: "lstm",
    hidden: 128,
    layers: 1,
    embedding: 32,
    batch: 32,
    truncate: 100,
    resetState: false,
    characters: 6_000_000,
    learningRate: 0.003,
    clip: 1,
    forgetBias: null,
    build: "relaxed",
  });
});

Deno.test("a plan has what the settings say", () => {
  const { shape, streams, optimizer, carry, updates, text, forgetBias, hash } = plan({
    cell: "gru",
    layers: 2,
    learningRate: 0.5,
    clip: 2,
    resetState: true,
    heldOut: 0.2,
  });
  const sizes = { layers: 2, hidden: 6, embedding: 3, valueWidth: 0, symbols: text.alphabet.size };
  assertEquals(shape, { cell: "gru", memory: "none", ...sizes });
  assertEquals([streams.streams, streams.truncation, updates], [3, 5, 30]);
  assertEquals(optimizer, { rule: "adam", rate: 0.5, clip: 2 });
  assertEquals([carry, forgetBias, hash], [false, undefined, hashOfText(TINY_TEXT)]);
  assertEquals(text.validation.length, Math.round(0.2 * TINY_TEXT.length));
  assertEquals(
    decodeSymbols(text.alphabet, text.training),
    TINY_TEXT.slice(0, text.training.length),
  );
  assertEquals(plan({ forgetBias: 2 }).forgetBias, 2);
  assertEquals(plan({ characters: 59 }).updates, 3);
});

Deno.test("the network is trained on the streams of the part that is not held out", () => {
  const { text, streams } = plan({});
  const [first] = streams.stringsOf(0);
  assertEquals(decodeSymbols(text.alphabet, first.inputs), TINY_TEXT.slice(0, 5));
  const read = streams.streams * streams.updatesPerPass * streams.truncation;
  assertEquals(read <= text.training.length, true);
});

Deno.test("lines are wrapped before anything else, and symbols can be bytes", () => {
  const wrapped = plan({ wrap: 12 }, "call me Ishmael. ".repeat(20));
  const { alphabet, training } = wrapped.text;
  assertEquals(decodeSymbols(alphabet, training).slice(0, 26), "call me\nIshmael.\ncall me\nI");
  assertEquals(plan({ unit: "bytes" }, "né".repeat(40)).shape.symbols, 256);
  assertEquals(plan({}, "né".repeat(40)).shape.symbols, 2);
});

Deno.test("a text that is too short is refused with the length that it must have", () => {
  // 15 symbols and the target of the last one to train on, and a tenth more: 18 − 2 = 16.
  assertEquals(
    refusal({}, "a".repeat(17)),
    "Cannot train on my.txt: wanted a text of at least 18 characters (--batch 3 streams of " +
      "--truncate 5, and --held-out 0.1), got 17",
  );
  assertEquals(plan({}, "a".repeat(18)).streams.updatesPerPass, 1);
  // The held-out part must have a symbol to read and one to predict.
  assertEquals(
    refusal({ heldOut: 0.001 }, "a".repeat(1499)).includes("at least 1,500 characters"),
    true,
  );
  assertEquals(plan({ heldOut: 0.001 }, "a".repeat(1500)).text.validation.length, 2);
  assertEquals(
    refusal({ heldOut: 0.9, unit: "bytes" }, "é").includes("wanted a text of at least 156 bytes"),
    true,
  );
  assertEquals(plan({ heldOut: 0.9 }, "a".repeat(156)).text.training.length, 16);
});

Deno.test("settings that contradict each other are refused before the text is read", () => {
  const cases: [changes: Partial<TextSettings>, message: string][] = [
    [
      { cell: "rnn", forgetBias: 1 },
      "Cannot train: wanted --cell lstm for --forget-bias, got --cell rnn",
    ],
    [
      { characters: 14 },
      "Cannot train: wanted --characters of at least 15 (--batch times --truncate), got 14",
    ],
    [
      { batch: 65_536, truncate: 1000, characters: 1e9 },
      "Cannot train: wanted --batch times --truncate to be at most 10000000, got 65536000",
    ],
  ];
  for (const [changes, message] of cases) {
    const settings = { ...tinyTextSettings(changes), corpus: "nowhere.txt" };
    assertEquals(assertThrows(() => resolveTextSettings(settings), UserError).message, message);
  }
});

Deno.test("the command names what differs from the defaults, and quotes a path with blanks", () => {
  const settings = {
    ...defaultTextSettings(3),
    corpus: "my texts/a.txt",
    resetState: true,
    hidden: 64,
  } as const;
  assertEquals(
    textCommand(settings),
    "deno task train --task text --corpus 'my texts/a.txt' --hidden 64 --reset-state --seed 3",
  );
});
