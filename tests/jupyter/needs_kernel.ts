/**
 * Tests that start a kernel, or another Deno; without the permission they are left out.
 *
 * @module
 */

function isGranted(descriptor: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(descriptor).state === "granted";
}

/** Whether this Deno may start another. */
export const mayRunDeno = isGranted({ name: "run", command: Deno.execPath() });

/** Whether this Deno may start a kernel and talk to it. */
export const mayRunKernel = mayRunDeno && isGranted({ name: "ffi" }) &&
  isGranted({ name: "read" }) &&
  isGranted({ name: "write", path: ".runs" });

/** Declares a test that is left out, with the reason in its name, where Deno may not start another. */
export function testWithDeno(name: string, fn: () => Promise<void>): void {
  const ignore = !mayRunDeno;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-run)` : name, ignore, fn });
}

/** The same for a test that talks to a kernel. */
export function testWithKernel(name: string, fn: () => Promise<void>): void {
  const ignore = !mayRunKernel;
  const why = " (left out: needs the permissions of `deno task test`)";
  Deno.test({ name: ignore ? name + why : name, ignore, fn });
}
