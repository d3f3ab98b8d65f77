/** Measures texts as an element draws them, without drawing them. */
export class TextWidth {
  readonly #context = document.createElement("canvas").getContext("2d");

  /** Returns whether a text has room. Where nothing can be measured, each character counts as a wide one. */
  fits(element: Element, room: number): (text: string) => boolean {
    const { fontStyle, fontSize, fontFamily } = getComputedStyle(element);
    const context = this.#context;
    if (context === null) return (text) => text.length * Number.parseFloat(fontSize) <= room;
    // The site's name is drawn in bold: measured as if all were, a text is never wider than it was thought.
    context.font = `${fontStyle} 600 ${fontSize} ${fontFamily}`;
    return (text) => context.measureText(text).width <= room;
  }
}
