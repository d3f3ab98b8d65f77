import { css, html, type TemplateResult } from "lit";
import { ViewElement } from "../views/view-element.ts";

/** The view: `<console-memory>`. */
export class ConsoleMemory extends ViewElement {
  static override readonly tag = "console-memory";

  static override styles = css`
    :host {
      padding: 16px;
    }
  `;

  protected override render(): TemplateResult {
    return html`<h2>${this.texts.memory.title}</h2>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-memory": ConsoleMemory;
  }
}
