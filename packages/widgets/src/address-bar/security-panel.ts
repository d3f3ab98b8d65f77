import type { LitElement } from "lit";

/** Whether what is known of the page is open below the bar: by its button, until the focus or a key leaves it. */
export class SecurityPanel {
  readonly #bar: LitElement;
  #isOpen = false;

  constructor(bar: LitElement) {
    this.#bar = bar;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The focus goes along, since the panel does not follow its button. */
  readonly toggle = async (): Promise<void> => {
    this.#isOpen = !this.#isOpen;
    this.#bar.requestUpdate();
    await this.#bar.updateComplete;
    if (this.#isOpen) this.#bar.renderRoot.querySelector<HTMLElement>("#panel")?.focus();
  };

  /** Closes it where it is open; the focus stays where it is. */
  readonly close = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#bar.requestUpdate();
  };

  /** The focus went: out of the panel it closes. A window that is left keeps its panel, as it keeps the focus. */
  readonly leave = ({ target, relatedTarget }: FocusEvent): void => {
    if (this.#bar.shadowRoot?.activeElement === target) return;
    if (relatedTarget instanceof Node && this.#bar.renderRoot.contains(relatedTarget)) return;
    this.close();
  };

  /** A key was pressed in it: Escape leads back to its button. */
  readonly key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.#isOpen) return;
    event.stopPropagation();
    this.close();
    this.#bar.renderRoot.querySelector<HTMLElement>(".chip")?.focus();
  };
}
