/** Where a breakage's line and its tests lie in the tree. */
import type { Breakage } from "./breakages.ts";

/** A place in a file of the library: from one character to before another. */
export interface Place {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** Paths of all TypeScript files below a folder, the kernels' own language left out. */
export function sourcePaths(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      return name === "assembly" && folder.startsWith("lib") ? [] : sourcePaths(path);
    }
    return name.endsWith(".ts") ? [path] : [];
  });
}

/** A pattern of the same words and signs, however they are spaced. */
function patternOf(code: string): RegExp {
  const parts = (code.match(/\w+|[^\w\s]/g) ?? []).map(RegExp.escape);
  const [before, after] = [/^\w/.test(code) ? "(?<!\\w)" : "", /\w$/.test(code) ? "(?!\\w)" : ""];
  return new RegExp(before + parts.join("\\s*") + after, "g");
}

/** Every place in the library where a breakage's text occurs; it should be one. */
export function placesOf(
  { find, file }: Pick<Breakage, "find" | "file">,
  sources: ReadonlyMap<string, string>,
): Place[] {
  const pattern = patternOf(find);
  return [...sources].flatMap(([path, text]) => {
    if (file !== undefined && !path.endsWith(`/${file}`)) return [];
    return [...text.matchAll(pattern)].map(({ index, 0: match }) => {
      return { path, from: index, to: index + match.length };
    });
  });
}

/** Every file of a test's name; of `doc:NAME`, the files of the library with that name. */
export function testFiles(
  test: string,
  tests: readonly string[],
  sources: readonly string[],
): string[] {
  const [, doc, name] = /^(doc:)?(.*)$/.exec(test)!;
  return (doc ? sources : tests).filter((path) => path.endsWith(`/${name}`));
}
