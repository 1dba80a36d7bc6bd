/**
 * A Chromium without a window, driven through its DevTools protocol.
 *
 * Source: Chrome DevTools Protocol, tip of tree: Target, Page, Runtime, Input, Emulation.
 *
 * @module
 */
import { endOf, hasEnded } from "./process_end.ts";
import { DevToolsLine, Gone, type Result } from "./devtools_line.ts";
import { until } from "./waiting.ts";

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
  "--disable-dev-shm-usage", // in containers it is often too small for a picture of a whole notebook
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

/** While a page is on its way it answers nothing, or with an error; one that is gone never will. */
export function notYet(error: unknown): false {
  if (error instanceof Gone) throw error;
  return false;
}

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

/** A page that is left may answer once more: these two tell. */
function markAsOld(): void {
  Object.assign(globalThis, { isOld: true });
}
function isNew(): boolean {
  return !("isOld" in globalThis);
}

/** A page, and who looks at it and clicks in it. */
export class Page {
  /** Every address that the page asked anything of. */
  readonly requested: string[] = [];
  /** What failed in the page, and nobody caught. */
  readonly failures: string[] = [];
  readonly #crash = Promise.withResolvers<never>();
  #isLeaving = false;

  constructor(readonly line: DevToolsLine, readonly session: string) {
    this.#crash.promise.catch(() => {});
    line.listen((method, params) => {
      if (method === "Inspector.targetCrashed") {
        this.#crash.reject(new Gone("Chromium: the page has crashed"));
      }
      if (method === "Network.requestWillBeSent") {
        this.requested.push((params.request as { url: string }).url);
      }
      if (method === "Runtime.exceptionThrown") {
        const { exceptionDetails } = params as {
          exceptionDetails: { text: string; exception?: { description?: string } };
        };
        // Plotly breaks off a movement by a promise that fails with nothing; an error says what it is.
        const { text, exception } = exceptionDetails;
        const words = `${text} ${exception?.description}`;
        // What is under way when a page is left, or a kernel ended, is broken off, and JupyterLab says so.
        const isBrokenOff = this.#isLeaving || words.includes("Canceled future for");
        if (exception?.description && !isBrokenOff) this.failures.push(words);
      }
      // Whether to leave a page with unsaved changes, for example.
      if (method === "Page.javascriptDialogOpening") {
        this.call("Page.handleJavaScriptDialog", { accept: true }).catch(() => {});
      }
    });
  }

  call(method: string, params: Result = {}): Promise<Result> {
    return Promise.race([this.line.call(method, params, this.session), this.#crash.promise]);
  }

  /** Goes to an address; what is there may still be loading when this returns, but what was there is gone. */
  async go(url: string): Promise<void> {
    this.#isLeaving = true;
    await this.evaluate(markAsOld);
    const { errorText } = await this.call("Page.navigate", { url });
    if (errorText) throw new Error(`Chromium: no page at ${url.split("?")[0]}: ${errorText}`);
    await until("another page", () => this.evaluate(isNew).catch(notYet));
    this.#isLeaving = false;
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
  readonly #line: DevToolsLine;
  readonly #profile: string;

  private constructor(process: Deno.ChildProcess, line: DevToolsLine, profile: string) {
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
      if (text === "" && await hasEnded(process)) {
        throw new Error(`Chromium (${name}) ended at once`);
      }
      return /^(\d+)\n(\/devtools\/browser\/[\w-]+)/.exec(text)?.slice(1);
    });
    return new Chromium(process, await DevToolsLine.open(`ws://127.0.0.1:${port}${path}`), profile);
  }

  /** Opens an empty page. */
  async newPage(width: number, height: number): Promise<Page> {
    const { targetId } = await this.#line.call("Target.createTarget", { url: "about:blank" });
    const attach = { targetId, flatten: true };
    const { sessionId } = await this.#line.call("Target.attachToTarget", attach);
    const page = new Page(this.#line, String(sessionId));
    const domains = ["Page", "Network", "Runtime", "Inspector"];
    await Promise.all(domains.map((domain) => page.call(`${domain}.enable`)));
    await page.resize(width, height);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#line.call("Browser.close").catch(() => {}); // it may end before it answers
    await endOf(this.#process);
    await Deno.remove(this.#profile, { recursive: true }).catch(() => {});
  }
}
