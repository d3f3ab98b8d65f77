import type { LitElement, ReactiveController } from "lit";
import { elideUrl } from "../url/elide.ts";
import type { UrlPart } from "../url/url-display.ts";
import { TextWidth } from "./text-width.ts";

/** In pixels: what lies beside the URL in a line of the list, and how much of the rest it gets where there is a title. */
const LINE_SURROUNDINGS = 88;
const URL_SHARE = 0.6;
const FIELD_PADDING = 6;
const NARROW = 480;
const SMALLEST_ROOM = 24;

/** How much of a URL fits into the bar and into a line below it, measured for as long as the bar is in a page. */
export class UrlRoom implements ReactiveController {
  /** Pixels for the text of the URL; infinite until it was measured. */
  field: number = Number.POSITIVE_INFINITY;
  /** Pixels for a URL in a line of the list. */
  line: number = Number.POSITIVE_INFINITY;
  /** Whether list and panel take the whole width. */
  isNarrow = false;
  readonly #host: LitElement;
  readonly #width = new TextWidth();
  #sizes: ResizeObserver | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#sizes?.disconnect();
    this.#sizes = undefined;
  }

  /** What the measuring missed shows itself here: the end of the host is never cut off by the edge of the field. */
  hostUpdated(): void {
    if (this.#sizes === undefined) this.#observe();
    const shown = this.#host.renderRoot.querySelector(".shown");
    const excess = shown === null ? 0 : shown.scrollWidth - shown.clientWidth;
    if (excess <= 0 || this.field <= SMALLEST_ROOM || this.field === Number.POSITIVE_INFINITY) return;
    this.field = Math.max(SMALLEST_ROOM, this.field - excess);
    this.#host.requestUpdate();
  }

  /** What fits into so many pixels. */
  fit(parts: readonly UrlPart[], pixels: number): readonly UrlPart[] {
    return pixels === Number.POSITIVE_INFINITY ? parts : elideUrl(parts, this.#width.fits(this.#host, parts, pixels));
  }

  #observe(): void {
    const field = this.#host.renderRoot.querySelector(".field");
    const bar = this.#host.renderRoot.querySelector(".bar");
    if (field === null || bar === null) return;
    this.#sizes = new ResizeObserver(() => {
      this.field = Math.max(SMALLEST_ROOM, field.clientWidth - 2 * FIELD_PADDING);
      const width = bar.clientWidth;
      this.isNarrow = width < NARROW;
      this.line = this.isNarrow ? width - LINE_SURROUNDINGS : (width - LINE_SURROUNDINGS) * URL_SHARE;
      this.#host.requestUpdate();
    });
    this.#sizes.observe(field);
    this.#sizes.observe(bar);
  }
}
