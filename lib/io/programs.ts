/**
 * Running other programs, such as Python.
 *
 * @module
 */

/** The exit code and the output of a program. */
export interface Outcome {
  readonly code: number;
  /** Its standard output, without white space at the ends. */
  readonly printed: string;
  /** Its standard error, without white space at the ends. */
  readonly noted: string;
}

/** Environment variables to set for a program, in addition to those of this process. */
export type Variables = Readonly<Record<string, string>>;

/** Runs programs. */
export interface Programs {
  /** Runs a program until it exits; returns undefined if there is no such program. */
  run(name: string, args: readonly string[], variables?: Variables): Promise<Outcome | undefined>;
  /** Runs a program in the foreground, with the terminal and its Ctrl-C; returns its exit code. */
  runInForeground(name: string, args: readonly string[], variables: Variables): Promise<number>;
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

async function runInForeground(
  name: string,
  args: readonly string[],
  variables: Variables,
): Promise<number> {
  const command = new Deno.Command(name, { args: [...args], env: { ...variables } });
  const program = command.spawn();
  // A terminal sends Ctrl-C to both processes: this one ignores it and waits until the program exits.
  const ignore = () => {};
  const forward = () => program.kill("SIGTERM");
  Deno.addSignalListener("SIGINT", ignore);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", forward);
  const { code } = await program.status;
  Deno.removeSignalListener("SIGINT", ignore);
  if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGTERM", forward);
  return code;
}

/** The programs of this machine. */
export const machinePrograms: Programs = { run, runInForeground };
