import { css, html, nothing, type TemplateResult } from "lit";
import { FairleadElement } from "../element.ts";
import { icons } from "../icons.ts";
import { formatDistance } from "../text/moments.ts";
import { formatBytes } from "../text/quantities.ts";
import { shownText } from "../text/shown-text.ts";
import { FairleadOpenPortalEvent } from "./open-portal-event.ts";
import { type Heard, hear } from "./rules/heard.ts";
import { liveLimits } from "./rules/live-limits.ts";
import type { SessionLimits, ShownConnectivity } from "./shown-connectivity.ts";

/**
 * Tells whether there is a network: as a word, or, with `panel`, with what it means, since when, how long it lasts where it
 * is limited, and the way to the sign-in page of a captive portal. A change is told politely to those who do not see it:
 * once, and that the network is back where it was gone.
 *
 * @element fairlead-connectivity
 * @attr {"unknown" | "online" | "local" | "captive" | "offline"} state - What is known.
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
    limits: { attribute: false },
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

    .facts {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 16px;
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
  /** How long the network lets somebody out, where it has said so. */
  declare limits: SessionLimits | undefined;
  /** Milliseconds since the epoch; `undefined` takes the clock. */
  declare now: number | undefined;

  #heard: Heard | undefined;

  constructor() {
    super();
    this.state = "unknown";
    this.panel = false;
    this.since = undefined;
    this.interfaceName = undefined;
    this.limits = undefined;
    this.now = undefined;
  }

  protected override willUpdate(): void {
    super.willUpdate();
    this.#heard = hear(this.#heard, this.#known);
  }

  protected override render(): TemplateResult {
    const state = this.#known;
    const words = this.words.connectivity;
    const limits = liveLimits(this.limits, state, this.now ?? Date.now());
    const shown = html`<span class="state ${looks[state]}" part="state"
      >${pictures[state]}<span class="visually-hidden">${words.label}:</span>
      <span>${limits === undefined ? words.states[state] : words.limited}</span></span
    >`;
    return html`${this.panel ? html`<div class="panel">${shown} ${this.#drawMore(state, limits)}</div>` : shown}
      <span class="visually-hidden" role="status">${this.#said}</span>`;
  }

  /** A host may write anything into the attribute: what nobody knows is `unknown`. */
  get #known(): ShownConnectivity {
    return Object.hasOwn(looks, this.state) ? this.state : "unknown";
  }

  get #said(): string {
    const words = this.words.connectivity;
    const said = this.#heard?.said;
    if (said === undefined) return "";
    return said === "online-again" ? words.onlineAgain : words.states[said];
  }

  #drawMore(state: ShownConnectivity, limits: SessionLimits | undefined): TemplateResult {
    const { since, now = Date.now() } = this;
    const { locale } = this.words;
    const words = this.words.connectivity;
    // Where there is no network, there is none by an interface either, and what nobody knows was found by nobody.
    const interfaceName = state === "offline" || state === "unknown" ? "" : (this.interfaceName ?? "");
    const found = state === "unknown" ? undefined : since;
    return html`<p>${words.meanings[state]}</p>
      ${limits?.endsAt === undefined ? nothing : html`<p>${words.ends(formatDistance(limits.endsAt, now, locale))}</p>`}
      ${
        limits?.bytesRemaining === undefined
          ? nothing
          : html`<p>${words.bytesRemaining(formatBytes(limits.bytesRemaining, locale))}</p>`
      }
      ${
        found === undefined && interfaceName === ""
          ? nothing
          : html`<p class="facts quiet">
              ${found === undefined ? nothing : html`<span>${words.since(formatDistance(found, now, locale))}</span>`}
              ${
                interfaceName === ""
                  ? nothing
                  : html`<span>${words.by} <bdi dir="ltr" class="mono">${shownText(interfaceName, 40)}</bdi></span>`
              }
            </p>`
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
  local: icons.networkLocal,
  captive: icons.portal,
  offline: icons.networkOff,
};

const looks: Readonly<Record<ShownConnectivity, string>> = {
  unknown: "quiet",
  online: "good",
  local: "quiet",
  captive: "caution",
  offline: "bad",
};

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-connectivity": FairleadConnectivity;
  }
}
