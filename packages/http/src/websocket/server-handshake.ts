import { answerDeflate, type DeflateAnswer, type DeflateWishes } from "./deflate-negotiation.ts";
import { formatExtension, parseExtensions } from "./extensions.ts";
import {
  type HandshakeFields,
  hasToken,
  joinField,
  listTokens,
  WEBSOCKET_VERSION,
  type WebSocketCarrier,
} from "./handshake-fields.ts";
import { isHandshakeKey } from "./handshake-key.ts";
import { findProtocolFault } from "./client-handshake.ts";

/** A request that may be a handshake. */
export interface HandshakeRequest {
  readonly method: string;
  readonly fields: HandshakeFields;
  /** HTTP/2's `:protocol`. RFC 8441 section 4. */
  readonly protocol?: string | undefined;
}

/** What a request for a WebSocket comes to. */
export type ServerHandshakeResult =
  | {
      readonly type: "open";
      /** What is to be answered by a Sec-WebSocket-Accept; `undefined` in HTTP/2. */
      readonly key: string | undefined;
      /** Subprotocols that the client offers, the most wanted first. */
      readonly protocols: readonly string[];
      /** Sec-WebSocket-Extensions as it came. */
      readonly extensions: string | undefined;
      /** The page that asks, of a browser: a server that is not for everybody looks at it (section 10.2). */
      readonly origin: string | undefined;
    }
  /** It is to be answered by this status and these fields. */
  | {
      readonly type: "refused";
      readonly status: 400 | 405 | 426;
      readonly detail: string;
      readonly fields: readonly (readonly [name: string, value: string])[];
    };

/**
 * Checks a client's handshake.
 *
 * @see RFC 6455 section 4.2.1, RFC 8441 section 5
 */
export function checkClientHandshake(request: HandshakeRequest, carrier: WebSocketCarrier): ServerHandshakeResult {
  const { method, fields } = request;
  const wanted = carrier === "h2" ? "CONNECT" : "GET";
  if (method !== wanted) return refuse(405, `a WebSocket is asked for by ${wanted}`, [["allow", wanted]]);
  const key = joinField(fields, "sec-websocket-key");
  const fault = carrier === "h2" ? findProtocolNameFault(request) : findUpgradeFault(fields, key);
  if (fault !== undefined) return refuse(400, fault);
  // Section 4.2.2: a server says which versions it speaks.
  if (joinField(fields, "sec-websocket-version") !== WEBSOCKET_VERSION) {
    const version = ["sec-websocket-version", WEBSOCKET_VERSION] as const;
    const upgrade = [version, ["upgrade", "websocket"], ["connection", "Upgrade"]] as const;
    return refuse(carrier === "h2" ? 400 : 426, "the version is not 13", carrier === "h2" ? [version] : upgrade);
  }
  const protocols = listTokens(joinField(fields, "sec-websocket-protocol"));
  const protocolFault = findProtocolFault(protocols);
  if (protocolFault !== undefined) return refuse(400, protocolFault);
  const extensions = joinField(fields, "sec-websocket-extensions");
  if (extensions !== undefined && parseExtensions(extensions) === undefined) {
    return refuse(400, "Sec-WebSocket-Extensions is no list of extensions");
  }
  return {
    type: "open",
    key: carrier === "h2" ? undefined : key,
    protocols,
    extensions,
    origin: joinField(fields, "origin"),
  };
}

/** What a server agrees to. */
export interface ServerAgreement {
  /** One of those offered; `undefined` for none. */
  readonly protocol?: string | undefined;
  readonly deflate?: DeflateAnswer | undefined;
}

/** Chooses compression among the offers of a Sec-WebSocket-Extensions field. */
export function chooseDeflate(extensions: string | undefined, wishes: DeflateWishes): DeflateAnswer | undefined {
  return answerDeflate(extensions === undefined ? [] : (parseExtensions(extensions) ?? []), wishes);
}

/**
 * The fields of the answer that opens a WebSocket: of a 101 in HTTP/1.1, of a 200 in HTTP/2.
 *
 * @param over for HTTP/1.1 with the answer to the key.
 * @see RFC 6455 section 4.2.2
 */
export function formatServerHandshake(
  { protocol, deflate }: ServerAgreement,
  over: { readonly carrier: "http/1.1"; readonly accept: string } | { readonly carrier: "h2" },
): readonly (readonly [name: string, value: string])[] {
  const fields: [string, string][] = [];
  if (over.carrier === "http/1.1") {
    fields.push(["upgrade", "websocket"], ["connection", "Upgrade"], ["sec-websocket-accept", over.accept]);
  }
  if (protocol !== undefined) fields.push(["sec-websocket-protocol", protocol]);
  if (deflate !== undefined) fields.push(["sec-websocket-extensions", formatExtension(deflate.extension)]);
  return fields;
}

function findProtocolNameFault({ protocol }: HandshakeRequest): string | undefined {
  return protocol === "websocket" ? undefined : "the CONNECT is for another protocol than websocket";
}

function findUpgradeFault(fields: HandshakeFields, key: string | undefined): string | undefined {
  if (!hasToken(joinField(fields, "upgrade"), "websocket")) return "Upgrade does not say websocket";
  if (!hasToken(joinField(fields, "connection"), "upgrade")) return "Connection does not say Upgrade";
  if (key === undefined || !isHandshakeKey(key)) return "Sec-WebSocket-Key is not 16 octets in base64";
  return undefined;
}

function refuse(
  status: 400 | 405 | 426,
  detail: string,
  fields: readonly (readonly [string, string])[] = [],
): ServerHandshakeResult {
  return { type: "refused", status, detail, fields };
}
