import { assertEquals, assertThrows } from "@std/assert";
import {
  ATTENTION_NAMES,
  decoderModelShape,
  type DecoderShape,
  decoderShapes,
} from "@/models/decoder_shape.ts";
import { parameterShapes } from "@/models/sequence_shape.ts";

const SIZES = { layers: 2, hidden: 4, embedding: 3, symbols: 6, attentionWidth: 0, placeWidth: 0 };

Deno.test("without attention the parameters are the sequence model's, without its start if it is given one", () => {
  for (const cell of ["rnn", "lstm", "gru"] as const) {
    for (const trainsStart of [false, true]) {
      const shape = { cell, attention: "none", ...SIZES, trainsStart } as const;
      const wanted = parameterShapes(decoderModelShape(shape))
        .filter(([name]) => trainsStart || !/[hc]0$/.test(name));
      assertEquals(decoderShapes(shape), wanted);
    }
  }
});

Deno.test("with attention the lowest layer and the logits have columns for the context", () => {
  const widths = { attentionWidth: 5, placeWidth: 7, trainsStart: true };
  for (const attention of ["additive", "dot-product"] as const) {
    const shapes = Object.fromEntries(
      decoderShapes({ cell: "gru", attention, ...SIZES, ...widths }),
    );
    assertEquals(shapes["cells.0.weight_ih"], [12, 3 + 7]);
    assertEquals(shapes["cells.1.weight_ih"], [12, 4]);
    assertEquals(shapes["logits.weight"], [6, 4 + 7]);
    assertEquals(shapes["attention.query.weight"], [5, 4]);
    assertEquals(shapes["attention.key.weight"], [5, 7]);
    assertEquals("attention.score.weight" in shapes, attention === "additive");
  }
});

Deno.test("widths of attention without attention are refused, attention without widths, and other kinds", () => {
  const refused = (changed: Partial<DecoderShape>, message: string) => {
    const shape: DecoderShape = {
      cell: "rnn",
      attention: "none",
      ...SIZES,
      trainsStart: false,
      ...changed,
    };
    const wanted = `Cannot list the decoder's parameters: wanted ${message}`;
    assertThrows(() => decoderShapes(shape), Error, wanted);
  };
  refused({ attentionWidth: 3 }, "attentionWidth 0 without attention, got 3");
  refused({ placeWidth: 3 }, "placeWidth 0 without attention, got 3");
  refused({ attention: "additive", placeWidth: 3 }, "attentionWidth of at least 1, got 0");
  refused({ attention: "dot-product", attentionWidth: 3 }, "placeWidth of at least 1, got 0");
  const unknown = "hard" as (typeof ATTENTION_NAMES)[number];
  refused({ attention: unknown }, 'attention "none" or "additive" or "dot-product", got hard');
});
