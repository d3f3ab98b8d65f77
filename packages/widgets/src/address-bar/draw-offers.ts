import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../icons.ts";
import { shownText } from "../text/shown-text.ts";
import type { UrlPart } from "../url/url-display.ts";
import { drawUrl } from "./draw-url.ts";
import type { AddressBarMessages } from "./messages/messages.ts";
import type { Completion } from "./rules/complete-address.ts";
import { matchedParts } from "./rules/matched-parts.ts";

/** What the list is drawn from. */
export interface DrawnOffers {
  readonly offers: readonly Completion[];
  readonly chosen: number | undefined;
  readonly typed: string;
  /** What is shown of a URL in the width of a line. */
  readonly shown: (url: string) => readonly UrlPart[];
  readonly pick: (index: number) => void;
  readonly forget: (index: number) => void;
  readonly words: AddressBarMessages;
}

/**
 * Draws the list of visited addresses. The focus stays in the line above; pressing a line does not take it away. What
 * forgets a line is for the pointer: those who use keys have Shift+Delete.
 */
export function drawOffers({ offers, chosen, typed, shown, pick, forget, words }: DrawnOffers): TemplateResult {
  return html`<ul id="list" part="list" role="listbox" aria-label=${words.offers} ?hidden=${offers.length === 0}>
      ${offers.map(
        ({ url, title }, index) =>
          html`<li
            id="offer-${index}"
            part="option"
            role="option"
            aria-selected=${index === chosen ? "true" : "false"}
            @mousedown=${keepFocus}
            @click=${() => {
              pick(index);
            }}
          >
            ${icons.clock}
            <span class="where">${drawUrl(shown(url), typed)}</span>
            ${title === "" ? nothing : html`<span class="title quiet"><bdi>${drawTitle(title, typed)}</bdi></span>`}
            <span
              class="forget"
              title=${words.forget}
              aria-hidden="true"
              @click=${(event: Event) => {
                event.stopPropagation();
                forget(index);
              }}
              >${icons.close}</span
            >
          </li>`,
      )}
    </ul>
    ${chosen === undefined ? nothing : html`<p class="hint quiet">${words.forgetHint}</p>`}`;
}

/** So much of a title is shown at the most. */
const TITLE_LIMIT = 120;

function drawTitle(title: string, typed: string): unknown {
  return matchedParts(shownText(title, TITLE_LIMIT), typed).map((part) =>
    part.matched ? html`<mark>${part.text}</mark>` : part.text,
  );
}

function keepFocus(event: Event): void {
  event.preventDefault();
}
