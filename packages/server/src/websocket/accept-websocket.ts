import { createHash } from "node:crypto";
import { isCodedError, PolicyError, UsageError } from "@fairlead/core";
import {
  admitsOrigin,
  answerHandshakeKey,
  checkClientHandshake,
  chooseDeflate,
  formatServerHandshake,
  type ServerAgreement,
} from "@fairlead/http/websocket";
import { checkWebSocketOptions, openWebSocket, type WebSocketConnectionOptions } from "@fairlead/transport/websocket";
import type { FlatFields, RequestHead } from "../exchange/index.ts";
import { exchangeOf, LeanResponse, upgradeResponse } from "../fetch/index.ts";
import type { RequestContext } from "../fetch-handler.ts";
import type { AcceptWebSocketOptions } from "./options.ts";
import { ServerWebSocket, type WaitingLimits } from "./server-websocket.ts";

/**
 * What is done with a socket that has opened. Where it returns a promise the socket is closed with 1000 when that
 * resolves; otherwise it lives on by its events. What it throws, or rejects with, closes the socket with 1011 and is told
 * to the server's `onError`.
 */
export type OnWebSocket = (socket: ServerWebSocket) => void | Promise<void>;

/**
 * Answers a request for a WebSocket, over HTTP/1.1 and HTTP/2 alike: the response that it returns opens it once it is
 * sent, and says what is wrong where it is none. A server that closes says goodbye with 1001.
 *
 * @param request as the server gave it: `c.req.raw` in Hono, `event.req` in h3.
 * @throws UsageError OPTION_INVALID for a request that somebody else made, and for options that cannot be.
 * @see RFC 6455, RFC 7692, RFC 8441
 *
 * @example
 * const echo: FetchHandler = (request, context) =>
 *   acceptWebSocket(request, context, async (socket) => {
 *     for await (const message of socket) await socket.send(message);
 *   });
 */
export function acceptWebSocket(
  request: Request,
  context: RequestContext,
  onWebSocket: OnWebSocket,
  options: AcceptWebSocketOptions = {},
): Response {
  const exchange = exchangeOf(request);
  if (exchange === undefined) {
    throw new UsageError("OPTION_INVALID", { detail: "request", remedy: "give the request that the server made" });
  }
  const { head } = exchange;
  const carrier = head.version === "2" ? "h2" : "http/1.1";
  const checked = checkClientHandshake(
    { method: head.method, fields: fieldsByName(head.fields), protocol: head.upgrade },
    carrier,
  );
  if (checked.type === "refused") return refusal(checked.status, checked.detail, checked.fields.flat());
  // RFC 9110 section 7.8: the other protocol begins behind the content, which is the client's to leave out.
  if (carrier === "http/1.1" && exchange.body !== undefined)
    return refusal(400, "a WebSocket's request has no content");
  if (!admitsOrigin(checked.origin, head.authority, options.origins ?? "same")) {
    return refusal(403, new PolicyError("WEBSOCKET_ORIGIN_REFUSED").message);
  }
  const agreement: ServerAgreement = {
    protocol: checked.protocols.find((offered) => options.protocols?.includes(offered)),
    deflate: options.deflate === false ? undefined : chooseDeflate(checked.extensions, options.deflate ?? {}),
  };
  const over =
    checked.key === undefined
      ? ({ carrier: "h2" } as const)
      : ({ carrier: "http/1.1", accept: answerHandshakeKey(checked.key, sha1) } as const);
  const connectionOptions = resolveOptions(options, agreement, context);
  const limits = waitingLimits(options);
  checkWebSocketOptions(connectionOptions);
  return upgradeResponse(withoutUpgrade(formatServerHandshake(agreement, over)), (stream) => {
    const socket = new ServerWebSocket(limits);
    socket.begin(openWebSocket(stream, connectionOptions, socket));
    // A driver gives it at rest.
    stream.resume();
    context.waitUntil(attend(socket, context, onWebSocket));
  });
}

/** Stays until the socket is over. */
async function attend(socket: ServerWebSocket, { closing }: RequestContext, onWebSocket: OnWebSocket): Promise<void> {
  const sayGoodbye = (): void => {
    socket.close(GOING_AWAY);
  };
  closing?.addEventListener("abort", sayGoodbye);
  if (closing?.aborted === true) sayGoodbye();
  try {
    const done = onWebSocket(socket);
    if (done !== undefined) {
      await done;
      socket.close();
    }
    const { error } = await socket.closed;
    // Of ours are those of the client and of its connection; any other is what a listener threw.
    if (error instanceof Error && !isCodedError(error)) throw error;
  } catch (error) {
    socket.close(INTERNAL_ERROR);
    throw error;
  } finally {
    void socket.closed.then(() => closing?.removeEventListener("abort", sayGoodbye));
  }
}

function resolveOptions(
  options: AcceptWebSocketOptions,
  { protocol, deflate }: ServerAgreement,
  { client }: RequestContext,
): WebSocketConnectionOptions {
  const { limits, deflateFromBytes, sendHighWaterBytes, closeTimeoutMilliseconds, keepAlive = KEEP_ALIVE } = options;
  return {
    role: "server",
    peer: client?.address,
    protocol,
    deflate: deflate?.agreed,
    deflateFromBytes,
    limits: { messageBytes: MESSAGE_BYTES, ...limits },
    sendHighWaterBytes,
    keepAlive: keepAlive === false ? undefined : keepAlive,
    closeTimeoutMilliseconds,
  };
}

function waitingLimits(options: AcceptWebSocketOptions): WaitingLimits {
  const { readHighWaterBytes = 65_536, sendLimitBytes = 4_194_304 } = options;
  const limits = { readHighWaterBytes, sendLimitBytes };
  for (const [detail, value] of Object.entries(limits)) {
    if (!(value > 0)) throw new UsageError("OPTION_INVALID", { detail, remedy: "give a positive number" });
  }
  return limits;
}

const KEEP_ALIVE = { intervalMilliseconds: 30_000, timeoutMilliseconds: 10_000 };
const MESSAGE_BYTES = 1_048_576;
/** RFC 6455 section 7.4.1. */
const GOING_AWAY = 1001;
const INTERNAL_ERROR = 1011;

/** What the driver says itself. */
function withoutUpgrade(fields: readonly (readonly [name: string, value: string])[]): FlatFields {
  return fields.filter(([name]) => name !== "upgrade" && name !== "connection").flat();
}

function fieldsByName(fields: RequestHead["fields"]): Record<string, string[]> {
  const byName: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (let index = 0; index < fields.length; index += 2)
    (byName[fields[index] ?? ""] ??= []).push(fields[index + 1] ?? "");
  return byName;
}

function refusal(status: number, detail: string, fields: FlatFields = []): Response {
  const own = fields.filter((_, index) => !["upgrade", "connection"].includes(fields[index - (index % 2)] ?? ""));
  return new LeanResponse(detail, { status, fields: own });
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("base64");
}
