import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { drawOrigin } from "../asker/draw-origin.ts";
import { originStyles } from "../asker/origin-styles.ts";
import { FairleadElement } from "../element.ts";
import { icons } from "../icons.ts";
import { shownText } from "../text/shown-text.ts";
import type { UrlKnowledge } from "../url/url-knowledge.ts";
import type { CredentialQuestion, CredentialsLifetime, EnteredCredentials } from "./rules/credential-question.ts";
import {
  type EntryProblem,
  entryProblem,
  type SignInForm,
  signInForm,
  type SignInWarning,
} from "./rules/sign-in-form.ts";
import { FairleadSignInCancelEvent, FairleadSignInEvent } from "./sign-in-event.ts";
import { signInStyles } from "./sign-in-styles.ts";

/** A realm is foreign text: it gets a line, not a page. */
const REALM_LIMIT = 120;
const NAME_LIMIT = 200;

/**
 * Asks a person who they are, for a server or a proxy that wants to know. It shows who asks before anything else; what the
 * server says of itself is quoted, and named as the server's. What is typed is in the fields alone: never in an attribute,
 * and nowhere any more once it was sent, once the question is another, or once the element has left the page.
 *
 * It can stand in a page, or in a `<dialog>` of the host's.
 *
 * @element fairlead-sign-in
 * @fires {FairleadSignInEvent} fairlead-sign-in - With what was entered.
 * @fires {FairleadSignInCancelEvent} fairlead-sign-in-cancel - Nothing is to be sent.
 * @csspart title - What it is about.
 * @csspart asker - Who asks.
 * @csspart warning - Each warning.
 * @csspart field - Each field with its label.
 * @csspart actions - The buttons.
 */
export class FairleadSignIn extends FairleadElement {
  static override readonly tag = "fairlead-sign-in";

  static override properties = {
    ...FairleadElement.properties,
    question: { attribute: false },
    urlKnowledge: { attribute: false },
    isSecretShown: { state: true },
    isCapsLockOn: { state: true },
    problem: { state: true },
  };

  static override styles = [originStyles, signInStyles];

  static override shadowRootOptions: ShadowRootInit = { ...FairleadElement.shadowRootOptions, delegatesFocus: true };

  /** Who asks, and what for; nothing is drawn without. Another object is another question: what was typed is forgotten. */
  declare question: CredentialQuestion | undefined;
  /** Public suffixes, by which the site stands out in the origin; the whole host does without. */
  declare urlKnowledge: UrlKnowledge | undefined;
  declare protected isSecretShown: boolean;
  declare protected isCapsLockOn: boolean;
  declare protected problem: EntryProblem | undefined;

  constructor() {
    super();
    this.question = undefined;
    this.urlKnowledge = undefined;
    this.isSecretShown = false;
    this.isCapsLockOn = false;
    this.problem = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
  }

  protected override willUpdate(changed?: PropertyValues<this>): void {
    super.willUpdate();
    if (changed?.has("question") === true) {
      this.problem = undefined;
      this.isSecretShown = false;
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("question")) return;
    this.#forget();
    const username = this.#input("username");
    if (username === undefined || this.question === undefined) return;
    const { fixedUsername, lastRefused } = signInForm(this.question);
    username.value = fixedUsername ?? lastRefused ?? "";
  }

  protected override render(): unknown {
    const { question } = this;
    if (question === undefined) return nothing;
    const words = this.words.signIn;
    const form = signInForm(question);
    return html`<form
      aria-label=${words.label}
      novalidate
      autocomplete="on"
      @submit=${this.#submit}
      @keydown=${this.#noteCapsLock}
      @keyup=${this.#noteCapsLock}
    >
      ${this.#drawAsker(question, form)}
      ${form.warnings.map((warning) => this.#drawWarning(warning, question, form))}
      ${form.fields === "password" ? this.#drawUsername(form) : nothing} ${this.#drawSecret(form)}
      ${this.#drawRemember(question)} ${form.needsConsent ? this.#drawConsent() : nothing}
      <div class="actions" part="actions">
        <button type="button" @click=${this.#cancel}>${words.cancel}</button>
        <button type="submit" class="primary">${words.submit}</button>
      </div>
    </form>`;
  }

  #drawAsker(question: CredentialQuestion, { scheme }: SignInForm): TemplateResult {
    const words = this.words.signIn;
    const { role, origin, realm, isPlain } = question;
    const name = scheme === "other" ? shownText(question.scheme, 40) : "";
    return html`<div class="header">
        <h2 part="title">${icons.key} ${words.label}</h2>
        <p>${role === "proxy" ? words.proxyAsks : words.serverAsks}</p>
        <p class="asker" part="asker">${drawOrigin(origin, this.urlKnowledge)}</p>
      </div>
      <dl>
        ${
          realm === ""
            ? nothing
            : html`<div>
              <dt>${words.realm}</dt>
              <dd><q class="foreign"><bdi>${shownText(realm, REALM_LIMIT)}</bdi></q></dd>
            </div>`
        }
        <div>
          <dt>${words.method}</dt>
          <dd>
            <span>${words.schemes[scheme]}${name === "" ? nothing : html` <bdi class="mono">${name}</bdi>`}</span>
            <span class="quiet">${words.explanations[scheme]}</span>
            ${isPlain ? nothing : html`<span class="good state">${icons.lock} ${words.encrypted}</span>`}
          </dd>
        </div>
      </dl>`;
  }

  #drawWarning(warning: SignInWarning, question: CredentialQuestion, { lastRefused = "" }: SignInForm): TemplateResult {
    const words = this.words.signIn;
    switch (warning) {
      case "refused":
        return html`<p class="note refused" part="warning" role="alert">
          ${icons.alert}<span>${words.refused(shownText(lastRefused, NAME_LIMIT))}</span>
        </p>`;
      case "embedded":
        return html`<p class="note caution-note" part="warning">
          ${icons.alert}<span
            >${words.warnings.embedded} ${words.embeddedIn} ${drawOrigin(question.embeddedIn ?? "", this.urlKnowledge)}</span
          >
        </p>`;
      case "secret-in-the-clear":
        return html`<p class="note danger-note" part="warning">
          ${icons.alert}<span>${words.warnings[warning]}</span>
        </p>`;
      case "content-in-the-clear":
      case "guessable-in-the-clear":
        return html`<p class="note caution-note" part="warning">
          ${icons.alert}<span>${words.warnings[warning]}</span>
        </p>`;
    }
  }

  #drawUsername({ fixedUsername }: SignInForm): TemplateResult {
    const words = this.words.signIn;
    const problem = this.#problemOf("username-missing", "username-colon", "username-control");
    return html`<div class="field" part="field">
      <label for="username">${words.username}</label>
      <input
        id="username"
        name="username"
        dir="auto"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        ?readonly=${fixedUsername !== undefined}
        aria-invalid=${problem === undefined ? "false" : "true"}
        aria-describedby="username-problem"
      />
      <p id="username-problem" class="bad" role="alert">${problem}</p>
    </div>`;
  }

  #drawSecret({ fields }: SignInForm): TemplateResult {
    const words = this.words.signIn;
    const problem = this.#problemOf("secret-missing");
    return html`<div class="field" part="field">
      <label for="secret">${words[fields]}</label>
      <div class="secret">
        <input
          id="secret"
          name=${fields}
          type=${this.isSecretShown ? "text" : "password"}
          dir="ltr"
          autocomplete=${fields === "password" ? "current-password" : "off"}
          autocapitalize="none"
          spellcheck="false"
            aria-invalid=${problem === undefined ? "false" : "true"}
          aria-describedby="secret-problem caps-lock"
        />
        <button
          type="button"
          aria-label=${words.showSecret}
          aria-pressed=${this.isSecretShown ? "true" : "false"}
          aria-controls="secret"
          @click=${this.#toggleSecret}
        >
          ${this.isSecretShown ? words.hide : words.show}
        </button>
      </div>
      <p id="secret-problem" class="bad" role="alert">${problem}</p>
      <p id="caps-lock" class="caution" role="status">${this.isCapsLockOn ? words.capsLock : nothing}</p>
    </div>`;
  }

  #drawRemember({ canStore }: CredentialQuestion): TemplateResult {
    const words = this.words.signIn;
    const lifetimes: readonly CredentialsLifetime[] =
      canStore === true ? ["once", "memory", "store"] : ["once", "memory"];
    return html`<div class="field" part="field">
      <label for="remember">${words.remember}</label>
      <select id="remember" name="remember">
        ${lifetimes.map((each) => html`<option value=${each}>${words.lifetimes[each]}</option>`)}
      </select>
    </div>`;
  }

  #drawConsent(): TemplateResult {
    const problem = this.#problemOf("consent-missing");
    return html`<div class="field" part="field">
      <label class="check">
        <input
          id="consent"
          type="checkbox"
          aria-invalid=${problem === undefined ? "false" : "true"}
          aria-describedby="consent-problem"
        />
        <span>${this.words.signIn.consent}</span>
      </label>
      <p id="consent-problem" class="bad" role="alert">${problem}</p>
    </div>`;
  }

  #problemOf(...problems: readonly EntryProblem[]): string | undefined {
    const { problem } = this;
    return problem !== undefined && problems.includes(problem) ? this.words.signIn.problems[problem] : undefined;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.question === undefined) return;
    const form = signInForm(this.question);
    const secret = this.#input("secret")?.value ?? "";
    const username = form.fixedUsername ?? this.#input("username")?.value ?? "";
    const consents = this.#input("consent")?.checked ?? false;
    this.problem = entryProblem({ username, secret, consents }, form);
    if (this.problem !== undefined) {
      this.#input(fieldOf(this.problem))?.focus();
      return;
    }
    const remember = this.#lifetime();
    this.#forget();
    const credentials: EnteredCredentials =
      form.fields === "token"
        ? { type: "token", token: secret, remember }
        : { type: "password", username, password: secret, remember };
    this.dispatchEvent(new FairleadSignInEvent(credentials));
  };

  readonly #cancel = (): void => {
    this.#forget();
    this.dispatchEvent(new FairleadSignInCancelEvent());
  };

  readonly #toggleSecret = (): void => {
    this.isSecretShown = !this.isSecretShown;
  };

  readonly #noteCapsLock = (event: KeyboardEvent): void => {
    this.isCapsLockOn = event.getModifierState("CapsLock");
  };

  /** A question that can't be answered any more has nothing to hide, and shows nothing. */
  #forget(): void {
    for (const name of ["username", "secret"] as const) {
      const input = this.#input(name);
      if (input !== undefined) input.value = "";
    }
    const consent = this.#input("consent");
    if (consent !== undefined) consent.checked = false;
    const remember = this.renderRoot.querySelector<HTMLSelectElement>("#remember");
    if (remember !== null) remember.value = "once";
    this.isSecretShown = false;
  }

  #lifetime(): CredentialsLifetime {
    const chosen = this.renderRoot.querySelector<HTMLSelectElement>("#remember")?.value;
    return (["memory", "store"] as const).find((each) => each === chosen) ?? "once";
  }

  #input(id: "username" | "secret" | "consent"): HTMLInputElement | undefined {
    return this.renderRoot.querySelector<HTMLInputElement>(`#${id}`) ?? undefined;
  }
}

/** Where a problem is mended. */
function fieldOf(problem: EntryProblem): "username" | "secret" | "consent" {
  switch (problem) {
    case "username-missing":
    case "username-colon":
    case "username-control":
      return "username";
    case "secret-missing":
      return "secret";
    case "consent-missing":
      return "consent";
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-sign-in": FairleadSignIn;
  }
}
