/// <reference lib="dom" />
/**
 * A notebook that is open in JupyterLab, asked and told from within the page; each function is sent there as text.
 *
 * @module
 */

/** What is used of the outputs of a cell. */
interface CellOutputs {
  readonly changed: { connect(listener: () => void): void };
  toJSON(): { readonly data?: Record<string, unknown> }[];
}

/** What a cell showed for a while. */
export interface Shown {
  /** Milliseconds on the page's clock. */
  readonly at: number;
  /** The outputs' formats. */
  readonly formats: string[][];
  /** To tell whether it is another picture. */
  readonly picture: string;
}

/** What is used of JupyterLab's application. */
interface Application {
  readonly commands: { execute(command: string, args?: object): Promise<unknown> };
  readonly shell: {
    readonly currentWidget?: {
      readonly context?: {
        readonly isReady: boolean;
        readonly path: string;
        readonly model: {
          toJSON(): unknown;
          readonly dirty: boolean;
          readonly cells: { get(k: number): { readonly outputs: CellOutputs } };
        };
        readonly sessionContext: {
          readonly kernelDisplayName: string;
          readonly session?: { readonly kernel?: { readonly status: string } };
          shutdown(): Promise<void>;
        };
      };
    };
  };
}

declare global {
  var jupyterapp: Application | undefined;
  var shown: Shown[];
}

/** The name of the notebook's kernel as soon as notebook and kernel are ready. */
export function readyKernel(name: string): string | false {
  const context = globalThis.jupyterapp?.shell.currentWidget?.context;
  if (!context?.isReady || context.path !== name) return false;
  const { session, kernelDisplayName } = context.sessionContext;
  return session?.kernel?.status === "idle" && kernelDisplayName;
}

/** Does what a menu item does; gives whether it was done before the time was up. */
export function execute(command: string, args: object, seconds: number): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1000 * seconds));
  return Promise.race([
    globalThis.jupyterapp!.commands.execute(command, args).then(() => true),
    late,
  ]);
}

/** The notebook as JupyterLab would save it. */
export function notebookNow(): unknown {
  return globalThis.jupyterapp!.shell.currentWidget!.context!.model.toJSON();
}

/** Whether the kernel has nothing to do. */
export function isIdle(): boolean {
  const { sessionContext } = globalThis.jupyterapp!.shell.currentWidget!.context!;
  return sessionContext.session?.kernel?.status === "idle";
}

/** Ends the kernel, so that it does not take time from the next. */
export function endKernel(): Promise<void> {
  return globalThis.jupyterapp!.shell.currentWidget!.context!.sessionContext.shutdown();
}

/** What went wrong for all to see: errors, and what was written to stderr. */
export function visibleErrors(): string[] {
  const kinds = ["application/vnd.jupyter.error", "application/vnd.jupyter.stderr"];
  const outputs = kinds.flatMap((kind) => [
    ...document.querySelectorAll(`.jp-OutputArea-output[data-mime-type="${kind}"]`),
  ]);
  return outputs.map((output) => output.textContent!.trim().slice(0, 300));
}

/** Scrolls to the notebook's first cell, and gives how high it is to its last. */
export function scrollToTop(): number {
  const parts = [...document.querySelectorAll(
    ".jp-WindowedPanel-outer, .jp-Notebook, .jp-WindowedPanel-inner, .jp-WindowedPanel-viewport",
  )];
  for (const part of parts) part.scrollTop = 0;
  return Math.max(...parts.map((part) => part.scrollHeight));
}

/** Shows one windowful of the notebook after another, from 0 on: whether there are more. */
export function scrollToPart(part: number): boolean {
  const room = ({ scrollHeight, clientHeight }: Element) => scrollHeight - clientHeight;
  const scroller = [...document.querySelectorAll(
    ".jp-WindowedPanel-outer, .jp-Notebook, .jp-WindowedPanel-inner, .jp-WindowedPanel-viewport",
  )].reduce((most, next) => room(next) > room(most) ? next : most);
  scroller.scrollTop = part * scroller.clientHeight;
  // Below the last cell there may be room for cells that it took for higher.
  const last = [...document.querySelectorAll(".jp-Notebook .jp-Cell")].at(-1);
  return last !== undefined && last.getBoundingClientRect().bottom > innerHeight;
}

/** From now on, keeps all that a cell shows. */
export function watchCell(k: number): void {
  const { outputs } = globalThis.jupyterapp!.shell.currentWidget!.context!.model.cells.get(k);
  globalThis.shown = [];
  outputs.changed.connect(() => {
    const all = outputs.toJSON();
    const formats = all.map(({ data = {} }) => Object.keys(data));
    const picture = JSON.stringify(all.map(({ data = {} }) => data["image/svg+xml"]));
    globalThis.shown.push({ at: performance.now(), formats, picture });
  });
}

/** All that the watched cell has shown since. */
export function shownSince(): Shown[] {
  return globalThis.shown;
}

/** Whether the page is as high as it was told to be, and drawn so. */
export function isSpread(height: number): Promise<boolean> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(innerHeight === height)))
  );
}

/** The theme, and what it paints the page with. */
export function themeNow(): { name?: string; paper: string } {
  const paper = getComputedStyle(document.documentElement).getPropertyValue("--jp-layout-color0");
  return { name: document.body.dataset.jpThemeName, paper: paper.trim() };
}
