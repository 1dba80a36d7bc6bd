import { assertAlmostEquals, assertEquals } from "@std/assert";
import { sum } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { targetLoss } from "@/models/decoder.ts";
import {
  encoderDecoderBackward,
  encoderDecoderShapes,
  runEncoderDecoder,
} from "@/models/encoder_decoder.ts";
import { zeroTensors } from "@/models/named_tensors.ts";
import { PAIR_KINDS, randomPair, randomPairParameters, randomPairShape } from "./random_pairs.ts";

Deno.test("a bidirectional encoder is two, the second of which reads the reversed source", () => {
  const random = seededRandom("both");
  for (const kind of PAIR_KINDS.filter((kind) => kind.bidirectional && kind.attention !== "none")) {
    const shape = randomPairShape(random, kind), parameters = randomPairParameters(random, shape);
    const string = randomPair(random, shape, [5, 2]), { hidden: H } = shape;
    const swapped = Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => {
        const other = name.startsWith("encoder.")
          ? `reverse_${name}`
          : name.replace(/^reverse_/, "");
        return [other, tensor];
      }),
    );
    const { encoder } = runEncoderDecoder(shape, parameters, string);
    const other = runEncoderDecoder(shape, swapped, {
      ...string,
      source: string.source.toReversed(),
    }).encoder;
    const turn = (h: number[]) => [...h.slice(H), ...h.slice(0, H)];
    assertEquals(other.states.toReversed().map(turn), encoder.states);
    assertEquals(other.final.map(({ h }) => turn(h)), encoder.final.map(({ h }) => h));
    // each direction's final state is its state at the last symbol that it has read
    assertEquals(encoder.final.at(-1)!.h.slice(0, H), encoder.states.at(-1)!.slice(0, H));
    assertEquals(encoder.final.at(-1)!.h.slice(H), encoder.states[0].slice(H));
  }
});

Deno.test("what reaches each symbol of the source adds up to the gradient of its embedding", () => {
  const random = seededRandom("symbols");
  for (const kind of PAIR_KINDS) {
    const shape = { ...randomPairShape(random, kind), symbols: 5 };
    const parameters = randomPairParameters(random, shape),
      gradient = zeroTensors(encoderDecoderShapes(shape));
    const string = { ...randomPair(random, shape, [4, 3]), source: [3, 0, 4, 0] },
      E = shape.embedding;
    const trace = runEncoderDecoder(shape, parameters, string);
    const { gLogits } = targetLoss(trace.logits, string.targets, 1);
    const each = encoderDecoderBackward(shape, parameters, gradient, string, trace, gLogits);
    assertEquals(each.length, shape.bidirectional ? 2 : 1);
    each.forEach((gEmbedded, d) => {
      const gEmbedding = gradient[`${["encoder", "reverse_encoder"][d]}.embedding.weight`];
      gEmbedding.forEach((g, i) => {
        const parts = gEmbedded.filter((_, s) => string.source[s] === Math.floor(i / E));
        assertAlmostEquals(g, sum(parts.map((part) => part[i % E])), 1e-14);
      });
    });
  }
});
