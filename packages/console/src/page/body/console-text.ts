import { formatCount, shownText, type WidgetClass } from "@fairlead/widgets";
import { css, html, nothing, type TemplateResult } from "lit";
import { ConsoleElement } from "../console-element.ts";
import { ConsoleCutText } from "../text/console-cut-text.ts";
import { readBodyText } from "./rules/body-text.ts";
import { textLines } from "./rules/text-lines.ts";

const FIRST_LINES = 200;
/** A line beyond it is cut, with a button for the rest. */
const LONG_LINE = 2_000;

/** A text, line by line: `<console-text>`. Lines wrap; long ones, and those beyond the first two hundred, are asked for. */
export class ConsoleText extends ConsoleElement {
  static override readonly tag = "console-text";

  static override readonly uses: readonly WidgetClass[] = [ConsoleCutText];

  static override properties = {
    ...ConsoleElement.properties,
    bytes: { attribute: false },
    contentType: { attribute: false },
    count: { state: true },
  };

  static override styles = css`
    :host {
      min-block-size: 0;
      overflow: auto;
    }

    ol {
      direction: ltr;
      margin: 0;
      padding: 0 16px 16px;
      font: 0.8125rem / 1.5 var(--_mono);
      list-style: none;
      text-align: left;
    }

    li {
      display: grid;
      grid-template-columns: minmax(2.5rem, auto) minmax(0, 1fr);
      gap: 16px;
    }

    .number {
      color: var(--_quiet);
      text-align: end;
      user-select: none;
    }

    .line {
      min-inline-size: 0;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }

    .facts {
      padding: 0 16px 8px;
      font-size: 0.8125rem;
    }

    button {
      margin: 0 16px 16px;
    }
  `;

  declare bytes: Uint8Array<ArrayBuffer>;
  declare contentType: string;
  declare protected count: number;

  #lines: readonly string[] = [];
  #encoding = "";

  constructor() {
    super();
    this.contentType = "";
    this.count = FIRST_LINES;
  }

  protected override willUpdate(changed?: Map<string, unknown>): void {
    super.willUpdate();
    if (changed?.has("bytes") !== true) return;
    const { text, encoding } = readBodyText(this.bytes, this.contentType);
    this.#lines = textLines(text);
    this.#encoding = encoding;
    this.count = FIRST_LINES;
  }

  protected override render(): TemplateResult {
    const texts = this.texts.body;
    const left = this.#lines.length - this.count;
    return html`<p class="facts quiet">${texts.lines(this.#lines.length)} · ${texts.encoding(this.#encoding)}</p>
      <ol>
        ${this.#lines.slice(0, this.count).map(
          (line, index) =>
            html`<li>
              <span class="number" aria-hidden="true">${index + 1}</span
              ><span class="line"
                >${line.length > LONG_LINE ? html`<console-cut-text .text=${line}></console-cut-text>` : shownText(line)}</span
              >
            </li>`,
        )}
      </ol>
      ${
        left > 0
          ? html`<button @click=${this.#showMore}>${texts.moreLines(formatCount(left, this.words.locale))}</button>`
          : nothing
      }`;
  }

  readonly #showMore = (): void => {
    this.count *= 4;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "console-text": ConsoleText;
  }
}
