import { css, html, type TemplateResult } from "lit";
import { FairleadElement } from "../element.ts";
import type { ShownConnectivity } from "./shown-connectivity.ts";

/**
 * Tells whether there is a network.
 *
 * @element fairlead-connectivity
 */
export class FairleadConnectivity extends FairleadElement {
  static override readonly tag = "fairlead-connectivity";

  static override properties = { ...FairleadElement.properties, state: { type: String, reflect: true } };

  static override styles = css`
    :host {
      display: inline-flex;
      align-items: center;
    }
  `;

  /** What is known; `unknown` unless set. */
  declare state: ShownConnectivity;

  constructor() {
    super();
    this.state = "unknown";
  }

  protected override render(): TemplateResult {
    const words = this.words.connectivity;
    return html`<span role="status" aria-label=${words.label}>${words.states[this.state]}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-connectivity": FairleadConnectivity;
  }
}
