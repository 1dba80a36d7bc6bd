/**
 * One JupyterLab and one Chromium, for all notebooks of a test, one after the other.
 *
 * @module
 */
import { type Notebook, parseNotebook } from "@/jupyter/notebook_file.ts";
import { PLOTLY } from "@/jupyter/show.ts";
import { Chromium, notYet, type Page } from "./chromium.ts";
import { seeFigures, type SeenFigure } from "./figures_in_page.ts";
import { type App, JupyterLab, LAB } from "./jupyterlab.ts";
import {
  endKernel,
  execute,
  isIdle,
  isSpread,
  notebookNow,
  readyKernel,
  scrollToPart,
  scrollToTop,
  themeNow,
  visibleErrors,
} from "./notebook_in_page.ts";
import { PATIENCE, settled, until } from "./waiting.ts";

const WIDTH = 1200;
const HEIGHT = 1000;
/** Chromium draws no picture that is higher. */
const HIGHEST = 16_000;

/** So long nothing may change before what is still missing is missed. */
const QUIET_SECONDS = { outputs: 120, figures: 240 };

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
  readonly page: Page;
  /** Full path of its folder. */
  readonly folder: string;

  private constructor(stack: AsyncDisposableStack, lab: JupyterLab, page: Page, folder: string) {
    this.#stack = stack;
    this.#lab = lab;
    this.page = page;
    this.folder = folder;
  }

  /**
   * Starts JupyterLab on `folder`/notebooks, and Chromium.
   *
   * @param chromium What `findChromium` found.
   * @param folder Full path of a folder of its own; pictures are kept there.
   * @param app Which of the pages that draw notebooks; JupyterLab if left out.
   */
  static async start(chromium: string, folder: string, app: App = LAB): Promise<Session> {
    await using stack = new AsyncDisposableStack();
    const lab = stack.use(await JupyterLab.start(Deno.cwd(), folder, app));
    const browser = stack.use(await Chromium.start(chromium, folder));
    const page = await browser.newPage(WIDTH, HEIGHT);
    return new Session(stack.move(), lab, page, folder);
  }

  /** Opens a notebook and waits for its kernel, whose name it gives. */
  async open(name: string): Promise<string> {
    await this.page.resize(WIDTH, HEIGHT);
    await this.page.go(this.#lab.urlOf(name));
    return await until(`${name} with its kernel`, () => {
      return this.page.evaluate(readyKernel, name).catch(notYet);
    });
  }

  /** Ends the open notebook's kernel. */
  end(): Promise<void> {
    return this.page.evaluate(endKernel);
  }

  /** Does what a menu item does, such as "notebook:run-all-cells". */
  async do(command: string, args: object = {}): Promise<void> {
    const isDone = await this.page.evaluate(execute, command, args, PATIENCE);
    if (!isDone) throw new Error(`Cannot go on: wanted ${command} to end within ${PATIENCE} s`);
  }

  /**
   * Runs all cells, and waits for what they say: some of it comes after the kernel has said that it is idle.
   *
   * @param isComplete Whether all is there that is expected.
   * @returns The notebook as it is then, complete or not.
   */
  async runAll(isComplete: (notebook: Notebook) => boolean): Promise<Notebook> {
    await this.do("notebook:run-all-cells");
    await until("an idle kernel", () => this.page.evaluate(isIdle));
    const quietSeconds = QUIET_SECONDS.outputs;
    return settled({ what: "the outputs", read: () => this.notebook(), isComplete, quietSeconds });
  }

  /** The notebook as JupyterLab would save it, but for what JupyterLab itself adds. */
  async notebook(): Promise<Notebook> {
    const json = await this.page.evaluate(notebookNow);
    return withoutAdditions(parseNotebook(JSON.stringify(json), "the open notebook"));
  }

  /**
   * Waits until all figures that the notebook holds are drawn, and looks at everything.
   *
   * @param blank So many of them are known to have nothing in them.
   */
  async look(blank = 0): Promise<Look> {
    const notebook = await this.notebook();
    const wanted = figuresIn(notebook).length;
    // Whoever looks at them finds what is missing.
    const figures = await settled({
      what: `${wanted} drawn figures`,
      read: () => this.page.evaluate(seeFigures),
      isComplete: (seen) =>
        seen.length >= wanted && seen.filter(({ marks }) => marks === 0).length <= blank,
      quietSeconds: QUIET_SECONDS.figures,
    });
    return { notebook, errors: await this.page.evaluate(visibleErrors), figures };
  }

  /** Makes the window as high as the notebook, so that all of it can be seen and clicked. */
  async spread(): Promise<void> {
    const top = { what: "a notebook at rest", isComplete: () => true, quietSeconds: 0 };
    const read = () => this.page.evaluate(scrollToTop);
    const height = Math.min(await settled({ ...top, read }) + 200, HIGHEST);
    await this.page.resize(WIDTH, height);
    await until("a high window", () => this.page.evaluate(isSpread, height));
    await settled({ ...top, read });
  }

  /** Changes the theme, and waits until the page is painted with it. */
  async theme(name: "JupyterLab Light" | "JupyterLab Dark"): Promise<void> {
    await this.do("apputils:change-theme", { theme: name });
    await settled({
      what: name,
      read: () => this.page.evaluate(themeNow),
      isComplete: (now) => now.name === name && now.paper !== "",
      quietSeconds: PATIENCE,
    });
  }

  /** Keeps pictures of the notebook: one, or several where it is higher than the window. */
  async picture(name: string): Promise<void> {
    await Deno.mkdir(`${this.folder}/pictures`, { recursive: true });
    for (let part = 0, more = true; more; part++) {
      more = await this.page.evaluate(scrollToPart, part);
      const number = part === 0 ? "" : `-${part + 1}`;
      await this.page.picture(`${this.folder}/pictures/${name}${number}.png`);
    }
    await this.page.evaluate(scrollToTop);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
