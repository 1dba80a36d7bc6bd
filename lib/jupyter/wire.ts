/**
 * The messages between a notebook's front end and its kernel: how they are packed and signed.
 *
 * Source: Messaging in Jupyter, protocol 5.3, "The wire protocol".
 *
 * @module
 */
import { createHmac } from "node:crypto";

/** A message from the kernel. */
export interface Message {
  /** What it is about, as in "stream" or "execute_reply". */
  readonly type: string;
  /** The id of the request that it answers. */
  readonly parent?: string;
  readonly content: Record<string, unknown>;
}

const DELIMITER = "<IDS|MSG>";

/** Packs and unpacks the messages of one session. */
export class Wire {
  readonly #key: string;
  readonly #session = crypto.randomUUID();

  /** @param key The secret shared with the kernel, from the connection file. */
  constructor(key: string) {
    this.#key = key;
  }

  /**
   * Packs a request.
   *
   * @param type What is asked, as in "execute_request".
   * @param content The question.
   * @returns The request's id, and the frames to send.
   */
  pack(type: string, content: object): { id: string; frames: string[] } {
    const id = crypto.randomUUID();
    const header = {
      msg_id: id,
      msg_type: type,
      session: this.#session,
      username: "",
      date: new Date().toISOString(),
      version: "5.3",
    };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    return { id, frames: [DELIMITER, this.#sign(parts), ...parts] };
  }

  /**
   * Unpacks what the kernel sent.
   *
   * @param frames The frames as they arrived.
   * @returns The message.
   * @throws {TypeError} If the frames are no message, or not signed with the session's key.
   */
  unpack(frames: Uint8Array[]): Message {
    const texts = frames.map((frame) => new TextDecoder().decode(frame));
    const at = texts.indexOf(DELIMITER);
    const [signature, ...parts] = texts.slice(at + 1, at + 6);
    if (at < 0 || signature !== this.#sign(parts)) {
      throw new TypeError("Cannot read a message: wanted the kernel's signature, got another");
    }
    const [header, parent, , content] = parts.map((part) => JSON.parse(part));
    return { type: header.msg_type, parent: parent.msg_id, content };
  }

  #sign(parts: string[]): string {
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}
