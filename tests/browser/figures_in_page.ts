/// <reference lib="dom" />
/**
 * What is drawn in a page, looked at from within; each function is sent there as text, and stands alone.
 *
 * @module
 */

/** What can be seen of an interactive figure. */
export interface SeenFigure {
  /** Its title, to name it by. */
  readonly title: string;
  /** How many marks of data are drawn, none of them without a size. */
  readonly marks: number;
  /** Pairs of texts that lie over each other. */
  readonly overlaps: string[];
  /** Texts that reach out of the figure. */
  readonly cutOff: string[];
  /** Texts that lie under Plotly's buttons, which a touch shows. */
  readonly underButtons: string[];
  /** Everything that can be seen of the marks and words, to tell whether it has changed. */
  readonly look: string;
  /** The middle of each slider's grip, and a place on its rail far from that. */
  readonly sliders: { x: number; y: number; toX: number; toY: number }[];
  /** The middle of each button. */
  readonly buttons: { label: string; x: number; y: number }[];
}

/** Scrolls to a figure: a long notebook is higher than any window. */
export function scrollToFigure(k: number): void {
  document.querySelectorAll(".js-plotly-plot")[k].scrollIntoView({ block: "center" });
}

/** Looks at all interactive figures on the page, in order. */
export function seeFigures(): SeenFigure[] {
  const SHAPES = "path, rect, circle, image, text, line, polygon";
  const isVisible = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    return (width > 0 || height > 0) &&
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const shapesIn = (part: Element) => [...part.querySelectorAll(SHAPES)].filter(isVisible);

  const textsOf = (figure: Element) =>
    [...figure.querySelectorAll("text")].filter((text) =>
      isVisible(text) && text.textContent!.trim() !== "" && !text.closest(".hoverlayer, defs")
    ).map((text) => ({ words: text.textContent!.trim(), box: text.getBoundingClientRect() }));
  type Text = ReturnType<typeof textsOf>[number];

  // A text's box is higher than its letters, and a line above another may reach into it.
  const SLACK = 3;
  const isOver = ({ box: a }: { box: DOMRect }, { box: b }: { box: DOMRect }) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > SLACK &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SLACK;
  const overlapsOf = (texts: Text[]) =>
    texts.flatMap((a, i) =>
      texts.slice(i + 1).filter((b) => isOver(a, b)).map((b) => `${a.words} | ${b.words}`)
    );

  const cutOffOf = (figure: Element, texts: Text[]) => {
    const frame = figure.querySelector(".main-svg")!.getBoundingClientRect();
    return texts.filter(({ box }) =>
      box.left < frame.left - 1 || box.right > frame.right + 1 ||
      box.top < frame.top - 1 || box.bottom > frame.bottom + 1
    ).map(({ words }) => words);
  };

  const underButtonsOf = (figure: Element, texts: Text[]) => {
    const buttons = [...figure.querySelectorAll(".modebar-btn")].map((button) => ({
      box: button.getBoundingClientRect(),
    }));
    return texts.filter((text) => buttons.some((button) => isOver(text, button)))
      .map(({ words }) => words);
  };

  const middle = (element: Element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { x: (left + right) / 2, y: (top + bottom) / 2 };
  };
  const slidersOf = (figure: Element) =>
    [...figure.querySelectorAll(".slider-group")].map((slider) => {
      const grip = middle(slider.querySelector(".slider-grip-rect")!);
      const rail = slider.querySelector(".slider-rail-rect")!.getBoundingClientRect();
      const isLeft = grip.x < (rail.left + rail.right) / 2;
      return { ...grip, toX: isLeft ? rail.right - 12 : rail.left + 12, toY: grip.y };
    });
  const buttonsOf = (figure: Element) =>
    [...figure.querySelectorAll(".updatemenu-button")].map((button) => ({
      label: button.textContent ?? "",
      ...middle(button),
    }));

  return [...document.querySelectorAll(".js-plotly-plot")].map((figure) => {
    const marks = [...figure.querySelectorAll(".cartesianlayer .mlayer")].flatMap(shapesIn);
    const shapes = [...figure.querySelectorAll(".shapelayer, .infolayer .annotation")];
    const texts = textsOf(figure);
    const place = figure.getBoundingClientRect();
    const look = [...marks, ...shapes.flatMap(shapesIn)].map((mark) => {
      const { left, top, width, height } = mark.getBoundingClientRect();
      const at = [left - place.left, top - place.top, width, height].map(Math.round);
      return `${at} ${mark.textContent} ${mark.getAttribute("d") ?? ""}`;
    });
    return {
      title: figure.querySelector(".gtitle")?.textContent ?? "",
      marks: marks.length,
      overlaps: overlapsOf(texts),
      cutOff: cutOffOf(figure, texts),
      underButtons: underButtonsOf(figure, texts),
      look: look.join("\n"),
      sliders: slidersOf(figure),
      buttons: buttonsOf(figure),
    };
  });
}

/** The middle of each picture that JupyterLab shows in place of a saved figure, until the mouse comes. */
export function restingFigures(): { x: number; y: number }[] {
  const pictures = [...document.querySelectorAll<HTMLImageElement>(".jp-RenderedPlotly .plot-img")];
  const shown = pictures.filter(({ naturalWidth, offsetWidth }) => naturalWidth * offsetWidth > 0);
  return shown.map((picture) => {
    const { left, right, top, bottom } = picture.getBoundingClientRect();
    return { x: (left + right) / 2, y: (top + bottom) / 2 };
  });
}
