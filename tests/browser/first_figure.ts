/// <reference lib="dom" />
/**
 * Measures how a newcomer fares: from a clean clone and empty caches to a figure drawn in JupyterLab, with nothing but
 * git, Node, Python and a network.
 *
 *     deno run --allow-read --allow-write --allow-env --allow-net=127.0.0.1,localhost \
 *       --allow-run=git,npx,chromium tests/browser/first_figure.ts
 *
 * It clones what is committed, into a folder of its own, and opens the first notebook in Chromium.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { processTerminal } from "@/io/terminal.ts";
import type { Command } from "@/options/command.ts";
import { runCommand } from "@/options/run_command.ts";
import { Chromium, findChromium } from "./chromium.ts";
import { seeFigures } from "./figures_in_page.ts";
import { until } from "./waiting.ts";

const LAB = ["npx", "-y", `deno@${Deno.version.deno}`, "task", "lab", "--no-browser"];

let last = performance.now();
const begin = last;

function tell(step: string): void {
  const now = performance.now();
  const seconds = (since: number) => `${((now - since) / 1000).toFixed(1)} s`;
  processTerminal.print(`${seconds(begin).padStart(8)}  ${seconds(last).padStart(8)}  ${step}`);
  last = now;
}

async function clone(folder: string): Promise<void> {
  const args = ["clone", "--quiet", "--no-local", Deno.cwd(), `${folder}/clone`];
  const { success } = await new Deno.Command("git", { args }).output();
  if (!success) throw new Error("Cannot clone the repository: git clone failed");
}

/** Starts the lab as the README says, and gives the address that it prints. */
async function startLab(folder: string): Promise<{ lab: Deno.ChildProcess; address: string }> {
  const caches = {
    DENO_DIR: `${folder}/deno`,
    npm_config_cache: `${folder}/npm`,
    PIP_NO_CACHE_DIR: "1",
  };
  const [program, ...args] = LAB;
  const options = { args, cwd: `${folder}/clone`, env: caches, stdin: "null" } as const;
  const lab = new Deno.Command(program, { ...options, stdout: "null", stderr: "piped" }).spawn();
  let said = "";
  const listening = (async () => {
    for await (const text of lab.stderr.pipeThrough(new TextDecoderStream())) said += text;
  })();
  const ended = Promise.all([lab.status, listening]).then(() => {
    throw new Error(`Cannot start JupyterLab: wanted its address, got ${said}`);
  });
  ended.catch(() => {});
  const find = () => /http:\/\/[\w.:]+\/lab\/\S*token=\w+/.exec(said)?.[0];
  return { lab, address: await Promise.race([until("an address", find), ended]) };
}

/** Where a menu, or a line of the open one, is to be clicked. */
function menuNamed(words: string): { x: number; y: number } | false {
  const labels = [...document.querySelectorAll(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel")];
  const label = labels.find(({ textContent }) => textContent === words);
  if (!label) return false;
  const { left, right, top, bottom } = label.getBoundingClientRect();
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

/** Whether the kernel has nothing to do, and no cell waits for it. */
function isAtRest(): boolean {
  const prompts = [...document.querySelectorAll(".jp-InputPrompt")];
  return document.querySelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]') !== null &&
    !prompts.some(({ textContent }) => textContent!.includes("*"));
}

/** Opens the first notebook and runs it, with the mouse. */
async function watch(address: string, folder: string): Promise<void> {
  await using browser = await Chromium.start((await findChromium())!, folder);
  const page = await browser.newPage(1200, 1000);
  await page.go(address);
  const drawn = () =>
    until("a drawn figure", async () => {
      const figures = await page.evaluate(seeFigures).catch(() => []);
      return figures.some(({ marks }) => marks > 0);
    });
  await drawn();
  tell("the first figure is drawn, as it is committed");
  await until("the kernel", () => page.evaluate(isAtRest));
  tell("the kernel is ready");
  for (const words of ["Run", "Run All Cells"]) {
    await page.click(await until(words, () => page.evaluate(menuNamed, words)));
  }
  await until("the end", async () => !await page.evaluate(menuNamed, "Run All Cells"));
  await until("the end", () => page.evaluate(isAtRest));
  await drawn();
  tell('"Run All Cells" is done, and its figures are drawn');
}

/** Does what the menu's "Shut Down" does. */
async function shutDown(address: string): Promise<void> {
  const { origin, searchParams } = new URL(address);
  const headers = { Authorization: `token ${searchParams.get("token")}` };
  await fetch(`${origin}/api/shutdown`, { method: "POST", headers });
}

/** The command. */
export const COMMAND: Command = {
  action: "measure the way to the first figure",
  summary: "Measures how long a newcomer takes from a clean clone to a figure in JupyterLab.",
  usage: ["deno run [permissions] tests/browser/first_figure.ts"],
  options: {},
};

async function measure(): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "first-figure-" });
  processTerminal.print("   since       for");
  processTerminal.print("   start      step");
  await clone(folder);
  tell("git clone");
  const { lab, address } = await startLab(folder);
  tell(LAB.join(" "));
  await watch(address, folder);
  await shutDown(address);
  await lab.status;
  tell("File, Shut Down: all has ended");
  await Deno.remove(folder, { recursive: true });
  return 0;
}

if (import.meta.main) {
  Deno.exit(await runCommand(COMMAND, Deno.args, processTerminal, measure));
}
