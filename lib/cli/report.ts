/**
 * A run as a page: one file, no scripts, nothing loaded from anywhere.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";

/** What a page tells. */
export interface Report {
  readonly title: string;
  /** One sentence below the title. */
  readonly verdict: string;
  /** The summary, as it was printed. */
  readonly lines: readonly string[];
  readonly figures: readonly Figure[];
  /** Names and values for the table of settings. */
  readonly settings: Rows;
  /** The same for what the settings came to, if there is more to it than they say. */
  readonly recipe?: Rows;
}

/** Names and values. */
type Rows = readonly (readonly [name: string, value: string])[];

const STYLE = `
  :root { color-scheme: light; }
  body { margin: 2rem auto; max-width: 46rem; padding: 0 1rem; color: #222; background: #fff;
    font: 1rem/1.5 Arial, Helvetica, sans-serif; }
  h1 { font-size: 1.5rem; margin-bottom: 0.25rem; }
  h2 { font-size: 1.15rem; margin-top: 2rem; }
  pre { overflow-x: auto; padding: 0.75rem 1rem; background: #f5f5f5; line-height: 1.4;
    box-sizing: border-box; width: max-content; min-width: 100%; max-width: calc(50vw + 50%); }
  figure { margin: 1rem 0; }
  svg { max-width: 100%; height: auto; }
  table { border-collapse: collapse; }
  th, td { padding: 0.2rem 1.5rem 0.2rem 0; text-align: left; border-bottom: 1px solid #e4e4e4; }
  th { font-weight: normal; font-family: monospace; }`;

/**
 * Text as it can stand in a page.
 *
 * @example A name that looks like a tag.
 * ```ts
 * import { escapeHtml } from "@/cli/report.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapeHtml('<a & "b">'), "&lt;a &amp; &quot;b&quot;&gt;");
 * ```
 * @param text Any text.
 * @returns The same text without anything that a page would take for its own.
 */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/**
 * Writes a page.
 *
 * @param report What it tells.
 * @param draw Draws a figure as the text of an SVG file.
 * @returns HTML; a figure that cannot be drawn is a sentence that says why.
 */
export async function reportHtml(
  report: Report,
  draw: (figure: Figure) => Promise<string>,
): Promise<string> {
  const { title, verdict, lines, figures, settings, recipe = [] } = report;
  const pictures = await Promise.all(figures.map((figure) => picture(figure, draw)));
  const tables = [table("Settings", settings), ...recipe.length ? [table("Recipe", recipe)] : []];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(verdict)}</p>
<pre>${escapeHtml(lines.join("\n"))}</pre>
${pictures.join("\n")}
${tables.join("\n")}
</body>
</html>
`;
}

function table(heading: string, rows: Rows): string {
  const lines = rows.map(([name, value]) =>
    `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`
  );
  return [`<h2>${heading}</h2>`, "<table>", ...lines, "</table>"].join("\n");
}

async function picture(
  figure: Figure,
  draw: (figure: Figure) => Promise<string>,
): Promise<string> {
  try {
    return `<figure>\n${await draw(figure)}\n</figure>`;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return `<p>${escapeHtml(`${figure.description} (It could not be drawn: ${cause})`)}</p>`;
  }
}
