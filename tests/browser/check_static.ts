/**
 * Notebooks as they are committed, in a page that may not run a script.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { pythonIn } from "@/cli/lab_environment.ts";
import { labVariables } from "@/cli/lab.ts";
import { machinePrograms } from "@/io/programs.ts";
import { parseNotebook } from "@/jupyter/notebook_file.ts";
import { Chromium, notYet, type Page } from "./chromium.ts";
import { isLoaded, seePictures } from "./pictures_in_page.ts";
import { figuresIn } from "./session.ts";
import { STATIC_FAULTS } from "./static_faults.ts";
import { until } from "./waiting.ts";

/** The notebook whose faults are known. */
export const STATIC = "static.ipynb";

/** Figures are larger than this, in pixels. */
const [LEAST_WIDTH, LEAST_HEIGHT] = [200, 100];

/** Has nbconvert make a page of each notebook, without running it. */
async function makePages(folder: string, names: string[]): Promise<void> {
  const environment = `${Deno.cwd()}/.jupyter`;
  const python = pythonIn(environment, Deno.build.os === "windows");
  const paths = names.map((name) => `${folder}/notebooks/${name}`);
  const made = await machinePrograms.run(
    python,
    ["-m", "nbconvert", "--to", "html", "--output-dir", `${folder}/static`, ...paths],
    labVariables(environment),
  );
  if (made?.code !== 0) throw new Error(`nbconvert: wanted pages, got ${made?.noted}`);
}

/** What is missing in a page, or comes from elsewhere. */
async function faultsOf(page: Page, folder: string, name: string): Promise<string[]> {
  const wanted = figuresIn(
    parseNotebook(await Deno.readTextFile(`${folder}/notebooks/${name}`), name),
  ).length;
  const before = page.requested.length;
  await page.go(`file://${encodeURI(folder)}/static/${name.replace(".ipynb", ".html")}`);
  await until(`${name} without scripts`, () => page.evaluate(isLoaded).catch(notYet));
  const pictures = await page.evaluate(seePictures);
  // The scripts that nbconvert links to are not asked for: nothing would run them.
  const asked = page.requested.slice(before).filter((url) => !/^(file|data):/.test(url));
  return [
    ...pictures.flatMap(({ width, height, colours }, k) => {
      if (colours === 0) return [`picture ${k + 1}: not drawn`];
      const isSmall = width <= LEAST_WIDTH || height <= LEAST_HEIGHT;
      return [
        ...(isSmall ? [`picture ${k + 1}: only ${width} × ${height}`] : []),
        ...(colours === 1 ? [`picture ${k + 1}: one colour alone`] : []),
      ];
    }),
    ...asked.map((url) => `asked for ${url}`),
    ...(pictures.length === wanted ? [] : [`${pictures.length} pictures for ${wanted} figures`]),
  ];
}

/**
 * Looks at each notebook without running anything.
 *
 * @param chromium What `findChromium` found.
 * @param folder Full path of the folder in which the notebooks' folder is.
 * @param names File names of notebooks there.
 */
export async function checkStatic(
  t: Deno.TestContext,
  chromium: string,
  folder: string,
  names: string[],
): Promise<void> {
  await makePages(folder, [STATIC, ...names]);
  await using browser = await Chromium.start(chromium, folder);
  const page = await browser.newPage(1200, 1000);
  await page.call("Emulation.setScriptExecutionDisabled", { value: true }); // but for what we ask
  await t.step(`${STATIC}: without scripts, every fault is found`, async () => {
    assertEquals(await faultsOf(page, folder, STATIC), STATIC_FAULTS);
  });
  for (const name of names) {
    await t.step(`${name}: without scripts, there is a picture of each figure`, async () => {
      assertEquals(await faultsOf(page, folder, name), []);
    });
  }
}
