import { showLabels } from "../idn/show-labels.ts";
import type { ShownHost } from "../url-display.ts";
import type { UrlKnowledge } from "../url-knowledge.ts";
import { showIpv6 } from "./show-ipv6.ts";

/**
 * Decides what a host is shown as.
 *
 * @param host as the URL parser gives it.
 * @param special whether the URL standard knows the scheme, and so has parsed the host as a domain or an address.
 */
export function showHost(host: string, special: boolean, knowledge: UrlKnowledge): ShownHost {
  if (host === "") return { type: "none" };
  if (host.startsWith("[")) return { type: "ipv6", address: showIpv6(host) };
  if (!special) return { type: "opaque", text: host };
  if (ipv4.test(host)) return { type: "ipv4", address: host };
  const start = knowledge.publicSuffixes?.registrableDomainStart(host);
  const { labels, shown } = showLabels(host, knowledge);
  return {
    type: "domain",
    ascii: host,
    shown,
    labels,
    registrableDomain: start === undefined ? undefined : withoutRootDot(host.slice(start)),
    siteLabels: start === undefined ? labels.length : labelsFrom(host, start),
  };
}

/** The URL parser refuses every other name whose last label is a number. */
const ipv4 = /^\d+\.\d+\.\d+\.\d+$/;

function labelsFrom(host: string, start: number): number {
  let labels = 1;
  for (let dot = host.indexOf(".", start); dot !== -1; dot = host.indexOf(".", dot + 1)) labels++;
  return labels;
}

function withoutRootDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}
