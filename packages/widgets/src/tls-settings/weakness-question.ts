import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../icons.ts";
import { shownText } from "../text/shown-text.ts";
import type { TlsSettingsMessages } from "./messages/messages.ts";
import type { TlsDecision } from "./rules/decide-change.ts";
import type { OfferedTls } from "./rules/offered-tls.ts";
import type { TlsWeakness } from "./rules/weaknesses.ts";

const SUBJECT_LIMIT = 120;

/** Draws what a change loses, and what falls away by it, with the way back first. */
export function drawQuestion(
  { lost, consequences }: Extract<TlsDecision, { readonly type: "ask" }>,
  words: TlsSettingsMessages,
  offered: OfferedTls,
  answer: (isYes: boolean) => void,
): TemplateResult {
  const fallsAway = consequences.filter((each) => each.fallsAway.length > 0);
  return html`<dialog
    part="question"
    aria-labelledby="ask-title"
    @cancel=${(event: Event): void => {
      event.preventDefault();
      answer(false);
    }}
  >
    <h2 id="ask-title" class="ask-title">${icons.alert} ${words.askTitle}</h2>
    ${
      lost.length === 0
        ? nothing
        : html`<h3>${words.askLost}</h3>
            ${drawWeaknesses(lost, words, offered)}`
    }
    ${
      fallsAway.length === 0
        ? nothing
        : html`<h3>${words.askFallsAway}</h3>
            <ul>
              ${fallsAway.map(
                ({ part, fallsAway: names }) =>
                  html`<li>${words.parts[part]}: <bdi dir="ltr" class="mono">${names.join(", ")}</bdi></li>`,
              )}
            </ul>`
    }
    <div class="actions">
      <button type="button" class="primary" @click=${(): void => answer(false)}>${words.keep}</button>
      <button type="button" class="danger" @click=${(): void => answer(true)}>${words.change}</button>
    </div>
  </dialog>`;
}

/** Draws weaknesses as sentences, each with whom it is about. */
export function drawWeaknesses(
  weaknesses: readonly TlsWeakness[],
  words: TlsSettingsMessages,
  offered: OfferedTls,
): TemplateResult {
  return html`<ul>
    ${weaknesses.map(({ code, subject }) => {
      const about = subjectText(subject, words, offered);
      return html`<li>
        ${words.weaknesses[code]}${about === undefined ? nothing : html` <bdi class="subject">${about}</bdi>`}
      </li>`;
    })}
  </ul>`;
}

function subjectText(subject: string, words: TlsSettingsMessages, offered: OfferedTls): string | undefined {
  switch (subject) {
    case "":
      return undefined;
    case "default":
    case "system":
    case "bundled":
      return words.anchors[subject];
  }
  const certificate = [...offered.authorities, ...offered.identities].find((each) => each.fingerprint === subject);
  return shownText(certificate?.subject ?? subject, SUBJECT_LIMIT);
}
