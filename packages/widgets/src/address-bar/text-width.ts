import type { UrlPart } from "../url/url-display.ts";

/** Measures texts as an element draws them, without drawing them. */
export class TextWidth {
  readonly #context = document.createElement("canvas").getContext("2d");

  /**
   * Returns whether a text, of some of these parts, has room. The name of the site is drawn in bold, so what that takes is
   * kept free. Where nothing can be measured, each character counts as a wide one.
   */
  fits(element: Element, parts: readonly UrlPart[], room: number): (text: string) => boolean {
    const { fontStyle, fontSize, fontFamily } = getComputedStyle(element);
    const context = this.#context;
    if (context === null) return (text) => text.length * Number.parseFloat(fontSize) <= room;
    const strong = parts.filter(({ emphasis }) => emphasis === "strong").map(({ text }) => text);
    context.font = `${fontStyle} 600 ${fontSize} ${fontFamily}`;
    const bold = context.measureText(strong.join("")).width;
    context.font = `${fontStyle} 400 ${fontSize} ${fontFamily}`;
    const free = room - Math.max(0, bold - context.measureText(strong.join("")).width);
    return (text) => context.measureText(text).width <= free;
  }
}
