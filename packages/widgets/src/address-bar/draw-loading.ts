import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../icons.ts";
import { styleProperties } from "../style-properties.ts";
import type { AddressBarMessages } from "./messages/messages.ts";

/** Draws the button that reloads, and stops while something is being loaded. */
export function drawReload(
  words: AddressBarMessages,
  state: { readonly isLoading: boolean; readonly isDisabled: boolean },
  press: () => void,
): TemplateResult {
  const name = state.isLoading ? words.stop : words.reload;
  return html`<button
    type="button"
    class="plain"
    part="reload"
    aria-label=${name}
    title=${name}
    ?disabled=${state.isDisabled}
    @click=${press}
  >
    ${state.isLoading ? icons.close : icons.reload}
  </button>`;
}

/** Draws how far it has come. @param progress from 0 to 1; `undefined` where nobody knows */
export function drawProgress(words: AddressBarMessages, progress: number | undefined): TemplateResult {
  const share = progress === undefined ? undefined : Math.min(1, Math.max(0, progress));
  return html`<div
    class="progress"
    role="progressbar"
    aria-label=${words.loading}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${share === undefined ? nothing : Math.round(share * 100)}
  >
    <span class=${share === undefined ? "endless" : ""} ${styleProperties({ "--share": share ?? 0.4 })}></span>
  </div>`;
}
