import type { ShownUrl } from "../url-display.ts";
import type { PhishingCue } from "./phishing-cue.ts";
import type { CueFacts } from "./cue-facts.ts";

/** A page that asks for a password over http or ws; on this machine itself nobody is on the way. */
export function passwordInTheClear({ schemeClass, host }: ShownUrl, facts: CueFacts): PhishingCue | undefined {
  if (facts.hasPasswordField !== true || schemeClass !== "insecure" || isLoopback(host)) return undefined;
  return { type: "password-in-the-clear", certainty: "likely" };
}

/** @see W3C Secure Contexts section 3.1 */
function isLoopback(host: ShownUrl["host"]): boolean {
  switch (host.type) {
    case "domain":
      return /(?:^|\.)localhost\.?$/.test(host.ascii);
    case "ipv4":
      return host.address.startsWith("127.");
    case "ipv6":
      return host.address === "[::1]";
    case "opaque":
    case "none":
      return false;
  }
}
