import { assert, assertEquals } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { seededRandom } from "@/math/random.ts";
import type { SequenceBatch } from "@/models/sequence_batch.ts";
import type { SequenceParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { missing, PYTHON } from "../pytorch/python.ts";
import { float32Batch, float32Parameters, float32Shape } from "./float32_sequences.ts";
import { assertNear, norm, normOfAll } from "./tensors.ts";

const SCRIPT = decodeURIComponent(new URL("../pytorch/compare.py", import.meta.url).pathname);
const WITHIN = 1e-5, OF_ALL = 1e-7; // see engine_reference_test.ts

interface Case {
  readonly shape: SequenceModelShape;
  readonly parameters: SequenceParameters;
  readonly batch: SequenceBatch;
}

/** What compare.py answers, if it can. */
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
async function ask(cases: Case[]): Promise<Answer[]> {
  const requests = cases.map(({ parameters, ...rest }) => {
    const encoded = Object.entries(parameters).map(([name, numbers]) => [name, encode(numbers)]);
    return JSON.stringify({ ...rest, parameters: Object.fromEntries(encoded) });
  });
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const process = new Deno.Command(PYTHON, { args: [SCRIPT], ...piped }).spawn();
  const written = new Blob([requests.join("\n")]).stream().pipeTo(process.stdin);
  const [{ stdout, stderr, success }] = await Promise.all([process.output(), written]);
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
}

function compare({ shape, parameters, batch }: Case, answer: Answer): void {
  assertEquals(answer.error, undefined);
  const engine = createEngine(shape), what = JSON.stringify(shape);
  engine.setParameters(parameters);
  const [{ loss, gradients }, logits] = [engine.gradient(batch), engine.logits(batch)];
  assert(Math.abs(loss - answer.loss) <= WITHIN * Math.abs(answer.loss), `loss: ${what}`);
  assertEquals(logits.length, answer.logits.length);
  logits.forEach((rows, i) => {
    const wanted = decode(answer.logits[i]);
    assertNear(rows, wanted, WITHIN * norm(wanted), `logits of string ${i}, ${what}`);
  });
  const wanted = Object.fromEntries(
    Object.entries(answer.gradients).map(([name, text]) => [name, decode(text)]),
  );
  assertEquals(Object.keys(wanted).sort(), Object.keys(gradients).sort());
  for (const [name, gradient] of Object.entries(wanted)) {
    const room = gradient.length === 1 ? OF_ALL * normOfAll(wanted) : 0;
    assertNear(gradients[name], gradient, WITHIN * norm(gradient) + room, `${name}, ${what}`);
  }
}

const reason = missing(["torch", "numpy"], false);
const NAME = "PyTorch gives the same logits, loss and gradients with the same weights";

Deno.test({
  name: reason === undefined ? NAME : `${NAME} (left out: ${reason})`,
  ignore: reason !== undefined,
  async fn() {
    const random = seededRandom("PyTorch"), cases: Case[] = [];
    for (const cell of ["rnn", "lstm"] as const) {
      for (const memory of ["stack", "none"] as const) {
        for (const layers of [1, 2]) {
          for (const lengths of [[1], [6, 2, 9], [5, 5]]) {
            const shape = float32Shape(random, { cell, memory, layers });
            const parameters = float32Parameters(random, shape);
            cases.push({ shape, parameters, batch: float32Batch(random, shape, lengths) });
          }
        }
      }
    }
    const answers = await ask(cases);
    assertEquals(answers.length, cases.length);
    for (const [i, answer] of answers.entries()) compare(cases[i], answer);
  },
});
