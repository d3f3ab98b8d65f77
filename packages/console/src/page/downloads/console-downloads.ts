import type { FairleadTransferEvent } from "@fairlead/widgets";
import { css, html, type TemplateResult } from "lit";
import { ViewElement } from "../views/view-element.ts";
import { type KnownTransfer, knownTransfers } from "./rules/transfer-facts.ts";

/** Downloads of the manager, to begin and to follow: `<console-downloads>`. */
export class ConsoleDownloads extends ViewElement {
  static override readonly tag = "console-downloads";

  static override styles = css`
    :host {
      padding: 16px;
      overflow: auto;
    }

    .column {
      display: grid;
      gap: 16px;
      max-inline-size: 72rem;
    }

    form {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }

    input {
      flex: 1 1 16rem;
      min-inline-size: 0;
    }
  `;

  #known: ReadonlyMap<number, KnownTransfer> = new Map();

  protected override willUpdate(): void {
    super.willUpdate();
    this.#known = knownTransfers(this.#known, this.state.transfers);
  }

  protected override render(): TemplateResult {
    const texts = this.texts.downloads;
    return html`<div class="column">
      <form @submit=${this.#submit}>
        <input
          name="url"
          type="text"
          dir="ltr"
          aria-label=${texts.url}
          placeholder=${texts.url}
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
        />
        <button class="primary">${texts.start}</button>
      </form>
      <p class="quiet">${texts.hint}</p>
      <fairlead-transfer-list
        .transfers=${Array.from(this.#known.values(), ({ facts }) => facts)}
        @fairlead-transfer=${this.#act}
      ></fairlead-transfer-list>
    </div>`;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const url = new FormData(form).get("url");
    if (typeof url !== "string" || url.trim() === "") return;
    void this.#try(async () => {
      await this.context.client.startDownload({ url: url.trim() });
      form.reset();
    });
  };

  readonly #act = (event: FairleadTransferEvent): void => {
    void this.#try(() => this.#ask(event, Number(event.transferId)));
  };

  async #ask({ action }: FairleadTransferEvent, id: number): Promise<void> {
    const { client } = this.context;
    switch (action) {
      case "pause":
        return client.pauseDownload(id);
      case "retry":
        // One that has stalled is under way: it goes on, on another connection, when it was stopped.
        if (this.#known.get(id)?.told.state === "under-way") await client.pauseDownload(id);
        return client.resumeDownload(id);
      case "resume":
        return client.resumeDownload(id);
      case "cancel":
      case "remove":
        return client.removeDownload(id);
      case "open":
      case "show":
        return undefined;
    }
  }

  async #try(asked: () => Promise<void>): Promise<void> {
    try {
      await asked();
    } catch (error) {
      this.context.tell(error);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-downloads": ConsoleDownloads;
  }
}
