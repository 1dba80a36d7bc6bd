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
