import { endsOfList, formatBytes, formatDuration, shownText, styleProperties } from "@fairlead/widgets";
import { css, html, nothing, type TemplateResult } from "lit";
import type { TransactionDetails } from "../../protocol/index.ts";
import { ConsoleElement } from "../console-element.ts";
import { warningIcon } from "../icons.ts";
import { factList, factListStyles } from "../text/fact-list.ts";
import { statusMark, statusMarkStyles } from "../text/status-mark.ts";
import { securityMark, securityMarkStyles } from "../text/security-mark.ts";
import { shortUrl } from "../text/short-url.ts";
import { wordFor } from "../text/word-for.ts";
import { whatFailed } from "./rules/what-failed.ts";
import { type Happened, whatHappened } from "./rules/what-happened.ts";

/** Nobody reads more, and a program that is looked at may tell of any number. */
const MOST_STEPS = 500;

/** What became of a request, in sentences and in facts: `<console-overview>`. */
export class ConsoleOverview extends ConsoleElement {
  static override readonly tag = "console-overview";

  static override properties = { ...ConsoleElement.properties, details: { attribute: false } };

  static override styles = [
    factListStyles,
    statusMarkStyles,
    securityMarkStyles,
    css`
      :host {
        padding: 16px;
      }

      .error {
        display: grid;
        grid-template-columns: 20px minmax(0, 1fr);
        gap: 4px 12px;
        margin-block-end: 16px;
        padding: 12px;
        border: 1px solid var(--_danger);
        border-radius: var(--_radius);
        background: var(--_danger-surface);
      }

      .error > .icon {
        color: var(--_danger);
      }

      h3 {
        margin-block-end: 8px;
      }

      ol {
        display: grid;
        gap: 8px;
        margin: 0 0 24px;
        padding: 0;
        counter-reset: step;
        list-style: none;
      }

      li {
        position: relative;
        padding-inline-start: 32px;
        counter-increment: step;
      }

      li::before {
        content: counter(step);
        position: absolute;
        inset-inline-start: 0;
        inline-size: 20px;
        block-size: 20px;
        border: 1px solid var(--_edge);
        border-radius: 50%;
        color: var(--_quiet);
        font-size: 0.6875rem;
        line-height: 18px;
        text-align: center;
      }

      /* It stands for those that it counts. */
      .between {
        counter-increment: step var(--_left-out);
      }

      .between::before {
        content: "…";
        border-color: transparent;
      }

      li[data-type="failed"]::before {
        border-color: var(--_danger);
        background: var(--_danger-surface);
        color: var(--_danger);
      }
    `,
  ];

  declare details: TransactionDetails;

  protected override render(): TemplateResult {
    const texts = this.texts.transaction;
    const { details } = this;
    const { first, between, last } = endsOfList(whatHappened(details), MOST_STEPS);
    const step = (each: Happened): TemplateResult =>
      html`<li data-type=${each.type}>${texts.happened(each, shortUrl(each.url))}</li>`;
    return html`${details.state === "failed" ? this.#error(details) : nothing}
      <h3>${texts.whatHappened}</h3>
      <ol>
        ${first.map(step)}
        ${
          between === 0
            ? nothing
            : html`<li class="between quiet" ${styleProperties({ "--_left-out": between })}>${texts.between(between)}</li>`
        }
        ${last.map(step)}
      </ol>
      ${this.#facts(details)}`;
  }

  #error({ error, errorMessage, remedy }: TransactionDetails): TemplateResult {
    return html`<div class="error">
      ${warningIcon}
      <div>
        <p dir="auto">${shownText(whatFailed(errorMessage ?? error ?? "", remedy))}</p>
        ${
          remedy === undefined
            ? nothing
            : html`<p><strong>${this.texts.transaction.remedy}:</strong> <bdi>${shownText(remedy)}</bdi></p>`
        }
        ${error === undefined ? nothing : html`<bdi class="mono quiet" dir="ltr">${shownText(error, 64)}</bdi>`}
      </div>
    </div>`;
  }

  #facts(details: TransactionDetails): TemplateResult {
    const { transaction, requests } = this.texts;
    const { facts } = transaction;
    const { locale } = this.words;
    const hop = details.hops.at(-1);
    const started = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", calendar: "gregory" });
    return factList([
      [facts.status, statusMark(details, requests)],
      [facts.type, isolated(details.mediaType)],
      [facts.protocol, isolated(details.protocol)],
      [facts.address, isolated(hop?.remoteAddress)],
      [
        facts.connection,
        hop?.connectionId === undefined ? undefined : transaction.connection(String(hop.connectionId), hop.reused),
      ],
      [facts.route, isolated(hop?.route.join(" → "))],
      [facts.security, details.security === "none" ? undefined : securityMark(details.security, requests.security)],
      [facts.started, started.format(details.startedAt)],
      [facts.duration, formatDuration(details.durationMilliseconds, locale)],
      [facts.received, formatBytes(details.receivedBytes, locale)],
      [facts.decoded, hop?.decodedBytes === undefined ? undefined : formatBytes(hop.decodedBytes, locale)],
      [facts.sent, details.sentBytes === 0 ? undefined : formatBytes(details.sentBytes, locale)],
      [facts.hsts, hop?.hsts && wordFor(transaction.hstsSources, hop.hsts)],
    ]);
  }
}

function isolated(text: string | undefined): TemplateResult | undefined {
  return text === undefined || text === "" ? undefined : html`<bdi dir="ltr">${shownText(text, 256)}</bdi>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "console-overview": ConsoleOverview;
  }
}
