import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { FairleadElement } from "../element.ts";
import type { PhishingCue } from "../url/cues/phishing-cue.ts";
import { phishingCues } from "../url/cues/phishing-cues.ts";
import { displayUrl } from "../url/display-url.ts";
import type { UrlDisplay, UrlPart } from "../url/url-display.ts";
import type { UrlKnowledge } from "../url/url-knowledge.ts";
import { readMoment } from "../text/moments.ts";
import { addressBarStyles } from "./address-bar-styles.ts";
import { drawProgress, drawReload } from "./draw-loading.ts";
import { drawNotice } from "./draw-notice.ts";
import { drawOffers } from "./draw-offers.ts";
import { drawChip, drawPanel } from "./draw-security.ts";
import { drawUrl, partsOf } from "./draw-url.ts";
import {
  type CueAnswer,
  FairleadCueAnswerEvent,
  FairleadForgetVisitEvent,
  FairleadNavigateEvent,
  FairleadReloadEvent,
  FairleadSearchEvent,
  FairleadShowCertificateEvent,
  FairleadStopEvent,
} from "./events.ts";
import { KnownSites } from "./known-sites.ts";
import { chipState, securityOf } from "./rules/chip-state.ts";
import { ADDRESS_LIMIT, cleanAddress } from "./rules/clean-address.ts";
import { completeAddress } from "./rules/complete-address.ts";
import { decideAddress } from "./rules/decide-address.ts";
import {
  editedText,
  editStep,
  type EditEffect,
  type EditEvent,
  type EditRules,
  type EditState,
  offersOf,
  type Told,
  toldOf,
} from "./rules/edit-state.ts";
import { keyEvent } from "./rules/key-event.ts";
import { type Remembered, rememberVisits } from "./rules/remembered.ts";
import type { SiteSecurity } from "./site-security.ts";
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

  static override styles = addressBarStyles;

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

  #edit: EditState = { type: "resting" };
  #remembered: readonly Remembered[] = [];
  #isPanelOpen = false;
  readonly #sites = new KnownSites(() => {
    this.requestUpdate();
  });
  /** Origins and kinds of cues that the person answered. */
  readonly #understood = new Set<string>();
  readonly #room = new UrlRoom(this);

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
    this.#input?.focus(options);
  }

  protected override update(changed: PropertyValues<this>): void {
    if (changed.has("history")) {
      this.#remembered = rememberVisits(this.history);
      this.#edit = editStep(this.#edit, { type: "history" }, this.#rules).state;
    }
    if (changed.has("knowledge") || changed.has("history")) this.#sites.learn(this.#remembered, this.knowledge);
    // Another page: what is said in the panel is no longer about the one that was looked at.
    if (changed.has("url")) this.#isPanelOpen = false;
    super.update(changed);
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const bar = words.addressBar;
    const display = this.url === undefined ? undefined : this.#display(this.url);
    const security = securityOf(this.url, this.security);
    const state = chipState({ display, url: this.url, security, pending: this.pending !== undefined });
    const text = editedText(this.#edit, this.#wholeUrl);
    return html`<div class="frame">
        <div class="bar" part="bar">
          <div class="row">
            ${
              this.reloadable
                ? drawReload(
                    bar,
                    { isLoading: this.loading, isDisabled: this.url === undefined && !this.loading },
                    () => {
                      this.dispatchEvent(this.loading ? new FairleadStopEvent() : new FairleadReloadEvent());
                    },
                  )
                : nothing
            }
            ${drawChip(state, words, this.#isPanelOpen, this.#togglePanel)}
            <div class="field">
              ${this.#drawInput(text, display)} ${text === undefined ? this.#drawShown(display) : nothing}
            </div>
          </div>
          ${this.loading ? drawProgress(bar, this.progress) : nothing}
        </div>
        <div class="below ${this.#room.isNarrow ? "narrow" : ""}" @focusout=${this.#leavePanel} @keydown=${this.#closePanel}>
          ${this.#drawSaid()}
          <div class="popup" ?hidden=${offersOf(this.#edit).length === 0}>${this.#drawOffers()}</div>
          <section id="panel" part="panel" class="popup panel" tabindex="-1" aria-label=${bar.panel.label} ?hidden=${!this.#isPanelOpen}>
            ${
              this.#isPanelOpen
                ? drawPanel(
                    { state, security, words, site: display && drawUrl(partsOf(display).filter(isOfOrigin)) },
                    () => {
                      if (security !== undefined) this.dispatchEvent(new FairleadShowCertificateEvent(security.origin));
                    },
                  )
                : nothing
            }
          </section>
        </div>
      </div>
      <div aria-live="polite" class=${this.#room.isNarrow ? "narrow" : ""}>${this.#drawNotice(display, security)}</div>
      <div class="visually-hidden" role="status">${this.#edit.type === "typing" ? bar.offerCount(offersOf(this.#edit).length) : ""}</div>`;
  }

  #drawInput(text: string | undefined, display: UrlDisplay | undefined): TemplateResult {
    const { addressBar } = this.words;
    const offers = offersOf(this.#edit);
    const chosen = this.#chosen;
    const atRest =
      display === undefined
        ? ""
        : partsOf(display)
            .map((part) => part.text)
            .join("");
    return html`<input
      id="line"
      part="input"
      class=${text === undefined ? "resting" : ""}
      type="text"
      dir="ltr"
      role="combobox"
      aria-label=${addressBar.label}
      aria-autocomplete="both"
      aria-expanded=${offers.length > 0 ? "true" : "false"}
      aria-controls="list"
      aria-activedescendant=${chosen === undefined ? nothing : `offer-${chosen}`}
      aria-invalid=${toldOf(this.#edit)?.type === "refused" ? "true" : nothing}
      aria-describedby="said"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      inputmode="url"
      enterkeyhint="go"
      maxlength=${ADDRESS_LIMIT}
      .value=${live(text ?? atRest)}
      @mousedown=${this.#press}
      @click=${() => {
        this.#step({ type: "caret" });
      }}
      @focus=${() => {
        this.#isPanelOpen = false;
        this.#step({ type: "focus" });
      }}
      @blur=${this.#blur}
      @input=${this.#typed}
      @paste=${this.#paste}
      @dragover=${(event: DragEvent) => {
        event.preventDefault();
      }}
      @drop=${this.#drop}
      @keydown=${this.#key}
    />`;
  }

  /** What is open; where nothing is, what is about to be, with nothing of it standing out. */
  #drawShown(display: UrlDisplay | undefined): TemplateResult {
    const { addressBar } = this.words;
    if (display !== undefined) {
      return html`<div class="shown" part="url" aria-hidden="true">${drawUrl(this.#room.fit(partsOf(display), this.#room.field))}</div>`;
    }
    if (this.pending !== undefined) {
      const parts = this.#room.fit(partsOf(this.#display(this.pending)), this.#room.field).map((part) => ({
        ...part,
        emphasis: "quiet" as const,
      }));
      return html`<div class="shown" part="url" aria-hidden="true">${drawUrl(parts)}</div>`;
    }
    const words = this.search ? addressBar.searchPlaceholder : addressBar.placeholder;
    return html`<div class="shown placeholder" part="url" aria-hidden="true">${words}</div>`;
  }

  /** What is told about the text comes before what is about to load. */
  #drawSaid(): TemplateResult {
    const told = toldOf(this.#edit);
    const { addressBar } = this.words;
    let said: unknown;
    if (told !== undefined) said = this.#tell(told);
    else if (this.pending !== undefined && this.pending !== this.url && offersOf(this.#edit).length === 0) {
      const parts = partsOf(this.#display(this.pending)).filter(isOfOrigin);
      said = html`${addressBar.aboutToLoad} ${drawUrl(this.#room.fit(parts, this.#room.line))}`;
    }
    return html`<div id="said" role="status">${
      said === undefined ? nothing : html`<p part="said" class="popup said ${told?.type ?? ""}">${said}</p>`
    }</div>`;
  }

  #drawNotice(display: UrlDisplay | undefined, security: SiteSecurity | undefined): unknown {
    const { url } = this;
    if (url === undefined || display === undefined) return nothing;
    const certificateNotBefore = security?.notBefore === undefined ? undefined : readMoment(security.notBefore);
    const facts = { certificateNotBefore, hasPasswordField: this.passwordField, now: this.now ?? Date.now() };
    const cues = phishingCues(display, { ...this.#sites.knowledge, ...facts });
    const cue = cues.find((each) => !this.#understood.has(cueKey(url, each)));
    if (cue === undefined) return nothing;
    return drawNotice(cue, this.words.addressBar, (answer) => {
      this.#answer(answer, cue, url);
    });
  }

  #answer(answer: CueAnswer, cue: PhishingCue, url: string): void {
    if (answer === "understood") {
      this.#understood.add(cueKey(url, cue));
      this.requestUpdate();
    }
    this.dispatchEvent(new FairleadCueAnswerEvent(answer, cue, url));
  }

  #tell(told: Told): string {
    const { addressBar } = this.words;
    switch (told.type) {
      case "removed":
        return told.removed.map((kind) => addressBar.removed[kind]).join(" ");
      case "refused":
        return addressBar.refused(told.reason);
      case "user-information":
        return addressBar.userInformationLeftOut;
    }
  }

  #drawOffers(): TemplateResult {
    return drawOffers({
      offers: offersOf(this.#edit),
      chosen: this.#chosen,
      typed: this.#typedText,
      shown: (url) => this.#room.fit(partsOf(this.#display(url)).filter(isNoQuietScheme), this.#room.line),
      pick: (index) => {
        this.#step({ type: "pick", index });
      },
      forget: (index) => {
        this.#step({ type: "forget", index });
      },
      words: this.words.addressBar,
    });
  }

  #step(event: EditEvent): void {
    const before = this.#edit;
    const { state, effect } = editStep(before, event, this.#rules);
    this.#edit = state;
    this.requestUpdate();
    if (effect !== undefined) void this.#act(effect);
    if (state.type === "typing" && state.inline !== undefined && state !== before) {
      void this.#select(state.text.length);
    }
  }

  async #act(effect: EditEffect): Promise<void> {
    switch (effect.type) {
      case "select-all":
        await this.#select(0);
        return;
      case "leave":
        this.#input?.blur();
        return;
      case "navigate":
        this.#input?.blur();
        this.dispatchEvent(new FairleadNavigateEvent(effect.url));
        return;
      case "search":
        this.#input?.blur();
        this.dispatchEvent(new FairleadSearchEvent(effect.text));
        return;
      case "forget":
        this.dispatchEvent(new FairleadForgetVisitEvent(effect.url));
        return;
    }
  }

  /** Selects from there to the end, when the text has been drawn. */
  async #select(from: number): Promise<void> {
    await this.updateComplete;
    const input = this.#input;
    if (input !== null && this.shadowRoot?.activeElement === input) input.setSelectionRange(from, input.value.length);
  }

  /** The press that brings the focus selects all, as `focus` does: it does not put the caret where it fell. */
  #press(event: MouseEvent): void {
    if (this.#edit.type !== "resting" || event.button !== 0) return;
    event.preventDefault();
    this.#input?.focus();
  }

  /** A window that is left keeps what is being typed in it. */
  #blur(): void {
    if (this.shadowRoot?.activeElement !== this.#input) this.#step({ type: "blur" });
  }

  #typed(event: InputEvent): void {
    const input = this.#input;
    if (input === null) return;
    const grows = event.inputType === "insertText" && !event.isComposing && input.selectionStart === input.value.length;
    this.#step({ type: "input", text: input.value, grows });
  }

  #paste(event: ClipboardEvent): void {
    event.preventDefault();
    const input = this.#input;
    const { text, removed } = cleanAddress(event.clipboardData?.getData("text/plain") ?? "");
    if (input === null || (text === "" && removed.length === 0)) return;
    input.setRangeText(text, input.selectionStart ?? 0, input.selectionEnd ?? input.value.length, "end");
    this.#step({ type: "paste", text: input.value, removed });
  }

  /** What is dropped takes the place of the whole address. */
  #drop(event: DragEvent): void {
    event.preventDefault();
    const { text, removed } = cleanAddress(event.dataTransfer?.getData("text/plain") ?? "");
    if (text === "") return;
    this.#input?.focus();
    this.#step({ type: "paste", text, removed });
  }

  #key(event: KeyboardEvent): void {
    const decision = keyEvent(event, this.#chosen);
    if (decision === undefined) return;
    if (decision.isUsed) {
      event.preventDefault();
      event.stopPropagation();
    }
    this.#step(decision.event);
  }

  /** The focus goes along, since the panel does not follow its button. */
  readonly #togglePanel = async (): Promise<void> => {
    this.#isPanelOpen = !this.#isPanelOpen;
    this.requestUpdate();
    await this.updateComplete;
    if (this.#isPanelOpen) this.renderRoot.querySelector<HTMLElement>("#panel")?.focus();
  };

  #leavePanel(event: FocusEvent): void {
    const next = event.relatedTarget;
    // A window that is left keeps its panel, as it keeps the focus.
    if (!this.#isPanelOpen || this.shadowRoot?.activeElement === event.target) return;
    if (next instanceof Node && this.renderRoot.contains(next)) return;
    this.#isPanelOpen = false;
    this.requestUpdate();
  }

  #closePanel(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.#isPanelOpen) return;
    event.stopPropagation();
    this.#isPanelOpen = false;
    this.requestUpdate();
    this.renderRoot.querySelector<HTMLElement>(".chip")?.focus();
  }

  #display(url: string): UrlDisplay {
    return displayUrl(url, this.#sites.knowledge);
  }

  /** What is edited and copied is ASCII: canonical, whatever the display makes of it. */
  get #wholeUrl(): string {
    if (this.url === undefined) return "";
    const url = URL.parse(this.url);
    if (url === null) return "";
    url.username = "";
    url.password = "";
    return url.href;
  }

  get #rules(): EditRules {
    return {
      url: this.#wholeUrl,
      complete: (text) => completeAddress(text, this.#remembered, this.now ?? Date.now()),
      decide: (text) => decideAddress(text, { schemes: this.schemes, search: this.search }),
    };
  }

  get #chosen(): number | undefined {
    return this.#edit.type === "choosing" ? this.#edit.index : undefined;
  }

  get #typedText(): string {
    if (this.#edit.type === "typing") return this.#edit.text;
    return this.#edit.type === "choosing" ? this.#edit.typed : "";
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector("input");
  }
}

function isOfOrigin({ role }: UrlPart): boolean {
  return role === "scheme" || role === "subdomain" || role === "site" || role === "port";
}

/** In a list `https` goes without saying, and all others do not. */
function isNoQuietScheme({ role, emphasis }: UrlPart): boolean {
  return role !== "scheme" || emphasis !== "quiet";
}

function cueKey(url: string, cue: PhishingCue): string {
  return `${URL.parse(url)?.origin ?? ""} ${cue.type}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-address-bar": FairleadAddressBar;
  }
}
