import { css, html, nothing, type TemplateResult } from "lit";
import { FairleadElement } from "../element.ts";
import { icons } from "../icons.ts";
import { formatDistance } from "../text/moments.ts";
import { shownText } from "../text/shown-text.ts";
import { FairleadOpenPortalEvent } from "./open-portal-event.ts";
import type { ShownConnectivity } from "./shown-connectivity.ts";

/**
 * Tells whether there is a network: as a word, or, with `panel`, with what it means, since when, and the way to the sign-in
 * page of a captive portal. A change is told politely to those who do not see it.
 *
 * @element fairlead-connectivity
 * @attr {"unknown" | "online" | "captive" | "offline"} state - What is known.
 * @attr {boolean} panel - Shows more than the word.
 * @attr {number} since - When it became so, in milliseconds since the epoch.
 * @attr {string} interface - The name of the network interface.
 * @fires {FairleadOpenPortalEvent} fairlead-open-portal - The sign-in page is wanted.
 * @csspart state - The word, with its picture.
 */
export class FairleadConnectivity extends FairleadElement {
  static override readonly tag = "fairlead-connectivity";

  static override properties = {
    ...FairleadElement.properties,
    state: { type: String, reflect: true },
    panel: { type: Boolean, reflect: true },
    since: { type: Number },
    interfaceName: { type: String, attribute: "interface" },
    now: { type: Number },
  };

  static override styles = css`
    :host {
      display: inline-flex;
      align-items: center;
    }

    :host([panel]) {
      display: block;
      max-inline-size: 30rem;
    }

    .panel {
      display: grid;
      gap: 8px;
      justify-items: start;
      padding: 12px 16px;
      border: 1px solid var(--_line);
      border-radius: var(--_radius);
    }

    .state {
      display: inline-flex;
      gap: 8px;
      align-items: center;
    }

    .icon {
      flex: none;
    }

    .panel .state {
      font-weight: 600;
    }
  `;

  /** What is known of the way to the network. */
  declare state: ShownConnectivity;
  /** Whether it says what the state means and what can be done, rather than the state alone. */
  declare panel: boolean;
  /** Milliseconds since the epoch; `undefined` where nobody knows. */
  declare since: number | undefined;
  /** As the system calls it; `undefined` where it is not told. */
  declare interfaceName: string | undefined;
  /** Milliseconds since the epoch; `undefined` takes the clock. */
  declare now: number | undefined;

  constructor() {
    super();
    this.state = "unknown";
    this.panel = false;
    this.since = undefined;
    this.interfaceName = undefined;
    this.now = undefined;
  }

  protected override render(): TemplateResult {
    const { state } = this;
    const words = this.words.connectivity;
    const said = html`<span class="state ${looks[state]}" part="state"
      >${pictures[state]}<span role="status" aria-label=${words.label}>${words.states[state]}</span></span
    >`;
    return this.panel ? html`<div class="panel">${said} ${this.#drawMore()}</div>` : said;
  }

  #drawMore(): TemplateResult {
    const { state, since, interfaceName = "", now = Date.now() } = this;
    const words = this.words.connectivity;
    return html`<p>${words.meanings[state]}</p>
      ${
        since === undefined
          ? nothing
          : html`<p class="quiet">${words.since(formatDistance(since, now, this.words.locale))}</p>`
      }
      ${
        interfaceName === ""
          ? nothing
          : html`<p class="quiet">${words.by} <bdi dir="ltr" class="mono">${shownText(interfaceName, 40)}</bdi></p>`
      }
      ${
        state === "captive"
          ? html`<button class="primary" @click=${this.#openPortal}>${words.openPortal}</button>`
          : nothing
      }`;
  }

  readonly #openPortal = (): void => {
    this.dispatchEvent(new FairleadOpenPortalEvent());
  };
}

const pictures: Readonly<Record<ShownConnectivity, TemplateResult>> = {
  unknown: icons.missing,
  online: icons.network,
  captive: icons.portal,
  offline: icons.networkOff,
};

const looks: Readonly<Record<ShownConnectivity, string>> = {
  unknown: "quiet",
  online: "good",
  captive: "caution",
  offline: "bad",
};

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-connectivity": FairleadConnectivity;
  }
}
