import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { disk } from "@/io/disk.ts";
import { saveTrainedModel } from "@/weights/trained_model.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";
import { denoCommand, end, type Ended } from "./deno_process.ts";

const deno = await denoCommand();
const ignore = deno === undefined;

/** As the tasks in deno.json have it: nothing but reading what is in the project. */
function start(command: string, words: string[], stdin: "null" | "piped" = "null") {
  const args = ["run", "--no-check", "--no-prompt", "--allow-read=.", `lib/cli/${command}.ts`];
  const options = { stdin, stdout: "piped", stderr: "piped" } as const;
  return new Deno.Command(String(deno), { args: [...args, ...words], ...options }).spawn();
}

async function answer(words: string[], input?: string): Promise<Ended> {
  const child = start("answer", words, input === undefined ? "null" : "piped");
  if (input !== undefined) await new Blob([input]).stream().pipeTo(child.stdin);
  return await end(child);
}

/** A run whose best weights were thought out, not learned. */
function inRunFolder(work: (run: string) => Promise<void>): Promise<void> {
  return inScratchFolder(async (run) => {
    saveTrainedModel(disk, `${run}/best.safetensors`, handMadeReverser(128));
    await work(run);
  });
}

Deno.test({
  name: "the real evaluate scores a run with no permission but to read",
  ignore,
  fn: () =>
    inRunFolder(async (run) => {
      const words = [run, "--lengths", "65..128", "--strings", "20", "--seed", "7", "--json"];
      const { code, out, err } = await end(start("evaluate", words));
      assertEquals(code, 0, err.join("\n"));
      assertStringIncludes(
        out[0],
        "string reversal: 20 test strings of 65 to 128 characters, seed 7",
      );
      const { coarse, fine, exact } = JSON.parse(out.at(-1)!);
      assertEquals([coarse, fine, exact], [1, 1, 20]);
    }),
});

Deno.test({
  name: "Ctrl-C in the middle of a long string ends evaluate with a word and exit code 130",
  ignore: ignore || Deno.build.os === "windows", // which has no signal to send
  fn: () =>
    inRunFolder(async (run) => {
      const child = start("evaluate", [run, "--lengths", "100000", "--strings", "1"]);
      const notes = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
      let err = "";
      for (let next = await notes.read(); !next.done; next = await notes.read()) {
        err += next.value;
        if (err.split("\n").length === 2) child.kill("SIGINT"); // "Evaluating …", then it works
      }
      assertEquals((await child.status).code, 130);
      assertEquals(await new Response(child.stdout).text(), "");
      assertMatch(err.trimEnd(), /\nStopped after 0 of 1 strings; no scores$/);
    }),
});

Deno.test({
  name: "the real answer takes an argument and standard input, and shows its stack",
  ignore,
  fn: () =>
    inRunFolder(async (run) => {
      const argument = answer(["A string to reverse", "--run", run]);
      const input = answer(["--run", run, "--show"], "ab\n");
      const long = answer(["--run", `${run}/best.safetensors`], "0123456789".repeat(1000));
      const { code, out, err } = await argument;
      assertEquals([code, out, err], [0, ["esrever ot gnirts A"], [""]]);
      const shown = (await input).out;
      assertEquals([shown[0], shown.length], ["ba", 2 + 1 + 6 + 1 + 3]);
      assertEquals((await long).out, ["9876543210".repeat(1000)]);
    }),
});

Deno.test({
  name: "the real answer finds the shipped network of each task that has one",
  ignore,
  async fn() {
    const tasks = { "reversal": "fedcba", "copy": "abcdef", "bigram-flip": "badcfe" };
    const ended = await Promise.all(
      Object.keys(tasks).map((task) => answer(["abcdef", "--task", task])),
    );
    assertEquals(
      ended.map(({ code, out, err }) => [code, ...out, ...err]),
      Object.values(tasks).map((text) => [0, text, ""]),
    );
  },
});

Deno.test({
  name: "the real commands refuse in one sentence with exit code 2, and no stack",
  ignore,
  fn: () =>
    inRunFolder(async (run) => {
      const evaluate = [
        [],
        [run, "--lengths", "0"],
        [run, "--lengths", "-1"],
        [run, "--lengths", "128..65"],
        [run, "--strings", "0"],
        [run, "--seed", "x"],
        [run, "--what"],
        ["nowhere"],
        [`${run}/..`],
        ["README.md"],
        ["/"],
        ["/etc/passwd"],
      ];
      const lines = [["", "--run", run], ["Café", "--run", run], ["a", "--run", "README.md"]];
      const refused = await Promise.all([
        ...evaluate.map((words) => end(start("evaluate", words))),
        ...lines.map((words) => answer(words)),
        answer(["--run", run], ""),
      ]);
      for (const { code, out, err } of refused) {
        assertEquals([code, out, err.length], [2, [""], 1], err.join("\n"));
        assertMatch(err[0], /^Cannot .+: wanted .+, got .+$/);
      }
      assert(refused.some(({ err }) => err[0].includes("Deno does not let this command read")));
    }),
});
