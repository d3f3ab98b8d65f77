import { shownText } from "@fairlead/widgets";
import { css, html, type TemplateResult } from "lit";
import { ViewElement } from "../views/view-element.ts";

/** The live list of requests: `<console-requests>`. */
export class ConsoleRequests extends ViewElement {
  static override readonly tag = "console-requests";

  static override styles = css`
    :host {
      padding: 16px;
    }

    a {
      display: block;
      min-block-size: 28px;
    }
  `;

  protected override render(): TemplateResult {
    const { transactions } = this.state;
    const texts = this.texts.requests;
    if (transactions.length === 0) {
      return html`<h2>${texts.nothingYet}</h2>
        <p class="quiet">${texts.nothingYetHint}</p>`;
    }
    return html`<ul>
      ${transactions
        .slice(-100)
        .map(
          ({ id, method, url, status }) =>
            html`<li><a href=${`#requests/${id}`}><bdi dir="ltr">${status ?? ""} ${shownText(method, 32)} ${shownText(url)}</bdi></a></li>`,
        )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-requests": ConsoleRequests;
  }
}
