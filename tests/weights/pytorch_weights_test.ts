import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { answerPairs } from "@/tasks/decoding.ts";
import { reversalTask } from "@/tasks/reversal.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { expectedAnswer, type LengthRange, type Pair } from "@/tasks/task.ts";
import { disk } from "@/io/disk.ts";
import {
  loadTrainedModel,
  saveTrainedModel,
  shippedWeights,
  type TrainedModel,
} from "@/weights/trained_model.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { missing, PYTHON } from "../pytorch/python.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";

const SCRIPT = "tests/pytorch/weights.py";
const WITHIN = 1e-5;

/** A request to weights.py. */
interface Request {
  readonly weights: string;
  readonly pairs: readonly Pair[];
}

/** Its answer. */
interface Answer {
  readonly error?: string;
  readonly logits: string[];
  readonly answers: number[][];
}

/** Asks PyTorch about all files at once, because it takes seconds to start. */
async function ask(requests: Request[]): Promise<Answer[]> {
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const process = new Deno.Command(PYTHON, { args: [SCRIPT], ...piped }).spawn();
  const lines = requests.map(({ weights, pairs }) =>
    JSON.stringify({
      weights,
      pairs: pairs.map(({ source, target }) => [[...source], [...target]]),
    })
  ).join("\n");
  const written = new Blob([lines]).stream().pipeTo(process.stdin);
  const [{ stdout, stderr, success }] = await Promise.all([process.output(), written]);
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
}

function decode(text: string): Float64Array {
  return new Float64Array(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer);
}

/** A network with random weights that uses all of its parts. */
function drawn(shape: Omit<SequenceModelShape, "symbols">, seed: number): TrainedModel {
  const task = reversalTask(6), whole = { ...shape, symbols: task.vocabulary.size };
  const random = seededRandom(seed);
  const initial = Object.entries(initialParameters(whole, random, { gateGain: 5, popBias: 0 }));
  // Biases and initial states are drawn too, so that a lost one is noticed.
  const numbers = initial.map(([name, data]) =>
    [name, Float32Array.from(data, (number) => 2 * (number || random.normal() / 4))] as const
  );
  const parameters = Object.fromEntries(numbers);
  return { task, shape: whole, parameters, metadata: new Map() };
}

/** Compares PyTorch's answer from the file with the engine's from the network that was saved. */
function compare(model: TrainedModel, { pairs }: Request, theirs: Answer): void {
  assertEquals(theirs.error, undefined);
  const { task, shape, parameters } = model;
  const stepper = createStepper(shape, parameters);
  const answers = answerPairs(stepper, task, pairs);
  assertEquals(answers.map((answer) => [...answer]), theirs.answers);
  pairs.forEach((pair, i) => {
    const wanted = decode(theirs.logits[i]), { inputs } = task.layOut(pair);
    stepper.start(1);
    const ours = inputs.flatMap((symbol) => [...stepper.step(Int32Array.of(symbol))]);
    assertEquals(ours.length, wanted.length);
    const largest = wanted.reduce((most, logit) => Math.max(most, Math.abs(logit)), 1);
    const apart = ours.map((logit, at) => Math.abs(logit - wanted[at]));
    assert(Math.max(...apart) <= WITHIN * largest, `${Math.max(...apart)} apart of ${largest}`);
  });
}

const lengths = { shortest: 1, longest: 6 };
const sizes = { hidden: 7, embedding: 5, valueWidth: 4 };
const alone = { ...sizes, memory: "none", valueWidth: 0 } as const;

const REVERSER = "network that reverses";
const NETWORKS: Record<string, TrainedModel> = {
  "LSTM with a stack": drawn({ cell: "lstm", layers: 1, memory: "stack", ...sizes }, 1),
  "two layers of LSTM with a stack": drawn(
    { cell: "lstm", layers: 2, memory: "stack", ...sizes },
    2,
  ),
  "RNN with a stack": drawn({ cell: "rnn", layers: 1, memory: "stack", ...sizes }, 3),
  "LSTM with a queue": drawn({ cell: "lstm", layers: 1, memory: "queue", ...sizes }, 5),
  "RNN with a deque": drawn({ cell: "rnn", layers: 2, memory: "deque", ...sizes }, 6),
  "GRU with a stack": drawn({ cell: "gru", layers: 2, memory: "stack", ...sizes }, 7),
  "LSTM with a superposition stack": drawn(
    { cell: "lstm", layers: 1, memory: "superposition", ...sizes },
    8,
  ),
  "RNN with a superposition stack of three cells": drawn(
    { cell: "rnn", layers: 1, memory: "superposition", memoryCells: 3, ...sizes },
    9,
  ),
  "three layers of LSTM alone": drawn({ cell: "lstm", layers: 3, ...alone }, 4),
  [REVERSER]: handMadeReverser(6),
};

/** A network and the request about its file. */
interface Case {
  readonly name: string;
  readonly model: TrainedModel;
  readonly request: Request;
}

function saved(name: string, model: TrainedModel, scratch: string): Case {
  const weights = `${scratch}/${name}.safetensors`;
  saveTrainedModel(disk, weights, model);
  return { name, model, request: { weights, pairs: somePairs(5, model, lengths) } };
}

/** The networks that ship with the project. */
function shipped(): Case[] {
  return [...shippedWeights(disk, "lib/weights/shipped").values()].map((weights) => {
    const model = loadTrainedModel(disk, weights);
    const pairs = somePairs(3, model, { shortest: 8, longest: 16 });
    return { name: weights, model, request: { weights, pairs } };
  });
}

function somePairs(strings: number, { task }: TrainedModel, lengths: LengthRange): Pair[] {
  return firstPairs(task, { strings, seed: 1, purpose: "test", lengths });
}

/** Copies a file with another name for one of its tensors. */
function renamed(path: string): string {
  const bytes = Deno.readFileSync(path), header = new TextDecoder().decode(bytes.subarray(8, 4096));
  bytes[8 + header.indexOf('"pop.bias"') + 4] = "_".charCodeAt(0); // the header is ASCII up to here
  Deno.writeFileSync(`${path}.renamed`, bytes);
  return `${path}.renamed`;
}

const why = missing(["torch"], true),
  claim = "PyTorch gives the same logits and answers from a weights file";

Deno.test({
  name: why ? `${claim} (left out: ${why})` : claim,
  ignore: why !== undefined,
  fn: (test) =>
    inScratchFolder(async (scratch) => {
      const cases = Object.entries(NETWORKS).map(([name, model]) => saved(name, model, scratch));
      const trained = shipped();
      cases.push(...trained);
      const requests = cases.map(({ request }) => request), [{ weights }] = requests;
      const answers = await ask([...requests, { weights: renamed(weights), pairs: [] }]);
      for (const [i, { name, model, request }] of cases.entries()) {
        await test.step(name, () => compare(model, request, answers[i]));
      }
      await test.step("the networks that answer right do so there too", () => {
        for (const [i, { name, model: { task }, request: { pairs } }] of cases.entries()) {
          if (name !== REVERSER && !trained.some((other) => other.name === name)) continue;
          const targets = pairs.map((pair) => [...expectedAnswer(task, pair)]);
          assertEquals(answers[i].answers, targets, name);
        }
      });
      await test.step("a tensor of another name is noticed", () =>
        assertStringIncludes(answers.at(-1)!.error!, 'Missing key(s) in state_dict: "pop.bias"'));
    }),
});
