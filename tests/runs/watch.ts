/** A clock that goes on by itself, and a watch that asks for a stop after so many looks. */
import type { Progress, Watch } from "@/runs/train.ts";

/** Milliseconds from one look at the clock to the next. */
export const TICK = 30;

export interface TestWatch extends Watch {
  /** Everything that was shown. */
  readonly shown: Progress[];
}

/** @param stopAfter Pauses after which a stop is asked for. */
export function testWatch(stopAfter = Infinity): TestWatch {
  let [clock, pauses] = [0, 0];
  const shown: Progress[] = [];
  return {
    shown,
    now: () => clock += TICK,
    pause: () => Promise.resolve(void pauses++),
    stopRequested: () => pauses >= stopAfter,
    show: (progress) => void shown.push(progress),
  };
}
