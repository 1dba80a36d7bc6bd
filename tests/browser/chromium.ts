/**
 * A Chromium without a window, driven through its DevTools protocol.
 *
 * Source: Chrome DevTools Protocol, tip of tree: Target, Page, Runtime, Input, Emulation.
 *
 * @module
 */
import { PATIENCE, until } from "./waiting.ts";

/** Names under which Chromium and its kin are installed. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const FLAGS = [
  "--headless=new",
  "--remote-debugging-port=0",
  "--no-sandbox", // as root, which is who runs in many containers, there is no other way
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--no-default-browser-check",
  "--hide-scrollbars",
];

/** What one call of the protocol gives. */
type Result = Record<string, unknown>;

/** The first Chromium that can be started here, if there is one and the permission to start it. */
export async function findChromium(): Promise<string | undefined> {
  for (const name of NAMES) {
    if (Deno.permissions.querySync({ name: "run", command: name }).state !== "granted") continue;
    try {
      const { success } = await new Deno.Command(name, { args: ["--version"] }).output();
      if (success) return name;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** The line that the protocol is spoken over. */
class Line {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Result>>();
  readonly #listeners = new Set<(method: string, params: Result) => void>();
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Chromium has ended"));
    };
  }

  static async open(address: string): Promise<Line> {
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return new Line(socket);
  }

  call(method: string, params: Result = {}, sessionId?: string): Promise<Result> {
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

/** A page, and who looks at it and clicks in it. */
export class Page {
  /** Every address that the page asked anything of. */
  readonly requested: string[] = [];
  /** What failed in the page, and nobody caught. */
  readonly failures: string[] = [];

  constructor(readonly line: Line, readonly session: string) {
    line.listen((method, params) => {
      if (method === "Network.requestWillBeSent") {
        this.requested.push((params.request as { url: string }).url);
      }
      if (method === "Runtime.exceptionThrown") {
        const { exceptionDetails } = params as {
          exceptionDetails: { text: string; exception?: { description?: string } };
        };
        // Plotly breaks off a movement by a promise that fails with nothing; an error says what it is.
        const { text, exception } = exceptionDetails;
        if (exception?.description) this.failures.push(`${text} ${exception.description}`);
      }
      // Whether to leave a page with unsaved changes, for example.
      if (method === "Page.javascriptDialogOpening") {
        this.call("Page.handleJavaScriptDialog", { accept: true });
      }
    });
  }

  call(method: string, params: Result = {}): Promise<Result> {
    return this.line.call(method, params, this.session);
  }

  /** Goes to an address; what is there may still be loading when this returns. */
  async go(url: string): Promise<void> {
    await this.call("Page.navigate", { url });
  }

  /** Runs a function in the page, and gives what it gives; it may use nothing but its arguments. */
  async evaluate<A extends unknown[], T>(
    fn: (...args: A) => T,
    ...args: A
  ): Promise<Awaited<T>> {
    const expression = `(${fn})(${args.map((arg) => JSON.stringify(arg)).join(", ")})`;
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    }) as {
      result: { value: Awaited<T> };
      exceptionDetails?: { exception?: { description: string } };
    };
    if (exceptionDetails) {
      throw new Error(`In the page: ${exceptionDetails.exception?.description}`);
    }
    return result.value;
  }

  /** How large the window is, in pixels. */
  async resize(width: number, height: number): Promise<void> {
    const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.call("Emulation.setDeviceMetricsOverride", metrics);
  }

  /** Moves the mouse to a place. */
  async hover(at: { x: number; y: number }): Promise<void> {
    await this.call("Input.dispatchMouseEvent", { type: "mouseMoved", ...at });
  }

  /** Presses the mouse at one place and lets it go at another. */
  async drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    const mouse = (type: string, at: { x: number; y: number }) =>
      this.call("Input.dispatchMouseEvent", { type, ...at, button: "left", clickCount: 1 });
    await mouse("mouseMoved", from);
    await mouse("mousePressed", from);
    if (to.x !== from.x || to.y !== from.y) await mouse("mouseMoved", to);
    await mouse("mouseReleased", to);
  }

  click(at: { x: number; y: number }): Promise<void> {
    return this.drag(at, at);
  }

  /** All words that a screen reader finds in the page, in its order, with single spaces. */
  async spokenWords(): Promise<string> {
    const { nodes } = await this.call("Accessibility.getFullAXTree") as {
      nodes: { ignored: boolean; role?: { value: string }; name?: { value: string } }[];
    };
    const texts = nodes.filter(({ ignored, role }) => !ignored && role?.value === "StaticText");
    return texts.map(({ name }) => name?.value ?? "").join(" ").replace(/\s+/g, " ");
  }

  /** Takes a picture of the window. */
  async picture(path: string): Promise<void> {
    const { data } = await this.call("Page.captureScreenshot", { format: "png" });
    await Deno.writeFile(path, Uint8Array.fromBase64(String(data)));
  }
}

/** A running Chromium. Declare it with `await using`. */
export class Chromium implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #line: Line;
  readonly #profile: string;

  private constructor(process: Deno.ChildProcess, line: Line, profile: string) {
    this.#process = process;
    this.#line = line;
    this.#profile = profile;
  }

  /**
   * Starts one.
   *
   * @param name What `findChromium` found.
   * @param scratch Full path of a folder for its profile.
   */
  static async start(name: string, scratch: string): Promise<Chromium> {
    const profile = await Deno.makeTempDir({ dir: scratch, prefix: "chromium-" });
    const process = new Deno.Command(name, {
      args: [...FLAGS, `--user-data-dir=${profile}`, "about:blank"],
      stdout: "null",
      stderr: "null",
    }).spawn();
    const [port, path] = await until("Chromium's port", async () => {
      const text = await Deno.readTextFile(`${profile}/DevToolsActivePort`).catch(() => "");
      return text.includes("\n") && text.split("\n");
    });
    return new Chromium(process, await Line.open(`ws://127.0.0.1:${port}${path}`), profile);
  }

  /** Opens an empty page. */
  async newPage(width: number, height: number): Promise<Page> {
    const { targetId } = await this.#line.call("Target.createTarget", { url: "about:blank" });
    const attach = { targetId, flatten: true };
    const { sessionId } = await this.#line.call("Target.attachToTarget", attach);
    const page = new Page(this.#line, String(sessionId));
    const domains = ["Page", "Network", "Runtime"];
    await Promise.all(domains.map((domain) => page.call(`${domain}.enable`)));
    await page.resize(width, height);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#line.call("Browser.close").catch(() => {}); // it may end before it answers
    await this.#process.status;
    await Deno.remove(this.#profile, { recursive: true }).catch(() => {});
  }
}
