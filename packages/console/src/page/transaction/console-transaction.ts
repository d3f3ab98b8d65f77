import { html, type TemplateResult } from "lit";
import { ViewElement } from "../views/view-element.ts";

/** All about one request: `<console-transaction>`. */
export class ConsoleTransaction extends ViewElement {
  static override readonly tag = "console-transaction";

  protected override render(): TemplateResult {
    return html`<h2>${this.route.path[0]}</h2>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-transaction": ConsoleTransaction;
  }
}
