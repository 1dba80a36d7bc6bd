/** The baselines' training, which PyTorch does: its own claims, its command, and what its files say. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { disk } from "@/io/disk.ts";
import { loadTrainedModel, loadWeights } from "@/weights/trained_model.ts";
import { end, type Ended } from "../cli/deno_process.ts";
import { missing, PYTHON } from "../pytorch/python.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";

const reason = missing(["torch"], true);
const FOLDERS = ["tests/pytorch", "lib/studies/baselines"].map((folder) =>
  `${import.meta.dirname}/../../${folder}`
);

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: reason ? `${name} (left out: ${reason})` : name, ignore: !!reason, fn });
}

function start(program: string, words: readonly string[], cwd?: string): Deno.ChildProcess {
  const folder = FOLDERS[program === "train_baseline.py" ? 1 : 0];
  const args = [`${folder}/${program}`, ...words];
  return new Deno.Command(PYTHON, { args, cwd, stdout: "piped", stderr: "piped" }).spawn();
}

const train = (cwd: string, ...words: string[]): Promise<Ended> =>
  end(start("train_baseline.py", words, cwd));

for (const program of ["recurrence_check.py", "baseline_check.py", "text_baseline_check.py"]) {
  test(`what the baselines' training says of itself holds: ${program}`, async () => {
    const { code, out, err } = await end(start(program, []));
    assertEquals([code, out.at(-1)], [0, "every claim holds"], err.join("\n"));
  });
}

test("a trained baseline is a network that the library reads, with its number of strings", () =>
  inScratchFolder(async (folder) => {
    const { code, out } = await train(folder, "lstm", "--updates", "2");
    assertEquals(code, 0);
    const file = ".runs/baselines/lstm.safetensors";
    assertStringIncludes(out[0], `deno task evaluate ${file}`);
    const { shape } = loadTrainedModel(disk, `${folder}/${file}`);
    assertEquals([shape.cell, shape.layers, shape.hidden, shape.memory], ["lstm", 4, 256, "none"]);
    const { metadata } = loadWeights(disk, `${folder}/${file}`);
    assertEquals(metadata.get("strings"), String(2 * Math.floor(1024 / 9))); // of 8 characters
  }));

test("stopped with Ctrl-C, a baseline's training is resumed, and not with another budget", () =>
  inScratchFolder(async (folder) => {
    const words = ["lstm", "--updates", "100000"];
    const stopped = await interrupted(start("train_baseline.py", words, folder));
    assertEquals(stopped.code, 130);
    assertStringIncludes(stopped.err.at(-1)!, "the same command resumes");
    const otherwise = await train(folder, "lstm", "--updates", "3");
    assertEquals([otherwise.code, otherwise.err.length], [1, 1]);
    assertStringIncludes(otherwise.err[0], "wanted updates 3, got 100000");
    const again = await interrupted(start("train_baseline.py", words, folder));
    assertMatch(again.err[0], /^Resuming after [1-9]\d* updates/);
    assertEquals(again.code, 130);
    Deno.writeTextFileSync(`${folder}/.runs/baselines/lstm.pt`, "no training");
    const damaged = await train(folder, ...words);
    assertEquals([damaged.code, damaged.err.length], [1, 1]);
    assertStringIncludes(damaged.err[0], "Cannot read .runs/baselines/lstm.pt");
  }));

/** Sends Ctrl-C once a training says that it has begun; the lines that it writes until its end. */
async function interrupted(child: Deno.ChildProcess): Promise<Pick<Ended, "code" | "err">> {
  let text = "", sent = false;
  for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (sent || !text.includes("Ctrl-C")) continue;
    child.kill("SIGINT");
    sent = true;
  }
  await child.stdout.cancel();
  return { code: (await child.status).code, err: text.trimEnd().split("\n") };
}

/** Reads command lines one after the other; prints each exit code, and at last whether PyTorch was imported. */
const READ_LINES = `
import json, sys
sys.path.insert(0, sys.argv[1])
import train_baseline
for words in json.loads(sys.argv[2]):
    sys.argv[1:] = words
    try:
        print(train_baseline.main())
    except SystemExit as end:
        print(end.code)
print("torch" in sys.modules)
`;

const noPython = missing([], false),
  claim = "wrong words are refused in a sentence, without PyTorch";

Deno.test({
  name: noPython ? `${claim} (left out: ${noPython})` : claim,
  ignore: noPython !== undefined,
  async fn() {
    const lines = [["gru"], ["rnn", "--updates", "0"], ["rnn", "--updates", "-1"], []];
    const args = ["-c", READ_LINES, FOLDERS[1], JSON.stringify(lines)];
    const child = new Deno.Command(PYTHON, { args, stdout: "piped", stderr: "piped" }).spawn();
    const { code, out, err } = await end(child);
    assertEquals([code, out], [0, [...lines.map(() => "2"), "False"]], err.join("\n"));
    assertEquals(err.length, lines.length, err.join("\n"));
    for (const line of err) assert(line.startsWith("Cannot train"), line);
  },
});
