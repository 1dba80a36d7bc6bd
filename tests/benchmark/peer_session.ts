/**
 * A library's side of the comparison, in a process of its own: answers on standard output what `peer_process.ts` asks
 * on standard input.
 *
 * @module
 */

/** What to train, the same for every library. */
export interface PeerTask {
  readonly symbols: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly adam: {
    readonly rate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
  };
  /** Strings × steps. */
  readonly inputs: readonly (readonly number[])[];
  /** The symbol after each input. */
  readonly targets: readonly (readonly number[])[];
  /** By the names of `parameterShapes`, row by row. */
  readonly parameters: Readonly<Record<string, readonly number[]>>;
}

/** One whole update on the task's batch; returns the loss before it, where the library tells it. */
export type Update = () => number | undefined | Promise<number | undefined>;

/** What can be asked: first to prepare a task, then to make updates. */
export type PeerRequest = { readonly prepare: PeerTask } | { readonly round: number };

/** Creates the function that answers; what the library throws becomes an answer's `error`. */
export function createSession(
  build: (task: PeerTask) => Update | Promise<Update>,
): (request: PeerRequest) => Promise<Record<string, unknown>> {
  let update: Update | undefined;
  async function round(updates: number) {
    if (!update) throw new Error("wanted a task first");
    let loss: number | undefined;
    const begun = performance.now();
    for (let n = 0; n < updates; n++) {
      const before = await update();
      if (n === 0) loss = before;
    }
    return { seconds: (performance.now() - begun) / 1000, loss };
  }
  return async (request) => {
    try {
      if ("round" in request) return await round(request.round);
      update = await build(request.prepare);
      return { ready: true };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };
}

/** Answers every line of standard input; what the library itself prints goes to standard error. */
export async function servePeer(
  build: (task: PeerTask) => Update | Promise<Update>,
): Promise<void> {
  // deno-lint-ignore no-console -- standard output is for the answers
  console.log = console.info = console.error;
  const answer = createSession(build), encoder = new TextEncoder();
  let rest = "";
  for await (const part of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    rest += part;
    const lines = rest.split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const reply = await answer(JSON.parse(line));
      Deno.stdout.writeSync(encoder.encode(JSON.stringify(reply) + "\n"));
    }
  }
}
