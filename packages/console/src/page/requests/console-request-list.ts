import { formatBytes, formatDuration, shownText } from "@fairlead/widgets";
import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import type { ListedTransaction } from "../../protocol/index.ts";
import { ConsoleElement } from "../console-element.ts";
import { findById, indexOfId } from "../state/by-id.ts";
import { securityMark } from "../text/security-mark.ts";
import { statusMark } from "../text/status-mark.ts";
import { urlText } from "../text/url-text.ts";
import { moveByKey } from "../virtual-list/move-by-key.ts";
import { VirtualList } from "../virtual-list/virtual-list.ts";
import { mediaName } from "./rules/media-kind.ts";
import { requestListStyles } from "./request-list-styles.ts";

/** A person wants to see a request. */
export class ConsoleOpenRequestEvent extends Event {
  readonly transaction: ListedTransaction;

  constructor(transaction: ListedTransaction) {
    super("console-open-request", { bubbles: true, composed: true });
    this.transaction = transaction;
  }
}

/** The list began to stay with the newest request, or ended it. */
export class ConsoleFollowEvent extends Event {
  readonly isFollowing: boolean;

  constructor(isFollowing: boolean) {
    super("console-follow", { bubbles: true, composed: true });
    this.isFollowing = isFollowing;
  }
}

/** Below this width, in rem, a row has two lines. */
const FOLDED_REM = 46;
/** What the other columns and the gaps take of a row, in rem. */
const OTHER_COLUMNS_REM = 44.5;
/** Characters of a URL that find room in a rem, at least. */
const CHARACTERS_PER_REM = 1.8;

/**
 * The rows of requests, the oldest first, of which those are drawn that are seen: `<console-request-list>`.
 *
 * @fires console-open-request
 * @fires console-follow
 */
export class ConsoleRequestList extends ConsoleElement {
  static override readonly tag = "console-request-list";

  static override properties = {
    ...ConsoleElement.properties,
    transactions: { attribute: false },
    selected: { type: Number },
    follows: { type: Boolean },
    activeId: { state: true },
  };

  static override styles = requestListStyles;

  declare transactions: readonly ListedTransaction[];
  /** The id of the one whose details are shown; `undefined` for none. */
  declare selected: number | undefined;
  /** Stays with the newest. */
  declare follows: boolean;
  /** The one that the keyboard is at. */
  declare protected activeId: number | undefined;

  readonly #list = new VirtualList(this);

  constructor() {
    super();
    this.transactions = [];
    this.selected = undefined;
    this.follows = false;
    this.activeId = undefined;
  }

  protected override willUpdate(changed?: Map<string, unknown>): void {
    super.willUpdate();
    if (changed?.has("follows") === true) this.#list.isFollowing = this.follows;
    else if (this.#list.isFollowing !== this.follows) {
      this.follows = this.#list.isFollowing;
      this.dispatchEvent(new ConsoleFollowEvent(this.follows));
    }
    if (changed?.has("selected") === true && this.selected !== undefined) this.activeId = this.selected;
  }

  protected override render(): TemplateResult {
    const { title, columns } = this.texts.requests;
    const { transactions } = this;
    const isFolded = this.#list.widthRem < FOLDED_REM;
    const rows = this.#list.rows(
      {
        count: transactions.length,
        rowHeightRem: isFolded ? 3.5 : 2.25,
        headHeightRem: isFolded ? 0 : 2,
        keyAt: (row) => transactions[row]?.id ?? 0,
        rowOf: (id) => indexOfId(transactions, id),
      },
      (first, end) =>
        repeat(
          transactions.slice(first, end),
          ({ id }) => id,
          (each, offset) => this.#row(each, first + offset),
        ),
    );
    return html`<div
      class="scroller"
      role="grid"
      tabindex="0"
      aria-label=${title}
      aria-rowcount=${transactions.length + 1}
      aria-colcount="7"
      aria-activedescendant=${this.#isDrawn(this.activeId) ? `request-${this.activeId}` : nothing}
      ?data-folded=${isFolded}
      ${ref(this.#list.scroller)}
      @keydown=${this.#keyDown}
      @click=${this.#click}
    >
      <div class="head" role="rowgroup">
        <div class="row" role="row" aria-rowindex="1">
          ${Object.entries(columns).map(([name, word]) => html`<span class=${name} role="columnheader">${word}</span>`)}
        </div>
      </div>
      <div role="rowgroup">${rows}</div>
    </div>`;
  }

  #row(transaction: ListedTransaction, row: number): TemplateResult {
    const { id, method, url, mediaType, durationMilliseconds, hopCount, error } = transaction;
    const { requests } = this.texts;
    const { locale } = this.words;
    return html`<div
      id=${`request-${id}`}
      class="row"
      role="row"
      data-id=${id}
      aria-rowindex=${row + 2}
      aria-selected=${id === this.selected ? "true" : "false"}
      ?data-active=${id === this.activeId}
    >
      <span class="status" role="gridcell">${statusMark(transaction, requests)}</span>
      <span class="method mono" role="gridcell"><bdi dir="ltr">${shownText(method, 32)}</bdi></span>
      <span class="url-cell" role="gridcell" dir="ltr">
        ${urlText(url, this.#room())}
        ${hopCount > 1 ? html`<span class="tag">${requests.hops(hopCount)}</span>` : nothing}
        ${error === undefined ? nothing : html`<bdi class="tag bad mono">${shownText(error, 64)}</bdi>`}
      </span>
      <span class="type quiet" role="gridcell"><bdi dir="ltr">${shownText(mediaName(mediaType), 64)}</bdi></span>
      <span class="size quiet" role="gridcell">${this.#size(transaction)}</span>
      <span class="time quiet" role="gridcell">${formatDuration(durationMilliseconds, locale)}</span>
      <span class="security" role="gridcell">${securityMark(transaction.security, requests.security)}</span>
    </div>`;
  }

  /** Characters of a URL that are sure to be seen. */
  #room(): number {
    const { widthRem } = this.#list;
    const column = widthRem < FOLDED_REM ? widthRem - 1.5 : widthRem - OTHER_COLUMNS_REM;
    return Math.max(Math.floor(column * CHARACTERS_PER_REM), 16);
  }

  #size({ reason, receivedBytes, state }: ListedTransaction): string {
    if (reason === "cache") return this.texts.requests.fromCache;
    return receivedBytes === 0 && state !== "done" ? "" : formatBytes(receivedBytes, this.words.locale);
  }

  #isDrawn(id: number | undefined): boolean {
    return id !== undefined && this.transactions[indexOfId(this.transactions, id)]?.id === id;
  }

  #rowOf(id: number | undefined): number {
    if (id === undefined || !this.#isDrawn(id)) return -1;
    return indexOfId(this.transactions, id);
  }

  #open(transaction: ListedTransaction): void {
    this.activeId = transaction.id;
    this.dispatchEvent(new ConsoleOpenRequestEvent(transaction));
  }

  readonly #keyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const active = this.#rowOf(this.activeId);
    const move = moveByKey(event.key, active, this.transactions.length, this.#list.page);
    const transaction = this.transactions[move?.type === "to" ? move.row : active];
    if (move === undefined || transaction === undefined) return;
    event.preventDefault();
    this.activeId = transaction.id;
    if (move.type === "to") {
      this.#list.isFollowing = move.row === this.transactions.length - 1 && this.follows;
      this.#list.show(move.row);
    }
    // With details beside it, they are those of the row that the keyboard is at.
    if (move.type === "open" || this.selected !== undefined) this.#open(transaction);
  };

  readonly #click = (event: MouseEvent): void => {
    const row = event
      .composedPath()
      .find((each): each is HTMLElement => each instanceof HTMLElement && each.dataset["id"] !== undefined);
    const transaction = findById(this.transactions, Number(row?.dataset["id"]));
    if (transaction !== undefined) this.#open(transaction);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "console-request-list": ConsoleRequestList;
  }
  interface HTMLElementEventMap {
    "console-open-request": ConsoleOpenRequestEvent;
    "console-follow": ConsoleFollowEvent;
  }
}
