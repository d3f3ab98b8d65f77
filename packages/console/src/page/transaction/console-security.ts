import {
  FairleadCertificateViewer,
  type ShownCertificate,
  type ShownCertificateConnection,
  type WidgetClass,
} from "@fairlead/widgets";
import { css, html, type TemplateResult } from "lit";
import type { HopDetails, TransactionDetails } from "../../protocol/index.ts";
import { ConsoleElement } from "../console-element.ts";
import type { ConsoleContext } from "../views/console-context.ts";
import { hopChoice } from "./hop-choice.ts";

/** What TLS gave a hop, and the certificates that the server sent: `<console-security>`. */
export class ConsoleSecurity extends ConsoleElement {
  static override readonly tag = "console-security";

  static override readonly uses: readonly WidgetClass[] = [FairleadCertificateViewer];

  static override properties = {
    ...ConsoleElement.properties,
    context: { attribute: false },
    details: { attribute: false },
    hop: { type: Number },
    chain: { state: true },
  };

  static override styles = css`
    :host {
      padding: 16px;
    }

    .hop-choice {
      display: flex;
      gap: 8px;
      align-items: center;
      margin-block-end: 16px;
      font-size: 0.8125rem;
    }

    .hop-choice select {
      min-block-size: 32px;
      min-inline-size: 0;
      flex: 1;
    }
  `;

  declare context: ConsoleContext;
  declare details: TransactionDetails;
  /** From 0. */
  declare hop: number;
  declare protected chain: readonly ShownCertificate[];

  #described = "";
  #describing: AbortController | undefined;

  constructor() {
    super();
    this.chain = [];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#describing?.abort();
    this.#described = "";
  }

  protected override willUpdate(): void {
    super.willUpdate();
    const pem = this.#chain;
    const wanted = pem.join("\n");
    if (wanted === this.#described) return;
    this.#described = wanted;
    this.#describing?.abort();
    this.chain = [];
    if (pem.length > 0) void this.#describe(pem);
  }

  protected override render(): TemplateResult {
    const texts = this.texts.transaction;
    const { details, hop } = this;
    const chosen = details.hops[hop];
    return html`${hopChoice(details.hops, hop, texts)}
      ${
        chosen === undefined || (chosen.tls === undefined && this.#chain.length === 0)
          ? html`<p>${texts.noTls}</p>
              <p class="quiet">${texts.noTlsHint}</p>`
          : html`<fairlead-certificate-viewer
              .chain=${this.chain}
              .problems=${chosen.problems}
              .connection=${connectionOf(chosen)}
              .host=${URL.parse(chosen.url)?.hostname}
            ></fairlead-certificate-viewer>`
      }`;
  }

  /** What the server sent, or what was refused of it. */
  get #chain(): readonly string[] {
    const hop = this.details.hops[this.hop];
    return hop?.tls?.chain ?? hop?.refusedChain ?? [];
  }

  async #describe(pem: readonly string[]): Promise<void> {
    const describing = new AbortController();
    this.#describing = describing;
    try {
      const described = await this.context.client.describeCertificates(pem, describing);
      if (!describing.signal.aborted) this.chain = described.map((each, index) => ({ ...each, pem: pem[index] }));
    } catch (error) {
      if (!describing.signal.aborted) this.context.tell(error);
    }
  }
}

/** Of a connection that was refused nothing is known but what was stapled. */
function connectionOf({ tls, refusedStaple }: HopDetails): ShownCertificateConnection | undefined {
  return tls ?? (refusedStaple && { staple: refusedStaple });
}

declare global {
  interface HTMLElementTagNameMap {
    "console-security": ConsoleSecurity;
  }
}
