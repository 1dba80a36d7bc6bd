/// <reference lib="dom" />
/**
 * The pictures among the outputs of a page, looked at from within; each function is sent there as text, and
 * stands alone.
 *
 * @module
 */

/** What can be seen of a picture. */
export interface SeenPicture {
  /** Its own size, or that on the page where that is smaller, in pixels; nothing if it cannot be drawn. */
  readonly width: number;
  readonly height: number;
  /** How many colours there are in it. */
  readonly colours: number;
}

/** Whether the page and all that it shows are there, or will not come. */
export function isLoaded(): boolean {
  return document.readyState === "complete";
}

/** Waits for all pictures of outputs to be read, and looks at them, in order. */
export function seePictures(): Promise<SeenPicture[]> {
  const coloursOf = (picture: HTMLImageElement) => {
    const { naturalWidth: width, naturalHeight: height } = picture;
    const pen = Object.assign(document.createElement("canvas"), { width, height }).getContext(
      "2d",
    )!;
    pen.drawImage(picture, 0, 0);
    return new Set(new Uint32Array(pen.getImageData(0, 0, width, height).data.buffer)).size;
  };
  const see = async (picture: HTMLImageElement) => {
    const isRead = await picture.decode().then(() => true, () => false);
    if (!isRead || !picture.checkVisibility()) return { width: 0, height: 0, colours: 0 };
    return {
      width: Math.min(picture.naturalWidth, picture.clientWidth),
      height: Math.min(picture.naturalHeight, picture.clientHeight),
      colours: coloursOf(picture),
    };
  };
  const pictures = document.querySelectorAll<HTMLImageElement>(".jp-OutputArea-output img");
  return Promise.all([...pictures].map(see));
}
