/// <reference lib="dom" />
/**
 * A notebook that is open in JupyterLab, asked and told from within the page; each function is sent there as text.
 *
 * @module
 */

/** What is used of JupyterLab's application. */
interface Application {
  readonly commands: { execute(command: string, args?: object): Promise<unknown> };
  readonly shell: {
    readonly currentWidget?: {
      readonly context?: {
        readonly isReady: boolean;
        readonly path: string;
        readonly model: { toJSON(): unknown; readonly dirty: boolean };
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
