/** Hooks for a training: a clock that goes on by itself, and a stop after so many polls. */
import type { Progress, TrainHooks } from "@/runs/train.ts";

/** Milliseconds from one reading of the clock to the next, unless a test sets others. */
export const TICK = 30;

export interface TestHooks extends TrainHooks {
  /** All progress that was reported. */
  readonly shown: Progress[];
  /** How often the training has asked whether to stop. */
  readonly polls: number;
}

/** When to stop, and how fast the clock goes. */
export interface HookOptions {
  /** A stop is requested at the poll of this number, counted from 1, and from then on. */
  readonly stopAtPoll?: number;
  /** Milliseconds from one reading of the clock to the next. */
  readonly tick?: number;
}

export function testHooks({ stopAtPoll = Infinity, tick = TICK }: HookOptions = {}): TestHooks {
  let [clock, polls] = [0, 0];
  const shown: Progress[] = [];
  return {
    shown,
    get polls() {
      return polls;
    },
    now: () => clock += tick,
    stopRequested: () => ++polls >= stopAtPoll,
    onProgress: (progress) => void shown.push(progress),
  };
}
