import type { ShownHost } from "../url-display.ts";
import type { PhishingCue } from "./phishing-cue.ts";

/** So many characters fill the address bar of a telephone. */
const NARROW_BAR = 40;

/** Subdomains so long that only they are seen where there is little room. */
export function hiddenDomain(host: Extract<ShownHost, { readonly type: "domain" }>): PhishingCue | undefined {
  const subdomains = host.labels.slice(0, host.labels.length - host.siteLabels);
  const characters = subdomains.reduce((sum, { shown }) => sum + shown.length + 1, 0);
  return characters >= NARROW_BAR ? { type: "hidden-domain", characters, certainty: "possible" } : undefined;
}
