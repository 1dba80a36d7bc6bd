import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { createTask, TASK_NAMES } from "@/tasks/tasks.ts";
import {
  defaultEncoderDecoderSettings,
  ENCODER_DECODER_OPTIONS,
  type EncoderDecoderSettings,
} from "@/training/encoder_decoder_options.ts";
import { encoderDecoderCommand, encoderDecoderPlan } from "@/training/encoder_decoder_plan.ts";

type Changes = Partial<EncoderDecoderSettings>;

function planOf(changes: Changes = {}) {
  return encoderDecoderPlan({ ...defaultEncoderDecoderSettings(7), ...changes });
}

Deno.test("the defaults are those of the recipe: Adam .002, batches of 64, clipped at 1, 6,000 updates", () => {
  const { optimizer, batch, updates, shape, lengths, seed } = planOf();
  assertEquals(optimizer, { rule: "adam", rate: 0.002, clip: 1 });
  assertEquals([batch, updates, seed, lengths], [64, 6000, 7, { shortest: 8, longest: 64 }]);
  const sizes = { layers: 1, hidden: 128, embedding: 32, symbols: 131, bidirectional: false };
  assertEquals(shape, { cell: "lstm", attention: "none", attentionWidth: 0, ...sizes });
});

Deno.test("every task that is answered after its source can be learned, and no other", () => {
  const learned = TASK_NAMES.filter((name) => ENCODER_DECODER_OPTIONS.task.accepts(name));
  assertEquals(learned, TASK_NAMES.filter((name) => createTask(name, 4).autoregressive));
  for (const task of learned as EncoderDecoderSettings["task"][]) {
    assertEquals(planOf({ task }).task.title, createTask(task).title);
    const { order, task: reversed } = planOf({ task, reverseTarget: true });
    assertEquals(reversed.title, `${createTask(task).title}, target reversed`);
    assertEquals(order, { reverseSource: false, reverseTarget: true });
  }
});

Deno.test("attention is additive and as wide as the layers, unless the settings say otherwise", () => {
  const architecture = "attention",
    ofShape = (changes: Changes) => {
      const { shape: { attention, attentionWidth } } = planOf(changes);
      return [attention, attentionWidth];
    };
  assertEquals(ofShape({ hidden: 9 }), ["none", 0]);
  assertEquals(ofShape({ architecture, hidden: 9 }), ["additive", 9]);
  const chosen = { attention: "dot-product", attentionWidth: 5 } as const;
  assertEquals(ofShape({ architecture, ...chosen }), ["dot-product", 5]);
});

const PLANS: readonly Changes[] = [
  {},
  { architecture: "attention", hidden: 16 },
  { architecture: "attention", attention: "dot-product", attentionWidth: 3, bidirectional: true },
  { task: "substitution", symbols: 32, lengths: "5..20", reverseSource: true, reverseTarget: true },
  { task: "gender", cell: "gru", strings: 640, batch: 10, learningRate: 0.01, build: "strict" },
];

Deno.test("the settings of a plan make the same plan, and so does its command", () => {
  for (const changes of PLANS) {
    const { settings, shape, order, lengths, updates } = planOf(changes);
    const again = encoderDecoderPlan(settings);
    assertEquals(
      [again.settings, again.shape, again.order, again.lengths, again.updates],
      [settings, shape, order, lengths, updates],
    );
    const words = encoderDecoderCommand(settings);
    for (const name of Object.keys(changes)) {
      const isUsual = name === "attention" && changes.attention === "additive";
      const flag = name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
      assertEquals(words.includes(` --${flag} `), !isUsual, `${name} in ${words}`);
    }
  }
  assertEquals(
    encoderDecoderCommand(planOf({ architecture: "attention", hidden: 16 }).settings),
    "deno task train --task reversal --architecture attention --hidden 16 --seed 7",
  );
});

Deno.test("settings that contradict each other are refused in one sentence", () => {
  const wrong: [Changes, string][] = [
    [
      { attention: "additive" },
      "wanted --architecture attention for --attention, got --architecture encoder-decoder",
    ],
    [{ attentionWidth: 4 }, "wanted --architecture attention for --attention-width"],
    [{ cell: "gru", forgetBias: 1 }, "wanted --cell lstm for --forget-bias, got --cell gru"],
    [{ task: "gender", symbols: 4 }, "wanted a task without symbols of its own for --symbols"],
    [{ strings: 63 }, "wanted --batch of at most --strings (63), got 64"],
    [{ lengths: "1..100000", batch: 101 }, "wanted --batch times the longest of --lengths"],
    [{ lengths: "none" }, "Cannot read --lengths: "],
  ];
  for (const [changes, sentence] of wrong) {
    const { message } = assertThrows(() => planOf(changes), UserError);
    assertStringIncludes(message, sentence);
  }
});
