import { html, nothing, type TemplateResult } from "lit";
import { FairleadCopyButton } from "../copy-button/copy-button.ts";
import { FairleadElement } from "../element.ts";
import { icons } from "../icons.ts";
import { FairleadLongList } from "../long-list/long-list.ts";
import { shownText } from "../text/shown-text.ts";
import { FairleadCertificateDownloadEvent } from "./certificate-download-event.ts";
import { renderDetails } from "./certificate-details.ts";
import { nextSelected, renderPath } from "./certificate-path.ts";
import { renderConnection } from "./connection-facts.ts";
import { downloadText } from "./download-text.ts";
import { chainPath } from "./rules/chain-path.ts";
import { pemFile } from "./rules/pem-file.ts";
import { problemKind } from "./rules/problem-kind.ts";
import { problemText } from "./rules/problem-text.ts";
import { subjectTitle } from "./rules/subject-title.ts";
import type { ShownCertificate, ShownCertificateConnection, ShownCertificateProblem } from "./shown-certificate.ts";
import { certificateViewerStyles } from "./styles.ts";

/**
 * Shows a chain of certificates: what is wrong with it, the path, all that each certificate says, and what the connection
 * used. All of it is text from outside, and is shown as text. In the path the arrow keys go up and down, Home to the root
 * and End to the leaf.
 *
 * @element fairlead-certificate-viewer
 * @fires {FairleadCertificateDownloadEvent} fairlead-certificate-download - Someone wants the file; cancelable.
 * @csspart problems - What is wrong, above everything else.
 * @csspart path - The tree of certificates.
 * @csspart node - A certificate of the path.
 * @csspart details - All about the chosen certificate.
 * @csspart group - A group of facts.
 * @csspart time-line - The validity, drawn on a line.
 * @csspart connection - What the connection used.
 */
export class FairleadCertificateViewer extends FairleadElement {
  static override readonly tag = "fairlead-certificate-viewer";
  static override readonly uses = [FairleadCopyButton, FairleadLongList];

  static override properties = {
    ...FairleadElement.properties,
    chain: { attribute: false },
    problems: { attribute: false },
    connection: { attribute: false },
    host: { type: String },
    now: { type: Number },
    selected: { type: Number },
  };

  static override styles = certificateViewerStyles;

  /** Leaf first. */
  declare chain: readonly ShownCertificate[];
  /** What is wrong with the chain; none where it is well, or where nobody looked. */
  declare problems: readonly ShownCertificateProblem[];
  /** `undefined` where there was none. */
  declare connection: ShownCertificateConnection | undefined;
  /** The host that was asked for: the names are compared with it. `undefined` compares nothing. */
  declare host: string | undefined;
  /** Milliseconds since the epoch; `undefined` takes the clock. */
  declare now: number | undefined;
  /** The certificate whose details are shown, by its place in the chain: 0, the default, is the leaf. */
  declare selected: number;

  constructor() {
    super();
    this.chain = [];
    this.problems = [];
    this.connection = undefined;
    this.host = undefined;
    this.now = undefined;
    this.selected = 0;
  }

  protected override render(): TemplateResult {
    const words = this.words.certificateViewer;
    const certificate = this.chain[this.#selectedIndex];
    return html`<section class="viewer" aria-label=${words.label}>
      ${this.#renderVerdict()}
      ${
        certificate === undefined
          ? html`<p class="empty quiet">${icons.certificate} ${words.empty}</p>`
          : html`<div class="columns">
              <div @keydown=${this.#walk}>
                ${renderPath({
                  nodes: chainPath(this.chain, this.problems),
                  chain: this.chain,
                  selected: this.#selectedIndex,
                  words,
                  onSelect: this.#select,
                })}
              </div>
              <div class="details" part="details">
                ${this.#renderHeader(certificate)}
                ${renderDetails({
                  certificate,
                  host: this.#selectedIndex === 0 ? this.host : undefined,
                  staple: this.#selectedIndex === 0 ? this.connection?.staple : undefined,
                  now: this.now ?? Date.now(),
                  locale: this.words.locale,
                  words,
                  messages: this.messages,
                })}
              </div>
            </div>`
      }
      ${this.connection === undefined ? nothing : renderConnection(this.connection, words)}
    </section>`;
  }

  /** A place that the chain has. */
  get #selectedIndex(): number {
    return Math.min(Math.max(Math.trunc(this.selected) || 0, 0), Math.max(this.chain.length - 1, 0));
  }

  #renderVerdict(): unknown {
    const words = this.words.certificateViewer;
    const { problems, connection } = this;
    if (problems.length === 0) {
      if (connection?.authorized !== true) return nothing;
      const { trust } = connection;
      return html`<p class="verdict verified">
        ${icons.shield} <span>${trust === undefined || trust === "" ? words.verified : words.verifiedBy(shownText(trust, 200))}</span>
      </p>`;
    }
    return html`<section class="verdict problems" part="problems">
      <h2>${icons.alert} ${words.problems(problems.length)}</h2>
      <ul>
        ${problems.slice(0, MOST_PROBLEMS).map((problem) => this.#renderProblem(problem))}
      </ul>
    </section>`;
  }

  #renderProblem(problem: ShownCertificateProblem): TemplateResult {
    const words = this.words.certificateViewer;
    const { code, index } = problem;
    const certificate = this.chain[index];
    const { what, detail, remedy } = problemText(problem, this.words);
    return html`<li>
      <p><strong>${words.problemKinds[problemKind(code)]}</strong> <bdi class="mono quiet" dir="ltr">${shownText(code, 64)}</bdi></p>
      <p dir="auto">${shownText(what)}</p>
      ${detail === "" ? nothing : html`<p class="quiet">${words.detail}: <bdi dir="ltr">${shownText(detail)}</bdi></p>`}
      ${remedy === "" ? nothing : html`<p class="quiet">${words.remedy}: <bdi>${shownText(remedy)}</bdi></p>`}
      ${
        certificate === undefined || this.chain.length < 2
          ? nothing
          : html`<button
              class="plain link"
              @click=${() => {
                this.#select(index);
              }}
            >
              ${words.showCertificate}: <bdi dir="ltr">${shownText(subjectTitle(certificate.subject) || words.none, 80)}</bdi>
            </button>`
      }
    </li>`;
  }

  #renderHeader(certificate: ShownCertificate): TemplateResult {
    const words = this.words.certificateViewer;
    return html`<header>
      <h2><bdi dir="ltr">${shownText(subjectTitle(certificate.subject) || words.none, 200)}</bdi></h2>
      <div class="actions">
        ${this.#renderDownload(words.downloadCertificate, [certificate])}
        ${this.chain.length > 1 ? this.#renderDownload(words.downloadChain, this.chain) : nothing}
      </div>
    </header>`;
  }

  #renderDownload(label: string, certificates: readonly ShownCertificate[]): unknown {
    const file = pemFile(certificates);
    if (file === undefined) return nothing;
    return html`<button
      @click=${() => {
        const event = new FairleadCertificateDownloadEvent(file.fileName, file.text);
        if (this.dispatchEvent(event)) downloadText(event.fileName, event.text);
      }}
    >
      ${icons.download} ${label}
    </button>`;
  }

  readonly #select = (index: number): void => {
    this.selected = index;
  };

  readonly #walk = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const next = nextSelected(event.key, this.#selectedIndex, this.chain.length);
    if (next === undefined) return;
    event.preventDefault();
    this.#select(next);
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus();
    });
  };
}

/** A chain is refused for a few reasons; a list of thousands explains nothing. */
const MOST_PROBLEMS = 20;

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-certificate-viewer": FairleadCertificateViewer;
  }
}
