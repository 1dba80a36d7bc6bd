/**
 * A front end's connection to a kernel: its messages, packed and signed, and the two sockets that carry them.
 *
 * A loop that awaits zeromq's messages ends Deno 2.9.6 with a segmentation fault, or misses some messages until it sends
 * again. So a socket is only polled for messages that have already arrived, which needs neither threads nor callbacks.
 *
 * Source: Messaging in Jupyter, protocol 5.3, "The wire protocol".
 *
 * @module
 */
import { createHmac } from "node:crypto";
import type { Dealer, Subscriber } from "zeromq";
import { disk } from "@/io/disk.ts";
import { type Files, join } from "@/io/files.ts";

/** A message from the kernel. */
export interface Message {
  /** Its type, as in "stream" or "execute_reply". */
  readonly type: string;
  /** Id of the request that it answers. */
  readonly parent?: string;
  readonly content: Record<string, unknown>;
}

const DELIMITER = "<IDS|MSG>";

/** Packs, signs and unpacks the messages of one session. */
export class WireProtocol {
  readonly #key: string;
  readonly #session = crypto.randomUUID();

  /** @param key The secret shared with the kernel, from the connection file. */
  constructor(key: string) {
    this.#key = key;
  }

  /**
   * Packs a request.
   *
   * @param type Type of the request, as in "execute_request".
   * @param content Content of the request.
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
   * Unpacks a message from the kernel.
   *
   * @param frames The received frames.
   * @returns The message.
   * @throws {TypeError} If the frames are not a message signed with the session's key.
   */
  unpack(frames: Uint8Array[]): Message {
    const texts = frames.map((frame) => new TextDecoder().decode(frame));
    const start = texts.indexOf(DELIMITER);
    const [signature, ...parts] = texts.slice(start + 1, start + 6);
    if (start < 0 || signature !== this.#sign(parts)) {
      throw new TypeError(
        "Cannot read a message: wanted the kernel's signature, got a different one",
      );
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

const ROLES = ["shell", "iopub", "stdin", "control", "hb"] as const;
const HOST = "127.0.0.1";

/** Finds free ports: binds sockets to them and closes these again, so that the kernel can use the ports. */
async function findFreePorts(zmq: typeof import("zeromq")): Promise<number[]> {
  const sockets = ROLES.map(() => new zmq.Dealer({ linger: 0 }));
  const ports: number[] = [];
  for (const socket of sockets) {
    await socket.bind(`tcp://${HOST}:*`);
    ports.push(Number(socket.lastEndpoint!.split(":").at(-1)));
  }
  for (const socket of sockets) {
    await socket.unbind(socket.lastEndpoint!);
    socket.close();
  }
  return ports;
}

/** Writes the connection file and returns its path. The name does not contain the key: others may list the folder. */
function writeConnectionFile(files: Files, folder: string, ports: number[], key: string): string {
  files.makeFolder(folder);
  const file = join(folder, `kernel-${crypto.randomUUID()}.json`);
  const connection = {
    ip: HOST,
    transport: "tcp",
    signature_scheme: "hmac-sha256",
    key,
    ...Object.fromEntries(ROLES.map((role, i) => [`${role}_port`, ports[i]])),
  };
  files.writePrivateText(file, JSON.stringify(connection));
  return file;
}

/** Receives all messages that have arrived at a socket. */
async function pollSocket(socket: Dealer | Subscriber): Promise<Uint8Array[][]> {
  const all: Uint8Array[][] = [];
  try {
    while (true) all.push(await socket.receive());
  } catch (error) {
    if ((error as { code?: string }).code !== "EAGAIN") throw error;
    return all;
  }
}

/** The front end's side of a connection. */
export class Connection {
  /** The connection file, which tells the kernel its ports and key. */
  readonly file: string;
  readonly #files: Files;
  readonly #shell: Dealer;
  readonly #iopub: Subscriber;
  readonly #wire: WireProtocol;
  #hasFile = true;

  private constructor(
    files: Files,
    file: string,
    shell: Dealer,
    iopub: Subscriber,
    wire: WireProtocol,
  ) {
    this.#files = files;
    this.file = file;
    this.#shell = shell;
    this.#iopub = iopub;
    this.#wire = wire;
  }

  /**
   * Finds free ports, writes the connection file, and connects; the kernel may start later.
   *
   * @param folder Folder of the connection file.
   * @param files The file system of the connection file.
   * @throws {UserError} If the connection file cannot be written.
   */
  static async open(folder: string, files: Files = disk): Promise<Connection> {
    const zmq = await import("zeromq");
    const ports = await findFreePorts(zmq);
    const key = crypto.randomUUID();
    const file = writeConnectionFile(files, folder, ports, key);
    const options = { linger: 0, receiveTimeout: 0, reconnectInterval: 20 };
    const shell = new zmq.Dealer({ ...options, sendTimeout: 0 });
    const iopub = new zmq.Subscriber({ ...options, receiveHighWaterMark: 0 });
    shell.connect(`tcp://${HOST}:${ports[0]}`);
    iopub.connect(`tcp://${HOST}:${ports[1]}`);
    iopub.subscribe();
    return new Connection(files, file, shell, iopub, new WireProtocol(key));
  }

  /** Sends a request and returns its id. */
  async send(type: string, content: object): Promise<string> {
    const { id, frames } = this.#wire.pack(type, content);
    await this.#shell.send(frames);
    return id;
  }

  /** Returns all messages that have arrived since the last call: broadcast ones first, then replies. */
  async receive(): Promise<Message[]> {
    const broadcast = await pollSocket(this.#iopub);
    const replies = await pollSocket(this.#shell);
    return [...broadcast, ...replies].map((frames) => this.#wire.unpack(frames));
  }

  /** Removes the connection file, which a kernel reads only once, at its start. */
  removeFile(): void {
    if (this.#hasFile) this.#files.remove(this.file);
    this.#hasFile = false;
  }

  /** Closes the sockets and removes the connection file. */
  close(): void {
    this.#shell.close();
    this.#iopub.close();
    this.removeFile();
  }
}
