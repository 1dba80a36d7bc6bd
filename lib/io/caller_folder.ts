/**
 * The folder from which the user called a command.
 *
 * `deno task` runs a command in the project's folder and leaves the user's folder in the variable `INIT_CWD`. A command
 * that takes paths enters that folder first: paths then mean what they mean in the user's shell, and those that the command
 * prints can be used there.
 *
 * @module
 */
import { isAbsolute, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { processTerminal } from "./terminal.ts";

const VARIABLE = "INIT_CWD";

/**
 * Enters the folder from which the user called the command, if it lies in the project; otherwise it says from where paths
 * count. Without the permission to read `INIT_CWD` it does nothing.
 */
export function enterCallerFolder(): void {
  const permission = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  const folder = permission.state === "granted" ? Deno.env.get(VARIABLE) : undefined;
  if (!folder || folder === Deno.cwd()) return;
  if (isGranted("read", folder)) return Deno.chdir(folder);
  processTerminal.note(`Paths count from ${Deno.cwd()}, since ${folder} lies outside the project`);
}

/**
 * Converts the path of something in the project to a path from the current folder.
 *
 * @example From the project's folder, and from a folder in it.
 * ```ts
 * import { projectPath } from "@/io/caller_folder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(projectPath(".runs", "/a/project", "/a/project"), ".runs");
 * assertEquals(projectPath(".runs", "/a/project", "/a/project/notebooks"), "../.runs");
 * ```
 * @param path The path from the project's folder.
 * @param project The project's folder.
 * @param current The current folder.
 * @returns The path from the current folder, with forward slashes; `path` itself if one of the folders is unknown.
 */
export function projectPath(
  path: string,
  project: string | undefined = projectFolder(),
  current: string | undefined = currentFolder(),
): string {
  if (project === undefined || current === undefined) return path;
  const way = relative(current, project).replaceAll("\\", "/");
  return way === "" ? path : `${way}/${path}`;
}

/**
 * Converts a path from the current folder to one that means the same from every folder: a path from the project's folder,
 * which {@linkcode fromAnyFolder} converts back.
 *
 * @example A file in the project, called from a folder in it, and one elsewhere.
 * ```ts
 * import { pathInProject } from "@/io/caller_folder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathInProject("my.txt", "/a/project", "/a/project/notebooks"), "notebooks/my.txt");
 * assertEquals(pathInProject("../my.txt", "/a/project", "/a/project"), "/a/my.txt");
 * ```
 * @param path The path from the current folder.
 * @param project The project's folder.
 * @param current The current folder.
 * @returns The path, with forward slashes; absolute if it leads out of the project, `path` itself if one of the folders is
 * unknown.
 */
export function pathInProject(
  path: string,
  project: string | undefined = projectFolder(),
  current: string | undefined = currentFolder(),
): string {
  if (project === undefined || current === undefined) return path;
  const absolute = resolve(current, path), inside = relative(project, absolute);
  const leadsOut = inside.startsWith("..") || isAbsolute(inside);
  return (leadsOut ? absolute : inside).replaceAll("\\", "/");
}

/**
 * Converts a path of {@linkcode pathInProject} back to a path from the current folder.
 *
 * @param path The path.
 * @returns The path from the current folder.
 */
export function fromAnyFolder(path: string): string {
  return isAbsolute(path) ? path : projectPath(path);
}

function projectFolder(): string | undefined {
  const { href, protocol } = new URL("../../", import.meta.url);
  return protocol === "file:" ? fileURLToPath(href) : undefined;
}

function currentFolder(): string | undefined {
  return isGranted("read", ".") ? Deno.cwd() : undefined;
}

function isGranted(name: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}

/**
 * Says what to do about a path that Deno does not let the command read or write.
 *
 * @param action What the command cannot do.
 * @param path The path.
 * @returns What was got, as in "wanted a place that can be read, got …".
 */
export function missingPermission(action: "read" | "write", path: string): string {
  const runs = projectPath(".runs"), writes = isGranted("write", runs);
  if (!isGranted(action, action === "read" ? "." : runs)) {
    return `no permission from Deno (--allow-${action} does not cover it)`;
  }
  const covered = resolve(path);
  const flags = [`--allow-read=.,${covered}`, ...writes ? [`--allow-write=.runs,${covered}`] : []];
  const place = writes
    ? `choose one in ${runs}, or copy it into the project`
    : "copy it into the project";
  return `one that Deno does not let this command ${action} (${place}, ` +
    `or call deno run as the task in deno.json does, with ${flags.join(" ")})`;
}
