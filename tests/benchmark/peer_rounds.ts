/**
 * Rounds in turns: each side makes a few updates, then the next side does, until a side has had its time.
 *
 * @module
 */
import type { PeerTask } from "./peer_session.ts";

/** A few updates. */
export interface Round {
  readonly seconds: number;
  /** Before the first of them; undefined if the library does not tell it. */
  readonly loss: number | undefined;
}

/** A side that is at work. Its promises may be rejected. */
export interface Contender {
  prepare(task: PeerTask): Promise<void>;
  round(updates: number): Promise<Round>;
  close(): void;
}

/** What a side is called. */
export interface SideName {
  /** The library, and what it runs on. */
  readonly title: string;
  /** Where its network or its training is another than the engine's, and on how many threads it runs. */
  readonly remark?: string;
}

/** A side of the comparison. */
export interface Side extends SideName {
  /** Starts it; may throw. */
  open(task: PeerTask): Contender;
}

/** What came of a side. */
export interface SideResult extends SideName {
  /** Milliseconds of an update, round by round; the first `WARM_UP` rounds are of one update each. */
  readonly times: readonly number[];
  /** Before the first update and before the second, as far as there are any and it tells them. */
  readonly losses: readonly number[];
  /** Why it has no times. */
  readonly failure?: string;
}

/** How the rounds are timed. */
export interface RoundOptions {
  /** Rounds after the warm-up. */
  readonly rounds: number;
  /** Milliseconds that a side may take, its start and its warm-up included. */
  readonly limit: number;
  /** Waits before each round, so that idle threads of another side fall asleep. */
  pause(): Promise<unknown>;
  /** Milliseconds. */
  now(): number;
}

/** Rounds of one update each: the first compiles, the second tells how many updates make a round. */
export const WARM_UP = 2;
/** Milliseconds that a round should take. */
const ROUND = 500;

/** A side, and the time that it has left. */
class Turns {
  readonly #side: Side;
  readonly #options: RoundOptions;
  #contender: Contender | undefined;
  #left: number;
  readonly #times: number[] = [];
  readonly #losses: number[] = [];
  #failure: string | undefined;

  constructor(side: Side, options: RoundOptions) {
    this.#side = side;
    this.#options = options;
    this.#left = options.limit;
  }

  async start(task: PeerTask): Promise<void> {
    await this.#work(async () => {
      this.#contender = this.#side.open(task);
      await this.#contender.prepare(task);
    });
  }

  /** One round, unless it has failed or the round would take longer than it has. */
  async round(n: number): Promise<void> {
    const last = this.#times.at(-1) ?? 0;
    const updates = n < WARM_UP ? 1 : Math.max(1, Math.round(ROUND / last));
    if (!this.#contender) return;
    if (updates * last > this.#left) return this.close();
    await this.#options.pause();
    await this.#work(async () => {
      const { seconds, loss } = await this.#contender!.round(updates);
      this.#times.push(1000 * seconds / updates);
      if (n < WARM_UP && loss !== undefined) this.#losses.push(loss);
    });
  }

  /** Does some of its work, and ends it where the work fails or outlasts the time that is left. */
  async #work(work: () => Promise<void>): Promise<void> {
    const { limit, now } = this.#options, begun = now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<"over">((resolve) => {
      timer = setTimeout(() => resolve("over"), this.#left);
    });
    const end = await Promise.race([work().then(() => "done" as const, (error) => error), over]);
    clearTimeout(timer);
    this.#left -= now() - begun;
    if (end === "done") return;
    if (end !== "over") this.#failure = end instanceof Error ? end.message : String(end);
    else if (this.#times.length === 0) {
      this.#failure = `wanted an update within ${limit / 1000} s, got none`;
    }
    this.close();
  }

  close(): void {
    this.#contender?.close();
    this.#contender = undefined;
  }

  result(): SideResult {
    const { title, remark } = this.#side;
    return { title, remark, times: this.#times, losses: this.#losses, failure: this.#failure };
  }
}

/** Times sides in turns; one that fails ends alone. */
export async function timeInTurns(
  sides: readonly Side[],
  task: PeerTask,
  options: RoundOptions,
): Promise<SideResult[]> {
  const turns = sides.map((side) => new Turns(side, options));
  for (const turn of turns) await turn.start(task);
  for (let n = 0; n < WARM_UP + options.rounds; n++) {
    for (const turn of turns) await turn.round(n);
  }
  for (const turn of turns) turn.close();
  return turns.map((turn) => turn.result());
}
