import { drawBreakable, drawUrlText, endsOfList, formatBytes, formatDuration, shownText } from "@fairlead/widgets";
import { css, html, nothing, type TemplateResult } from "lit";
import type { HopDetails, TransactionDetails } from "../../protocol/index.ts";
import { ConsoleElement } from "../console-element.ts";
import { factList, factListStyles } from "../text/fact-list.ts";
import { statusMark, statusMarkStyles } from "../text/status-mark.ts";
import { urlText, urlTextStyles } from "../text/url-text.ts";
import { wordFor } from "../text/word-for.ts";

/** Nobody reads more, and a program that is looked at may tell of any number. */
const MOST_HOPS = 500;

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

      .between {
        justify-items: center;
        border-style: dashed;
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
    const { first, between, last } = endsOfList(this.details.hops, MOST_HOPS);
    return html`<ol>
      ${first.map(this.#hop)}
      ${between === 0 ? nothing : html`<li class="between quiet">${this.texts.transaction.between(between)}</li>`}
      ${last.map(this.#hop)}
    </ol>`;
  }

  readonly #hop = (hop: HopDetails): TemplateResult => html`<li>${this.#title(hop)} ${this.#facts(hop)}</li>`;

  #title(hop: HopDetails): TemplateResult {
    const state = hop.error === undefined ? (hop.status === undefined ? "under-way" : "done") : "failed";
    return html`<h3>
      ${statusMark({ state, status: hop.status }, this.texts.requests)}
      <bdi class="mono quiet" dir="ltr">${shownText(hop.method, 32)}</bdi>
      ${urlText(hop.url)}
    </h3>`;
  }

  #facts(hop: HopDetails): TemplateResult {
    const { facts, answers, cached, hstsSources, connection } = this.texts.transaction;
    const { locale } = this.words;
    return factList([
      [facts.reason, hasAnswer(hop) ? wordFor(answers, hop.reason) : undefined],
      [facts.error, foreign(hop.error)],
      [facts.location, address(hop.location)],
      [facts.cache, hop.cache && cached(hop.cache.use, formatDuration(hop.cache.ageSeconds * 1_000, locale))],
      [facts.address, foreign(hop.remoteAddress)],
      [facts.protocol, foreign(hop.protocol)],
      [facts.connection, hop.connectionId === undefined ? undefined : connection(String(hop.connectionId), hop.reused)],
      [facts.route, foreign(hop.route.join(" → "))],
      [facts.hsts, hop.hsts && wordFor(hstsSources, hop.hsts)],
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

/** A hop that met with no answer is told of as one that was to come from the network. */
function hasAnswer({ reason, status }: HopDetails): boolean {
  return reason !== "network" || status !== undefined;
}

/** What a server led to: it may be relative, or no URL at all. */
function address(location: string | undefined): TemplateResult | undefined {
  if (location === undefined || location === "") return undefined;
  return html`<bdi dir="ltr">${drawUrlText(shownText(location, 512), drawBreakable)}</bdi>`;
}

function foreign(text: string | undefined): TemplateResult | undefined {
  return text === undefined || text === "" ? undefined : html`<bdi dir="ltr">${shownText(text, 512)}</bdi>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "console-hops": ConsoleHops;
  }
}
