import { html } from "lit";
import { breakableUrlText } from "./url/breakable-url-text.ts";
import { urlSegments } from "./url/url-segments.ts";

/**
 * Draws what is shown of a URL, or a part of it, in its own order: each label, and each segment of a path, that could turn
 * its neighbours round is isolated from them. What it is put into runs from left to right: `<bdi dir="ltr">`.
 *
 * @param draw how a piece is drawn; as the text that it is, unless told.
 */
export function drawUrlText(text: string, draw: (piece: string) => unknown = (piece) => piece): readonly unknown[] {
  return urlSegments(text).map((each) => (each.isForeign ? html`<bdi>${draw(each.text)}</bdi>` : draw(each.text)));
}

/** Draws a piece of a URL so that a line of it ends at a joint rather than within a word: for {@link drawUrlText}. */
export function drawBreakable(piece: string): unknown {
  return breakableUrlText(piece).map((each, index) => (index === 0 ? each : html`<wbr />${each}`));
}
