import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { drawOrigin } from "../asker/draw-origin.ts";
import { originStyles } from "../asker/origin-styles.ts";
import { groupHexadecimal } from "../certificate-viewer/rules/hexadecimal.ts";
import { subjectTitle } from "../certificate-viewer/rules/subject-title.ts";
import { FairleadElement } from "../element.ts";
import { icons } from "../icons.ts";
import { FairleadLongList } from "../long-list/long-list.ts";
import { formatDistance, readMoment } from "../text/moments.ts";
import { shownText } from "../text/shown-text.ts";
import type { UrlKnowledge } from "../url/url-knowledge.ts";
import { FairleadCertificatePickEvent, type PickedIdentity } from "./certificate-pick-event.ts";
import type { IdentityQuestion } from "./identity-question.ts";
import { filterIdentities, type ListedIdentity, listIdentities, onlyIdentity } from "./rules/identity-list.ts";
import { certificatePickerStyles } from "./styles.ts";

/**
 * Asks a person which certificate, if any, a server or a proxy is to know them by. Nothing is chosen beforehand, unless
 * there is but one; what is not in sight is not chosen. It tells the answer by one event for each question.
 *
 * It can stand in a page, or in a `<dialog>` of the host's.
 *
 * @element fairlead-certificate-picker
 * @fires {FairleadCertificatePickEvent} fairlead-certificate-pick - With the answer.
 * @csspart title - What it is about.
 * @csspart asker - Who asks.
 * @csspart identity - Each certificate that can be chosen.
 * @csspart actions - The buttons.
 */
export class FairleadCertificatePicker extends FairleadElement {
  static override readonly tag = "fairlead-certificate-picker";
  static override readonly uses = [FairleadLongList];

  static override properties = {
    ...FairleadElement.properties,
    question: { attribute: false },
    urlKnowledge: { attribute: false },
    now: { type: Number },
    chosen: { state: true },
    filter: { state: true },
    remember: { state: true },
    isAnswered: { state: true },
  };

  static override styles = [originStyles, certificatePickerStyles];

  /** Who asks, and what there is to choose from; nothing is drawn without. Another object is another question. */
  declare question: IdentityQuestion | undefined;
  /** Public suffixes, by which the site stands out in the origin; the whole host does without. */
  declare urlKnowledge: UrlKnowledge | undefined;
  /** Milliseconds since the epoch; `undefined` takes the clock. */
  declare now: number | undefined;
  /** A fingerprint. */
  declare protected chosen: string | undefined;
  declare protected filter: string;
  declare protected remember: boolean;
  declare protected isAnswered: boolean;

  constructor() {
    super();
    this.question = undefined;
    this.urlKnowledge = undefined;
    this.now = undefined;
    this.chosen = undefined;
    this.filter = "";
    this.remember = false;
    this.isAnswered = false;
  }

  protected override willUpdate(changed?: PropertyValues<this>): void {
    super.willUpdate();
    if (changed?.has("question") !== true) return;
    this.filter = "";
    this.remember = false;
    this.isAnswered = false;
    this.chosen = onlyIdentity(listIdentities(this.question?.identities ?? [], this.#at));
  }

  protected override render(): unknown {
    const { question } = this;
    if (question === undefined) return nothing;
    const words = this.words.certificatePicker;
    return html`<section class="picker" aria-labelledby="title">
      <header>
        <h2 id="title" part="title">${icons.certificate} ${words.label}</h2>
        <p>${words.asks[question.role]}</p>
        <p class="asker" part="asker">${drawOrigin(question.origin, this.urlKnowledge)}</p>
      </header>
      ${this.#drawAuthorities(question)} ${this.#drawIdentities(question)}
      ${
        question.canRemember
          ? html`<label class="remember">
              <input type="checkbox" .checked=${this.remember} @change=${this.#onRemember} />
              <span>${words.remember}</span>
            </label>`
          : nothing
      }
      <div class="actions" part="actions">
        <button ?disabled=${this.isAnswered} @click=${this.#cancel}>${words.cancel}</button>
        <button ?disabled=${this.isAnswered} @click=${this.#goWithout}>${words.without}</button>
        ${
          question.identities.length === 0
            ? nothing
            : html`<button
                class="primary"
                ?disabled=${this.isAnswered || this.chosen === undefined}
                @click=${this.#send}
              >
                ${words.send}
              </button>`
        }
      </div>
    </section>`;
  }

  get #at(): number {
    return this.now ?? Date.now();
  }

  #drawAuthorities({ authorities }: IdentityQuestion): TemplateResult {
    const words = this.words.certificatePicker;
    if (authorities.length === 0) return html`<p class="quiet">${words.noAuthorities}</p>`;
    const label = words.authorities(authorities.length);
    return html`<details>
      <summary>${label}</summary>
      <fairlead-long-list
        .label=${label}
        .items=${authorities.map((text) => ({ kind: "", text }))}
        .messages=${this.messages}
      ></fairlead-long-list>
    </details>`;
  }

  #drawIdentities({ identities }: IdentityQuestion): TemplateResult {
    const words = this.words.certificatePicker;
    if (identities.length === 0) return html`<p class="note">${words.noneSuitable}</p>`;
    const fitting = filterIdentities(listIdentities(identities, this.#at), this.filter);
    const shown = fitting.slice(0, MOST_SHOWN);
    return html`${identities.length > FEW ? this.#drawFilter(fitting.length) : nothing}
      <fieldset>
        <legend>${words.identities}</legend>
        <div class="identities">${shown.map((listed) => this.#drawIdentity(listed))}</div>
        ${fitting.length > shown.length ? html`<p class="quiet">${words.more(fitting.length - shown.length)}</p>` : nothing}
      </fieldset>
      <p class="quiet">${words.reveals}</p>`;
  }

  #drawFilter(count: number): TemplateResult {
    const words = this.words.certificatePicker;
    return html`<label class="filter">
        <span>${words.filter}</span>
        <input type="search" dir="auto" autocomplete="off" spellcheck="false" .value=${this.filter} @input=${this.#onFilter} />
      </label>
      <p class="visually-hidden" role="status">${words.found(count)}</p>`;
  }

  #drawIdentity({ identity, state }: ListedIdentity): TemplateResult {
    const words = this.words.certificatePicker;
    const { fingerprint, subject, issuer } = identity;
    const turn = readMoment((state === "not-yet-valid" ? identity.notBefore : undefined) ?? identity.notAfter);
    const distance = turn === undefined ? "" : formatDistance(turn, this.#at, this.words.locale);
    return html`<label class="identity" part="identity">
      <input
        type="radio"
        name="identity"
        .value=${fingerprint}
        .checked=${fingerprint === this.chosen}
        @change=${this.#onChoose}
      />
      <span class="identity-text">
        <bdi dir="ltr" class="identity-title">${shownText(subjectTitle(subject) || words.unnamed, TITLE_LIMIT)}</bdi>
        <span class="quiet">${words.issuedBy} <bdi dir="ltr">${shownText(subjectTitle(issuer) || words.unnamed, TITLE_LIMIT)}</bdi></span>
        <span class=${state === "valid" ? "quiet" : "bad"}>${words.states[state](distance)}</span>
        <bdi dir="ltr" class="mono quiet">${shownText(groupHexadecimal(fingerprint.slice(0, 16)), 32)}…</bdi>
      </span>
    </label>`;
  }

  #answer(picked: PickedIdentity): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.dispatchEvent(new FairleadCertificatePickEvent(picked));
  }

  readonly #send = (): void => {
    const { chosen: fingerprint, remember, question } = this;
    // Another question may have come since the last drawing.
    if (fingerprint === undefined || question?.identities.every((each) => each.fingerprint !== fingerprint)) return;
    this.#answer({ type: "identity", fingerprint, remember });
  };

  readonly #goWithout = (): void => {
    this.#answer({ type: "none", remember: this.remember });
  };

  readonly #cancel = (): void => {
    this.#answer({ type: "cancel" });
  };

  readonly #onChoose = ({ currentTarget }: Event): void => {
    this.chosen = (currentTarget as HTMLInputElement).value;
  };

  readonly #onRemember = ({ currentTarget }: Event): void => {
    this.remember = (currentTarget as HTMLInputElement).checked;
  };

  /** What is filtered away, or too far down, is not chosen any more: nobody sends what they do not see. */
  readonly #onFilter = ({ currentTarget }: Event): void => {
    this.filter = (currentTarget as HTMLInputElement).value;
    const listed = listIdentities(this.question?.identities ?? [], this.#at);
    const shown = filterIdentities(listed, this.filter).slice(0, MOST_SHOWN);
    if (shown.every(({ identity }) => identity.fingerprint !== this.chosen)) this.chosen = undefined;
  };
}

/** So many are found without looking for them by name. */
const FEW = 6;
const MOST_SHOWN = 50;
const TITLE_LIMIT = 160;

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-certificate-picker": FairleadCertificatePicker;
  }
}
