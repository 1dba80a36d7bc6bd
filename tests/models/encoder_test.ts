import { assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { runEncoderDecoder } from "@/models/encoder_decoder.ts";
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
