import { css, html, type TemplateResult } from "lit";
import { ViewElement } from "../views/view-element.ts";

/** The view: `<console-settings>`. */
export class ConsoleSettings extends ViewElement {
  static override readonly tag = "console-settings";

  static override styles = css`
    :host {
      padding: 16px;
    }
  `;

  protected override render(): TemplateResult {
    return html`<h2>${this.texts.settings.title}</h2>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-settings": ConsoleSettings;
  }
}
