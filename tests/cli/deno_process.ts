/** The project's commands as processes of their own. */
import { mayScratch } from "../io/scratch_folder.ts";

/** A Deno that may be run and killed: not a script in its place, which would outlive its Deno. */
export async function denoCommand(): Promise<string | undefined> {
  if (!mayScratch()) return undefined;
  for (const command of [Deno.execPath(), "deno"]) {
    if (Deno.permissions.querySync({ name: "run", command }).state !== "granted") continue;
    const args = ["eval", "console.log(Deno.pid)"];
    const child = new Deno.Command(command, { args, stdout: "piped" }).spawn();
    const { stdout } = await child.output();
    if (Number(new TextDecoder().decode(stdout)) === child.pid) return command;
  }
}

/** How a process has ended, and the lines that it wrote. */
export interface Ended {
  readonly code: number;
  readonly out: string[];
  readonly err: string[];
}

/** Waits for a process to end. */
export async function end(child: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await child.output();
  const lines = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd().split("\n");
  return { code, out: lines(stdout), err: lines(stderr) };
}
