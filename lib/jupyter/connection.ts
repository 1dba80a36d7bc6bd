/**
 * The two sockets that a kernel is asked and heard through.
 *
 * A loop that awaits zeromq's messages ends Deno 2.9.6 with a segmentation fault, or misses some until it sends
 * again. So a socket is only ever asked for what has already arrived, which takes neither threads nor callbacks.
 *
 * @module
 */
import type { Dealer, Subscriber } from "zeromq";
import { type Message, Wire } from "./wire.ts";

const ROLES = ["shell", "iopub", "stdin", "control", "hb"] as const;
const HOST = "127.0.0.1";

/** Asks for free ports and gives them back, for the kernel to take. */
async function freePorts(zmq: typeof import("zeromq")): Promise<number[]> {
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

async function writeConnectionFile(
  folder: string,
  ports: number[],
  key: string,
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const file = `${await Deno.realPath(folder)}/kernel-${key}.json`;
  const connection = {
    ip: HOST,
    transport: "tcp",
    signature_scheme: "hmac-sha256",
    key,
    ...Object.fromEntries(ROLES.map((role, i) => [`${role}_port`, ports[i]])),
  };
  await Deno.writeTextFile(file, JSON.stringify(connection), { mode: 0o600 });
  return file;
}

async function arrivedAt(socket: Dealer | Subscriber): Promise<Uint8Array[][]> {
  const all: Uint8Array[][] = [];
  try {
    while (true) all.push(await socket.receive());
  } catch (error) {
    if ((error as { code?: string }).code !== "EAGAIN") throw error;
    return all;
  }
}

/** The front end's end of a connection. */
export class Connection {
  /** The file that tells the kernel where to listen. */
  readonly file: string;
  readonly #shell: Dealer;
  readonly #iopub: Subscriber;
  readonly #wire: Wire;
  #hasFile = true;

  private constructor(file: string, shell: Dealer, iopub: Subscriber, wire: Wire) {
    this.file = file;
    this.#shell = shell;
    this.#iopub = iopub;
    this.#wire = wire;
  }

  /**
   * Chooses free ports, writes the connection file, and connects; the kernel may come later.
   *
   * @param folder Where the connection file is to be.
   */
  static async open(folder: string): Promise<Connection> {
    const zmq = await import("zeromq");
    const ports = await freePorts(zmq);
    const key = crypto.randomUUID();
    const file = await writeConnectionFile(folder, ports, key);
    const never = { linger: 0, receiveTimeout: 0, reconnectInterval: 20 };
    const shell = new zmq.Dealer({ ...never, sendTimeout: 0 });
    const iopub = new zmq.Subscriber({ ...never, receiveHighWaterMark: 0 });
    shell.connect(`tcp://${HOST}:${ports[0]}`);
    iopub.connect(`tcp://${HOST}:${ports[1]}`);
    iopub.subscribe();
    return new Connection(file, shell, iopub, new Wire(key));
  }

  /** Sends a request and gives its id. */
  async send(type: string, content: object): Promise<string> {
    const { id, frames } = this.#wire.pack(type, content);
    await this.#shell.send(frames);
    return id;
  }

  /** All messages that have arrived since the last call: what is shown to everyone first, then the replies. */
  async receive(): Promise<Message[]> {
    const shown = await arrivedAt(this.#iopub);
    const replies = await arrivedAt(this.#shell);
    return [...shown, ...replies].map((frames) => this.#wire.unpack(frames));
  }

  /** Removes the connection file; a kernel reads it once, at its start. */
  async removeFile(): Promise<void> {
    if (this.#hasFile) await Deno.remove(this.file);
    this.#hasFile = false;
  }

  /** Closes the sockets and removes the connection file. */
  async close(): Promise<void> {
    this.#shell.close();
    this.#iopub.close();
    await this.removeFile();
  }
}
