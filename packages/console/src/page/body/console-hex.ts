import { css, html, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { ConsoleElement } from "../console-element.ts";
import { VirtualList, virtualListStyles } from "../virtual-list/virtual-list.ts";
import { hexRow } from "./rules/hex-row.ts";

/** Below this width, in rem, a row has eight bytes and not sixteen. */
const NARROW_REM = 38;

/** Bytes in rows, of which those are drawn that are seen: `<console-hex>`. */
export class ConsoleHex extends ConsoleElement {
  static override readonly tag = "console-hex";

  static override properties = { ...ConsoleElement.properties, bytes: { attribute: false } };

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
        gap: 16px;
        align-items: center;
        block-size: var(--_row-height);
        padding-inline: 16px;
        font: 0.8125rem / 1 var(--_mono);
        white-space: pre;
      }
    `,
  ];

  declare bytes: Uint8Array;

  readonly #list = new VirtualList(this);

  protected override render(): TemplateResult {
    const width = this.#list.widthRem < NARROW_REM ? 8 : 16;
    const count = Math.ceil(this.bytes.length / width);
    const rows = this.#list.rows(
      {
        count,
        rowHeightRem: 1.375,
        headHeightRem: 0,
        keyAt: (row) => row * width,
        rowOf: (at) => Math.floor(at / width),
      },
      (first, end) => Array.from({ length: end - first }, (_, index) => this.#row(first + index, width)),
    );
    return html`<div
      class="scroller"
      role="group"
      tabindex="0"
      aria-label=${this.texts.body.bytes}
      ${ref(this.#list.scroller)}
    >
      ${rows}
    </div>`;
  }

  #row(row: number, width: number): TemplateResult {
    const { offset, bytes, text } = hexRow(this.bytes, row, width);
    return html`<div class="row">
      <span class="quiet">${offset}</span><span>${bytes.padEnd(width === 8 ? 23 : 48)}</span><span class="quiet">${text}</span>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-hex": ConsoleHex;
  }
}
