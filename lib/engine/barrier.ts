/**
 * Waiting for each other on shared memory.
 *
 * @module
 */

/** Places in the team's control numbers. */
export const CONTROL = {
  /** How many calls there have been; a worker wakes when it changes. */
  calls: 0,
  /** What is called: a sum of phases, or {@linkcode LEAVE}. */
  call: 1,
  /** Strings, steps and loss rows of the batch. */
  slots: 2,
  steps: 3,
  losses: 4,
  /** Workers that have come to the barrier. */
  arrived: 5,
  /** How often all have come. */
  rounds: 6,
  /** 1 once a worker has failed, or the team has been sent home: nobody waits any longer. */
  over: 7,
  size: 8,
} as const;

/** The call that sends a worker home. */
export const LEAVE = -1;

/** Milliseconds after which a sleeper looks whether there is still anyone to wait for. */
const PATIENCE = 200;

/** Looks before sleeping: some tens of microseconds, longer than what lies between two phases or two updates. */
const LOOKS = 20000;

/**
 * Waits until a number in shared memory is no longer `known`: looking for a while, then asleep.
 *
 * @param numbers Shared.
 * @param at Which.
 * @param known What it was.
 * @throws {Error} If the team is no more.
 */
export function waitForChange(numbers: Int32Array, at: number, known: number): void {
  for (let i = 0; i < LOOKS; i++) if (Atomics.load(numbers, at) !== known) return;
  while (Atomics.load(numbers, at) === known) {
    if (Atomics.load(numbers, CONTROL.over) === 1) {
      throw new Error("Cannot go on: the engine's team is no more");
    }
    Atomics.wait(numbers, at, known, PATIENCE);
  }
}

/**
 * Waits until all workers have come here.
 *
 * @param control The team's.
 * @param workers How many there are.
 */
export function waitForAll(control: Int32Array, workers: number): void {
  if (workers === 1) return;
  const round = Atomics.load(control, CONTROL.rounds);
  if (Atomics.add(control, CONTROL.arrived, 1) < workers - 1) {
    waitForChange(control, CONTROL.rounds, round);
    return;
  }
  Atomics.store(control, CONTROL.arrived, 0);
  Atomics.add(control, CONTROL.rounds, 1);
  Atomics.notify(control, CONTROL.rounds);
}
