import type { PhishingCue } from "./phishing-cue.ts";
import type { CueFacts } from "./cue-facts.ts";

/** A certificate that is younger is worth a hint; honest sites renew theirs every few weeks. */
const FRESH_MILLISECONDS = 24 * 60 * 60 * 1_000;

/** A certificate of today: sites that deceive live for hours. One that is not valid yet is the business of TLS. */
export function freshCertificate({ now, certificateNotBefore }: CueFacts): PhishingCue | undefined {
  if (now === undefined || certificateNotBefore === undefined) return undefined;
  const ageMilliseconds = now - certificateNotBefore;
  if (ageMilliseconds < 0 || ageMilliseconds >= FRESH_MILLISECONDS) return undefined;
  return { type: "fresh-certificate", ageMilliseconds, certainty: "possible" };
}
