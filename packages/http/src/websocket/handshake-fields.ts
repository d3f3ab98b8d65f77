/** Fields by lower-case name, as a parser of ours or `node:http` gives them. */
export type HandshakeFields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What carries a WebSocket: an upgrade in HTTP/1.1 (RFC 6455), or a CONNECT in HTTP/2 (RFC 8441). */
export type WebSocketCarrier = "http/1.1" | "h2";

/** The only version of the protocol that there is. RFC 6455 section 4.1. */
export const WEBSOCKET_VERSION = "13";

/** All lines of a field as one list; `undefined` without any. RFC 9110 section 5.3. */
export function joinField(fields: HandshakeFields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" || value === undefined ? value : value.join(", ");
}

/** The members of a list of tokens, in order and as they are written; empty ones are passed over. */
export function listTokens(value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  return value
    .split(",")
    .map((token) => token.trim())
    .filter((token) => token !== "");
}

/** Whether a list of tokens holds this one, in any case. */
export function hasToken(value: string | undefined, wanted: string): boolean {
  return listTokens(value).some((token) => token.toLowerCase() === wanted);
}
