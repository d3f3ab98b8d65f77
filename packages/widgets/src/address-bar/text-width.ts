import type { UrlPart } from "../url/url-display.ts";

/** Measures texts as an element draws them, without drawing them. */
export class TextWidth {
  readonly #context = document.createElement("canvas").getContext("2d");

  /**
   * Returns whether a text, of some of these parts, has room. The name of the site is drawn in bold: no text is wider than
   * all of it in bold, or than all of it in plain with what the whole name gains. Where nothing can be measured, each
   * character counts as a wide one.
   */
  fits(element: Element, parts: readonly UrlPart[], room: number): (text: string) => boolean {
    const { fontStyle, fontSize, fontFamily } = getComputedStyle(element);
    const context = this.#context;
    if (context === null) return (text) => text.length * Number.parseFloat(fontSize) <= room;
    const width = (text: string, weight: number): number => {
      context.font = `${fontStyle} ${weight} ${fontSize} ${fontFamily}`;
      return context.measureText(text).width;
    };
    const strong = parts.map(({ emphasis, text }) => (emphasis === "strong" ? text : "")).join("");
    const gained = width(strong, BOLD) - width(strong, PLAIN);
    return (text) => width(text, PLAIN) + gained <= room || width(text, BOLD) <= room;
  }
}

const PLAIN = 400;
const BOLD = 600;
