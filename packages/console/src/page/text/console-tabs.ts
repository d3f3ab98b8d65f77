import { css, html, type TemplateResult } from "lit";
import { ConsoleElement } from "../console-element.ts";

/** One of several that are shown in the same place. */
export interface ConsoleTab {
  readonly name: string;
  readonly title: string;
  /** How many things are in it; `undefined` is not told. */
  readonly count?: number | undefined;
}

/** A person wants to see another tab. */
export class ConsoleTabEvent extends Event {
  readonly tab: string;

  constructor(tab: string) {
    super("console-tab", { bubbles: true, composed: true });
    this.tab = tab;
  }
}

/**
 * Tabs; what they show is the business of whoever has them: `<console-tabs>`. Arrow keys go from one to the next in the
 * direction of reading, Home and End to the ends.
 *
 * @fires console-tab
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
export class ConsoleTabs extends ConsoleElement {
  static override readonly tag = "console-tabs";

  static override properties = {
    ...ConsoleElement.properties,
    label: { type: String },
    tabs: { attribute: false },
    selected: { type: String },
  };

  static override styles = css`
    [role="tablist"] {
      display: flex;
      gap: 4px;
      padding-inline: 12px;
      border-block-end: 1px solid var(--_line);
      overflow-x: auto;
      scroll-padding-inline: 12px;
      scrollbar-width: none;
    }

    button {
      position: relative;
      flex: none;
      min-block-size: 40px;
      padding: 0 12px;
      border: 0;
      border-radius: var(--_radius) var(--_radius) 0 0;
      background: transparent;
      color: var(--_quiet);
      font-size: 0.8125rem;
    }

    button[aria-selected="true"] {
      color: var(--_accent);
      font-weight: 600;
    }

    button[aria-selected="true"]::after {
      content: "";
      position: absolute;
      inset-inline: 8px;
      inset-block-end: -1px;
      border-block-end: 3px solid var(--_accent);
      border-radius: 3px 3px 0 0;
    }

    button:focus-visible {
      outline-offset: -4px;
    }

    .count {
      color: var(--_quiet);
      font-variant-numeric: tabular-nums;
      font-weight: 400;
    }

    @media (forced-colors: active) {
      button[aria-selected="true"] {
        color: Highlight;
      }
    }
  `;

  /** Names them, for those who do not see them. */
  declare label: string;
  declare tabs: readonly ConsoleTab[];
  declare selected: string;

  constructor() {
    super();
    this.label = "";
    this.tabs = [];
    this.selected = "";
  }

  protected override render(): TemplateResult {
    return html`<div role="tablist" aria-label=${this.label} @keydown=${this.#keyDown}>
      ${this.tabs.map(
        ({ name, title, count }) =>
          html`<button
            role="tab"
            data-tab=${name}
            aria-selected=${name === this.selected ? "true" : "false"}
            tabindex=${name === this.selected ? 0 : -1}
            @click=${() => this.#choose(name)}
          >
            ${title} ${count === undefined ? "" : html`<span class="count">${count}</span>`}
          </button>`,
      )}
    </div>`;
  }

  /** Where there is no room for all, the one that is shown is seen. */
  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has("selected")) return;
    const tab = this.renderRoot.querySelector('[aria-selected="true"]');
    tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #choose(name: string): void {
    if (name !== this.selected) this.dispatchEvent(new ConsoleTabEvent(name));
  }

  readonly #keyDown = (event: KeyboardEvent): void => {
    const index = this.tabs.findIndex(({ name }) => name === this.selected);
    const last = this.tabs.length - 1;
    const forward = this.words.direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const to = new Map([
      [forward, index === last ? 0 : index + 1],
      [forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft", index <= 0 ? last : index - 1],
      ["Home", 0],
      ["End", last],
    ]).get(event.key);
    const tab = to === undefined ? undefined : this.tabs[to];
    if (tab === undefined) return;
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>(`[data-tab="${CSS.escape(tab.name)}"]`)?.focus();
    this.#choose(tab.name);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "console-tabs": ConsoleTabs;
  }
  interface HTMLElementEventMap {
    "console-tab": ConsoleTabEvent;
  }
}
