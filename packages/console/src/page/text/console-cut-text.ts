import { formatCount, shownText } from "@fairlead/widgets";
import { css, html, type TemplateResult } from "lit";
import { ConsoleElement } from "../console-element.ts";

const STEP = 2_000;

/**
 * Text from outside, of any length, of which the beginning is shown and more when it is asked for: `<console-cut-text>`. It
 * runs from left to right and breaks anywhere.
 */
export class ConsoleCutText extends ConsoleElement {
  static override readonly tag = "console-cut-text";

  static override properties = {
    ...ConsoleElement.properties,
    text: { attribute: false },
    shown: { state: true },
  };

  static override styles = css`
    :host {
      display: inline;
      font: inherit;
      color: inherit;
    }

    bdi {
      white-space: pre-wrap;
    }

    button {
      min-block-size: 24px;
      padding: 0 8px;
      font:
        0.75rem/1.4 var(--_font);
    }
  `;

  declare text: string;
  declare protected shown: number;

  constructor() {
    super();
    this.text = "";
    this.shown = STEP;
  }

  protected override willUpdate(changed?: Map<string, unknown>): void {
    super.willUpdate();
    if (changed?.has("text") === true) this.shown = STEP;
  }

  protected override render(): TemplateResult {
    const left = this.text.length - this.shown;
    const kept = this.text.slice(0, this.shown).replace(/[\ud800-\udbff]$/, "");
    const beginning = html`<bdi dir="ltr">${shownText(kept, this.shown)}</bdi>`;
    if (left <= 0) return beginning;
    const more = this.texts.body.moreCharacters(formatCount(left, this.words.locale));
    return html`${beginning} <button @click=${this.#showMore}>${more}</button>`;
  }

  /** Each time ten times as much: whoever wants all of a long text has it in a few steps, and nobody by accident. */
  readonly #showMore = (): void => {
    this.shown *= 10;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "console-cut-text": ConsoleCutText;
  }
}
