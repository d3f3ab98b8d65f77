import { css, html, type TemplateResult } from "lit";
import { ViewElement } from "../views/view-element.ts";

/** The view: `<console-test-network>`. */
export class ConsoleTestNetwork extends ViewElement {
  static override readonly tag = "console-test-network";

  static override styles = css`
    :host {
      padding: 16px;
    }
  `;

  protected override render(): TemplateResult {
    return html`<h2>${this.texts.testNetwork.title}</h2>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-test-network": ConsoleTestNetwork;
  }
}
