import { css, html, type TemplateResult } from "lit";
import { ViewElement } from "../views/view-element.ts";

/** The view: `<console-downloads>`. */
export class ConsoleDownloads extends ViewElement {
  static override readonly tag = "console-downloads";

  static override styles = css`
    :host {
      padding: 16px;
    }
  `;

  protected override render(): TemplateResult {
    return html`<h2>${this.texts.downloads.title}</h2>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-downloads": ConsoleDownloads;
  }
}
