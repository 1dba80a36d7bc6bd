/**
 * Display of content in the output of a notebook's cell.
 *
 * @module
 */

/** The same content in several formats; a front end shows the richest one that it supports. */
export type MediaBundle = Deno.jupyter.MediaBundle;

/** Returns whether this code runs in a notebook's kernel; `Deno.jupyter` throws everywhere else. */
export function isInKernel(): boolean {
  try {
    return Deno.jupyter !== undefined;
  } catch {
    return false;
  }
}

/**
 * Displays a bundle below the running cell; does nothing outside a kernel.
 *
 * @param bundle The content by media type.
 * @param id An id by which the output can be replaced later.
 * @param isUpdate Whether to replace the output with that id instead of adding one.
 */
export async function display(
  bundle: MediaBundle,
  id?: string,
  isUpdate: boolean = false,
): Promise<void> {
  if (!isInKernel()) return;
  await Deno.jupyter.display(bundle, { raw: true, display_id: id, update: isUpdate });
}
