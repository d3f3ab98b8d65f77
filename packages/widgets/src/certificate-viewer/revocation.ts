import { html, nothing, type TemplateResult } from "lit";
import { shownText } from "../text/shown-text.ts";
import { formatDay, formatMoment, readMoment } from "../text/moments.ts";
import type { CertificateViewerMessages } from "./messages/messages.ts";
import { isRevocationReason } from "./rules/revocation-reason.ts";
import type { ShownStaple } from "./shown-certificate.ts";

/** Draws what a stapled response says of the server's certificate. */
export function renderStaple(staple: ShownStaple, words: CertificateViewerMessages, locale: string): TemplateResult {
  const { staples } = words;
  switch (staple.type) {
    case "none":
      return html`<span class="quiet">${staples.none}</span>`;
    case "good": {
      const told = staples.good(moment(staple.thisUpdate, locale), moment(staple.nextUpdate, locale));
      return html`<span class="good">${told}</span>`;
    }
    case "revoked": {
      const { revokedAt, reason } = staple;
      return html`<span class="bad">${staples.revoked(revokedAt === undefined ? undefined : day(revokedAt, locale))}</span
        >${reason === undefined ? nothing : html` · ${renderReason(reason, words)}`}`;
    }
    case "unknown":
    case "unusable":
      return html`<span class="caution">${staples[staple.type]}</span>`;
  }
}

function renderReason(reason: string, { revocationReasons }: CertificateViewerMessages): unknown {
  return isRevocationReason(reason) ? revocationReasons[reason] : html`<bdi dir="ltr">${shownText(reason, 64)}</bdi>`;
}

function day(text: string, locale: string): string {
  const at = readMoment(text);
  return at === undefined ? shownText(text, 64) : formatDay(at, locale);
}

function moment(text: string, locale: string): string {
  const at = readMoment(text);
  return at === undefined ? shownText(text, 64) : formatMoment(at, locale);
}
