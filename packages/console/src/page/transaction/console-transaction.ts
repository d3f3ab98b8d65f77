import {
  formatBytes,
  formatDuration,
  FairleadCopyButton,
  FairleadRequestTimeline,
  shownText,
  type WidgetClass,
} from "@fairlead/widgets";
import { html, nothing, type TemplateResult } from "lit";
import type { DownloadOrder, ListedTransaction, TransactionDetails } from "../../protocol/index.ts";
import { RequestProblem } from "../client/request-problem.ts";
import { backIcon, closeIcon } from "../icons.ts";
import { findById } from "../state/by-id.ts";
import { type ConsoleTabEvent, ConsoleTabs } from "../text/console-tabs.ts";
import { securityMark } from "../text/security-mark.ts";
import { statusMark } from "../text/status-mark.ts";
import { urlText } from "../text/url-text.ts";
import { ViewElement } from "../views/view-element.ts";
import { ConsoleHops } from "./console-hops.ts";
import { ConsoleMessage } from "./console-message.ts";
import { ConsoleOverview } from "./console-overview.ts";
import { ConsoleSecurity } from "./console-security.ts";
import { attachmentOf } from "./rules/attachment.ts";
import { curlCommand } from "./rules/curl-command.ts";
import { downloadOf } from "./rules/download-of.ts";
import { readTab, transactionTabs, type TransactionTab } from "./rules/transaction-tab.ts";
import { transactionStyles } from "./transaction-styles.ts";

/** Bytes of a body that a command for a shell may hold: systems take no argument of more than 128 KiB. */
const CURL_BODY_BYTES = 65_536;

/**
 * All about one request, in tabs: `<console-transaction>`. The route says which request, which tab and which hop; the
 * details are asked for again whenever the list tells that it changed.
 */
export class ConsoleTransaction extends ViewElement {
  static override readonly tag = "console-transaction";

  static override readonly uses: readonly WidgetClass[] = [
    ConsoleTabs,
    ConsoleOverview,
    ConsoleMessage,
    ConsoleHops,
    ConsoleSecurity,
    FairleadCopyButton,
    FairleadRequestTimeline,
  ];

  static override properties = { ...ViewElement.properties, details: { state: true }, bodyText: { state: true } };

  static override styles = transactionStyles;

  declare protected details: TransactionDetails | "loading" | "failed" | "gone";
  /** Of the first request, where it is text. */
  declare protected bodyText: string | undefined;

  #listed: ListedTransaction | undefined;
  #id = NaN;
  #loading: AbortController | undefined;

  constructor() {
    super();
    this.details = "loading";
    this.bodyText = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#loading?.abort();
    this.#loading = undefined;
    this.#id = NaN;
  }

  protected override willUpdate(): void {
    super.willUpdate();
    const id = Number(this.route.path[0]);
    const listed = findById(this.state.transactions, id);
    if (id === this.#id && listed === this.#listed) return;
    if (id !== this.#id) {
      this.#loading?.abort();
      this.#loading = undefined;
      this.details = "loading";
      this.bodyText = undefined;
    }
    this.#id = id;
    this.#listed = listed;
    if (this.#loading === undefined) void this.#load();
  }

  protected override render(): TemplateResult {
    const texts = this.texts.transaction;
    const { details } = this;
    const shown = typeof details !== "string" ? details : details === "gone" ? undefined : this.#listed;
    const tab = readTab(this.route.path[1]);
    return html`<section aria-label=${texts.label}>
      <header>
        <button class="plain back" aria-label=${texts.back} title=${texts.back} @click=${this.#close}>${backIcon}</button>
        ${shown === undefined ? nothing : this.#title(shown)}
        ${this.#copyButton()}
        <button class="plain close" aria-label=${texts.close} title=${texts.close} @click=${this.#close}>${closeIcon}</button>
      </header>
      ${
        details === "gone"
          ? html`<div class="said">
              <h2>${texts.gone}</h2>
              <p class="quiet">${texts.goneHint}</p>
            </div>`
          : html`<console-tabs
                .label=${texts.views}
                .selected=${tab}
                .tabs=${transactionTabs.map((name) => ({
                  name,
                  title: texts.tabs[name],
                  count: name === "hops" && shown !== undefined && shown.hopCount > 1 ? shown.hopCount : undefined,
                }))}
                @console-tab=${this.#tabChosen}
              ></console-tabs>
              <div class="panel" role="tabpanel" tabindex="0" aria-label=${texts.tabs[tab]}>
                ${typeof details === "string" ? this.#unread(details) : this.#panel(tab, details)}
              </div>`
      }
    </section>`;
  }

  #unread(why: "loading" | "failed"): TemplateResult {
    const texts = this.texts.transaction;
    if (why === "loading") return html`<p class="said quiet" role="status">${texts.loading}</p>`;
    return html`<div class="said">
      <p class="bad" role="alert">${texts.failed}</p>
      <button
        @click=${() => {
          this.details = "loading";
          void this.#load();
        }}
      >
        ${texts.tryAgain}
      </button>
    </div>`;
  }

  #title(shown: ListedTransaction): TemplateResult {
    const { requests, transaction } = this.texts;
    const { locale } = this.words;
    return html`<h2><bdi class="mono method" dir="ltr">${shownText(shown.method, 32)}</bdi> ${urlText(shown.url)}</h2>
      <p class="facts quiet">
        ${statusMark(shown, requests)}
        <span>${formatDuration(shown.durationMilliseconds, locale)}</span>
        <span>${formatBytes(shown.receivedBytes, locale)}</span>
        ${shown.protocol === "" ? nothing : html`<bdi dir="ltr">${shownText(shown.protocol, 16)}</bdi>`}
        ${shown.security === "none" ? nothing : securityMark(shown.security, requests.security)}
        ${
          shown.isOwn && shown.state === "under-way"
            ? html`<button class="small" @click=${this.#giveUp}>${transaction.giveUp}</button>`
            : nothing
        }
        ${this.#downloadButton(shown)}
      </p>`;
  }

  /** To have the answer as a file; where the server sends it as one, that is said. */
  #downloadButton(listed: ListedTransaction): TemplateResult | typeof nothing {
    const order = this.state.hello?.canDownload === true ? downloadOf(listed) : undefined;
    if (order === undefined) return nothing;
    const { transaction } = this.texts;
    const last = typeof this.details === "string" ? undefined : this.details.hops.at(-1);
    const attachment = attachmentOf(last?.responseFields ?? []);
    const fileName = attachment?.fileName;
    return html`${attachment === undefined ? nothing : html`<span>${transaction.attachment}</span>`}
      ${fileName === undefined ? nothing : html`<bdi class="mono">${shownText(fileName, 64)}</bdi>`}
      <button
        class=${attachment === undefined ? "small" : "small primary"}
        @click=${() => void this.#download(fileName === undefined ? order : { ...order, fileName })}
      >
        ${transaction.download}
      </button>`;
  }

  #copyButton(): TemplateResult | typeof nothing {
    const first = typeof this.details === "string" ? undefined : this.details.hops[0];
    if (first === undefined) return nothing;
    const { bodyText } = this;
    const { transaction } = this.texts;
    const command = curlCommand({ ...first, fields: first.requestFields, body: bodyText });
    if (command === undefined) return nothing;
    return html`<fairlead-copy-button
      class="copy"
      .label=${bodyText === undefined ? transaction.copyCurl : transaction.copyCurlWithBody}
      .text=${command}
    ></fairlead-copy-button>`;
  }

  #panel(tab: TransactionTab, details: TransactionDetails): TemplateResult {
    const { context } = this;
    const hop = Number(this.route.path[2] ?? details.hops.length - 1);
    switch (tab) {
      case "overview":
        return html`<console-overview .details=${details}></console-overview>`;
      case "response":
      case "request":
        return html`<console-message
          .context=${context}
          .details=${details}
          .side=${tab}
          .hop=${hop}
          @console-hop=${this.#hopChosen}
        ></console-message>`;
      case "hops":
        return html`<console-hops .details=${details}></console-hops>`;
      case "timeline":
        return html`<fairlead-request-timeline class="timeline" .hops=${details.hops}></fairlead-request-timeline>`;
      case "security":
        return html`<console-security
          .context=${context}
          .details=${details}
          .hop=${hop}
          @console-hop=${this.#hopChosen}
        ></console-security>`;
    }
  }

  /** One question at a time; what changes meanwhile is asked for behind it. */
  async #load(): Promise<void> {
    const loading = new AbortController();
    this.#loading = loading;
    const id = this.#id;
    const listed = this.#listed;
    try {
      const details = await this.context.client.transaction(id, loading);
      if (!loading.signal.aborted) {
        this.details = details;
        this.bodyText ??= await this.#readBodyText(details, loading);
      }
    } catch (error) {
      if (loading.signal.aborted) return;
      if (error instanceof RequestProblem && error.status === 404) this.details = "gone";
      else {
        // What was read before is shown still.
        if (this.details === "loading") this.details = "failed";
        this.context.tell(error);
      }
    }
    if (loading.signal.aborted) return;
    this.#loading = undefined;
    if (listed !== this.#listed) void this.#load();
  }

  /** What was sent, where it is kept, short enough for a command, and text. */
  async #readBodyText(
    { id, hops: [first] }: TransactionDetails,
    loading: AbortController,
  ): Promise<string | undefined> {
    const kept = first?.requestBody?.keptBytes ?? 0;
    if (kept === 0 || kept > CURL_BODY_BYTES) return undefined;
    const bytes = await this.context.client.body(id, 0, "request-body", loading);
    return utf8Text(bytes);
  }

  #goTo(...path: readonly string[]): void {
    this.context.go({ view: "requests", path: [String(this.#id), ...path] }, { isStep: true });
  }

  readonly #tabChosen = ({ tab }: ConsoleTabEvent): void => this.#goTo(tab);

  readonly #hopChosen = ({ hop }: { readonly hop: number }): void =>
    this.#goTo(readTab(this.route.path[1]), String(hop));

  readonly #close = (): void => this.context.go({ view: "requests", path: [] });

  readonly #giveUp = async (): Promise<void> => {
    try {
      await this.context.client.giveUp(this.#id);
    } catch (error) {
      this.context.tell(error);
    }
  };

  async #download(order: DownloadOrder): Promise<void> {
    const { context } = this;
    const { client } = context;
    const listed = this.#listed;
    try {
      await client.startDownload(order);
      context.go({ view: "downloads", path: [] });
    } catch (error) {
      context.tell(error);
      return;
    }
    // What comes as a file need not come here, too; it may have come meanwhile.
    if (listed?.isOwn === true && listed.state === "under-way") await client.giveUp(listed.id).catch(() => undefined);
  }
}

/** `undefined` for what is no UTF-8. */
function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-transaction": ConsoleTransaction;
  }
}
