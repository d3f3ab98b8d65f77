import { styleProperties } from "@fairlead/widgets";
import {
  css,
  type CSSResult,
  html,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";
import { isAtEnd, type ListLook, scrollTopFor, type VisibleRows, visibleRows } from "./visible-rows.ts";

/** The rows of a list, as much of them as scrolling needs. */
export interface ListedRows {
  readonly count: number;
  /** In rem, so that rows grow with the text. */
  readonly rowHeightRem: number;
  /** Of what sticks to the upper edge, over the rows; in rem. */
  readonly headHeightRem: number;
  /** What stays the same when rows come and go around it; a number that grows from row to row. */
  keyAt(row: number): number;
  /** Where the row of a key is, or would be. */
  rowOf(key: number): number;
}

/** The look of a list's inside: its rows stand in the place where they would if all were drawn. */
export const virtualListStyles: CSSResult = css`
  .scroller {
    position: relative;
    min-block-size: 0;
    overflow: auto;
    overflow-anchor: none;
    contain: strict;
  }

  .all-rows {
    min-inline-size: 100%;
  }

  .undrawn-rows {
    block-size: var(--_block-size);
  }
`;

/**
 * Draws of a long list only the rows that are seen. The host draws an element of class `scroller` with `scroller` as its
 * ref, and in it what `rows()` returns. What is looked at stays where it is while rows come and go; when `isFollowing`, the
 * last row is what is looked at, until the person scrolls away from it.
 */
export class VirtualList implements ReactiveController {
  isFollowing = false;
  readonly #host: ReactiveControllerHost;
  readonly #resized: ResizeObserver;
  #scroller: HTMLElement | undefined;
  #listed: ListedRows | undefined;
  #viewHeight = 0;
  #width = 0;
  #rem = 16;
  #drawn: VisibleRows = { first: 0, end: 0 };
  /** The row at the upper edge, and how far it is beyond it. */
  #place: { readonly key: number; readonly beyond: number } | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    this.#resized = new ResizeObserver(() => this.#measure());
    host.addController(this);
  }

  /** For the directive `ref` of the element that scrolls. */
  readonly scroller = (element: Element | undefined): void => {
    if (element === this.#scroller) return;
    this.#resized.disconnect();
    this.#scroller?.removeEventListener("scroll", this.#scrolled);
    this.#scroller = element instanceof HTMLElement ? element : undefined;
    if (this.#scroller === undefined) return;
    this.#scroller.addEventListener("scroll", this.#scrolled, { passive: true });
    this.#resized.observe(this.#scroller);
  };

  /** The width of what scrolls, in rem; 0 before it is known. */
  get widthRem(): number {
    return this.#width / this.#rem;
  }

  /** Rows that are seen at once. */
  get page(): number {
    const { rowHeight, viewHeight } = this.#look();
    return Math.max(Math.floor(viewHeight / rowHeight), 1);
  }

  /** Draws the rows that are seen. */
  rows(listed: ListedRows, draw: (first: number, end: number) => unknown): TemplateResult {
    this.#listed = listed;
    const look = this.#look();
    this.#drawn = visibleRows({ ...look, scrollTop: this.#scrollTopToBe(look) });
    const { first, end } = this.#drawn;
    // What changes at each step is told to elements with nothing in them: rows inherit it, and would be styled anew.
    const undrawn = (count: number): TemplateResult =>
      html`<div
        class="undrawn-rows"
        role="presentation"
        ${styleProperties({ "--_block-size": `${count * look.rowHeight}px` })}
      ></div>`;
    return html`<div
      class="all-rows"
      role="presentation"
      ${styleProperties({ "--_row-height": `${look.rowHeight}px` })}
    >
      ${undrawn(first)}
      <div role="presentation">${draw(first, end)}</div>
      ${undrawn(listed.count - end)}
    </div>`;
  }

  /** Scrolls until the row is seen. */
  show(row: number): void {
    this.#scrollTo(scrollTopFor(row, this.#look()));
  }

  /** Goes to the last row, and stays with the last. */
  follow(): void {
    this.isFollowing = true;
    this.#host.requestUpdate();
  }

  hostUpdated(): void {
    if (this.#scroller !== undefined) this.#scrollTo(this.#scrollTopToBe(this.#look()));
  }

  hostDisconnected(): void {
    this.scroller(undefined);
  }

  #look(): ListLook {
    return {
      count: this.#listed?.count ?? 0,
      rowHeight: (this.#listed?.rowHeightRem ?? 1) * this.#rem,
      scrollTop: this.#scroller?.scrollTop ?? 0,
      viewHeight: Math.max(this.#viewHeight - (this.#listed?.headHeightRem ?? 0) * this.#rem, 0),
    };
  }

  #scrollTopToBe(look: ListLook): number {
    const end = Math.max(look.count * look.rowHeight - look.viewHeight, 0);
    if (this.isFollowing) return end;
    if (this.#place === undefined || this.#listed === undefined) return Math.min(look.scrollTop, end);
    return Math.min(this.#listed.rowOf(this.#place.key) * look.rowHeight + this.#place.beyond, end);
  }

  #scrollTo(scrollTop: number): void {
    if (this.#scroller === undefined) return;
    if (Math.abs(this.#scroller.scrollTop - scrollTop) >= 1) this.#scroller.scrollTop = scrollTop;
    this.#keepPlace();
  }

  #keepPlace(): void {
    const { count, rowHeight, scrollTop } = this.#look();
    const row = Math.min(Math.floor(scrollTop / rowHeight), count - 1);
    this.#place =
      this.#listed === undefined || row < 0
        ? undefined
        : { key: this.#listed.keyAt(row), beyond: scrollTop - row * rowHeight };
  }

  readonly #scrolled = (): void => {
    const look = this.#look();
    const wasFollowing = this.isFollowing;
    if (wasFollowing) this.isFollowing = isAtEnd(look);
    this.#keepPlace();
    const { first, end } = visibleRows(look);
    if (first !== this.#drawn.first || end !== this.#drawn.end || this.isFollowing !== wasFollowing)
      this.#host.requestUpdate();
  };

  #measure(): void {
    if (this.#scroller === undefined) return;
    this.#viewHeight = this.#scroller.clientHeight;
    this.#width = this.#scroller.clientWidth;
    this.#rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    this.#host.requestUpdate();
  }
}
