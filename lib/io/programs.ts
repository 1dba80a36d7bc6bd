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

/**
 * Variables of the dynamic linker, set to nothing: with any other value Deno starts no program, unless it may run every one.
 */
export const WITHOUT_LINKER_VARIABLES: Variables = Object.fromEntries(
  [
    ...["LD_AUDIT", "LD_BIND_NOW", "LD_DEBUG", "LD_LIBRARY_PATH", "LD_PRELOAD"],
    ...["DYLD_FALLBACK_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "DYLD_INSERT_LIBRARIES"],
    "DYLD_LIBRARY_PATH",
  ].map((name) => [name, ""]),
);

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

function commandOf(name: string, args: readonly string[], variables: Variables): Deno.Command {
  return new Deno.Command(name, {
    args: [...args],
    env: { ...WITHOUT_LINKER_VARIABLES, ...variables },
  });
}

async function run(
  name: string,
  args: readonly string[],
  variables: Variables = {},
): Promise<Outcome | undefined> {
  const command = commandOf(name, args, variables);
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
  const command = commandOf(name, args, variables);
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
