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
  { forwarded, clientCert }: Pick<ResolvedOptions, "forwarded" | "clientCert">,
): { readonly fields: string[]; readonly key: HandshakeKey | undefined } {
  const fields: string[] = [];
  const said = new Map<string, string>();
  const came = endToEndRequestFields(request.fields);
  for (let index = 0; index < came.length; index += 2) {
    const name = came[index] ?? "";
    const value = came[index + 1] ?? "";
    if (isOfProxies(name)) said.set(name, said.has(name) ? `${said.get(name) ?? ""}, ${value}` : value);
    else if (name !== "host") fields.push(name, value);
  }
  if (forwarded !== "neither")
    addClient(fields, isBelieved(context) ? said : NOTHING_SAID, request, context, forwarded);
  const identity = clientCert ? context.connection.tls?.client : undefined;
  if (identity !== undefined) {
    // A session that was resumed may know the leaf alone.
    fields.push(...formatClientCert({ certificate: identity.certificate.raw, chain: identity.chain.slice(1) }));
  }
  const key = request.upgrade !== undefined && request.version === "2" ? new HandshakeKey() : undefined;
  if (key !== undefined) fields.push("sec-websocket-key", key.text);
  return { fields, key };
}

/** Whether the server takes the client for another than who is connected: it believes what a proxy in front has said. */
function isBelieved({ client, connection }: RequestContext): boolean {
  return client !== undefined && client.address !== connection.remote?.address;
}

/** Says who the client is, behind what proxies in front have said that are believed. */
function addClient(
  fields: string[],
  said: ReadonlyMap<string, string>,
  { authority, scheme }: RelayRequest,
  { connection }: RequestContext,
  how: "forwarded" | "x-forwarded" | "both",
): void {
  const address = connection.remote?.address;
  const add = (name: string, value: string): void => {
    const before = said.get(name);
    fields.push(name, before === undefined ? value : `${before}, ${value}`);
  };
  if (how !== "x-forwarded") add("forwarded", formatForwardedElement({ address, host: authority, scheme }));
  if (how === "forwarded") return;
  if (address !== undefined) add("x-forwarded-for", address);
  fields.push("x-forwarded-host", said.get("x-forwarded-host") ?? authority);
  fields.push("x-forwarded-proto", said.get("x-forwarded-proto") ?? scheme);
}

const NOTHING_SAID: ReadonlyMap<string, string> = new Map();

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
