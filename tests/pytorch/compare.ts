/** What PyTorch makes of models and batches: the client of `compare.py`. */
import { assert, assertEquals } from "@std/assert";
import type { NamedTensors, ParameterShape } from "@/models/named_tensors.ts";
import type { SequenceBatch } from "@/models/sequence_batch.ts";
import type { SequenceParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { PYTHON } from "./python.ts";

/** A model and a batch; all parameters are Float32 numbers. */
export interface ModelCase {
  readonly shape: SequenceModelShape;
  readonly parameters: SequenceParameters;
  readonly batch: SequenceBatch;
  /** Batches that run first: each string starts from the state in which the same one of the batch before has ended. */
  readonly before?: readonly SequenceBatch[];
  /** Whether the gradient stops there. */
  readonly detach?: boolean;
}

/** What PyTorch computed in Float64. */
export interface PyTorchResult {
  readonly loss: number;
  /** Of each string of the last batch, `T` × `K`, in one list. */
  readonly logits: readonly Float64Array[];
  readonly gradients: Readonly<Record<string, Float64Array>>;
}

/** An answer of compare.py. */
interface Answer {
  readonly error?: string;
  readonly loss: number;
  readonly logits: string[];
  readonly gradients: Record<string, string>;
}

function encode(numbers: Float64Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(Float32Array.from(numbers).buffer)));
}

function decode(text: string): Float64Array {
  return new Float64Array(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer);
}

/** Asks PyTorch, which computes in Float64, about all cases at once: it takes longest to start. */
export function askPyTorch(cases: readonly ModelCase[]): Promise<PyTorchResult[]> {
  return ask("compare.py", cases);
}

/** A model that is not a sequence model, its batch, and its parameters' names and dimensions. */
export interface DecoderCase<Shape = unknown, Batch = unknown> {
  readonly shape: Shape;
  readonly shapes: readonly ParameterShape[];
  readonly parameters: NamedTensors;
  readonly batch: Batch;
}

/** The same of encoder–decoders and captioners. */
export function askPyTorchAboutDecoders(cases: readonly DecoderCase[]): Promise<PyTorchResult[]> {
  const requests = cases.map(({ shapes, ...rest }) => ({
    ...rest,
    dimensions: Object.fromEntries(shapes),
  }));
  return ask("decoders.py", requests);
}

interface Request {
  readonly parameters: NamedTensors;
}

async function ask(
  program: string,
  cases: readonly Request[],
): Promise<PyTorchResult[]> {
  const requests = cases.map(({ parameters, ...rest }) => {
    const encoded = Object.entries(parameters).map(([name, numbers]) => [name, encode(numbers)]);
    return JSON.stringify({ ...rest, parameters: Object.fromEntries(encoded) });
  });
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const process = new Deno.Command(PYTHON, {
    args: [`${import.meta.dirname}/${program}`],
    ...piped,
  }).spawn();
  const written = new Blob([requests.join("\n")]).stream().pipeTo(process.stdin);
  const [{ stdout, stderr, success }] = await Promise.all([process.output(), written]);
  assert(success, new TextDecoder().decode(stderr));
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  assertEquals(lines.length, cases.length);
  return lines.map((line) => {
    const { error, loss, logits, gradients }: Answer = JSON.parse(line);
    assertEquals(error, undefined);
    const decoded = Object.entries(gradients).map(([name, text]) => [name, decode(text)]);
    return { loss, logits: logits.map(decode), gradients: Object.fromEntries(decoded) };
  });
}
