import { html, nothing, type TemplateResult } from "lit";
import { styleProperties } from "../style-properties.ts";
import { formatDistance, formatMoment, readMoment } from "../text/moments.ts";
import { shownText } from "../text/shown-text.ts";
import type { CertificateViewerMessages } from "./messages/messages.ts";
import { validityLine } from "./rules/validity-line.ts";
import type { ShownCertificate } from "./shown-certificate.ts";

/** The validity of a certificate, as seen at a moment. */
export interface DrawnValidity {
  readonly certificate: ShownCertificate;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly locale: string;
  readonly words: CertificateViewerMessages;
}

/** Draws the validity in words, and on a line of time. */
export function renderValidity({ certificate, now, locale, words }: DrawnValidity): TemplateResult {
  const notBefore = readMoment(certificate.notBefore);
  const notAfter = readMoment(certificate.notAfter);
  const line = notBefore === undefined || notAfter === undefined ? undefined : validityLine(notBefore, notAfter, now);
  const moment = (text: string, milliseconds: number | undefined): string =>
    milliseconds === undefined ? shownText(text, 64) : formatMoment(milliseconds, locale);
  return html`${renderState({ certificate, now, locale, words })}
    ${
      line === undefined
        ? nothing
        : html`<div
            class="time-line ${line.state}"
            part="time-line"
            aria-hidden="true"
            ${styleProperties({ "--start": line.start, "--end": line.end, "--now": line.now })}
          >
            <span class="time-track"></span>
            <span class="time-valid"></span>
            <span class="time-now"></span>
            <span class="time-label">${words.now}</span>
          </div>`
    }
    <dl>
      <div class="row">
        <dt>${words.fields.notBefore}</dt>
        <dd><bdi>${moment(certificate.notBefore, notBefore)}</bdi></dd>
      </div>
      <div class="row">
        <dt>${words.fields.notAfter}</dt>
        <dd><bdi>${moment(certificate.notAfter, notAfter)}</bdi></dd>
      </div>
    </dl>`;
}

/** Draws in a sentence whether a certificate is valid, and since or until when. */
export function renderState({ certificate, now, locale, words }: DrawnValidity): TemplateResult {
  const notBefore = readMoment(certificate.notBefore);
  const notAfter = readMoment(certificate.notAfter);
  if (notBefore === undefined || notAfter === undefined) return html`<p class="bad">${words.validityUnreadable}</p>`;
  const line = validityLine(notBefore, notAfter, now);
  if (line === undefined) return html`<p class="bad">${words.validityReversed}</p>`;
  const turn = line.state === "not-yet-valid" ? notBefore : notAfter;
  const distance = formatDistance(turn, now, locale);
  return html`<p class=${line.state === "valid" ? nothing : "bad"}>${words.states[line.state](distance)}</p>`;
}
