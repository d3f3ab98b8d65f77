import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import type { ServerHttp2Stream } from "node:http2";
import {
  answerHandshakeKey,
  checkClientHandshake,
  chooseDeflate,
  type DeflateWishes,
  formatServerHandshake,
  type ServerAgreement,
} from "@fairlead/http/websocket";
import { openWebSocket, type WebSocketConnection, type WebSocketEvents } from "@fairlead/transport/websocket";
import type { Exchange } from "./exchange.ts";
import { rawHead } from "./raw-reply.ts";

/** Names and values of an answer's fields. */
export type AnswerFields = readonly (readonly [name: string, value: string])[];

/** What an endpoint wants of the handshake. */
export interface WebSocketTerms {
  /** Subprotocols that it speaks; by default the first that the client offers. */
  readonly protocols?: readonly string[];
  /** What it wishes of compression; `undefined` for none. */
  readonly deflate?: DeflateWishes | undefined;
  /** Breaks the answer. */
  readonly spoil?: (fields: AnswerFields) => AnswerFields;
}

/** A handshake that is done. */
export interface AcceptedWebSocket {
  /** For bytes that no WebSocket would send. */
  readonly stream: Duplex;
  /** Speaks it properly from here. */
  readonly open: (
    events: Partial<WebSocketEvents>,
    options?: { readonly messageBytes?: number },
  ) => WebSocketConnection;
}

/**
 * Answers a handshake, in HTTP/1.1 or by extended CONNECT in HTTP/2.
 *
 * @returns `undefined` when it was none, and is answered by a status that says so.
 */
export function acceptWebSocket(exchange: Exchange, terms: WebSocketTerms = {}): AcceptedWebSocket | undefined {
  const { request } = exchange;
  const carrier = request.httpVersionMajor === 2 ? "h2" : "http/1.1";
  const protocol = request.headers[":protocol"];
  const checked = checkClientHandshake(
    {
      method: request.method ?? "",
      fields: request.headers,
      protocol: typeof protocol === "string" ? protocol : undefined,
    },
    carrier,
  );
  if (checked.type === "refused") {
    exchange.sendLine(checked.status, checked.detail, Object.fromEntries(checked.fields));
    return undefined;
  }
  const { protocols = checked.protocols, deflate: wishes, spoil = asItIs } = terms;
  const agreement: ServerAgreement = {
    protocol: checked.protocols.find((offered) => protocols.includes(offered)),
    deflate: wishes === undefined ? undefined : chooseDeflate(checked.extensions, wishes),
  };
  const fields = formatServerHandshake(
    agreement,
    checked.key === undefined
      ? { carrier: "h2" }
      : { carrier: "http/1.1", accept: answerHandshakeKey(checked.key, sha1) },
  );
  const stream = carrier === "h2" ? answerConnect(exchange, spoil(fields)) : answerUpgrade(exchange, spoil(fields));
  return {
    stream,
    open: (events, { messageBytes } = {}) =>
      openWebSocket(
        stream,
        {
          role: "server",
          protocol: agreement.protocol,
          deflate: agreement.deflate?.agreed,
          deflateFromBytes: 0,
          head: exchange.head,
          limits: messageBytes === undefined ? undefined : { messageBytes },
        },
        { onMessage: () => undefined, onClose: () => undefined, ...events },
      ),
  };
}

function asItIs(fields: AnswerFields): AnswerFields {
  return fields;
}

function answerUpgrade({ request, response }: Exchange, fields: AnswerFields): Duplex {
  const { socket } = request;
  response.detachSocket(socket);
  const lines = fields.map(([name, value]) => `${name}: ${value}`);
  socket.write(Buffer.from(rawHead("101 Switching Protocols", ...lines), "latin1"));
  return socket;
}

function answerConnect({ response }: Exchange, fields: AnswerFields): Duplex {
  // What answers in HTTP/2 has its stream; the service takes both versions for one.
  const { stream } = response as unknown as { readonly stream: ServerHttp2Stream };
  stream.respond({ ":status": 200, ...Object.fromEntries(fields) });
  return stream;
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("base64");
}
