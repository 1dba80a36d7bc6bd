/**
 * The way from library code into the output of a notebook's cell.
 *
 * @module
 */

/** The same content in several formats; a front end shows the richest that it knows. */
export type MediaBundle = Deno.jupyter.MediaBundle;

/** Whether this code runs in a notebook's kernel; `Deno.jupyter` throws everywhere else. */
export function isInKernel(): boolean {
  try {
    return Deno.jupyter !== undefined;
  } catch {
    return false;
  }
}

/**
 * Shows a bundle below the cell that is running; does nothing outside a kernel.
 *
 * @param bundle The content by its media type.
 * @param id A name under which the output can be replaced later.
 * @param isUpdate Whether to replace the output of that name instead of adding one.
 */
export async function display(
  bundle: MediaBundle,
  id?: string,
  isUpdate: boolean = false,
): Promise<void> {
  if (!isInKernel()) return;
  await Deno.jupyter.display(bundle, { raw: true, display_id: id, update: isUpdate });
}
