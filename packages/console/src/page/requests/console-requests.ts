import type { WidgetClass } from "@fairlead/widgets";
import { html, nothing, type TemplateResult } from "lit";
import { clearIcon, exportIcon, followIcon, searchIcon } from "../icons.ts";
import { saveBlob } from "../text/save-blob.ts";
import { ConsoleTransaction } from "../transaction/console-transaction.ts";
import { ViewElement } from "../views/view-element.ts";
import { type ConsoleFollowEvent, type ConsoleOpenRequestEvent, ConsoleRequestList } from "./console-request-list.ts";
import { FilteredTransactions } from "./rules/filtered-transactions.ts";
import { mediaKinds } from "./rules/media-kind.ts";
import { filteredStates, isFiltering, noFilter, type RequestFilter } from "./rules/request-filter.ts";
import { requestsStyles } from "./requests-styles.ts";

/** The live list of requests, with what is known of the one that is chosen beside it: `<console-requests>`. */
export class ConsoleRequests extends ViewElement {
  static override readonly tag = "console-requests";

  static override readonly uses: readonly WidgetClass[] = [ConsoleRequestList, ConsoleTransaction];

  static override properties = { ...ViewElement.properties, filter: { state: true }, follows: { state: true } };

  static override styles = requestsStyles;

  declare protected filter: RequestFilter;
  declare protected follows: boolean;

  readonly #filtered = new FilteredTransactions();

  constructor() {
    super();
    this.filter = noFilter;
    this.follows = true;
  }

  protected override render(): TemplateResult {
    const { transactions } = this.state;
    const shown = this.#filtered.of(transactions, this.filter);
    const selected = Number(this.route.path[0] ?? NaN);
    const hasDetails = Number.isInteger(selected);
    return html`<div class="split" ?data-details=${hasDetails}><div class="list">
        ${this.#toolbar(shown.length)}
        ${
          shown.length === 0
            ? this.#empty(transactions.length === 0)
            : html`<console-request-list
                .transactions=${shown}
                .selected=${hasDetails ? selected : undefined}
                .follows=${this.follows}
                @console-open-request=${this.#open}
                @console-follow=${this.#followed}
              ></console-request-list>`
        }
      </div>
      ${
        hasDetails
          ? html`<console-transaction
              .context=${this.context}
              .state=${this.state}
              .route=${this.route}
            ></console-transaction>`
          : nothing
      }</div>`;
  }

  #toolbar(shown: number): TemplateResult {
    const texts = this.texts.requests;
    const { filter } = this;
    return html`<div class="toolbar">
      <label class="search">
        ${searchIcon}
        <input
          type="search"
          aria-label=${texts.search}
          placeholder=${texts.searchHint}
          .value=${filter.text}
          autocomplete="off"
          spellcheck="false"
          @input=${this.#typed}
        />
      </label>
      <select aria-label=${texts.state} @change=${this.#stateChosen}>
        ${filteredStates.map(
          (each) => html`<option value=${each} ?selected=${each === filter.state}>${texts.states[each]}</option>`,
        )}
      </select>
      <select aria-label=${texts.kind} @change=${this.#kindChosen}>
        ${(["all", ...mediaKinds] as const).map(
          (each) => html`<option value=${each} ?selected=${each === filter.kind}>${texts.kinds[each]}</option>`,
        )}
      </select>
      <span class="count quiet" role="status">${texts.count(shown, this.state.transactions.length)}</span>
      <span class="actions">
        <button class="plain" aria-pressed=${this.follows ? "true" : "false"} title=${texts.follow} @click=${this.#toggleFollow}>
          ${followIcon}<span class="word">${texts.follow}</span>
        </button>
        <button class="plain" title=${texts.exportHar} @click=${this.#exportHar}>
          ${exportIcon}<span class="word">${texts.exportHar}</span>
        </button>
        <button class="plain" title=${texts.clear} @click=${this.#clear}>
          ${clearIcon}<span class="word">${texts.clear}</span>
        </button>
      </span>
    </div>`;
  }

  #empty(isNothingThere: boolean): TemplateResult {
    const texts = this.texts.requests;
    return html`<div class="empty">
      <h2>${isNothingThere ? texts.nothingYet : texts.noMatch}</h2>
      <p class="quiet">${isNothingThere ? texts.nothingYetHint : texts.noMatchHint}</p>
      ${
        !isNothingThere && isFiltering(this.filter)
          ? html`<button @click=${this.#showAll}>${texts.showAll}</button>`
          : nothing
      }
    </div>`;
  }

  readonly #open = ({ transaction }: ConsoleOpenRequestEvent): void => {
    const [id, tab] = this.route.path;
    const path = [String(transaction.id), ...(tab === undefined ? [] : [tab])];
    this.context.go({ view: "requests", path }, { isStep: id !== undefined });
  };

  readonly #followed = ({ isFollowing }: ConsoleFollowEvent): void => {
    this.follows = isFollowing;
  };

  readonly #toggleFollow = (): void => {
    this.follows = !this.follows;
  };

  readonly #typed = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement) this.filter = { ...this.filter, text: target.value };
  };

  readonly #stateChosen = ({ target }: Event): void => {
    const state = filteredStates.find((each) => target instanceof HTMLSelectElement && each === target.value);
    if (state !== undefined) this.filter = { ...this.filter, state };
  };

  readonly #kindChosen = ({ target }: Event): void => {
    const value = target instanceof HTMLSelectElement ? target.value : "";
    this.filter = { ...this.filter, kind: mediaKinds.find((each) => each === value) ?? "all" };
  };

  readonly #showAll = (): void => {
    this.filter = noFilter;
  };

  readonly #exportHar = async (): Promise<void> => {
    try {
      saveBlob(await this.context.client.har(), "fairlead.har");
    } catch (error) {
      this.context.tell(error);
    }
  };

  readonly #clear = async (): Promise<void> => {
    try {
      await this.context.client.clearTransactions();
      if (this.route.path.length > 0) this.context.go({ view: "requests", path: [] });
    } catch (error) {
      this.context.tell(error);
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "console-requests": ConsoleRequests;
  }
}
