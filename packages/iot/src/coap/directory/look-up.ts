import { ProtocolError } from "@fairlead/core";
import { formatPeer } from "@fairlead/transport";
import type { CoapClient } from "../client/coap-client.ts";
import { type DiscoveredResource, discoveredResources } from "../client/discovery.ts";
import { formatCoapUri, linkAttribute, linkAttributeList, parseCoapUri } from "../protocol/index.ts";

/** What is looked for, and how. */
export interface LookUpOptions {
  /**
   * What links or their endpoints must say, such as `rt`, `if`, `ct`, `ep` (endpoint), `d` (sector), `et` (endpoint type); a
   * value that ends in `*` is any that begins so. RFC 6690 section 4.1, RFC 9176 section 6.2.
   */
  readonly filter?: Readonly<Record<string, string | number>> | undefined;
  /** Links that are asked for at once; 100 by default. */
  readonly pageSize?: number | undefined;
  /** Links that are given in all; 10,000 by default. */
  readonly limit?: number | undefined;
  /** For each request; the client's by default. */
  readonly timeoutMilliseconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Somebody who has registered resources at a directory. RFC 9176 section 6.4. */
export interface DirectoryEndpoint extends DiscoveredResource {
  /** Name within the sector. */
  readonly endpoint: string | undefined;
  readonly sector: string | undefined;
  /** What its relative links are relative to, such as `coap://[2001:db8::3]:61616`. */
  readonly base: string | undefined;
  readonly endpointTypes: readonly string[];
}

/**
 * Looks up resources at a directory, page by page, as they are read. What a directory says of others it has only been told.
 *
 * To find one, ask its group: `client.discoverGroup({ rt: "core.rd*", group: "224.0.1.190" })`. RFC 9176 section 4.1.
 *
 * @param directory URL of a directory; its path does not count.
 * @throws ProtocolError COAP_RESPONSE_UNUSABLE when it is none, or answers no links; what the client throws.
 *
 * @see RFC 9176 section 6
 *
 * @example
 * for await (const { url } of lookUpResources(client, "coap://rd.example", { filter: { rt: "temperature" } })) {
 *   console.log(url);
 * }
 */
export function lookUpResources(
  client: Pick<CoapClient, "discover" | "get">,
  directory: string | URL,
  options: LookUpOptions = {},
): AsyncGenerator<DiscoveredResource, void, undefined> {
  return lookUp(client, directory, "core.rd-lookup-res", options);
}

/** Looks up who has registered at a directory, as {@link lookUpResources}. `url` is where the registration is. */
export async function* lookUpEndpoints(
  client: Pick<CoapClient, "discover" | "get">,
  directory: string | URL,
  options: LookUpOptions = {},
): AsyncGenerator<DirectoryEndpoint, void, undefined> {
  for await (const link of lookUp(client, directory, "core.rd-lookup-ep", options)) {
    yield {
      ...link,
      endpoint: linkAttribute(link, "ep"),
      sector: linkAttribute(link, "d"),
      base: linkAttribute(link, "base"),
      endpointTypes: linkAttributeList(link, "et"),
    };
  }
}

async function* lookUp(
  client: Pick<CoapClient, "discover" | "get">,
  directory: string | URL,
  rt: string,
  { filter = {}, pageSize = 100, limit = 10_000, timeoutMilliseconds, signal }: LookUpOptions,
): AsyncGenerator<DiscoveredResource, void, undefined> {
  const calling = { timeoutMilliseconds, signal };
  const at = parseCoapUri(String(directory));
  const found = await client.discover(directory, { rt, ...calling });
  // A device may pass over what it is asked for. RFC 6690 section 4.1.
  const url = found.find((link) => linkAttributeList(link, "rt").includes(rt))?.url;
  if (url === undefined) {
    const facts = { peer: formatPeer(at.host, at.port), operation: "look up" };
    throw new ProtocolError("COAP_RESPONSE_UNUSABLE", { ...facts, detail: `no link with rt="${rt}"` });
  }
  const uri = parseCoapUri(url);
  const wanted = Object.entries(filter).map(([name, value]) => `${name}=${value}`);
  let left = limit;
  let before: Uint8Array | undefined;
  for (let page = 0; left > 0; page += 1) {
    const asked = { ...uri, query: [...uri.query, ...wanted, `page=${page}`, `count=${pageSize}`] };
    const reply = await client.get(formatCoapUri(asked), { accept: "application/link-format", ...calling });
    // One that knows no pages gives all of it each time.
    if (before !== undefined && Buffer.compare(before, reply.payload) === 0) return;
    before = reply.payload;
    const links = discoveredResources(asked, reply);
    yield* links.slice(0, left);
    left -= links.length;
    if (links.length !== pageSize) return;
  }
}
