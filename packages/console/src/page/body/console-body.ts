import type { WidgetClass } from "@fairlead/widgets";
import { css, html, nothing, type TemplateResult } from "lit";
import type { BodyFacts } from "../../protocol/index.ts";
import type { BodySide } from "../client/console-client.ts";
import { ConsoleElement } from "../console-element.ts";
import { saveBlob } from "../text/save-blob.ts";
import type { ConsoleContext } from "../views/console-context.ts";
import { exportIcon } from "../icons.ts";
import { ConsoleHex } from "./console-hex.ts";
import { ConsoleImage } from "./console-image.ts";
import { ConsoleJson } from "./console-json.ts";
import { ConsoleText } from "./console-text.ts";
import { type BodyMode, bodyModes } from "./rules/body-modes.ts";

/** Which body of which hop. */
export interface BodyPlace {
  readonly id: number;
  readonly hop: number;
  readonly side: BodySide;
}

/**
 * The body of a message, in the ways that make sense for it: `<console-body>`. It comes from whoever was asked: it is shown
 * as text, numbers and pixels, and never as a document.
 */
export class ConsoleBody extends ConsoleElement {
  static override readonly tag = "console-body";

  static override readonly uses: readonly WidgetClass[] = [ConsoleText, ConsoleJson, ConsoleImage, ConsoleHex];

  static override properties = {
    ...ConsoleElement.properties,
    context: { attribute: false },
    place: { attribute: false },
    facts: { attribute: false },
    contentType: { attribute: false },
    bytes: { state: true },
    mode: { state: true },
  };

  static override styles = css`
    :host {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr);
      min-block-size: 0;
    }

    .choice {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
      align-items: center;
      margin: 0;
      padding: 8px 16px;
      border: 0;
      min-inline-size: 0;
    }

    .choice label {
      display: inline-flex;
      align-items: center;
      min-block-size: 28px;
      padding-inline: 10px;
      border: 1px solid transparent;
      border-radius: 14px;
      color: var(--_quiet);
      font-size: 0.8125rem;
      cursor: pointer;
    }

    .choice label:has(:checked) {
      border-color: var(--_accent);
      background: var(--_accent-surface);
      color: var(--_accent);
    }

    @media (forced-colors: active) {
      .choice label {
        border-color: Canvas;
      }

      .choice label:has(:checked) {
        border: 2px solid Highlight;
      }
    }

    .choice label:has(:focus-visible) {
      outline: 2px solid var(--_accent);
      outline-offset: 2px;
    }

    .choice button {
      margin-inline-start: auto;
      min-block-size: 28px;
      padding-inline: 8px;
      font-size: 0.8125rem;
    }

    .said {
      padding: 16px;
    }
  `;

  declare context: ConsoleContext;
  declare place: BodyPlace;
  /** `undefined` where there is no body. */
  declare facts: BodyFacts | undefined;
  /** The field as it came; empty where there is none. */
  declare contentType: string;
  declare protected bytes: Uint8Array<ArrayBuffer> | "loading" | "failed";
  declare protected mode: BodyMode | undefined;

  #shown = "";
  #loading: AbortController | undefined;

  constructor() {
    super();
    this.contentType = "";
    this.bytes = "loading";
    this.mode = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#loading?.abort();
    this.#shown = "";
  }

  protected override willUpdate(): void {
    super.willUpdate();
    const { id, hop, side } = this.place;
    const wanted = [id, hop, side, this.facts?.keptBytes].join("/");
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#loading?.abort();
    this.bytes = "loading";
    if ((this.facts?.keptBytes ?? 0) > 0) void this.#load();
  }

  protected override render(): TemplateResult {
    const texts = this.texts.body;
    const kept = this.facts?.keptBytes;
    if (kept === undefined)
      return html`<div class="said">
        <p>${texts.notKept}</p>
        <p class="quiet">${texts.notKeptHint}</p>
      </div>`;
    if (kept === 0) return html`<p class="said quiet">${texts.empty}</p>`;
    if (this.bytes === "loading") return html`<p class="said quiet" role="status">${texts.loading}</p>`;
    if (this.bytes === "failed") return html`<p class="said bad" role="alert">${texts.failed}</p>`;
    const modes = bodyModes(this.bytes, this.facts?.mediaType ?? "");
    const mode = modes.find((each) => each === this.mode) ?? modes[0];
    return html`<fieldset class="choice">
        <legend class="visually-hidden">${texts.mode}</legend>
        ${modes.map(
          (each) =>
            html`<label>
              <input
                class="visually-hidden"
                type="radio"
                name="mode"
                .checked=${each === mode}
                @change=${() => {
                  this.mode = each;
                }}
              />${texts.modes[each]}
            </label>`,
        )}
        <button class="plain" @click=${this.#save}>${exportIcon}${texts.save}</button>
      </fieldset>
      ${mode === undefined ? nothing : this.#shownAs(mode, this.bytes)}`;
  }

  #shownAs(mode: BodyMode, bytes: Uint8Array<ArrayBuffer>): TemplateResult {
    switch (mode) {
      case "text":
        return html`<console-text .bytes=${bytes} .contentType=${this.contentType}></console-text>`;
      case "json":
        return html`<console-json .bytes=${bytes} .contentType=${this.contentType}></console-json>`;
      case "image":
        return html`<console-image .bytes=${bytes}></console-image>`;
      case "hex":
        return html`<console-hex .bytes=${bytes}></console-hex>`;
    }
  }

  async #load(): Promise<void> {
    const loading = new AbortController();
    this.#loading = loading;
    const { id, hop, side } = this.place;
    try {
      const bytes = await this.context.client.body(id, hop, side, loading);
      if (!loading.signal.aborted) this.bytes = bytes;
    } catch (error) {
      if (loading.signal.aborted) return;
      this.bytes = "failed";
      this.context.tell(error);
    }
  }

  readonly #save = (): void => {
    if (typeof this.bytes === "string") return;
    const { id, hop } = this.place;
    // A name of our own: what the server would call it is not heeded, and nothing opens it as what it might be.
    saveBlob(new Blob([this.bytes], { type: "application/octet-stream" }), `body-${id}-${hop + 1}.bin`);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "console-body": ConsoleBody;
  }
}
