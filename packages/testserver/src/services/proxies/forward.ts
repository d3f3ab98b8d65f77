import { type ClientRequest, type IncomingMessage, request as ask, type ServerResponse } from "node:http";
import { isIP } from "node:net";
import { pipeline, type Duplex } from "node:stream";
import { addVia, endToEndRequestFields, endToEndTrailers, endToEndFields } from "@fairlead/http/relay";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf } from "../service-entry.ts";
import { answerFailure, answerLine } from "./proxy-answers.ts";
import { mayReach, NotAllowed } from "./reach.ts";
import { joinStreams } from "./tunnel.ts";

/** What a proxy that meddles makes of responses. */
export interface ResponseChange {
  /** Fields, names in lower case and values in turn. */
  readonly fields?: (fields: readonly string[]) => readonly string[];
  /** The content of text that is not longer than a mebibyte. */
  readonly text?: (text: string) => string;
}

/** A request that asks to change the protocol of its connection. */
interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** How much text is held to be changed. */
const changedBytesLimit = 1_048_576;

/**
 * Passes a request on to where it asks to go, and the response back.
 *
 * @see RFC 9110 section 7.6, RFC 9112 section 3.2.2
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  network: NetworkContext,
  self: ServiceSelf,
  change: ResponseChange = {},
  upgrade?: Upgrade,
): void {
  const url = URL.parse(request.url ?? "");
  if (url?.protocol !== "http:") {
    const isSecure = url?.protocol === "https:";
    const line = isSecure ? "ask for a tunnel by CONNECT" : "this is a proxy: it takes http:// URLs, and CONNECT";
    answerLine(response, isSecure ? 501 : 400, line);
    return;
  }
  const hops = maxForwards(request);
  if (hops === 0) {
    answerAsLast(request, response);
    return;
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? 80 : Number(url.port);
  if (!mayReach(network, { host, port })) {
    answerFailure(response, new NotAllowed("proxies of the test network reach nothing but the network"));
    return;
  }
  const fields = requestFields(request, url.host, self.name, { hops, upgrade, plain: change.text !== undefined });
  if (fields === undefined) {
    answerLine(response, 508, "this request goes round in a circle");
    return;
  }
  const upstream = ask({
    ...{ host, port, method: request.method, path: url.pathname + url.search, headers: fields, agent: false },
    ...(isIP(host) === 0 && { lookup: network.lookup }),
  });
  upstream.on("continue", () => {
    response.writeContinue();
  });
  upstream.on("information", ({ statusCode, headers: { link } }) => {
    if (statusCode === 103 && link !== undefined) response.writeEarlyHints({ link });
  });
  upstream.on("error", (error) => {
    answerFailure(response, error);
  });
  response.once("close", () => upstream.destroy());
  upstream.on("response", (answer) => {
    passBack(answer, response, self, change);
  });
  if (upgrade === undefined) pipeline(request, upstream, () => undefined);
  else passUpgrade(upstream, response, upgrade);
}

/** Fields of the request that goes on; `undefined` where it has been here too often. */
function requestFields(
  request: IncomingMessage,
  authority: string,
  name: string,
  terms: { readonly hops: number | undefined; readonly upgrade: Upgrade | undefined; readonly plain: boolean },
): string[] | undefined {
  const dropped = ["host", "max-forwards", ...(terms.plain ? ["accept-encoding"] : [])];
  const fields = without(endToEndRequestFields(lowerCase(request.rawHeaders)), dropped);
  const version = request.httpVersion === "1.0" ? "1.0" : "1.1";
  if (!addVia(fields, version, name)) return undefined;
  if (terms.hops !== undefined) fields.push("max-forwards", String(terms.hops - 1));
  const { "content-length": length, "transfer-encoding": coding, expect } = request.headers;
  if (coding !== undefined) fields.push("transfer-encoding", "chunked");
  else if (length !== undefined) fields.push("content-length", length);
  if (expect !== undefined) fields.push("expect", expect);
  if (terms.upgrade !== undefined) fields.push("connection", "upgrade", "upgrade", request.headers.upgrade ?? "");
  return ["host", authority, ...fields];
}

function passBack(answer: IncomingMessage, response: ServerResponse, self: ServiceSelf, change: ResponseChange): void {
  const { statusCode = 502, statusMessage = "", headers } = answer;
  const fields = endToEndFields(lowerCase(answer.rawHeaders));
  addVia(fields, answer.httpVersion === "1.0" ? "1.0" : "1.1", self.name);
  const changed = [...(change.fields?.(fields) ?? fields)];
  response.sendDate = false;
  const isText = /^text\//i.test(headers["content-type"] ?? "") && headers["content-encoding"] === undefined;
  if (change.text !== undefined && isText) {
    changeText(answer, response, { statusCode, fields: changed, text: change.text });
    return;
  }
  const { "content-length": length } = headers;
  if (length !== undefined && headers["transfer-encoding"] === undefined) changed.push("content-length", length);
  response.writeHead(statusCode, statusMessage, changed);
  answer.on("end", () => {
    const trailers = endToEndTrailers(lowerCase(answer.rawTrailers));
    response.addTrailers(pairsOf(trailers));
  });
  // A body that was cut is cut here as well, so that the client sees it.
  pipeline(answer, response, (error) => {
    if (error) response.destroy();
  });
}

function changeText(
  answer: IncomingMessage,
  response: ServerResponse,
  { statusCode, fields, text }: { statusCode: number; fields: string[]; text: (text: string) => string },
): void {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  answer.on("data", (piece: Buffer) => {
    sizeBytes += piece.length;
    if (sizeBytes > changedBytesLimit) response.destroy();
    else pieces.push(piece);
  });
  answer.on("error", () => response.destroy());
  answer.on("end", () => {
    if (response.destroyed) return;
    const body = Buffer.from(text(Buffer.concat(pieces).toString("latin1")), "latin1");
    response.writeHead(statusCode, [...fields, "content-length", String(body.length)]);
    response.end(body);
  });
}

function passUpgrade(upstream: ClientRequest, response: ServerResponse, { socket, head }: Upgrade): void {
  upstream.on("upgrade", (answer, server, rest) => {
    const { statusMessage = "", rawHeaders } = answer;
    const fields = [...endToEndFields(lowerCase(rawHeaders)), "connection", "upgrade"];
    fields.push("upgrade", answer.headers.upgrade ?? "");
    const lines = pairsIn(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    response.detachSocket(response.socket as NonNullable<typeof response.socket>);
    socket.write(Buffer.from(`HTTP/1.1 101 ${statusMessage}\r\n${lines.join("")}\r\n`, "latin1"));
    if (rest.length > 0) server.unshift(rest);
    if (head.length > 0) socket.unshift(head);
    joinStreams(socket, server);
  });
  upstream.end();
}

/** How many proxies may still follow, where the method heeds it; `undefined` elsewhere. RFC 9110 section 7.6.2. */
function maxForwards({ method, headers }: IncomingMessage): number | undefined {
  const value = headers["max-forwards"];
  const isHeeded = method === "TRACE" || method === "OPTIONS";
  return isHeeded && typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** Answers a request that must not go on. RFC 9110 sections 9.3.7 and 9.3.8. */
function answerAsLast(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  if (request.method === "OPTIONS") {
    response.writeHead(200, { allow: "GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE", "content-length": 0 });
    response.end();
    return;
  }
  const secret = ["authorization", "proxy-authorization", "cookie"];
  const fields = without(lowerCase(request.rawHeaders), secret);
  const lines = pairsIn(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  response.writeHead(200, { "content-type": "message/http" });
  response.end(`TRACE ${request.url ?? ""} HTTP/1.1\r\n${lines.join("")}\r\n`);
}

function lowerCase(rawHeaders: readonly string[]): string[] {
  return rawHeaders.map((text, index) => (index % 2 === 0 ? text.toLowerCase() : text));
}

function without(fields: readonly string[], names: readonly string[]): string[] {
  return pairsIn(fields).flatMap(([name, value]) => (names.includes(name) ? [] : [name, value]));
}

function pairsIn(fields: readonly string[]): (readonly [name: string, value: string])[] {
  return fields.flatMap((name, index) => (index % 2 === 0 ? [[name, fields[index + 1] ?? ""] as const] : []));
}

function pairsOf(fields: readonly string[]): [string, string][] {
  return pairsIn(fields).map(([name, value]) => [name, value]);
}
