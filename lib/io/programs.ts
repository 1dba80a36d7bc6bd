/**
 * Other programs that a command runs.
 *
 * @module
 */

/** What came of a program. */
export interface Outcome {
  readonly code: number;
  /** What it printed, without white space at the ends. */
  readonly printed: string;
  /** What it said about its work. */
  readonly noted: string;
}

/** Environment variables that a program is to have besides those of this process. */
export type Variables = Readonly<Record<string, string>>;

/** Runs programs. */
export interface Programs {
  /** Runs a program to its end; gives nothing if there is no such program. */
  run(name: string, args: readonly string[], variables?: Variables): Promise<Outcome | undefined>;
  /** Gives a program this terminal until it ends, and with it Ctrl-C; gives its exit code. */
  attend(name: string, args: readonly string[], variables: Variables): Promise<number>;
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied;
}

async function run(
  name: string,
  args: readonly string[],
  variables: Variables = {},
): Promise<Outcome | undefined> {
  const command = new Deno.Command(name, { args: [...args], env: { ...variables } });
  try {
    const { code, stdout, stderr } = await command.output();
    const [printed, noted] = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes).trim()
    );
    return { code, printed, noted };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function attend(
  name: string,
  args: readonly string[],
  variables: Variables,
): Promise<number> {
  const command = new Deno.Command(name, { args: [...args], env: { ...variables } });
  const program = command.spawn();
  // A terminal sends Ctrl-C to both; the program ends by itself, and this process after it.
  const wait = () => {};
  const passOn = () => program.kill("SIGTERM");
  Deno.addSignalListener("SIGINT", wait);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", passOn);
  const { code } = await program.status;
  Deno.removeSignalListener("SIGINT", wait);
  if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGTERM", passOn);
  return code;
}

/** The programs of this machine. */
export const machinePrograms: Programs = { run, attend };
