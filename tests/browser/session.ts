/**
 * One JupyterLab and one Chromium, for all notebooks of a test, one after the other.
 *
 * @module
 */
import { type Notebook, parseNotebook } from "@/jupyter/notebook_file.ts";
import { PLOTLY } from "@/jupyter/show.ts";
import { Chromium, type Page, pause, until } from "./chromium.ts";
import { seeFigures, type SeenFigure } from "./figures_in_page.ts";
import { JupyterLab } from "./jupyterlab.ts";
import {
  endKernel,
  execute,
  isIdle,
  notebookNow,
  readyKernel,
  scrollToTop,
  visibleErrors,
} from "./notebook_in_page.ts";

const WIDTH = 1200;
const HEIGHT = 1000;
/** Chromium draws no picture that is higher. */
const HIGHEST = 16_000;

const OPEN_SECONDS = 60;
const DRAW_SECONDS = 60;

/** What a page looks at when it looks at a notebook. */
export interface Look {
  readonly notebook: Notebook;
  readonly errors: string[];
  readonly figures: SeenFigure[];
}

/** The interactive figures that a notebook holds. */
export function figuresIn(notebook: Notebook): object[] {
  return notebook.cells.flatMap(({ outputs = [] }) =>
    outputs.flatMap((output) =>
      "data" in output && PLOTLY in output.data ? [output.data[PLOTLY] as object] : []
    )
  );
}

/** JupyterLab's renderer of Plotly leaves a PNG in each figure that it draws. */
function withoutAdditions(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    metadata: {},
    ...(cell.outputs && {
      outputs: cell.outputs.map((output) => {
        if (!("data" in output) || !(PLOTLY in output.data)) return output;
        const { "image/png": _added, ...data } = output.data;
        return { ...output, data };
      }),
    }),
  }));
  return { ...notebook, cells };
}

/** Notebooks as a reader of JupyterLab sees them. Declare it with `await using`. */
export class Session implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  readonly #lab: JupyterLab;
  readonly #folder: string;
  readonly page: Page;

  private constructor(stack: AsyncDisposableStack, lab: JupyterLab, page: Page, folder: string) {
    this.#stack = stack;
    this.#lab = lab;
    this.page = page;
    this.#folder = folder;
  }

  /**
   * Starts JupyterLab on `folder`/notebooks, and Chromium.
   *
   * @param chromium What `findChromium` found.
   * @param folder Full path of a folder of its own; pictures are kept there.
   */
  static async start(chromium: string, folder: string): Promise<Session> {
    await using stack = new AsyncDisposableStack();
    const lab = stack.use(await JupyterLab.start(Deno.cwd(), folder));
    const browser = stack.use(await Chromium.start(chromium, folder));
    const page = await browser.newPage(WIDTH, HEIGHT);
    return new Session(stack.move(), lab, page, folder);
  }

  /** Opens a notebook and waits for its kernel, whose name it gives. */
  async open(name: string): Promise<string> {
    await this.page.resize(WIDTH, HEIGHT);
    await this.page.go(this.#lab.urlOf(name));
    return await until(`${name} with its kernel`, OPEN_SECONDS, () => {
      return this.page.evaluate(readyKernel, name).catch(() => false as const);
    });
  }

  /** Ends the open notebook's kernel. */
  end(): Promise<void> {
    return this.page.evaluate(endKernel);
  }

  /** Does what a menu item does, such as "notebook:run-all-cells". */
  async do(command: string, args: object = {}, seconds = 60): Promise<void> {
    const isDone = await this.page.evaluate(execute, command, args, seconds);
    if (!isDone) throw new Error(`Cannot go on: wanted ${command} to end within ${seconds} s`);
  }

  /** Runs all cells, and waits until there is nothing more to come. */
  async runAll(seconds = 400): Promise<void> {
    await this.do("notebook:run-all-cells", {}, seconds);
    await until("an idle kernel", seconds, () => this.page.evaluate(isIdle));
    let before = "";
    await until("the last output", seconds, async () => {
      await pause(300);
      const now = JSON.stringify(await this.page.evaluate(notebookNow)).length.toString();
      const isSettled = now === before;
      before = now;
      return isSettled;
    });
  }

  /** The notebook as JupyterLab would save it, but for what JupyterLab itself adds. */
  async notebook(): Promise<Notebook> {
    const json = await this.page.evaluate(notebookNow);
    return withoutAdditions(parseNotebook(JSON.stringify(json), "the open notebook"));
  }

  /** Waits until as many figures are drawn as the notebook holds, and looks at everything. */
  async look(seconds = DRAW_SECONDS): Promise<Look> {
    const notebook = await this.notebook();
    const wanted = figuresIn(notebook).length;
    const figures = await until(`${wanted} drawn figures`, seconds, async () => {
      const seen = await this.page.evaluate(seeFigures);
      return seen.length >= wanted && seen.every(({ marks }) => marks > 0) && seen;
    }).catch(() => this.page.evaluate(seeFigures)); // whoever looks at them finds what is missing
    return { notebook, errors: await this.page.evaluate(visibleErrors), figures };
  }

  /** Makes the window as high as the notebook, so that all of it can be seen and clicked. */
  async spread(): Promise<void> {
    const height = await this.page.evaluate(scrollToTop);
    await this.page.resize(WIDTH, Math.min(height + 200, HIGHEST));
    await pause(1000);
    await this.page.evaluate(scrollToTop);
    await pause(500);
  }

  /** Keeps a picture of the window. */
  async picture(name: string): Promise<void> {
    await Deno.mkdir(`${this.#folder}/pictures`, { recursive: true });
    await this.page.picture(`${this.#folder}/pictures/${name}.png`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
