/**
 * The encoder–decoder, batched, in Float32: the equations of `models/encoder_decoder.ts` on an engine for each direction of the
 * encoder and one for the decoder, joined by states. Tests compare every number with that reference.
 *
 * Forwards each string of the decoder starts from its source's final state, and with attention it has the encoder's states as
 * its places; backwards the gradients with respect to both go to the encoder. The engines have parameters that the model does not, the encoder's logits and the
 * decoder's trained start: nothing depends on them, so that they stay 0, and they are not shown.
 *
 * `S` symbols in a source, `T` steps of the decoder, `K` symbols.
 *
 * @module
 */
import { closeOnFailure } from "@/io/close_on_failure.ts";
import { decoderModelShape } from "@/models/decoder_shape.ts";
import {
  checkPair,
  decoderShapeOf,
  type EncoderDecoderShape,
  encoderDecoderShapes,
  type PairBatch,
} from "@/models/encoder_decoder.ts";
import { tensorSize, tensorsOfPart } from "@/models/named_tensors.ts";
import { createEncoderEngine, type EncodedSource } from "./encoder_engine.ts";
import { engineParameterShapes, type EngineShape } from "./engine_shape.ts";
import { createEngine, type Engine, type OptimizerState, type Tensors } from "./engine.ts";
import { checkOptimizer, type Optimizer, type StepReport, stepTogether } from "./optimizer.ts";
import { checkFloat32 } from "./parameter_buffers.ts";
import { createStepper, type Stepper } from "./stepper.ts";
import type { EngineOptions } from "./worker_pool.ts";

/** The result of an update. */
export interface PairUpdateReport extends StepReport {
  /** L, added up over the pairs; if it is not finite, nothing was changed, and the norm is NaN. */
  readonly loss: number;
}

/** An encoder–decoder ready to run. Its tensors have the names of `encoderDecoderShapes`. */
export interface EncoderDecoderEngine {
  readonly shape: EncoderDecoderShape;
  /** Copies parameters in. */
  setParameters(parameters: Readonly<Record<string, ArrayLike<number>>>): void;
  /** Copies parameters out. */
  parameters(): Tensors;
  /** The loss of a batch of pairs and its gradient. */
  gradient(batch: PairBatch): { readonly loss: number; readonly gradients: Tensors };
  /** Each pair's logits at every step of the decoder, `T` × `K`, in the order of the batch. */
  logits(batch: PairBatch): Float32Array[];
  /** One step of an optimizer along a batch's gradient; all parameters are clipped together. */
  update(batch: PairBatch, optimizer: Optimizer): PairUpdateReport;
  /** What the encoder makes of sources: what the decoder starts from, and may attend to. */
  encode(sources: readonly (readonly number[])[]): EncodedSource[];
  /** The decoder, symbol by symbol, with the parameters of now: always the same one, which the engine closes. */
  decoder(): Stepper;
  optimizerState(): OptimizerState;
  setOptimizerState(state: OptimizerState): void;
  /** Bytes of memory taken. */
  memoryBytes(): number;
  /** Ends the workers; the engine can then no longer be used. */
  close(): void;
}

/**
 * Makes an engine; its parameters are all 0 until they are set.
 *
 * @example One update lowers the loss.
 * ```ts
 * import { createEncoderDecoderEngine } from "@/engine/encoder_decoder_engine.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { initialEncoderDecoder } from "@/models/encoder_decoder.ts";
 * import { assertLess } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 8, embedding: 4, symbols: 5, attentionWidth: 0 };
 * const shape = { cell: "gru", attention: "none", ...sizes } as const;
 * const engine = createEncoderDecoderEngine(shape);
 * engine.setParameters(initialEncoderDecoder(shape, seededRandom(1)));
 * const batch = {
 *   strings: [{ source: [0, 1, 0], inputs: [3, 1, 2], targets: [1, 2, 4] }],
 *   outputWeight: 1 / 3,
 * };
 * const before = engine.update(batch, { rule: "adam", rate: 0.01 });
 * assertLess(engine.gradient(batch).loss, before.loss);
 * ```
 * @param shape The model's shape.
 * @param options How it works; each of its two or three engines has so many threads.
 * @returns The engine.
 * @throws {TypeError} If there is no such cell, attention or build.
 * @throws {RangeError} If a size is not a whole number of at least 1, or the number of threads not one from 1 to 256.
 * @throws {Error} If a worker cannot be started.
 */
export function createEncoderDecoderEngine(
  shape: EncoderDecoderShape,
  options: EngineOptions = {},
): EncoderDecoderEngine {
  const shapes = encoderDecoderShapes(shape),
    decoderShape = decoderEngineShape(shape);
  const encoder = createEncoderEngine(shape, options);
  const engines = new Map(encoder.engines), all = () => [...engines.values()];
  const closeAll = () => all().forEach((engine) => engine.close());
  const decoder = closeOnFailure({ close: closeAll }, () => createEngine(decoderShape, options));
  engines.set("decoder", decoder);
  let stepper: Stepper | undefined, stale = false;

  /** Reads the sources, and lays the pairs out for the decoder. */
  function decoderBatch(action: string, { strings, outputWeight }: PairBatch) {
    for (const string of strings) checkPair(action, shape, string);
    const encoded = encoder.encode(strings.map(({ source }) => source));
    return {
      strings: strings.map(({ inputs, targets }, i) => ({
        inputs,
        targets,
        start: encoded[i].start,
        ...(decoderShape.attention && { places: encoded[i].places }),
      })),
      outputWeight,
    };
  }

  /** Takes the decoder's gradient on to the encoder. */
  function reverseEncoder(): void {
    const gPlaces = decoderShape.attention && decoder.placeGradients();
    encoder.backward(decoder.startGradients(), gPlaces);
  }

  /** Some tensors of every engine, under the model's names, without those that the model does not have. */
  function collect(read: (engine: Engine) => Tensors): Tensors {
    const found = new Map<string, Float32Array>(
      [...engines].flatMap(([part, engine]) =>
        Object.entries(read(engine)).map(([name, tensor]) => [`${part}.${name}`, tensor] as const)
      ),
    );
    return Object.fromEntries(shapes.map(([name]) => [name, found.get(name)!]));
  }

  return {
    shape,
    setParameters(parameters) {
      checkFloat32("set the engine's parameters", shapes, parameters);
      for (const [part, engine] of engines) {
        engine.setParameters(completeTensors(engine, tensorsOfPart(part, parameters)));
      }
      stale = true;
    },
    parameters: () => collect((engine) => engine.parameters()),
    gradient(batch) {
      const { loss } = decoder.takeGradient(decoderBatch("take the gradient", batch));
      reverseEncoder();
      return { loss, gradients: collect((engine) => engine.gradients()) };
    },
    logits: (batch) => decoder.logits(decoderBatch("run the model", batch)),
    update(batch, optimizer) {
      checkOptimizer(optimizer); // refused before anything is computed
      const laidOut = decoderBatch("train", batch);
      if (!laidOut.strings.every(({ start }) => isFiniteStart(start))) return DIVERGED;
      const { loss } = decoder.takeGradient(laidOut), own = decoder.gradientNorm();
      if (!Number.isFinite(loss)) return { loss, gradientNorm: NaN, applied: false };
      if (!Number.isFinite(own)) return { loss, gradientNorm: own, applied: false };
      reverseEncoder();
      const report = stepTogether(all(), optimizer);
      stale ||= report.applied;
      return { loss, ...report };
    },
    encode(sources) {
      for (const source of sources) checkPair("read sources", shape, { source, ...NOTHING });
      return encoder.encode(sources);
    },
    decoder() {
      if (stepper === undefined) {
        stepper = createStepper(decoderShape, decoder.parameters(), options);
      } else if (stale) stepper.setParameters(decoder.parameters());
      stale = false;
      return stepper;
    },
    optimizerState: () => ({
      steps: decoder.optimizerState().steps,
      first: collect((engine) => engine.optimizerState().first),
      second: collect((engine) => engine.optimizerState().second),
    }),
    setOptimizerState({ steps, first, second }) {
      for (const tensors of [first, second]) {
        checkFloat32("set the optimizer's state", shapes, tensors);
      }
      for (const [part, engine] of engines) {
        const own = (tensors: Tensors): Tensors =>
          completeTensors(engine, tensorsOfPart(part, tensors));
        engine.setOptimizerState({ steps, first: own(first), second: own(second) });
      }
    },
    memoryBytes: () =>
      all().reduce((sum, engine) => sum + engine.memoryBytes(), stepper?.memoryBytes() ?? 0),
    close() {
      closeAll();
      stepper?.close();
    },
  };
}

/** The shape of the decoder's engine. */
function decoderEngineShape(shape: EncoderDecoderShape): EngineShape {
  const own = decoderShapeOf(shape), model = decoderModelShape(own);
  const { attention: kind, attentionWidth: width, placeWidth } = own;
  return kind === "none" ? model : { ...model, attention: { kind, width, placeWidth } };
}

/** The report of an update whose encoder has given a state that no decoder can start from; one at a symbol becomes the last. */
export const DIVERGED: PairUpdateReport = { loss: NaN, gradientNorm: NaN, applied: false };

function isFiniteStart(start: EncodedSource["start"]): boolean {
  return start.every(({ h, c }) => h.every(Number.isFinite) && (c?.every(Number.isFinite) ?? true));
}

/** What a decoder is fed before it has been asked anything. */
const NOTHING = { inputs: [0], targets: [0] };

/** The tensors of an engine: those of the model, and 0 where the model has none. */
function completeTensors<Tensor>(
  { shape }: Engine,
  own: Readonly<Record<string, Tensor>>,
): Record<string, Tensor | Float32Array> {
  const zeros = engineParameterShapes(shape).map(([name, dimensions]) => //
  [name, new Float32Array(tensorSize(dimensions))]);
  return { ...Object.fromEntries(zeros), ...own };
}
