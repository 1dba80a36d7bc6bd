/**
 * The captioner, batched, in Float32: the equations of `models/captioner.ts`, the image encoder as products of whole batches, the
 * decoder on an engine. Tests compare every number with that reference.
 *
 * Forwards W_i v is added to the first sums of each image's string in the decoder, and with attention the cells with their
 * positions are its places; backwards the gradients with respect to both go to the cells.
 *
 * `B` images, `S` cells, `F` features of a cell, `T` steps of the decoder, `K` symbols.
 *
 * @module
 */
import { closeOnFailure } from "@/io/close_on_failure.ts";
import { checkVector } from "@/math/shapes.ts";
import {
  type CaptionBatch,
  type CaptionerShape,
  captionerShapes,
  decoderShapeOf,
} from "@/models/captioner.ts";
import { checkForced } from "@/models/decoder.ts";
import { decoderModelShape } from "@/models/decoder_shape.ts";
import { gridSize } from "@/models/image_encoder.ts";
import { type ParameterShape, tensorSize, tensorsOfPart } from "@/models/named_tensors.ts";
import { SUMS_OF_CELL } from "@/models/sequence_shape.ts";
import { pixelCount } from "@/network/convolution.ts";
import { DIVERGED, type EncoderDecoderEngine } from "./encoder_decoder_engine.ts";
import type { EngineShape } from "./engine_shape.ts";
import { createEngine, type Tensors } from "./engine.ts";
import {
  convolutionRows,
  createImageEncoderEngine,
  type ImageEncoderEngine,
} from "./image_encoder_engine.ts";
import { checkOptimizer, type Optimizer, type StepPart, stepTogether } from "./optimizer.ts";
import { checkFloat32, type ParameterRun } from "./parameter_buffers.ts";
import { createParameterMatrices, type MatrixProduct } from "./parameter_matrices.ts";
import { createStepper, type Stepper } from "./stepper.ts";
import type { EngineOptions } from "./worker_pool.ts";

/** What the decoder is given of an image. */
export interface SeenImage {
  /** W_i v, `G`·`H`. */
  readonly firstSums: Float32Array;
  /** With attention the cells with their positions, `S` × `F`. */
  readonly places?: Float32Array;
}

/** A captioner ready to run. Its tensors have the names of `captionerShapes`. */
export interface CaptionerEngine extends
  Pick<
    EncoderDecoderEngine,
    | "setParameters"
    | "parameters"
    | "decoder"
    | "optimizerState"
    | "setOptimizerState"
    | "memoryBytes"
    | "close"
  > {
  readonly shape: CaptionerShape;
  /** The loss of a batch of captioned images and its gradient. */
  gradient(batch: CaptionBatch): { readonly loss: number; readonly gradients: Tensors };
  /** Each image's logits at every step of the decoder, `T` × `K`, in the order of the batch. */
  logits(batch: CaptionBatch): Float32Array[];
  /** One step of an optimizer along a batch's gradient; all parameters are clipped together. */
  update(
    batch: CaptionBatch,
    optimizer: Optimizer,
  ): ReturnType<EncoderDecoderEngine["update"]>;
  /** What the decoder is given of images. */
  look(images: readonly ArrayLike<number>[]): SeenImage[];
}

/** What makes cells and W_i v of as many images as there is room for. */
interface Looking {
  readonly room: number;
  readonly encoder: ImageEncoderEngine;
  readonly Wi: MatrixProduct;
}

/** The weight that takes an image's vector to the sums of the first step. */
const IMAGE_WEIGHT = "decoder.image.weight";
const POSITIONS = "position_embedding.weight";
/** What comes before the names of the image encoder's parameters. */
const IMAGE = "image.";

/**
 * Makes an engine; its parameters are all 0 until they are set.
 *
 * @example One update lowers the loss.
 * ```ts
 * import { createCaptionerEngine } from "@/engine/captioner_engine.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { initialCaptioner } from "@/models/captioner.ts";
 * import { assertLess } from "@std/assert";
 *
 * const image = { channels: 1, height: 4, width: 4 }, blocks = [{ channels: 3, kernel: 3, pool: 2 }];
 * const sizes = { layers: 1, hidden: 6, embedding: 2, symbols: 7, attentionWidth: 8 };
 * const shape = { image, blocks, cell: "lstm", attention: "additive", ...sizes } as const;
 * const engine = createCaptionerEngine(shape);
 * engine.setParameters(initialCaptioner(shape, seededRandom(1)));
 * const images = [{ image: new Float64Array(16).fill(1), inputs: [5, 2], targets: [2, 6] }];
 * const batch = { images, outputWeight: 1 / 2 };
 * const before = engine.update(batch, { rule: "adam", rate: 0.01 });
 * assertLess(engine.gradient(batch).loss, before.loss);
 * ```
 * @param shape The captioner's shape.
 * @param options How it works; the threads are the decoder's.
 * @returns The engine.
 * @throws {TypeError} If there is no such cell, attention or build.
 * @throws {RangeError} If a size is not a whole number of at least 1, a block does not fit what is below it, or the number of
 * threads is not one from 1 to 256.
 */
export function createCaptionerEngine(
  shape: CaptionerShape,
  options: EngineOptions = {},
): CaptionerEngine {
  const shapes = captionerShapes(shape), size = gridSize(shape), cellNumbers = pixelCount(size);
  const attends = shape.attention !== "none", decoder = createEngine(engineShapeOf(shape), options);
  const matrices = closeOnFailure(
    decoder,
    () => createParameterMatrices(matrixShapes(shape), options.build ?? "relaxed"),
  );
  let looking: Looking | undefined;
  let stepper: Stepper | undefined, stale = false, steps = 0;

  /** What looks at so many images or more. */
  function lookingAt(images: number): Looking {
    if (looking !== undefined && images <= looking.room) return looking;
    const rows = { ...convolutionRows(shape, images, IMAGE), [IMAGE_WEIGHT]: images };
    const products = matrices.products(rows);
    const encoder = createImageEncoderEngine(shape, matrices, products, images, IMAGE);
    return looking = { room: images, encoder, Wi: products[IMAGE_WEIGHT] };
  }

  function look(action: string, images: readonly ArrayLike<number>[]): SeenImage[] {
    if (images.length === 0) {
      throw new RangeError(`Cannot ${action}: wanted 1 image or more, got 0`);
    }
    for (const image of images) {
      checkVector(action, "numbers in the image", image, pixelCount(shape.image));
    }
    const { encoder, Wi } = lookingAt(images.length);
    const all = encoder.forward(images);
    const cells = images.map((_, n) => all.slice(n * cellNumbers, (n + 1) * cellNumbers));
    cells.forEach((v, n) => Wi.X.set(v, n * Wi.inputs));
    Wi.forward(images.length);
    const positions = attends ? matrices.numbers("weightsAt", POSITIONS) : undefined;
    return cells.map((f, n) => ({
      firstSums: Wi.Y.slice(n * Wi.outputs, n * Wi.outputs + sumsOf(shape)),
      ...(positions && { places: f.map((x, i) => x + positions[i]) }),
    }));
  }

  /** Looks at the images, and lays their captions out for the decoder. */
  function decoderBatch(action: string, { images, outputWeight }: CaptionBatch) {
    for (const captioned of images) checkForced(action, shape.symbols, captioned);
    const seen = look(action, images.map(({ image }) => image));
    const strings = images.map(({ inputs, targets }, n) => ({ inputs, targets, ...seen[n] }));
    return { strings, outputWeight };
  }

  /** Takes the decoder's gradient on to W_i, the positions and the image encoder. */
  function reverseImages(): void {
    matrices.clearGradients();
    const gSums = decoder.firstSumGradients(), B = gSums.length, { encoder, Wi } = lookingAt(B);
    gSums.forEach((g, n) => Wi.Y.set(g, n * Wi.outputs));
    Wi.addGradient(B);
    // v = f_1 … f_S
    const gV = Wi.inputGradient(B), gCells = new Float32Array(B * cellNumbers);
    for (let n = 0; n < B; n++) {
      gCells.set(gV.subarray(n * Wi.inputs, n * Wi.inputs + cellNumbers), n * cellNumbers);
    }
    if (attends) addPlaceGradients(gCells);
    encoder.backward(gCells);
  }

  /** a_s = f_s + position s. */
  function addPlaceGradients(gCells: Float32Array): void {
    const gPositions = new Float64Array(cellNumbers);
    decoder.placeGradients().forEach((gPlaces, n) => {
      gPlaces.forEach((g, i) => {
        gPositions[i] += g;
        gCells[n * cellNumbers + i] += g;
      });
    });
    matrices.numbers("gradientsAt", POSITIONS).set(gPositions);
  }

  /** Tensors of both parts, in the model's order. */
  function collect(run: ParameterRun, ofDecoder: Tensors): Tensors {
    const all = { ...matrices.get(run), ...withPart("decoder", ofDecoder) };
    return Object.fromEntries(shapes.map(([name]) => [name, all[name]]));
  }

  /** The decoder's tensors among the model's. */
  function ofDecoder<Tensor>(tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    const { [IMAGE_WEIGHT]: _, ...others } = tensors;
    return tensorsOfPart("decoder", others);
  }

  const parts: readonly StepPart[] = [decoder, {
    gradientNorm: () => matrices.gradientNorm(),
    step: (optimizer) => matrices.step(optimizer, steps + 1),
  }];

  return {
    shape,
    setParameters(parameters) {
      checkFloat32("set the engine's parameters", shapes, parameters);
      decoder.setParameters(ofDecoder(parameters));
      matrices.set("weightsAt", parameters);
      stale = true;
    },
    parameters: () => collect("weightsAt", decoder.parameters()),
    gradient(batch) {
      const { loss } = decoder.takeGradient(decoderBatch("take the gradient", batch));
      reverseImages();
      return { loss, gradients: collect("gradientsAt", decoder.gradients()) };
    },
    logits: (batch) => decoder.logits(decoderBatch("run the model", batch)),
    update(batch, optimizer) {
      checkOptimizer(optimizer); // refused before anything is computed
      const laidOut = decoderBatch("train", batch);
      if (!laidOut.strings.every(isFiniteView)) return DIVERGED;
      const { loss } = decoder.takeGradient(laidOut);
      if (!Number.isFinite(loss)) return { loss, gradientNorm: NaN, applied: false };
      reverseImages();
      const report = stepTogether(parts, optimizer);
      if (report.applied) steps++;
      stale ||= report.applied;
      return { loss, ...report };
    },
    look: (images) => look("look at images", images),
    decoder() {
      if (stepper === undefined) {
        stepper = createStepper(decoder.shape, decoder.parameters(), options);
      } else if (stale) stepper.setParameters(decoder.parameters());
      stale = false;
      return stepper;
    },
    optimizerState() {
      const { first, second } = decoder.optimizerState();
      return {
        steps,
        first: collect("firstMoment", first),
        second: collect("secondMoment", second),
      };
    },
    setOptimizerState(state) {
      const { first, second } = state;
      for (const tensors of [first, second]) {
        checkFloat32("set the optimizer's state", shapes, tensors);
      }
      const own = { first: ofDecoder(first), second: ofDecoder(second) };
      decoder.setOptimizerState({ steps: state.steps, ...own });
      steps = state.steps;
      matrices.set("firstMoment", first);
      matrices.set("secondMoment", second);
    },
    memoryBytes: () =>
      decoder.memoryBytes() + matrices.memoryBytes() + (stepper?.memoryBytes() ?? 0),
    close() {
      decoder.close();
      stepper?.close();
    },
  };
}

/** The shape of the decoder's engine. */
function engineShapeOf(shape: CaptionerShape): EngineShape {
  const own = decoderShapeOf(shape), model = decoderModelShape(own);
  const { attention: kind, attentionWidth: width, placeWidth } = own;
  return kind === "none" ? model : { ...model, attention: { kind, width, placeWidth } };
}

/** The parameters that are not the decoder's: positions are one row, since nothing is multiplied with them. */
function matrixShapes(shape: CaptionerShape): ParameterShape[] {
  return captionerShapes(shape)
    .filter(([name]) => name === IMAGE_WEIGHT || !name.startsWith("decoder."))
    .map(([name, dimensions]) => [
      name,
      name === POSITIONS ? [tensorSize(dimensions)] : dimensions,
    ]);
}

/** `G`·`H`. */
function sumsOf({ cell, hidden }: CaptionerShape): number {
  return SUMS_OF_CELL[cell] * hidden;
}

function isFiniteView({ firstSums, places }: SeenImage): boolean {
  return firstSums.every(Number.isFinite) && (places?.every(Number.isFinite) ?? true);
}

function withPart(part: string, tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [`${part}.${name}`, tensor]),
  );
}
