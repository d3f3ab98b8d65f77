import { html, nothing, type TemplateResult } from "lit";
import { FairleadCertificateViewer } from "../certificate-viewer/certificate-viewer.ts";
import { problemKind } from "../certificate-viewer/rules/problem-kind.ts";
import type {
  ShownCertificate,
  ShownCertificateConnection,
  ShownCertificateProblem,
} from "../certificate-viewer/shown-certificate.ts";
import { FairleadElement } from "../element.ts";
import { icons } from "../icons.ts";
import { formatDay, formatSpan } from "../text/moments.ts";
import { shownText } from "../text/shown-text.ts";
import { type CertificateExceptionDecision, FairleadCertificateExceptionEvent } from "./certificate-exception-event.ts";
import { compareWithSeen } from "./rules/compare-with-seen.ts";
import { accepts, advanceAct, beginAct, type DeliberateAct, missingStep, type Press } from "./rules/deliberate-act.ts";
import { type ExceptionBarrier, exceptionBarrier } from "./rules/exception-barrier.ts";
import { exceptionRisk } from "./rules/exception-risk.ts";
import type { SeenCertificate } from "./seen-certificate.ts";
import { certificateExceptionStyles } from "./styles.ts";

/**
 * Asks whether a certificate that verification refuses is let in, in a modal dialog. The way back is the first choice of
 * every key; accepting takes a deliberate act, and is not offered where there can be no exception: for a host with HSTS, a
 * revoked certificate, a pin that does not fit. It tells what was decided by one event and closes.
 *
 * @element fairlead-certificate-exception
 * @fires {FairleadCertificateExceptionEvent} fairlead-certificate-exception - A person decided; once each time that it is open.
 * @csspart dialog - The dialog.
 * @csspart host - Who is asked about.
 * @csspart accept - The button that accepts.
 * @csspart go-back - The button that does not.
 */
export class FairleadCertificateException extends FairleadElement {
  static override readonly tag = "fairlead-certificate-exception";
  static override readonly uses = [FairleadCertificateViewer];

  static override properties = {
    ...FairleadElement.properties,
    open: { type: Boolean, reflect: true },
    host: { type: String },
    port: { type: Number },
    chain: { attribute: false },
    problems: { attribute: false },
    connection: { attribute: false },
    hsts: { type: Boolean },
    seen: { attribute: false },
    rememberFor: { type: Number, attribute: "remember-for" },
    now: { type: Number },
    clock: { attribute: false },
    remember: { state: true },
    act: { state: true },
  };

  static override styles = certificateExceptionStyles;

  /** Shows the dialog; becomes `false` by the decision. Setting it to `false` closes without one. */
  declare open: boolean;
  /** As in the URL. */
  declare host: string;
  /** 443 unless set. */
  declare port: number;
  /** Leaf first. */
  declare chain: readonly ShownCertificate[];
  /** Why verification refuses the chain. */
  declare problems: readonly ShownCertificateProblem[];
  /** What the connection used; `undefined` where there was none. */
  declare connection: ShownCertificateConnection | undefined;
  /** Whether the host is known to use HSTS. Once it is set while the dialog is open, taking it back changes nothing. */
  declare hsts: boolean;
  /** What the host showed before; `undefined` where nothing is known. */
  declare seen: SeenCertificate | undefined;
  /** For how many milliseconds an exception can be remembered; `undefined`, the default, offers no remembering. */
  declare rememberFor: number | undefined;
  /** Milliseconds since the epoch; `undefined` takes the clock. */
  declare now: number | undefined;
  /** Milliseconds that never go back, to tell presses apart. */
  declare clock: () => number;
  declare private remember: boolean;
  declare private act: DeliberateAct;

  /** What the person sees: an answer is about that. */
  #shownSubject = "";
  #pressBegan: number | undefined;

  constructor() {
    super();
    this.open = false;
    this.host = "";
    this.port = 443;
    this.chain = [];
    this.problems = [];
    this.connection = undefined;
    this.hsts = false;
    this.seen = undefined;
    this.rememberFor = undefined;
    this.now = undefined;
    this.clock = () => performance.now();
    this.remember = false;
    this.act = beginAct(0);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("focus", this.#disturb);
    document.addEventListener("visibilitychange", this.#disturb);
    if (this.hasUpdated) this.requestUpdate("open", false);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("focus", this.#disturb);
    document.removeEventListener("visibilitychange", this.#disturb);
    this.#dialog?.close();
  }

  protected override willUpdate(changed?: Map<PropertyKey, unknown>): void {
    super.willUpdate();
    if (!this.open) return;
    const subject = this.#subject;
    if (changed?.has("open") === true) {
      this.act = beginAct(this.clock());
      this.remember = false;
      this.#pressBegan = undefined;
    } else if (subject !== this.#shownSubject) {
      this.act = advanceAct(this.act, { type: "subject-changed", at: this.clock() });
      this.remember = false;
    }
    this.#shownSubject = subject;
    if (this.#barrier !== undefined) this.act = advanceAct(this.act, { type: "over" });
  }

  protected override updated(): void {
    const dialog = this.#dialog;
    if (dialog === null || dialog.open === this.open) return;
    if (!this.open) {
      dialog.close();
      return;
    }
    dialog.showModal();
    dialog.querySelector<HTMLElement>(".go-back")?.focus();
  }

  protected override render(): TemplateResult {
    const words = this.words.certificateException;
    return html`<dialog
      part="dialog"
      aria-labelledby="title"
      aria-describedby="wrong"
      @cancel=${this.#onGoBack}
      @close=${this.#onClose}
    >
      ${
        this.open
          ? html`<div class="content">${this.#renderWho()} ${this.#renderReasons()} ${this.#renderDetails()}</div>
              ${this.act.isOver ? nothing : this.#renderConfirm()}
              <footer>
                ${this.act.isOver ? nothing : this.#renderAccept()}
                <button class="primary go-back" part="go-back" @click=${this.#onGoBack}>${words.goBack}</button>
              </footer>`
          : nothing
      }
    </dialog>`;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  get #fingerprint(): string | undefined {
    return this.chain[0]?.fingerprints.sha256;
  }

  get #barrier(): ExceptionBarrier | undefined {
    return exceptionBarrier({ hsts: this.hsts, problems: this.problems, fingerprint: this.#fingerprint });
  }

  get #subject(): string {
    const { host, port, problems } = this;
    return JSON.stringify([host, port, this.#fingerprint, problems.map(({ code, index }) => [code, index])]);
  }

  #renderWho(): TemplateResult {
    const words = this.words.certificateException;
    return html`<header>
      <span class="sign">${icons.alert}</span>
      <div>
        <h2 id="title">${words.title}</h2>
        <p class="who">
          <bdi class="host" part="host" dir="ltr">${shownText(this.host, 300)}</bdi>
          <span class="quiet">${words.port(this.port)}</span>
        </p>
      </div>
    </header>`;
  }

  #renderReasons(): TemplateResult {
    const words = this.words.certificateException;
    const kinds = [...new Set(this.problems.map(({ code }) => problemKind(code)))];
    const barrier = this.#barrier;
    return html`<section id="wrong">
        <h3>${words.wrong}</h3>
        <ul>
          ${kinds.map((kind) => html`<li>${words.wrongs[kind]}</li>`)}
        </ul>
      </section>
      <section>
        <h3>${words.risk}</h3>
        <p>${words.risks[exceptionRisk(kinds)]}</p>
      </section>
      <section>
        <h3>${words.harm}</h3>
        <p>${words.harmed}</p>
      </section>
      ${this.#renderComparison()}
      ${
        this.act.isOver
          ? html`<section class="barrier">
              <h3>${words.barrier}</h3>
              ${barrier === undefined ? nothing : html`<p>${words.barriers[barrier]}</p>`}
            </section>`
          : html`<p class="quiet">${words.advice}</p>`
      }`;
  }

  #renderComparison(): unknown {
    const [leaf] = this.chain;
    if (leaf === undefined || this.seen === undefined) return nothing;
    const words = this.words.certificateException;
    const comparison = compareWithSeen(leaf, this.seen);
    const isChanged = comparison === "changed" || comparison === "changed-from-verified";
    return html`<section>
      <h3>${words.compared}</h3>
      <p class=${isChanged ? "bad" : nothing}>
        ${words.comparisons[comparison](formatDay(this.seen.lastSeen, this.words.locale))}
      </p>
    </section>`;
  }

  #renderDetails(): TemplateResult {
    return html`<details @toggle=${this.#onDetails}>
      <summary>${this.words.certificateException.details}</summary>
      ${
        this.act.sawDetails || this.act.isOver
          ? html`<fairlead-certificate-viewer
              .chain=${this.chain}
              .problems=${this.problems}
              .connection=${this.connection}
              .host=${this.host}
              .now=${this.now}
              .messages=${this.messages}
            ></fairlead-certificate-viewer>`
          : nothing
      }
    </details>`;
  }

  #renderConfirm(): TemplateResult {
    const words = this.words.certificateException;
    return html`<section class="confirm" aria-labelledby="confirm">
      <h3 id="confirm">${words.confirm}</h3>
      <label class="typed">
        <span>${words.typeHost}</span>
        <input
          type="text"
          dir="ltr"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          .value=${this.act.typedHost}
          @input=${this.#onTyped}
        />
      </label>
      ${
        this.rememberFor === undefined
          ? nothing
          : html`<label class="remember">
              <input type="checkbox" .checked=${this.remember} @change=${this.#onRemember} />
              <span>${words.remember(formatSpan(this.rememberFor, this.words.locale))}</span>
            </label>`
      }
    </section>`;
  }

  #renderAccept(): TemplateResult {
    const words = this.words.certificateException;
    const missing = missingStep(this.act, this.host);
    return html`<p id="missing" class="missing quiet" role="status">
        ${missing === undefined ? words.ready : words.missing[missing]}
      </p>
      <button
        class="danger"
        part="accept"
        aria-describedby="missing"
        ?disabled=${missing !== undefined}
        @pointerdown=${this.#onPress}
        @keydown=${this.#onAcceptKey}
        @click=${this.#onAccept}
      >
        ${words.accept}
      </button>`;
  }

  #decide(decision: CertificateExceptionDecision): void {
    const { host, port } = this;
    const fingerprint = this.#fingerprint;
    this.act = advanceAct(this.act, { type: "over" });
    this.open = false;
    this.dispatchEvent(new FairleadCertificateExceptionEvent(decision, { host, port, fingerprint }));
  }

  readonly #onAccept = ({ detail }: MouseEvent): void => {
    const press: Press = detail === 0 ? { by: "key" } : { by: "pointer", began: this.#pressBegan, clicks: detail };
    this.#pressBegan = undefined;
    if (!this.open) return;
    // What was set since the last drawing is not what the person saw.
    if (this.#barrier !== undefined) this.act = advanceAct(this.act, { type: "over" });
    if (this.#subject !== this.#shownSubject) return;
    if (!accepts(this.act, this.host, press)) return;
    this.#decide({ type: "accept", remember: this.remember && this.rememberFor !== undefined });
  };

  readonly #onPress = (): void => {
    this.#pressBegan = this.clock();
  };

  readonly #onAcceptKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter") event.preventDefault();
  };

  readonly #onGoBack = (): void => {
    if (this.open) this.#decide({ type: "refuse" });
  };

  /** Whatever else closes a dialog. It is told late: the application may have opened it anew. */
  readonly #onClose = (): void => {
    if (this.open && this.isConnected && this.#dialog?.open === false) this.#decide({ type: "refuse" });
  };

  readonly #onDetails = ({ currentTarget }: Event): void => {
    if ((currentTarget as HTMLDetailsElement).open) this.act = advanceAct(this.act, { type: "details-opened" });
  };

  readonly #onTyped = ({ currentTarget }: Event): void => {
    this.act = advanceAct(this.act, { type: "host-typed", text: (currentTarget as HTMLInputElement).value });
  };

  readonly #onRemember = ({ currentTarget }: Event): void => {
    this.remember = (currentTarget as HTMLInputElement).checked;
  };

  readonly #disturb = (): void => {
    if (this.open) this.act = advanceAct(this.act, { type: "disturbed", at: this.clock() });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-certificate-exception": FairleadCertificateException;
  }
}
