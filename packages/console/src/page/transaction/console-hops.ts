import { formatBytes, formatDuration, shownText } from "@fairlead/widgets";
import { css, html, nothing, type TemplateResult } from "lit";
import type { HopDetails, TransactionDetails } from "../../protocol/index.ts";
import { ConsoleElement } from "../console-element.ts";
import { factList, factListStyles } from "../text/fact-list.ts";
import { statusMark, statusMarkStyles } from "../text/status-mark.ts";
import { urlText, urlTextStyles } from "../text/url-text.ts";

/** The hops of a request, one below the other: where each went, why, and what was seen: `<console-hops>`. */
export class ConsoleHops extends ConsoleElement {
  static override readonly tag = "console-hops";

  static override properties = { ...ConsoleElement.properties, details: { attribute: false } };

  static override styles = [
    factListStyles,
    statusMarkStyles,
    urlTextStyles,
    css`
      ol {
        display: grid;
        gap: 12px;
        margin: 0;
        padding: 16px;
        list-style: none;
      }

      li {
        display: grid;
        gap: 12px;
        padding: 12px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
      }

      h3 {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        align-items: baseline;
        font-size: 0.875rem;
        font-weight: 400;
        overflow-wrap: anywhere;
      }

      .phases {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  declare details: TransactionDetails;

  protected override render(): TemplateResult {
    return html`<ol>
      ${this.details.hops.map((hop) => html`<li>${this.#title(hop)} ${this.#facts(hop)}</li>`)}
    </ol>`;
  }

  #title(hop: HopDetails): TemplateResult {
    const state = hop.error === undefined ? (hop.status === undefined ? "under-way" : "done") : "failed";
    return html`<h3>
      ${statusMark({ state, status: hop.status }, this.texts.requests)}
      <bdi class="mono quiet" dir="ltr">${shownText(hop.method, 32)}</bdi>
      ${urlText(hop.url)}
    </h3>`;
  }

  #facts(hop: HopDetails): TemplateResult {
    const { facts, connection } = this.texts.transaction;
    const { locale } = this.words;
    return factList([
      [facts.reason, foreign(hop.reason)],
      [facts.error, foreign(hop.error)],
      [facts.location, hop.location === undefined ? undefined : foreign(hop.location)],
      [facts.cache, hop.cache === undefined ? undefined : foreign(hop.cache.use)],
      [facts.address, foreign(hop.remoteAddress)],
      [facts.protocol, foreign(hop.protocol)],
      [facts.connection, hop.connectionId === undefined ? undefined : connection(String(hop.connectionId), hop.reused)],
      [facts.route, foreign(hop.route.join(" → "))],
      [facts.hsts, foreign(hop.hsts)],
      [facts.received, hop.receivedBytes === 0 ? undefined : formatBytes(hop.receivedBytes, locale)],
      [facts.timing, this.#phases(hop)],
    ]);
  }

  #phases({ timing }: HopDetails): TemplateResult | undefined {
    const words = this.texts.transaction.phases;
    const shown = Object.entries(timing).filter(([, value]) => value > 0);
    if (shown.length === 0) return undefined;
    return html`<span class="phases">
      ${shown.map(([phase, value]) =>
        Object.hasOwn(words, phase)
          ? html`<span>${words[phase as keyof typeof words]} ${formatDuration(value, this.words.locale)}</span>`
          : nothing,
      )}
    </span>`;
  }
}

function foreign(text: string | undefined): TemplateResult | undefined {
  return text === undefined || text === "" ? undefined : html`<bdi dir="ltr">${shownText(text, 512)}</bdi>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "console-hops": ConsoleHops;
  }
}
