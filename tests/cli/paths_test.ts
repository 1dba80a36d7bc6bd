/** Commands that take paths, called by `deno task` from a folder in the project and from one outside. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { disk } from "@/io/disk.ts";
import { saveTrainedModel } from "@/weights/trained_model.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { denoCommand, end } from "./deno_process.ts";

const deno = await denoCommand();
const ignore = deno === undefined || Deno.build.os === "windows"; // whose paths begin otherwise

/** Runs `deno task` in a folder. */
async function task(cwd: string, ...line: string[]) {
  const args = ["task", "--quiet", "--config", Deno.realPathSync("deno.json"), ...line];
  const streams = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const env = { INIT_CWD: Deno.realPathSync(cwd), NO_COLOR: "1" }; // not that of the tests
  return await end(new Deno.Command(String(deno), { args, cwd, env, ...streams }).spawn());
}

function testTask(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({ name, ignore, fn: () => inScratchFolder(fn) });
}

testTask("a path counts from the folder in which the command is called", async (folder) => {
  saveTrainedModel(disk, `${folder}/w.safetensors`, handMadeReverser(128));
  const line = ["evaluate", "w.safetensors", "--strings", "5", "--lengths", "3"];
  const { code, out, err } = await task(folder, ...line);
  assertEquals(code, 0, err.join("\n"));
  assertStringIncludes(err[0], "Evaluating w.safetensors");
  assertStringIncludes(out.join("\n"), "5 of 5");
});

testTask("paths that a command prints can be used where it was called", async (folder) => {
  Deno.mkdirSync(`${folder}/a/b`, { recursive: true });
  const short = ["--experiment", "learn-to-push", "--iterations", "20", "--starts", "1"];
  const first = await task(`${folder}/a`, "train", ...short, "--run-folder", "../run");
  assertStringIncludes(first.out.join("\n"), "Report: ../run/report.html");
  assertEquals(Deno.statSync(`${folder}/run/report.html`).isFile, true);
  const taken = await task(`${folder}/a/b`, "train", "--run-folder", "../../run");
  assertEquals(taken.code, 2);
  const advice = /--resume \S+/.exec(taken.err.join("\n"))![0].split(" ");
  const resumed = await task(`${folder}/a/b`, "train", ...advice);
  assertEquals(resumed.code, 0, resumed.err.join("\n"));
});

testTask(
  "a text run finds its text from any folder, and writes with no more than reading",
  async (folder) => {
    Deno.writeTextFileSync(`${folder}/my.txt`, "call me Ishmael. ".repeat(40));
    Deno.mkdirSync(`${folder}/a`);
    const sizes = "--hidden 8 --embedding 4 --batch 4 --truncate 8 --characters 320".split(" ");
    const words = ["train", "--task", "text", "--corpus", "my.txt", ...sizes, "--seeds", "1..2"];
    const first = await task(folder, ...words, "--run-folder", "seeds");
    assertEquals(first.code, 0, first.err.join("\n"));
    Deno.removeSync(`${folder}/seeds/seed-2/result.json`); // so that the run is resumed
    const resumed = await task(`${folder}/a`, "train", "--resume", "../seeds");
    assertEquals(resumed.code, 0, resumed.err.join("\n"));
    const line = ["sample", "../seeds/seed-1", "--prompt", "call", "--length", "20"];
    const { code, out } = await task(`${folder}/a`, ...line);
    assertEquals([code, out.join("\n").length], [0, 24]);
  },
);

testTask("Moby Dick needs no permission beyond those of the command", async (folder) => {
  const sizes = "--hidden 2 --embedding 2 --batch 2 --truncate 2 --characters 8".split(" ");
  const { code, out, err } = await task(
    folder,
    "train",
    "--task",
    "text",
    ...sizes,
    "--run-folder",
    "run",
  );
  assertEquals(code, 0, err.join("\n"));
  assertStringIncludes(out[0], "the last 118,677 characters of moby-dick");
});

testTask("the project's own files are found from any folder", async (folder) => {
  const { code, out } = await task(folder, "answer", "abc");
  assertEquals([code, out], [0, ["cba"]]);
});

testTask("a path outside the project is refused with what to do", async (folder) => {
  const { code, err } = await task(folder, "evaluate", "/nowhere/w.safetensors");
  assertEquals(code, 2);
  assertEquals(err, [
    "Cannot read /nowhere/w.safetensors: wanted a place that can be read, got one that Deno does not " +
    "let this command read (copy it into the project, or call deno run as the task in deno.json " +
    "does, with --allow-read=.,/nowhere/w.safetensors)",
  ]);
  const outside = await task(folder, "train", "--resume", "/nowhere/run");
  assertStringIncludes(
    outside.err[0],
    "with --allow-read=.,/nowhere/run --allow-write=.runs,/nowhere/run)",
  );
  const inside = await task(folder, "train", "--run-folder", "../../run");
  assertStringIncludes(inside.err[0], "(choose one in ../../.runs, or copy it into the project, ");
});

testTask("a command that is called from outside says from where paths count", async () => {
  const { code, err } = await task("/", "evaluate", "nowhere.safetensors");
  assertEquals([code, err.length], [2, 2]);
  assertEquals(err[0], `Paths count from ${Deno.cwd()}, since / lies outside the project`);
  assertMatch(err[1], /^Cannot use nowhere\.safetensors: .*, got nothing$/);
});
