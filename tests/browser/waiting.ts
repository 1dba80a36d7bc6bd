/**
 * Waiting for what must come, however busy the machine is: by conditions, never by the clock alone.
 *
 * @module
 */

/** Seconds after which nobody believes any more that something will come. */
export const PATIENCE = 1200;

/** Milliseconds between two looks, and for which what should be there has to stay there. */
const [PAUSE, CALM] = [150, 300];
/** So many looks in a row must find the same: on a busy machine one look alone takes longer than the calm. */
const SAME = 3;

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Asks until there is an answer. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = PATIENCE,
): Promise<T> {
  const deadline = performance.now() + 1000 * seconds;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as T;
    await pause(PAUSE);
  }
  throw new Error(`Cannot go on: wanted ${what} within ${seconds} s, got nothing`);
}

/** What is read again and again until it is as it should be. */
export interface Reading<T> {
  /** What is waited for, in words. */
  readonly what: string;
  read(): Promise<T>;
  /** Whether there is nothing more to wait for. */
  isComplete(value: T): boolean;
  /** So many seconds without any change end the waiting too: what is missing then will not come. */
  readonly quietSeconds: number;
}

/** Reads until what is read is complete and at rest, or has long been at rest without being complete. */
export async function settled<T>(reading: Reading<T>): Promise<T> {
  let before: string | undefined;
  let since = performance.now(), same = 0;
  const { value } = await until(reading.what, async () => {
    const value = await reading.read(), text = JSON.stringify(value);
    if (text !== before) [before, since, same] = [text, performance.now(), 0];
    const quiet = performance.now() - since;
    const isEnough = ++same >= SAME &&
      quiet >= (reading.isComplete(value) ? CALM : 1000 * reading.quietSeconds);
    return isEnough && { value };
  });
  return value;
}
