/** The trainer on text beside PyTorch, which computes in Float64. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { range } from "@/math/lists.ts";
import { textPlan } from "@/training/text_plan.ts";
import { startTextTrainer } from "@/training/text_trainer.ts";
import { missing, PYTHON } from "../pytorch/python.ts";
import { textDisk, tinyTextSettings } from "./tiny_text.ts";

const SCRIPT = `${import.meta.dirname}/../pytorch/text_training.py`;
const UPDATES = 14;

/** A training that both do. */
function trainingOf(cell: "lstm" | "gru" | "rnn", resetState: boolean) {
  // Six updates of a pass.
  const sizes = { hidden: 16, embedding: 8, layers: 2, batch: 16, truncate: 22 };
  const rates = { learningRate: 0.01, clip: 0.5 };
  const plan = textPlan(tinyTextSettings({ cell, resetState, ...sizes, ...rates }), textDisk());
  const { shape, streams, optimizer: { rate, clip } } = plan, trainer = startTextTrainer(plan);
  const parameters = Object.entries(trainer.parameters()).map((
    [name, numbers],
  ) => [name, [...numbers]]);
  const batches = range(UPDATES).map((update) => (
    { strings: streams.stringsOf(update), outputWeight: 1 / (16 * 22) }
  ));
  const fresh = range(UPDATES).map((update) => resetState || streams.startsPass(update));
  const request = { shape, parameters: Object.fromEntries(parameters), batches, fresh, rate, clip };
  return { what: `${cell}, ${resetState ? "state reset" : "state carried"}`, trainer, request };
}

async function askPyTorch(requests: readonly object[]): Promise<{ losses: number[] }[]> {
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const process = new Deno.Command(PYTHON, { args: [SCRIPT], ...piped }).spawn();
  const lines = requests.map((request) => JSON.stringify(request)).join("\n");
  const written = new Blob([lines]).stream().pipeTo(process.stdin);
  const [{ stdout, stderr, success }] = await Promise.all([process.output(), written]);
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => {
    const { error, ...answer } = JSON.parse(line);
    assertEquals(error, undefined);
    return answer;
  });
}

const reason = missing(["torch", "numpy"], false);
const NAME = "every update has PyTorch's loss, with the state carried or reset, of every cell";

Deno.test({
  name: reason === undefined ? NAME : `${NAME} (left out: ${reason})`,
  ignore: reason !== undefined,
  async fn() {
    const cells = ["lstm", "gru", "rnn"] as const;
    const trainings = cells.flatMap((
      cell,
    ) => [trainingOf(cell, false), trainingOf(cell, true)]);
    const answers = await askPyTorch(trainings.map(({ request }) => request));
    trainings.forEach(({ what, trainer }, i) => {
      const { losses } = answers[i];
      assertEquals(losses.length, UPDATES);
      for (const nats of losses) assertAlmostEquals(trainer.update() * Math.LN2, nats, 1e-5, what);
      assert(losses[UPDATES - 1] < losses[0], what);
    });
  },
});
