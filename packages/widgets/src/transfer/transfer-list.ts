import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { FairleadElement, type WidgetClass } from "../element.ts";
import { type ArrangedGroup, arrangeTransfers } from "./rules/arrange.ts";
import { neighbourOf } from "./rules/neighbour.ts";
import { sumTransfers, type TransferTotals } from "./rules/totals.ts";
import { FairleadTransferEvent } from "./transfer-event.ts";
import type { TransferFacts } from "./transfer-facts.ts";
import { transferListStyles } from "./transfer-list-styles.ts";
import { FairleadTransferProgress } from "./transfer-progress.ts";

/**
 * Downloads and uploads, those that are under way first, with what they come to. Arrow keys go from one to the next, Home
 * and End to the first and the last. What is out of sight is not laid out, so that thousands stay smooth.
 *
 * @element fairlead-transfer-list
 * @fires {FairleadTransferEvent} fairlead-transfer - A person asks for something to be done with one of them.
 * @csspart totals - What all come to that are under way.
 * @csspart group - The heading of a group.
 * @csspart transfer - One of them.
 * @csspart empty - What stands there while there are none.
 */
export class FairleadTransferList extends FairleadElement {
  static override readonly tag: string = "fairlead-transfer-list";
  static override readonly uses: readonly WidgetClass[] = [FairleadTransferProgress];

  static override properties = {
    ...FairleadElement.properties,
    transfers: { attribute: false },
    now: { type: Number },
  };

  static override styles = transferListStyles;

  /** In any order. A new array for each change, in which those that did not change are the same objects. */
  declare transfers: readonly TransferFacts[];
  /** Milliseconds; `undefined`, the default, takes the clock. */
  declare now: number | undefined;

  #totals: TransferTotals | undefined;

  constructor() {
    super();
    this.transfers = [];
    this.now = undefined;
  }

  protected override willUpdate(): void {
    super.willUpdate();
    this.#totals = sumTransfers(this.#totals, this.transfers, this.now ?? Date.now());
  }

  protected override render(): TemplateResult {
    const words = this.words.transfer;
    if (this.transfers.length === 0) {
      return html`<div class="empty" part="empty">
        <p><strong>${words.empty}</strong></p>
        <p class="quiet">${words.emptyHint}</p>
      </div>`;
    }
    return html`
      ${this.#renderTotals()}
      <div role="group" aria-label=${words.label} @keydown=${(event: KeyboardEvent) => this.#move(event)}>
        ${repeat(
          arrangeTransfers(this.transfers),
          ({ group }) => group,
          (each) => this.#renderGroup(each),
        )}
      </div>
    `;
  }

  #renderTotals(): TemplateResult | typeof nothing {
    const words = this.words.transfer;
    if (this.#totals === undefined || this.#totals.count === 0) return nothing;
    const { count, rate, remaining } = this.#totals;
    return html`<p class="totals" part="totals">
      <strong>${words.underWay(count)}</strong>
      ${rate === undefined ? nothing : html`<span>${words.rate(rate)}</span>`}
      ${remaining === undefined ? nothing : html`<span>${words.remaining(remaining)}</span>`}
    </p>`;
  }

  #renderGroup({ group, transfers }: ArrangedGroup): TemplateResult {
    const words = this.words.transfer;
    const removable = transfers.filter(({ actions }) => actions.includes("remove"));
    return html`<section aria-labelledby=${group}>
      <header>
        <h2 id=${group} part="group">
          ${words.groups[group]} <span class="count quiet">${words.count(transfers.length)}</span>
        </h2>
        ${
          group === "ended" && removable.length > 0
            ? html`<button type="button" class="plain" @click=${() => this.#removeAll(removable)}>
                ${words.removeEnded}
              </button>`
            : nothing
        }
      </header>
      <ul>
        ${repeat(
          transfers,
          ({ id }) => id,
          (transfer) =>
            html`<li part="transfer">
              <fairlead-transfer-progress
                .messages=${this.messages}
                .transfer=${transfer}
                .now=${this.now}
              ></fairlead-transfer-progress>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #removeAll(transfers: readonly TransferFacts[]): void {
    for (const { id } of transfers) this.dispatchEvent(new FairleadTransferEvent("remove", id));
  }

  /** Goes to the same button of another transfer, or to its first. */
  #move(event: KeyboardEvent): void {
    const rows = [...this.renderRoot.querySelectorAll("fairlead-transfer-progress")];
    const from = rows.findIndex((each) => each === event.target);
    const to = rows[neighbourOf(event.key, from, rows.length) ?? -1];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    to.focusAction(rows[from]?.focusedAction);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-transfer-list": FairleadTransferList;
  }
}
