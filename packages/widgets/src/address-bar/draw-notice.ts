import { html, type TemplateResult } from "lit";
import { icons } from "../icons.ts";
import type { PhishingCue } from "../url/cues/phishing-cue.ts";
import type { CueAnswer } from "./events.ts";
import type { AddressBarMessages } from "./messages/messages.ts";

/** Draws why the page could be a deception, and the two things to do about it. */
export function drawNotice(
  cue: PhishingCue,
  { cues }: AddressBarMessages,
  answer: (answer: CueAnswer) => void,
): TemplateResult {
  return html`<section part="notice" class="notice ${cue.certainty}" aria-label=${cues.label}>
    ${icons.alert}
    <div>
      <p class="name">${cues.title(cue)}</p>
      <p class="reason">${cues.reason(cue)}</p>
    </div>
    <div class="actions">
      <button
        type="button"
        part="understood"
        @click=${() => {
          answer("understood");
        }}
      >
        ${cues.understood}
      </button>
      <button
        type="button"
        part="go-back"
        class=${cue.certainty === "likely" ? "primary" : ""}
        @click=${() => {
          answer("go-back");
        }}
      >
        ${cues.goBack}
      </button>
    </div>
  </section>`;
}
