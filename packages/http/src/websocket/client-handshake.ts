import type { DeflateParameters } from "./deflate-parameters.ts";
import { checkDeflate, type DeflateWishes, offerDeflate, PERMESSAGE_DEFLATE } from "./deflate-negotiation.ts";
import { formatExtension, parseExtensions } from "./extensions.ts";
import { type HandshakeFields, hasToken, joinField, WEBSOCKET_VERSION } from "./handshake-fields.ts";
import { WHOLE_TOKEN } from "../h1/grammar.ts";

/** What a client offers. */
export interface WebSocketOffer {
  /** Subprotocols, the most wanted first: tokens, no two alike. */
  readonly protocols?: readonly string[] | undefined;
  /** What is wished of compression; without it none is offered. */
  readonly deflate?: DeflateWishes | undefined;
}

/**
 * Finds what keeps names from being offered as subprotocols.
 *
 * @returns one clause, or `undefined` when all is well.
 * @see RFC 6455 section 4.1 item 10
 */
export function findProtocolFault(protocols: readonly string[]): string | undefined {
  const wrong = protocols.find((protocol) => !WHOLE_TOKEN.test(protocol));
  if (wrong !== undefined) return `the subprotocol ${JSON.stringify(wrong)} is no token`;
  return new Set(protocols).size === protocols.length ? undefined : "a subprotocol is offered twice";
}

/**
 * The fields of a client's handshake, beside those of every request. For HTTP/2 the request is a CONNECT with `:protocol`
 * "websocket", and needs no key.
 *
 * @param key 16 random octets in base64, for HTTP/1.1.
 * @see RFC 6455 section 4.1, RFC 8441 section 5
 */
export function formatClientHandshake(
  offer: WebSocketOffer,
  over: { readonly carrier: "http/1.1"; readonly key: string } | { readonly carrier: "h2" },
): readonly (readonly [name: string, value: string])[] {
  const { protocols = [], deflate } = offer;
  const fields: [string, string][] = [["sec-websocket-version", WEBSOCKET_VERSION]];
  if (over.carrier === "http/1.1") {
    fields.unshift(["upgrade", "websocket"], ["connection", "Upgrade"], ["sec-websocket-key", over.key]);
  }
  if (protocols.length > 0) fields.push(["sec-websocket-protocol", protocols.join(", ")]);
  if (deflate !== undefined) fields.push(["sec-websocket-extensions", formatExtension(offerDeflate(deflate))]);
  return fields;
}

/** What a server's answer comes to. */
export type ClientHandshakeResult =
  | {
      readonly type: "open";
      /** Empty when the server chose none. */
      readonly protocol: string;
      readonly deflate: DeflateParameters | undefined;
    }
  /** It is an ordinary response, and no WebSocket. */
  | { readonly type: "refused" }
  /** It breaks a rule; `detail` is one clause. */
  | { readonly type: "invalid"; readonly detail: string };

/**
 * Checks a server's answer to a handshake.
 *
 * @param over for HTTP/1.1 with the Sec-WebSocket-Accept that the key has to be answered with.
 * @see RFC 6455 section 4.1, RFC 8441 section 5
 */
export function checkServerHandshake(
  answer: { readonly status: number; readonly fields: HandshakeFields },
  offer: WebSocketOffer,
  over: { readonly carrier: "http/1.1"; readonly accept: string } | { readonly carrier: "h2" },
): ClientHandshakeResult {
  const { status, fields } = answer;
  const isOpen = over.carrier === "h2" ? status >= 200 && status <= 299 : status === 101;
  if (!isOpen) return { type: "refused" };
  const fault = over.carrier === "h2" ? undefined : findUpgradeFault(fields, over.accept);
  if (fault !== undefined) return { type: "invalid", detail: fault };
  const protocol = joinField(fields, "sec-websocket-protocol");
  // Whether one or a list, and in whatever case: it is none that was offered. Section 4.1 item 6.
  if (protocol !== undefined && !(offer.protocols ?? []).includes(protocol)) {
    return { type: "invalid", detail: `the subprotocol ${JSON.stringify(protocol)} was not offered` };
  }
  const deflate = readExtensions(joinField(fields, "sec-websocket-extensions"), offer.deflate);
  if (typeof deflate === "string") return { type: "invalid", detail: deflate };
  return { type: "open", protocol: protocol ?? "", deflate };
}

function findUpgradeFault(fields: HandshakeFields, accept: string): string | undefined {
  if (joinField(fields, "upgrade")?.toLowerCase() !== "websocket") return "Upgrade does not say websocket";
  if (!hasToken(joinField(fields, "connection"), "upgrade")) return "Connection does not say Upgrade";
  if (joinField(fields, "sec-websocket-accept") !== accept) return "Sec-WebSocket-Accept does not answer the key";
  return undefined;
}

/** Section 4.1 item 5: whatever was not offered, or cannot be understood, fails the handshake. */
function readExtensions(
  value: string | undefined,
  wishes: DeflateWishes | undefined,
): DeflateParameters | string | undefined {
  if (value === undefined) return undefined;
  const extensions = parseExtensions(value);
  if (extensions === undefined) return "Sec-WebSocket-Extensions is no list of extensions";
  const [first, second] = extensions;
  if (first === undefined) return undefined;
  if (first.name !== PERMESSAGE_DEFLATE || wishes === undefined) return `the extension ${first.name} was not offered`;
  if (second !== undefined) return `the extension ${second.name} was not offered beside ${first.name}`;
  return checkDeflate(first, wishes);
}
