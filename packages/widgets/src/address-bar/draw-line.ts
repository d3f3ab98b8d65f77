import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { EditedLine } from "./edited-line.ts";
import { ADDRESS_LIMIT } from "./rules/clean-address.ts";

/**
 * Draws the line of text. At rest it holds what is shown of the URL, for those who cannot see the display above it.
 *
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
export function drawLine(line: EditedLine, label: string, atRest: string): TemplateResult {
  const { chosen, offers, text, told } = line;
  return html`<input
    id="line"
    part="input"
    class=${text === undefined ? "resting" : ""}
    type="text"
    dir="ltr"
    role="combobox"
    aria-label=${label}
    aria-autocomplete="both"
    aria-expanded=${offers.length > 0 ? "true" : "false"}
    aria-controls="list"
    aria-activedescendant=${chosen === undefined ? nothing : `offer-${chosen}`}
    aria-invalid=${told?.type === "refused" ? "true" : nothing}
    aria-describedby="said"
    autocomplete="off"
    autocapitalize="none"
    spellcheck="false"
    inputmode="url"
    enterkeyhint="go"
    maxlength=${ADDRESS_LIMIT}
    .value=${live(text ?? atRest)}
    @mousedown=${line.press}
    @click=${line.click}
    @focus=${line.focus}
    @blur=${line.blur}
    @input=${line.change}
    @paste=${line.paste}
    @dragover=${allowDrop}
    @drop=${line.drop}
    @keydown=${line.key}
  />`;
}

function allowDrop(event: DragEvent): void {
  event.preventDefault();
}
