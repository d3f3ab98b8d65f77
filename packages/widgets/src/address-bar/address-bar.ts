import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { FairleadElement } from "../element.ts";
import { readMoment } from "../text/moments.ts";
import { phishingCues } from "../url/cues/phishing-cues.ts";
import { displayUrl } from "../url/display-url.ts";
import type { UrlDisplay } from "../url/url-display.ts";
import type { UrlKnowledge } from "../url/url-knowledge.ts";
import { AnsweredCues } from "./answered-cues.ts";
import { drawLine } from "./draw-line.ts";
import { drawProgress, drawReload } from "./draw-loading.ts";
import { drawNotice } from "./draw-notice.ts";
import { drawOffers } from "./draw-offers.ts";
import { drawSaid } from "./draw-said.ts";
import { drawChip, drawPanel } from "./draw-security.ts";
import { drawShown } from "./draw-shown.ts";
import { drawUrl } from "./draw-url.ts";
import { EditedLine } from "./edited-line.ts";
import {
  FairleadCueAnswerEvent,
  FairleadReloadEvent,
  FairleadShowCertificateEvent,
  FairleadStopEvent,
} from "./events.ts";
import { KnownSites } from "./known-sites.ts";
import { chipState, type ChipState, securityOf } from "./rules/chip-state.ts";
import { completeAddress } from "./rules/complete-address.ts";
import { decideAddress } from "./rules/decide-address.ts";
import { type Remembered, rememberVisits } from "./rules/remembered.ts";
import { listParts, originParts, shownAsText } from "./rules/shown-parts.ts";
import { wholeUrl } from "./rules/whole-url.ts";
import { SecurityPanel } from "./security-panel.ts";
import type { SiteSecurity } from "./site-security.ts";
import { barStyles } from "./styles/bar.ts";
import { listStyles } from "./styles/list.ts";
import { noticeStyles } from "./styles/notice.ts";
import { panelStyles } from "./styles/panel.ts";
import { urlStyles } from "./styles/url.ts";
import { UrlRoom } from "./url-room.ts";
import type { Visit } from "./visit.ts";

/**
 * An address bar that cannot be fooled: it shows the URL that is open by the rules of `@fairlead/widgets/url`, and no
 * other; what is only on its way is marked as such. It goes nowhere itself: it tells the application where the person
 * wants to go, and shows what the application says is open.
 *
 * @element fairlead-address-bar
 *
 * @attr {string} url - the URL that is open, absolute; set it when its content is shown, not before
 * @attr {string} pending - the URL that is being loaded
 * @attr {boolean} loading - whether something is being loaded
 * @attr {boolean} reloadable - shows the button that reloads, and stops while something is being loaded
 * @attr {boolean} password-field - whether the page that is open asks for a password
 * @attr {boolean} search - has what is no address become a search
 *
 * @fires {FairleadNavigateEvent} fairlead-navigate - the person wants to go to an address
 * @fires {FairleadSearchEvent} fairlead-search - the person wants to search for a text
 * @fires {FairleadForgetVisitEvent} fairlead-forget-visit - the person wants an address out of the history
 * @fires {FairleadReloadEvent} fairlead-reload - the person wants to load again
 * @fires {FairleadStopEvent} fairlead-stop - the person wants the loading to end
 * @fires {FairleadShowCertificateEvent} fairlead-show-certificate - the person wants to see the certificate
 * @fires {FairleadCueAnswerEvent} fairlead-cue-answer - the person answers that the page could be a deception
 *
 * @csspart bar - the whole line
 * @csspart reload - the button that reloads and stops
 * @csspart security - the button that says what the page is
 * @csspart input - the line of text, while it is edited
 * @csspart url - the URL, while it is shown
 * @csspart list - the list of visited addresses
 * @csspart option - one of them
 * @csspart panel - what is known of the page
 * @csspart show-certificate - the button in it
 * @csspart said - what is told about the text, or what is about to load
 * @csspart notice - why the page could be a deception
 * @csspart go-back - the button in it that leads away
 * @csspart understood - the button in it that stays
 *
 * @cssprop [--fairlead-address-bar-layer=10] - the `z-index` of list and panel
 */
export class FairleadAddressBar extends FairleadElement {
  static override readonly tag = "fairlead-address-bar";

  static override properties = {
    ...FairleadElement.properties,
    url: { type: String },
    pending: { type: String },
    loading: { type: Boolean },
    progress: { type: Number },
    reloadable: { type: Boolean },
    search: { type: Boolean },
    passwordField: { type: Boolean, attribute: "password-field" },
    security: { attribute: false },
    history: { attribute: false },
    schemes: { attribute: false },
    knowledge: { attribute: false },
    now: { attribute: false },
  };

  static override styles = [barStyles, urlStyles, listStyles, panelStyles, noticeStyles];

  /** The URL that is open, absolute. Set it when its content is shown, not before; `undefined` while there is none. */
  declare url: string | undefined;
  /** The URL that is being loaded and is not open yet. */
  declare pending: string | undefined;
  /** A page is on its way: the bar offers to stop instead of to reload. */
  declare loading: boolean;
  /** From 0 to 1; `undefined` where nobody knows. */
  declare progress: number | undefined;
  /** Shows the button that reloads, and stops while something is being loaded. */
  declare reloadable: boolean;
  /** What is no address is searched for, by an event, rather than refused. */
  declare search: boolean;
  /** Whether the page that is open asks for a password, which it must not where everybody on the way can read it. */
  declare passwordField: boolean;
  /** What is known of the connection; not taken notice of unless it is about the origin of `url`. */
  declare security: SiteSecurity | undefined;
  /** What the person visited. A new array tells of a change. */
  declare history: readonly Visit[];
  /** Schemes that may be gone to, in lower case without the colon; those that run scripts never are. */
  declare schemes: readonly string[];
  /** Public suffixes and the like, where the application has its own; else they are loaded, and until then all is shown safely. */
  declare knowledge: UrlKnowledge | undefined;
  /** Milliseconds since 1970; `undefined` takes the clock. */
  declare now: number | undefined;

  #remembered: readonly Remembered[] = [];
  readonly #line = new EditedLine(this, () => ({
    url: wholeUrl(this.url),
    complete: (text) => completeAddress(text, this.#remembered, this.now ?? Date.now()),
    decide: (text) => decideAddress(text, { schemes: this.schemes, search: this.search }),
  }));
  readonly #panel = new SecurityPanel(this);
  readonly #answered = new AnsweredCues();
  readonly #room = new UrlRoom(this);
  readonly #sites = new KnownSites(() => {
    this.requestUpdate();
  });

  constructor() {
    super();
    this.url = undefined;
    this.pending = undefined;
    this.loading = false;
    this.progress = undefined;
    this.reloadable = false;
    this.search = false;
    this.passwordField = false;
    this.security = undefined;
    this.history = [];
    this.schemes = ["https", "http"];
    this.knowledge = undefined;
    this.now = undefined;
  }

  /** Puts the caret into the line, with the whole address selected. */
  override focus(options?: FocusOptions): void {
    this.#line.input?.focus(options);
  }

  protected override update(changed: PropertyValues<this>): void {
    if (changed.has("history")) {
      this.#remembered = rememberVisits(this.history);
      this.#line.followHistory();
    }
    if (changed.has("knowledge") || changed.has("history")) this.#sites.learn(this.#remembered, this.knowledge);
    // Another page: what is said in the panel is no longer about the one that was looked at.
    if (changed.has("url")) this.#panel.close();
    super.update(changed);
  }

  protected override render(): TemplateResult {
    const { addressBar } = this.words;
    const { offers, isTyping } = this.#line;
    const display = this.#display(this.url);
    const security = securityOf(this.url, this.security);
    const state = chipState({ display, url: this.url, security, pending: this.pending !== undefined });
    const narrow = this.#room.isNarrow ? "narrow" : "";
    return html`<div class="frame">
        <div class="bar" part="bar">
          <div class="row">
            ${this.reloadable ? this.#drawReload() : nothing}
            ${drawChip(state, this.words, this.#panel.isOpen, this.#panel.toggle)}
            <div class="field" @focusin=${this.#panel.close}>${this.#drawField(display)}</div>
          </div>
          ${this.loading ? drawProgress(addressBar, this.progress) : nothing}
        </div>
        <div class="below ${narrow}" @focusout=${this.#panel.leave} @keydown=${this.#panel.key}>
          ${drawSaid(this.#line.told, this.#drawPending(), addressBar)}
          <div class="popup" ?hidden=${offers.length === 0}>${this.#drawOffers()}</div>
          <section id="panel" part="panel" class="popup panel" tabindex="-1" aria-label=${addressBar.panel.label} ?hidden=${!this.#panel.isOpen}>
            ${this.#panel.isOpen ? this.#drawPanel(state, display, security) : nothing}
          </section>
        </div>
      </div>
      <div aria-live="polite" class=${narrow}>${this.#drawNotice(display, security)}</div>
      <div class="visually-hidden" role="status">${isTyping ? addressBar.offerCount(offers.length) : ""}</div>`;
  }

  #drawReload(): TemplateResult {
    const state = { isLoading: this.loading, isDisabled: this.url === undefined && !this.loading };
    return drawReload(this.words.addressBar, state, () => {
      this.dispatchEvent(this.loading ? new FairleadStopEvent() : new FairleadReloadEvent());
    });
  }

  #drawField(display: UrlDisplay | undefined): readonly unknown[] {
    const { label, placeholder, searchPlaceholder } = this.words.addressBar;
    const line = drawLine(this.#line, label, display === undefined ? "" : shownAsText(display));
    if (this.#line.text !== undefined) return [line];
    const shown = drawShown({
      open: display,
      pending: this.#display(this.pending),
      fit: (parts) => this.#room.fit(parts, this.#room.field),
      placeholder: this.search ? searchPlaceholder : placeholder,
    });
    return [line, shown];
  }

  /** The origin that is about to load, where that is another page and the list leaves room. */
  #drawPending(): TemplateResult | undefined {
    const pending = this.pending === this.url || this.#line.offers.length > 0 ? undefined : this.#display(this.pending);
    return pending && drawUrl(this.#room.fit(originParts(pending), this.#room.line));
  }

  #drawOffers(): TemplateResult {
    return drawOffers({
      offers: this.#line.offers,
      chosen: this.#line.chosen,
      typed: this.#line.typed,
      shown: (url) => this.#room.fit(listParts(displayUrl(url, this.#sites.knowledge)), this.#room.line),
      pick: (index) => {
        this.#line.step({ type: "pick", index });
      },
      forget: (index) => {
        this.#line.step({ type: "forget", index });
      },
      words: this.words.addressBar,
    });
  }

  #drawPanel(state: ChipState, display: UrlDisplay | undefined, security: SiteSecurity | undefined): TemplateResult {
    const site = display && drawUrl(originParts(display));
    return drawPanel({ state, security, words: this.words, site }, () => {
      if (security !== undefined) this.dispatchEvent(new FairleadShowCertificateEvent(security.origin));
    });
  }

  #drawNotice(display: UrlDisplay | undefined, security: SiteSecurity | undefined): unknown {
    const { url } = this;
    if (url === undefined || display === undefined) return nothing;
    const certificateNotBefore = security?.notBefore === undefined ? undefined : readMoment(security.notBefore);
    const facts = { certificateNotBefore, hasPasswordField: this.passwordField, now: this.now ?? Date.now() };
    const cue = this.#answered.firstOpen(phishingCues(display, { ...this.#sites.knowledge, ...facts }), url);
    if (cue === undefined) return nothing;
    return drawNotice(cue, this.words.addressBar, (answer) => {
      if (answer === "understood") {
        this.#answered.understand(cue, url);
        this.requestUpdate();
      }
      this.dispatchEvent(new FairleadCueAnswerEvent(answer, cue, url));
    });
  }

  #display(url: string | undefined): UrlDisplay | undefined {
    return url === undefined ? undefined : displayUrl(url, this.#sites.knowledge);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-address-bar": FairleadAddressBar;
  }
}
