import { shownText, styleProperties } from "@fairlead/widgets";
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { ConsoleElement } from "../console-element.ts";
import { moveByKey } from "../virtual-list/move-by-key.ts";
import { VirtualList, virtualListStyles } from "../virtual-list/virtual-list.ts";
import { readBodyText } from "./rules/body-text.ts";
import {
  ExactNumber,
  isBranch,
  type JsonBranch,
  type JsonRow,
  jsonRows,
  type JsonValue,
  readJson,
} from "./rules/json-tree.ts";

/** JSON as a tree, of which the rows are drawn that are seen: `<console-json>`. Arrow keys walk it, open and close. */
export class ConsoleJson extends ConsoleElement {
  static override readonly tag = "console-json";

  static override properties = {
    ...ConsoleElement.properties,
    bytes: { attribute: false },
    contentType: { attribute: false },
    open: { state: true },
    active: { state: true },
  };

  static override styles = [
    virtualListStyles,
    css`
      :host {
        display: grid;
        min-block-size: 12rem;
      }

      .scroller {
        direction: ltr;
        text-align: left;
      }

      .scroller:focus-visible {
        outline-offset: -2px;
      }

      .row {
        display: flex;
        gap: 6px;
        align-items: center;
        block-size: var(--_row-height);
        padding-inline: calc(12px + min(var(--_depth), 24) * 16px) 16px;
        font: 0.8125rem / 1 var(--_mono);
        white-space: pre;
        cursor: default;
      }

      .row > * {
        flex: none;
        line-height: 1.5;
      }

      .value {
        flex: 0 1 auto;
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .row:hover {
        background: var(--_raised);
      }

      .scroller:focus-visible .row[data-active] {
        outline: 2px solid var(--_accent);
        outline-offset: -2px;
      }

      .sign {
        inline-size: 12px;
        block-size: 12px;
        fill: none;
        stroke: currentColor;
        stroke-width: 1.5;
        color: var(--_quiet);
      }

      .sign[data-open] {
        transform: rotate(90deg);
      }

      .name {
        color: var(--_accent);
      }

      .string {
        color: var(--_good);
      }

      .number,
      .word {
        color: var(--_caution);
      }

      .bad {
        padding: 0 16px 16px;
      }
    `,
  ];

  declare bytes: Uint8Array<ArrayBuffer>;
  declare contentType: string;
  declare protected open: ReadonlySet<JsonBranch>;
  /** The row that the keyboard is at. */
  declare protected active: number;

  #root: JsonValue | undefined;
  #refusal = "";
  #rows: readonly JsonRow[] = [];
  readonly #list = new VirtualList(this);

  constructor() {
    super();
    this.contentType = "";
    this.open = new Set();
    this.active = 0;
  }

  protected override willUpdate(changed?: Map<string, unknown>): void {
    super.willUpdate();
    if (changed?.has("bytes") === true) this.#read();
    if (this.#root !== undefined && (changed?.has("open") === true || changed?.has("bytes") === true)) {
      this.#rows = jsonRows(this.#root, this.open);
    }
  }

  protected override render(): TemplateResult {
    const texts = this.texts.body;
    if (this.#root === undefined) {
      return html`<p class="bad" role="alert">${texts.invalidJson(shownText(this.#refusal, 200))}</p>`;
    }
    const rows = this.#rows;
    const drawn = this.#list.rows(
      { count: rows.length, rowHeightRem: 1.625, headHeightRem: 0, keyAt: (row) => row, rowOf: (row) => row },
      (first, end) =>
        repeat(
          rows.slice(first, end),
          (_, offset) => first + offset,
          (row, offset) => this.#row(row, first + offset),
        ),
    );
    return html`<div
      class="scroller"
      role="tree"
      tabindex="0"
      aria-label=${texts.modes.json}
      aria-activedescendant=${`row-${this.active}`}
      ${ref(this.#list.scroller)}
      @keydown=${this.#keyDown}
      @click=${this.#click}
    >
      ${drawn}
    </div>`;
  }

  #row({ depth, name, value, branch }: JsonRow, index: number): TemplateResult {
    return html`<div
      id=${`row-${index}`}
      class="row"
      role="treeitem"
      data-row=${index}
      aria-level=${depth + 1}
      aria-expanded=${branch === undefined ? nothing : branch.isOpen ? "true" : "false"}
      aria-selected=${index === this.active ? "true" : "false"}
      ?data-active=${index === this.active}
      ${styleProperties({ "--_depth": depth })}
    >
      <svg class="sign" viewBox="0 0 12 12" aria-hidden="true" ?data-open=${branch?.isOpen === true}>
        ${branch === undefined || branch.size === 0 ? nothing : sign}
      </svg>
      ${name === undefined ? nothing : html`<bdi class="name">${shownText(name, 128)}:</bdi>`}
      ${branch === undefined ? leaf(value) : this.#branch(branch.value, branch.size)}
    </div>`;
  }

  #branch(value: JsonBranch, size: number): TemplateResult {
    const { items, members } = this.texts.body;
    return Array.isArray(value)
      ? html`<span>[]</span><bdi class="quiet">${items(size)}</bdi>`
      : html`<span>{}</span><bdi class="quiet">${members(size)}</bdi>`;
  }

  #read(): void {
    this.#root = undefined;
    try {
      this.#root = readJson(readBodyText(this.bytes, this.contentType).text);
    } catch (error) {
      this.#refusal = error instanceof Error ? error.message : String(error);
      return;
    }
    this.active = 0;
    this.open = new Set(isBranch(this.#root) ? [this.#root] : []);
  }

  #toggle(branch: JsonBranch): void {
    const open = new Set(this.open);
    if (!open.delete(branch)) open.add(branch);
    this.open = open;
  }

  readonly #keyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = this.#rows[this.active];
    const branch = row?.branch;
    const move = moveByKey(event.key, this.active, this.#rows.length, this.#list.page);
    if (move?.type === "to") this.#goTo(move.row);
    else if (branch !== undefined && (move?.type === "open" || event.key === opens(branch.isOpen))) {
      this.#toggle(branch.value);
    } else if (event.key === "ArrowRight" && branch?.isOpen === true && branch.size > 0) this.#goTo(this.active + 1);
    else if (event.key === "ArrowLeft" && row !== undefined) {
      this.#goTo(this.#rows.findLastIndex(({ depth }, index) => index < this.active && depth < row.depth));
    } else return;
    event.preventDefault();
  };

  #goTo(row: number): void {
    this.active = Math.max(row, 0);
    this.#list.show(this.active);
  }

  readonly #click = (event: MouseEvent): void => {
    const row = event
      .composedPath()
      .find((each): each is HTMLElement => each instanceof HTMLElement && each.dataset["row"] !== undefined);
    const index = Number(row?.dataset["row"]);
    const clicked = this.#rows[index];
    if (clicked === undefined) return;
    this.active = index;
    if (clicked.branch !== undefined) this.#toggle(clicked.branch.value);
  };
}

/** The key that opens a branch, or closes it. The tree runs from left to right in all languages, as JSON does. */
function opens(isOpen: boolean): string {
  return isOpen ? "ArrowLeft" : "ArrowRight";
}

function leaf(value: JsonValue): TemplateResult {
  if (typeof value === "string") return html`<bdi class="value string">"${shownText(value, 512)}"</bdi>`;
  if (value instanceof ExactNumber) return html`<bdi class="value number">${shownText(value.source, 512)}</bdi>`;
  if (typeof value === "number") return html`<bdi class="value number">${value}</bdi>`;
  return html`<bdi class="value word">${value === null ? "null" : value === true ? "true" : "false"}</bdi>`;
}

const sign = svg`<path d="m4 2 4 4-4 4" />`;

declare global {
  interface HTMLElementTagNameMap {
    "console-json": ConsoleJson;
  }
}
