import { reasonPhrase } from "@fairlead/http/h1";
import { shownText, type WidgetClass } from "@fairlead/widgets";
import { css, html, nothing, type TemplateResult } from "lit";
import type { HopDetails, TransactionDetails } from "../../protocol/index.ts";
import { ConsoleBody } from "../body/console-body.ts";
import { ConsoleElement } from "../console-element.ts";
import { ConsoleCutText } from "../text/console-cut-text.ts";
import { fieldTable, fieldTableStyles } from "../text/field-table.ts";
import { urlText, urlTextStyles } from "../text/url-text.ts";
import type { ConsoleContext } from "../views/console-context.ts";
import { hopChoice } from "./hop-choice.ts";

/** The request or the response of a hop: first line, fields, body: `<console-message>`. */
export class ConsoleMessage extends ConsoleElement {
  static override readonly tag = "console-message";

  static override readonly uses: readonly WidgetClass[] = [ConsoleBody, ConsoleCutText];

  static override properties = {
    ...ConsoleElement.properties,
    context: { attribute: false },
    details: { attribute: false },
    side: { type: String },
    hop: { type: Number },
  };

  static override styles = [
    fieldTableStyles,
    urlTextStyles,
    css`
      :host {
        display: grid;
        grid-template: auto minmax(14rem, 1fr) / minmax(0, 1fr);
        min-block-size: 0;
      }

      .head {
        padding: 12px 16px;
        border-block-end: 1px solid var(--_line);
      }

      .hop-choice {
        display: flex;
        gap: 8px;
        align-items: center;
        margin-block-end: 12px;
        font-size: 0.8125rem;
      }

      .hop-choice select {
        min-block-size: 32px;
        min-inline-size: 0;
        flex: 1;
      }

      .first {
        margin-block-end: 8px;
        font-size: 0.8125rem;
        overflow-wrap: anywhere;
      }

      summary {
        inline-size: fit-content;
        min-block-size: 28px;
        padding-inline-end: 8px;
        border-radius: 4px;
        color: var(--_quiet);
        font-size: 0.8125rem;
        line-height: 28px;
        cursor: pointer;
      }

      .said {
        padding: 16px;
      }
    `,
  ];

  declare context: ConsoleContext;
  declare details: TransactionDetails;
  declare side: "request" | "response";
  /** From 0. */
  declare hop: number;

  protected override render(): TemplateResult {
    const texts = this.texts.transaction;
    const { details } = this;
    const hop = details.hops[this.hop];
    const isMissing = hop === undefined || (this.side === "response" && hop.status === undefined);
    return html`<div class="head">
        ${hopChoice(details.hops, this.hop, texts)}
        ${isMissing ? html`<p class="quiet">${texts.noMessage}</p>` : this.#head(hop)}
      </div>
      ${isMissing ? nothing : this.#body(hop)}`;
  }

  #head(hop: HopDetails): TemplateResult {
    const texts = this.texts.transaction;
    const fields = this.side === "request" ? hop.requestFields : hop.responseFields;
    const label = texts.headers(fields.length);
    return html`<p class="first mono" dir="ltr">${this.#firstLine(hop)}</p>
      ${
        fields.length === 0
          ? html`<p class="quiet">${texts.noHeaders}</p>`
          : html`<details open>
              <summary>${label}</summary>
              ${fieldTable(fields, label)}
            </details>`
      }`;
  }

  #firstLine({ method, url, protocol, status = 0, statusText }: HopDetails): TemplateResult {
    return this.side === "request"
      ? html`<strong>${shownText(method, 32)}</strong> ${urlText(url)}`
      : html`${shownText(protocol, 16)} <strong>${status}</strong> ${shownText(statusText === "" ? reasonPhrase(status) : statusText, 128)}`;
  }

  #body(hop: HopDetails): TemplateResult {
    const facts = this.side === "request" ? hop.requestBody : hop.responseBody;
    if (facts === undefined) return html`<p class="said quiet">${this.texts.transaction.noBody}</p>`;
    const fields = this.side === "request" ? hop.requestFields : hop.responseFields;
    return html`<console-body
      .context=${this.context}
      .place=${{ id: this.details.id, hop: this.hop, side: `${this.side}-body` }}
      .facts=${facts}
      .contentType=${fields.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? ""}
    ></console-body>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-message": ConsoleMessage;
  }
}
