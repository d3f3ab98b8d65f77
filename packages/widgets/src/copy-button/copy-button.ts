import { css, html, nothing, type TemplateResult } from "lit";
import { FairleadElement } from "../element.ts";
import { icons } from "../icons.ts";
import { shownText } from "../text/shown-text.ts";

/**
 * Copies a text. Where the page may not write to the clipboard, it shows the text, selected, so that it can be copied by
 * hand.
 *
 * @element fairlead-copy-button
 * @csspart button - The button.
 */
export class FairleadCopyButton extends FairleadElement {
  static override readonly tag = "fairlead-copy-button";

  static override properties = {
    ...FairleadElement.properties,
    text: { attribute: false },
    label: { attribute: false },
    outcome: { state: true },
  };

  static override styles = css`
    :host {
      display: inline-flex;
      flex-wrap: wrap;
      gap: 8px;
      align-items: center;
    }

    button {
      min-block-size: 28px;
      min-inline-size: 28px;
      padding: 2px;
    }

    input {
      inline-size: 100%;
      font-family: var(--_mono);
    }

    [role="status"]:empty {
      display: none;
    }
  `;

  /** What is copied, as it is. */
  declare text: string;
  /** What it is, in words of the page. */
  declare label: string;
  declare private outcome: "copied" | "refused" | undefined;

  constructor() {
    super();
    this.text = "";
    this.label = "";
    this.outcome = undefined;
  }

  protected override willUpdate(changed?: Map<PropertyKey, unknown>): void {
    super.willUpdate();
    if (changed?.has("text") === true) this.outcome = undefined;
  }

  protected override render(): TemplateResult {
    const words = this.words.copyButton;
    const title = words.copy(this.label);
    return html`<button part="button" class="plain" aria-label=${title} title=${title} @click=${this.#copy}>
        ${this.outcome === "copied" ? icons.check : icons.copy}
      </button>
      <span role="status" class="quiet">${this.outcome === undefined ? nothing : words[this.outcome]}</span>
      ${this.outcome === "refused" ? html`<input readonly aria-label=${this.label} .value=${shownText(this.text)} />` : nothing}`;
  }

  readonly #copy = async (): Promise<void> => {
    const { text } = this;
    const outcome = (await writeToClipboard(text)) ? "copied" : "refused";
    if (text !== this.text) return;
    this.outcome = outcome;
    await this.updateComplete;
    this.renderRoot.querySelector("input")?.select();
  };
}

/** Whether it could. In a page that is not secure there is no clipboard, whatever the types say. */
async function writeToClipboard(text: string): Promise<boolean> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    await clipboard?.writeText(text);
    return clipboard !== undefined;
  } catch {
    return false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "fairlead-copy-button": FairleadCopyButton;
  }
}
