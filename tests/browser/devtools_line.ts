/**
 * Chromium's DevTools protocol, spoken.
 *
 * @module
 */
import { PATIENCE } from "./waiting.ts";

/** What one call of the protocol gives. */
export type Result = Record<string, unknown>;

/** What was spoken to is no more. */
export class Gone extends Error {}

/** The line that the protocol is spoken over. */
export class DevToolsLine {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Result>>();
  readonly #listeners = new Set<(method: string, params: Result) => void>();
  #count = 0;
  #isOpen = true;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = () => {
      this.#isOpen = false;
      for (const { reject } of this.#waiting.values()) reject(new Gone("Chromium has ended"));
    };
  }

  static async open(address: string): Promise<DevToolsLine> {
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return new DevToolsLine(socket);
  }

  call(method: string, params: Result = {}, sessionId?: string): Promise<Result> {
    if (!this.#isOpen) return Promise.reject(new Gone("Chromium has ended"));
    const id = ++this.#count;
    const waiting = Promise.withResolvers<Result>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    const silence = new Error(`Chromium: no answer to ${method} within ${PATIENCE} s`);
    const timer = setTimeout(() => waiting.reject(silence), 1000 * PATIENCE);
    return waiting.promise.finally(() => clearTimeout(timer));
  }

  listen(listener: (method: string, params: Result) => void): void {
    this.#listeners.add(listener);
  }

  #receive(message: { id?: number; error?: { message: string }; result?: Result } & Result): void {
    if (message.id === undefined) {
      const { method, params } = message as { method: string; params: Result };
      return this.#listeners.forEach((listener) => listener(method, params));
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error) waiting?.reject(new Error(`Chromium: ${message.error.message}`));
    else waiting?.resolve(message.result!);
  }
}
