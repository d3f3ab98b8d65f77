import type { ShownUrl, UrlDisplay } from "../url-display.ts";
import type { CueFacts } from "./cue-facts.ts";
import { deceptiveName } from "./deceptive-name.ts";
import { freshCertificate } from "./fresh-certificate.ts";
import { hiddenDomain } from "./hidden-domain.ts";
import { lookAlike } from "./look-alike.ts";
import { passwordInTheClear } from "./password-in-the-clear.ts";
import type { PhishingCue } from "./phishing-cue.ts";

/**
 * Tells why a URL could be a deception, what is most certain first. It is conservative: for a site that the user visits,
 * and for a well-known one, no name is a cue.
 */
export function phishingCues(display: UrlDisplay, facts: CueFacts): readonly PhishingCue[] {
  if (display.type === "text") return [];
  const cues = [passwordInTheClear(display, facts), ...nameCues(display, facts)].filter((cue) => cue !== undefined);
  return [
    ...cues.filter(({ certainty }) => certainty === "likely"),
    ...cues.filter(({ certainty }) => certainty === "possible"),
  ];
}

function nameCues({ host }: ShownUrl, facts: CueFacts): readonly (PhishingCue | undefined)[] {
  if (host.type !== "domain") return [];
  const domain = host.registrableDomain ?? host.ascii;
  if (facts.visited?.domains.has(domain) === true) return [];
  const fresh = freshCertificate(facts);
  if (facts.wellKnown?.domains.has(domain) === true) return [fresh];
  return [lookAlike(domain, facts), deceptiveName(host, facts), hiddenDomain(host), fresh];
}
