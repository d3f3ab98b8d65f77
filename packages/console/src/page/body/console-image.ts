import { css, html, nothing, type TemplateResult } from "lit";
import { ConsoleElement } from "../console-element.ts";
import { rasterImageType } from "./rules/raster-image.ts";

/** An image made of pixels, from bytes that are here already: `<console-image>`. */
export class ConsoleImage extends ConsoleElement {
  static override readonly tag = "console-image";

  static override properties = {
    ...ConsoleElement.properties,
    bytes: { attribute: false },
    url: { state: true },
    isBroken: { state: true },
  };

  static override styles = css`
    :host {
      padding: 0 16px 16px;
      min-block-size: 0;
      overflow: auto;
    }

    img {
      display: block;
      max-inline-size: 100%;
      border: 1px solid var(--_line);
      /* Squares that show where it is transparent. */
      background: repeating-conic-gradient(var(--_raised) 0 25%, var(--_surface) 0 50%) 0 0 / 16px 16px;
    }
  `;

  declare bytes: Uint8Array<ArrayBuffer>;
  declare protected url: string | undefined;
  declare protected isBroken: boolean;

  constructor() {
    super();
    this.isBroken = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
  }

  protected override willUpdate(changed?: Map<string, unknown>): void {
    super.willUpdate();
    if (changed?.has("bytes") !== true) return;
    this.#forget();
    this.isBroken = false;
    const type = rasterImageType(this.bytes);
    this.url = type === undefined ? undefined : URL.createObjectURL(new Blob([this.bytes], { type }));
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.url === undefined) return nothing;
    const texts = this.texts.body;
    if (this.isBroken) return html`<p class="quiet">${texts.brokenImage}</p>`;
    return html`<img
      src=${this.url}
      alt=${texts.image(rasterImageType(this.bytes) ?? "")}
      decoding="async"
      @error=${() => {
        this.isBroken = true;
      }}
    />`;
  }

  #forget(): void {
    if (this.url !== undefined) URL.revokeObjectURL(this.url);
    this.url = undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-image": ConsoleImage;
  }
}
