import { css, html, nothing, type TemplateResult } from "lit";
import { FairleadElement } from "../element.ts";
import { shownText } from "../text/shown-text.ts";
import { type ListPart, partOfList } from "./rules/part-of-list.ts";

/** An entry of a list: text, and what kind of thing it is. */
export interface LongListItem {
  readonly text: string;
  /** In words of the page; empty where all are of a kind. */
  readonly kind: string;
}

/**
 * A list of texts from outside, of any length: the first few, then all, page by page, in a page that stays fast.
 *
 * @element fairlead-long-list
 * @csspart list - The list.
 * @csspart item - An entry.
 */
export class FairleadLongList extends FairleadElement {
  static override readonly tag = "fairlead-long-list";

  static override properties = {
    ...FairleadElement.properties,
    // Whoever draws the list makes its items anew each time: the page that is shown stays while they say the same.
    items: { attribute: false, hasChanged: differ },
    label: { attribute: false },
    page: { state: true },
  };

  static override styles = css`
    ul {
      display: grid;
      gap: 4px 12px;
      margin: 0;
      padding: 0;
      list-style: none;
    }

    ul.kinds {
      grid-template-columns: fit-content(40%) minmax(0, 1fr);
    }

    li {
      display: grid;
      grid-column: 1 / -1;
      grid-template-columns: subgrid;
      align-items: baseline;
    }

    li > bdi {
      justify-self: start;
    }

    .kind {
      font-size: 0.8125rem;
    }

    nav {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      align-items: center;
      margin-block-start: 8px;
    }

    nav button {
      min-block-size: 32px;
      padding-block: 2px;
    }
  `;

  /** Each is written by `shownText`. */
  declare items: readonly LongListItem[];
  /** Its name, for those who do not see it. */
  declare label: string;
  /** `undefined` while only the first few are shown. */
  declare private page: number | undefined;

  constructor() {
    super();
    this.items = [];
    this.label = "";
    this.page = undefined;
  }

  protected override willUpdate(changed?: Map<PropertyKey, unknown>): void {
    super.willUpdate();
    if (changed?.has("items") === true) this.page = undefined;
  }

  protected override render(): TemplateResult {
    const part = partOfList(this.items.length, this.page);
    const hasKinds = this.items.some(({ kind }) => kind !== "");
    return html`<ul class=${hasKinds ? "kinds" : nothing} part="list" aria-label=${this.label}>
        ${this.items.slice(part.from, part.to).map(
          ({ kind, text }) =>
            html`<li part="item">
              ${hasKinds ? html`<span class="kind quiet">${kind}</span>` : nothing}
              <bdi dir="ltr">${shownText(text, ITEM_LIMIT)}</bdi>
            </li>`,
        )}
      </ul>
      ${part.isWhole ? nothing : this.#renderPages(part)}`;
  }

  #renderPages({ page, from, to, pages }: ListPart): TemplateResult {
    const words = this.words.longList;
    const count = this.items.length;
    if (page === undefined) {
      return html`<nav>
        <button @click=${this.#go} value="0" aria-label=${`${words.showAll(count)}: ${this.label}`}>
          ${words.showAll(count)}
        </button>
      </nav>`;
    }
    return html`<nav>
      ${
        pages === 1
          ? nothing
          : html`<button @click=${this.#go} value=${page - 1} ?disabled=${page === 0}>${words.previous}</button>
              <span role="status">${words.range(from + 1, to, count)}</span>
              <button @click=${this.#go} value=${page + 1} ?disabled=${page === pages - 1}>${words.next}</button>`
      }
      <button @click=${this.#go} value="">${words.showFewer}</button>
    </nav>`;
  }

  readonly #go = ({ currentTarget }: Event): void => {
    const { value } = currentTarget as HTMLButtonElement;
    this.page = value === "" ? undefined : Number(value);
  };
}

/** A name has 255 characters at most; a few lines are enough for what has more. */
const ITEM_LIMIT = 512;

function differ(items: readonly LongListItem[], before: readonly LongListItem[] | undefined): boolean {
  return (
    items.length !== before?.length ||
    items.some(({ kind, text }, index) => kind !== before[index]?.kind || text !== before[index].text)
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-long-list": FairleadLongList;
  }
}
