/**
 * The encoder, batched: an engine for each of its directions, the equations of `models/encoder.ts`.
 *
 * Forwards it hands on its final states, and its states at all symbols as places to attend to; backwards it takes the gradients
 * with respect to both. Its engines have logits, which the model does not: they are never used, and have no gradient.
 *
 * `S` symbols in a source, `H` hidden units of a direction, `D` directions.
 *
 * @module
 */
import { closeOnFailure } from "@/io/close_on_failure.ts";
import { directionNames, directionShape, type EncoderShape } from "@/models/encoder.ts";
import type { CellState, CellStateGradient } from "@/network/cell.ts";
import { createEngine, type Engine } from "./engine.ts";
import type { EngineOptions } from "./worker_pool.ts";

/** What an encoder makes of a source. */
export interface EncodedSource {
  /** Of each layer, its final state, the directions side by side: what a decoder starts from. */
  readonly start: readonly CellState<Float32Array>[];
  /** The top layer's h at each symbol, the directions side by side: the places to attend to, `S` × `D`·`H`. */
  readonly places: Float32Array;
}

/** An encoder ready to run. */
export interface EncoderEngine {
  /** Of each direction, by its name in the model's parameters. */
  readonly engines: ReadonlyMap<string, Engine>;
  /** Reads sources side by side. */
  encode(sources: readonly (readonly number[])[]): EncodedSource[];
  /**
   * Reverses the last call of {@linkcode EncoderEngine.encode}; the gradients are then in the engines.
   *
   * @param gStart ∂L/∂ what a decoder started from, of each source.
   * @param gPlaces ∂L/∂ the places of each source, `S` × `D`·`H`; left out, 0.
   */
  backward(
    gStart: readonly (readonly CellStateGradient<Float32Array>[])[],
    gPlaces?: readonly Float32Array[],
  ): void;
}

/**
 * Makes an encoder's engines.
 *
 * @param shape The encoder's shape.
 * @param options How they work.
 * @returns The encoder.
 */
export function createEncoderEngine(shape: EncoderShape, options: EngineOptions): EncoderEngine {
  const names = directionNames(shape), engines = new Map<string, Engine>(), { hidden: H } = shape;
  const closeAll = () => engines.forEach((engine) => engine.close());
  closeOnFailure({ close: closeAll }, () => {
    for (const name of names) engines.set(name, createEngine(directionShape(shape), options));
  });
  const all = [...engines.values()], width = all.length * H;
  let lengths: readonly number[] = [];
  return {
    engines,
    encode(sources) {
      lengths = sources.map(({ length }) => length);
      const runs = all.map((engine, d) => {
        const outputs = engine.forward({ strings: sources.map(asStringOf(d)), outputWeight: 0 });
        return { outputs, ends: engine.finalStates() };
      });
      return sources.map((_, i) => ({
        start: runs[0].ends[i].map((_, l) => joinStates(runs.map(({ ends }) => ends[i][l]))),
        places: joinOutputs(runs.map(({ outputs }) => outputs[i]), H),
      }));
    },
    backward(gStart, gPlaces) {
      all.forEach((engine, d) => {
        const part = (numbers: Float32Array) => numbers.subarray(d * H, (d + 1) * H);
        const gOutputs = lengths.map((S, i) =>
          gPlaces ? outputsOf(gPlaces[i], d, H, width) : new Float32Array(S * H)
        );
        const gFinal = gStart.map((layers) =>
          layers.map(({ gH, gC }) => ({ gH: part(gH), gC: part(gC) }))
        );
        engine.backward(gOutputs, gFinal);
      });
    },
  };
}

/** A source as a direction reads it: as it is, or from its end. */
function asStringOf(direction: number) {
  return (source: readonly number[]) => ({
    inputs: direction === 0 ? source : source.toReversed(),
    targets: source.map(() => -1),
  });
}

/** Puts the states of a layer's directions side by side. */
function joinStates(states: readonly CellState<Float32Array>[]): CellState<Float32Array> {
  const h = concatenate(states.map(({ h }) => h));
  return states[0].c ? { h, c: concatenate(states.map(({ c }) => c!)) } : { h };
}

function concatenate(lists: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}

/** At which step a direction has read symbol s of `S`. */
function stepOf(direction: number, s: number, S: number): number {
  return direction === 0 ? s : S - 1 - s;
}

/** Puts the directions' h at the same symbol side by side. */
function joinOutputs(outputs: readonly Float32Array[], H: number): Float32Array {
  if (outputs.length === 1) return outputs[0];
  const S = outputs[0].length / H, width = outputs.length * H, places = new Float32Array(S * width);
  outputs.forEach((own, d) => {
    for (let s = 0; s < S; s++) {
      const at = stepOf(d, s, S) * H;
      places.set(own.subarray(at, at + H), s * width + d * H);
    }
  });
  return places;
}

/** A direction's columns of numbers at all symbols, `width` at each, in the order of its steps. */
function outputsOf(places: Float32Array, d: number, H: number, width: number): Float32Array {
  const S = places.length / width, own = new Float32Array(S * H);
  for (let s = 0; s < S; s++) {
    const at = s * width + d * H;
    own.set(places.subarray(at, at + H), stepOf(d, s, S) * H);
  }
  return own;
}
