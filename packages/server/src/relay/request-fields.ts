import { createHash, randomBytes } from "node:crypto";
import { formatForwardedElement } from "@fairlead/http/forwarded";
import { formatClientCert } from "@fairlead/http/client-cert";
import { endToEndRequestFields } from "@fairlead/http/relay";
import { answerHandshakeKey } from "@fairlead/http/websocket";
import type { RequestContext } from "../fetch-handler.ts";
import type { RelayRequest } from "./relay-request.ts";
import type { ResolvedOptions } from "./reverse-proxy-options.ts";

/** The fields of a request as its server gets them, but for Host and those that frame it. */
export function requestFields(
  request: RelayRequest,
  context: RequestContext,
  { forwarded, clientCert, withhold }: Pick<ResolvedOptions, "forwarded" | "clientCert" | "withhold">,
): { readonly fields: string[]; readonly key: HandshakeKey | undefined } {
  const fields: string[] = [];
  const said = new Map<string, string>();
  const came = endToEndRequestFields(request.fields);
  for (let index = 0; index < came.length; index += 2) {
    const name = came[index] ?? "";
    const value = came[index + 1] ?? "";
    if (isOfProxies(name)) said.set(name, said.has(name) ? `${said.get(name) ?? ""}, ${value}` : value);
    else if (name !== "host" && !withhold.has(name)) fields.push(name, value);
  }
  if (forwarded !== "neither") addClient(fields, said, request, context, forwarded);
  const identity = clientCert ? (context.forwardedClient ?? context.connection.tls?.client) : undefined;
  if (identity !== undefined) {
    // A session that was resumed may know the leaf alone.
    fields.push(...formatClientCert({ certificate: identity.certificate.raw, chain: identity.chain.slice(1) }));
  }
  const key = request.upgrade !== undefined && request.version === "2" ? new HandshakeKey() : undefined;
  if (key !== undefined) fields.push("sec-websocket-key", key.text);
  return { fields, key };
}

/**
 * Says who the client is, and who is connected for it where that is a proxy that the server believes. What a proxy says
 * itself is kept then; what anybody else says is not.
 */
function addClient(
  fields: string[],
  said: ReadonlyMap<string, string>,
  { authority, scheme }: RelayRequest,
  { client, connection }: RequestContext,
  how: "forwarded" | "x-forwarded" | "both",
): void {
  const address = connection.remote?.address;
  // The server takes the client for another than who is connected only by the word of a proxy that it trusts.
  const behind = client?.address === address ? undefined : client?.address;
  if (how !== "x-forwarded") {
    const element = formatForwardedElement({ address, host: authority, scheme });
    const before = behind === undefined ? undefined : (said.get("forwarded") ?? forElement(behind));
    fields.push("forwarded", before === undefined ? element : `${before}, ${element}`);
  }
  if (how !== "forwarded") {
    const before = behind === undefined ? undefined : (said.get("x-forwarded-for") ?? behind);
    const chain = [before, address].filter((each) => each !== undefined);
    if (chain.length > 0) fields.push("x-forwarded-for", chain.join(", "));
    fields.push("x-forwarded-host", authority, "x-forwarded-proto", scheme);
  }
}

/** All that is known of a client whose proxy has told of it in another way. */
function forElement(address: string): string {
  return `for=${address.includes(":") ? `"[${address}]"` : address}`;
}

/**
 * Whether a server believes of this field that its proxy wrote it. Some take an underscore for a hyphen, and what a client
 * says so must not get by either.
 */
function isOfProxies(name: string): boolean {
  return OF_PROXIES.has(name.includes("_") ? name.replaceAll("_", "-") : name);
}

const OF_PROXIES: ReadonlySet<string> = new Set([
  "client-cert",
  "client-cert-chain",
  "forwarded",
  "x-forwarded-by",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-prefix",
  "x-forwarded-proto",
  "x-forwarded-server",
  "x-real-ip",
]);

/** The key of a handshake that HTTP/2 does without. RFC 8441 section 5. */
export class HandshakeKey {
  readonly text = randomBytes(16).toString("base64");

  isAnsweredBy(fields: readonly string[]): boolean {
    const expected = answerHandshakeKey(this.text, (text) => createHash("sha1").update(text).digest("base64"));
    return fields.some((name, index) => name === "sec-websocket-accept" && fields[index + 1] === expected);
  }

  withoutAnswer(fields: readonly string[]): readonly string[] {
    return fields.filter((_, index) => fields[index - (index % 2)] !== "sec-websocket-accept");
  }
}
