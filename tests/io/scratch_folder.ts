/** A folder of the real disk for one test, inside `.runs`, which tests may write to. */

/** Whether such a folder may be made, and the code of threads and processes be read. */
export function mayScratch(): boolean {
  return Deno.permissions.querySync({ name: "write", path: ".runs" }).state === "granted" &&
    Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
}

/** Gives `work` an empty folder that is gone afterwards. */
export async function inScratchFolder(work: (path: string) => void | Promise<void>): Promise<void> {
  const path = `.runs/test-${crypto.randomUUID().slice(0, 8)}`;
  Deno.mkdirSync(path, { recursive: true });
  try {
    await work(path);
  } finally {
    Deno.removeSync(path, { recursive: true });
  }
}

/** Makes a symbolic link, in a process of its own: Deno permits links only where everything may be read and written. */
export async function makeLink(target: string, link: string): Promise<void> {
  const code = "Deno.symlinkSync(...Deno.args)";
  await evaluate(code, target, link);
}

/** Gives `work` an empty folder of the system's temporary files, where this process may not write. */
export async function inFolderElsewhere(work: (path: string) => Promise<void>): Promise<void> {
  const path = await evaluate("console.log(Deno.makeTempDirSync())");
  try {
    await work(path);
  } finally {
    await evaluate("Deno.removeSync(Deno.args[0], { recursive: true })", path);
  }
}

/** Runs code that may do everything, and returns what it prints. */
async function evaluate(code: string, ...args: string[]): Promise<string> {
  const all = ["eval", "--no-config", code, "--", ...args];
  const { success, stdout } = await new Deno.Command(Deno.execPath(), { args: all }).output();
  if (!success) throw new Error(`Cannot evaluate ${code}: wanted exit code 0, got an error`);
  return new TextDecoder().decode(stdout).trim();
}
