import { shownText } from "@fairlead/widgets";
import { css, html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { ConsoleElement } from "../console-element.ts";
import { closeIcon, warningIcon } from "../icons.ts";
import type { Notice } from "./notice.ts";

/** A notice is not to be shown any longer. */
export class ConsoleDismissEvent extends Event {
  readonly notice: Notice;

  constructor(notice: Notice) {
    super("console-dismiss", { bubbles: true, composed: true });
    this.notice = notice;
  }
}

/** What went wrong, over the corner of the page until it is dismissed: `<console-notices>`. */
export class ConsoleNotices extends ConsoleElement {
  static override readonly tag = "console-notices";

  static override properties = { ...ConsoleElement.properties, notices: { attribute: false } };

  static override styles = css`
    :host {
      position: fixed;
      inset-block-end: 16px;
      inset-inline-end: 16px;
      z-index: 2;
      inline-size: min(28rem, 100vw - 32px);
    }

    /* The navigation is below then. */
    @media (width < 40em) {
      :host {
        inset-block-end: 72px;
      }
    }

    ul {
      display: grid;
      gap: 8px;
      margin: 0;
      padding: 0;
      list-style: none;
    }

    li {
      display: grid;
      grid-template-columns: 20px 1fr auto;
      gap: 12px;
      align-items: start;
      padding: 12px;
      border: 1px solid var(--_danger);
      border-radius: var(--_radius);
      background: var(--_danger-surface);
      box-shadow: 0 4px 16px rgb(0 0 0 / 0.18);
    }

    .icon {
      color: var(--_danger);
    }

    .code {
      display: block;
    }

    button {
      min-block-size: 28px;
      min-inline-size: 28px;
      padding: 0;
      margin: -4px;
    }
  `;

  declare notices: readonly Notice[];

  constructor() {
    super();
    this.notices = [];
  }

  protected override render(): TemplateResult {
    const { notices, dismiss } = this.texts.shell;
    return html`<div role="log" aria-label=${notices}><ul>
      ${repeat(
        this.notices,
        ({ id }) => id,
        (notice) =>
          html`<li>
            ${warningIcon}
            <div>
              <p>${shownText(notice.message)}</p>
              ${notice.remedy === "" ? "" : html`<p class="quiet">${shownText(notice.remedy)}</p>`}
              ${notice.code === "" ? "" : html`<bdi class="mono quiet code" dir="ltr">${shownText(notice.code)}</bdi>`}
            </div>
            <button class="plain" aria-label=${dismiss} @click=${() => this.dispatchEvent(new ConsoleDismissEvent(notice))}>
              ${closeIcon}
            </button>
          </li>`,
      )}
    </ul></div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "console-notices": ConsoleNotices;
  }
  interface HTMLElementEventMap {
    "console-dismiss": ConsoleDismissEvent;
  }
}
