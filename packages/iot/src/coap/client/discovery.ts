import { ProtocolError } from "@fairlead/core";
import { formatPeer } from "@fairlead/transport";
import {
  type CoapLink,
  type CoapUri,
  contentFormats,
  formatCoapUri,
  isCoapScheme,
  parseLinkFormat,
  resolveCoapUri,
} from "../protocol/index.ts";
import type { CoapReply } from "./coap-reply.ts";

/** What to look for; what a device does not understand of it, it leaves out. RFC 6690 section 4.1. */
export interface DiscoveryFilter {
  /** Resource type; one that ends in `*` is any that begins so, as with the others. */
  readonly rt?: string | undefined;
  /** Interface. */
  readonly if?: string | undefined;
  /** Path. */
  readonly href?: string | undefined;
  /** Content format, by its number. */
  readonly ct?: number | undefined;
}

/** A resource that a device has told of. */
export interface DiscoveredResource extends CoapLink {
  /** Where it is; `undefined` where that is no URL of CoAP. A device may name another. */
  readonly url: string | undefined;
}

/** Where a device lists its resources. RFC 6690 section 4. */
export function wellKnownCore({ scheme, host, port }: CoapUri, filter: DiscoveryFilter): CoapUri {
  // RFC 6690 section 4.1: one of them alone.
  const query = filterNames.flatMap((name) => (filter[name] === undefined ? [] : [`${name}=${filter[name]}`]));
  return { scheme, host, port, path: [".well-known", "core"], query };
}

/**
 * Reads what a device has told.
 *
 * @throws ProtocolError COAP_RESPONSE_UNUSABLE when it is no list of links.
 */
export function discoveredResources(uri: CoapUri, reply: CoapReply): readonly DiscoveredResource[] {
  const facts = { peer: formatPeer(uri.host, uri.port), operation: "discover" };
  if (!reply.ok || (reply.contentFormat ?? linkFormat) !== linkFormat) {
    throw new ProtocolError("COAP_RESPONSE_UNUSABLE", { ...facts, detail: `${reply.code}, no list of links` });
  }
  const reading = parseLinkFormat(reply.text());
  switch (reading.type) {
    case "malformed":
      throw new ProtocolError("COAP_RESPONSE_UNUSABLE", { ...facts, detail: `no link at ${reading.at}` });
    case "links":
      return reading.links.map((link) => ({ ...link, url: urlOf(uri, link.target) }));
  }
}

function urlOf(uri: CoapUri, target: string): string | undefined {
  const [, scheme] = /^([a-z][a-z\d+.-]*):/i.exec(target) ?? [];
  if (scheme !== undefined && !isCoapScheme(scheme.toLowerCase())) return undefined;
  try {
    return formatCoapUri(resolveCoapUri({ ...uri, path: [], query: [] }, target));
  } catch {
    // What a stranger has written need not be a URL.
    return undefined;
  }
}

const filterNames = ["href", "rt", "if", "ct"] as const;
const linkFormat = contentFormats["application/link-format"];
