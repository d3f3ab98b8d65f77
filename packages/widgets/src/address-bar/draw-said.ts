import { html, nothing, type TemplateResult } from "lit";
import type { AddressBarMessages } from "./messages/messages.ts";
import type { Told } from "./rules/edit-state.ts";

/**
 * Draws what is told about the text, which comes before what is about to load.
 *
 * @param pending the origin that is about to load, drawn; `undefined` where nothing is to be said of it.
 */
export function drawSaid(
  told: Told | undefined,
  pending: TemplateResult | undefined,
  words: AddressBarMessages,
): TemplateResult {
  let said: unknown = nothing;
  if (told !== undefined) said = drawPopup(told.type, tell(told, words));
  else if (pending !== undefined) said = drawPopup("", html`${words.aboutToLoad} ${pending}`);
  return html`<div id="said" role="status">${said}</div>`;
}

function drawPopup(kind: Told["type"] | "", content: unknown): TemplateResult {
  return html`<p part="said" class="popup said ${kind}">${content}</p>`;
}

function tell(told: Told, words: AddressBarMessages): string {
  switch (told.type) {
    case "removed":
      return told.removed.map((kind) => words.removed[kind]).join(" ");
    case "refused":
      return words.refused(told.reason);
    case "user-information":
      return words.userInformationLeftOut;
  }
}
