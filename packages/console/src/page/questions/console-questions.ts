import type {
  CredentialQuestion,
  FairleadCertificateExceptionEvent,
  FairleadCertificatePickEvent,
  FairleadSignInEvent,
  IdentityQuestion,
  ShownCertificate,
} from "@fairlead/widgets";
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { QuestionAnswer, ShownQuestion } from "../../protocol/index.ts";
import type { ConsoleClient } from "../client/console-client.ts";
import { ConsoleElement } from "../console-element.ts";
import { warningIcon } from "../icons.ts";
import type { ConsoleContext } from "../views/console-context.ts";
import { urlText, urlTextStyles } from "../text/url-text.ts";
import { questionsStyles } from "./questions-styles.ts";
import { credentialQuestion, hostOf, identityQuestion } from "./widget-question.ts";

/**
 * Puts the questions of the manager to the person, the oldest first and one at a time: `<console-questions>`. Only the
 * requests that ask wait; a question that is answered elsewhere, or that nobody waits for any more, closes.
 */
export class ConsoleQuestions extends ConsoleElement {
  static override readonly tag = "console-questions";

  static override properties = {
    ...ConsoleElement.properties,
    client: { attribute: false },
    questions: { attribute: false },
    context: { attribute: false },
    chain: { state: true },
    answered: { state: true },
  };

  static override styles = [urlTextStyles, questionsStyles];

  declare client: ConsoleClient;
  declare questions: readonly ShownQuestion[];
  declare context: ConsoleContext | undefined;
  /** Of the certificates that are asked about; `undefined` until they are described. */
  declare protected chain: readonly ShownCertificate[] | undefined;
  /** Those whose answer is on its way. */
  declare protected answered: ReadonlySet<string>;

  #shown: ShownQuestion | undefined;
  #key = "";
  #credentials: CredentialQuestion | undefined;
  #identity: IdentityQuestion | undefined;
  #describing: AbortController | undefined;

  constructor() {
    super();
    this.context = undefined;
    this.questions = [];
    this.chain = undefined;
    this.answered = new Set();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#describing?.abort();
  }

  protected override willUpdate(): void {
    super.willUpdate();
    const question = this.questions.find((each) => !this.answered.has(keyOf(each)));
    const key = question === undefined ? "" : keyOf(question);
    // Told anew after the connection was lost it is the same question, and what was typed stays.
    if (key === this.#key) return;
    this.#key = key;
    this.#shown = question;
    this.#credentials = question?.type === "credentials" ? credentialQuestion(question) : undefined;
    this.#identity = question?.type === "client-certificate" ? identityQuestion(question) : undefined;
    this.#describing?.abort();
    this.chain = undefined;
    if (question?.type === "certificate-error") void this.#describe(question.chain);
  }

  protected override updated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog === null || dialog.open) return;
    dialog.showModal();
    // It has nothing to focus before it is drawn.
    const form = dialog.querySelector("fairlead-sign-in");
    void form?.updateComplete.then(() => {
      form.focus();
    });
  }

  protected override render(): unknown {
    const question = this.#shown;
    if (question === undefined) return nothing;
    switch (question.type) {
      case "credentials":
        return this.#dialog(
          html`<fairlead-sign-in
            .question=${this.#credentials}
            @fairlead-sign-in=${this.#signIn}
            @fairlead-sign-in-cancel=${this.#refuse}
          ></fairlead-sign-in>`,
        );
      case "client-certificate":
        return this.#dialog(
          html`<fairlead-certificate-picker
            .question=${this.#identity}
            @fairlead-certificate-pick=${this.#pick}
          ></fairlead-certificate-picker>`,
        );
      case "redirect":
        return this.#dialog(this.#redirect(question));
      case "certificate-error": {
        const { chain } = this;
        const { host, port } = hostOf(question.origin);
        return html`<fairlead-certificate-exception
          ?open=${chain !== undefined}
          .host=${host}
          .port=${port}
          .chain=${chain ?? []}
          .problems=${question.problems}
          .rememberFor=${question.rememberMilliseconds}
          .connection=${question.staple && { staple: question.staple }}
          @fairlead-certificate-exception=${this.#except}
        ></fairlead-certificate-exception>`;
      }
    }
  }

  #dialog(content: TemplateResult): unknown {
    const behind = this.questions.filter((each) => !this.answered.has(keyOf(each))).length - 1;
    // Each has a dialog of its own, so that the focus is where it begins.
    return keyed(
      this.#key,
      html`<dialog aria-label=${this.texts.questions.title} @cancel=${this.#cancel}>
      ${content} ${behind > 0 ? html`<p class="quiet waiting">${this.texts.questions.waiting(behind)}</p>` : nothing}
    </dialog>`,
    );
  }

  #redirect({ from, to, status, isLessSafe }: Extract<ShownQuestion, { type: "redirect" }>): TemplateResult {
    const texts = this.texts.questions;
    return html`<section class="redirect" aria-labelledby="redirect-title">
      <h2 id="redirect-title">${texts.redirectTitle}</h2>
      <p>${texts.redirectAsks(String(status))}</p>
      <dl>
        <dt>${texts.redirectFrom}</dt>
        <dd>${urlText(from)}</dd>
        <dt>${texts.redirectTo}</dt>
        <dd>${urlText(to)}</dd>
      </dl>
      ${isLessSafe ? html`<p class="warning">${warningIcon}<span>${texts.lessSafe}</span></p>` : nothing}
      <div class="actions">
        <button type="button" @click=${this.#refuse}>${texts.stay}</button>
        <button type="button" class=${isLessSafe ? "danger" : "primary"} @click=${this.#follow}>${texts.follow}</button>
      </div>
    </section>`;
  }

  readonly #signIn = ({ credentials }: FairleadSignInEvent): void => {
    if (credentials.type !== "password") return;
    const { username, password, remember } = credentials;
    void this.#answer({ type: "credentials", username, password, remember });
  };

  readonly #pick = ({ picked }: FairleadCertificatePickEvent): void => {
    if (picked.type === "identity") {
      const { fingerprint, remember } = picked;
      void this.#answer({ type: "identity", fingerprint, remember });
    } else this.#refuse();
  };

  readonly #except = ({ decision }: FairleadCertificateExceptionEvent): void => {
    void this.#answer(decision.type === "accept" ? { type: "accept", remember: decision.remember } : decision);
  };

  readonly #follow = (): void => void this.#answer({ type: "accept", remember: false });

  readonly #refuse = (): void => void this.#answer({ type: "refuse" });

  /** Escape goes back, as the first button does. */
  readonly #cancel = (event: Event): void => {
    event.preventDefault();
    this.#refuse();
  };

  async #answer(answer: QuestionAnswer): Promise<void> {
    const question = this.#shown;
    if (question === undefined) return;
    const open = new Set(this.questions.map(keyOf));
    this.answered = new Set([...this.answered].filter((key) => open.has(key))).add(keyOf(question));
    try {
      await this.client.answer(question.id, answer);
    } catch (error) {
      // It is put again, where it is still open.
      this.answered = new Set([...this.answered].filter((key) => key !== keyOf(question)));
      this.context?.tell(error);
    }
  }

  async #describe(pem: readonly string[]): Promise<void> {
    const describing = new AbortController();
    this.#describing = describing;
    try {
      const described = await this.client.describeCertificates(pem, describing);
      if (!describing.signal.aborted) this.chain = described.map((each, index) => ({ ...each, pem: pem[index] }));
    } catch (error) {
      if (describing.signal.aborted) return;
      this.context?.tell(error);
      // Without a chain nothing can be accepted, and the question can be refused.
      this.chain = [];
    }
  }
}

/** The same question has the same, even when it is told again; another server counts from 1, too. */
function keyOf(question: ShownQuestion): string {
  return JSON.stringify(question);
}

declare global {
  interface HTMLElementTagNameMap {
    "console-questions": ConsoleQuestions;
  }
}
