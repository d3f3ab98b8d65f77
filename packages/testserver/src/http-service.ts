import { createHash } from "node:crypto";
import { type IncomingMessage, type RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Connection, ConnectionLog } from "./connection-log.ts";
import { BadRequest } from "./endpoints/bad-request.ts";
import { Exchange, type Surroundings } from "./endpoints/exchange.ts";
import type { Router } from "./endpoints/router.ts";
import type { RecordedRequest, RequestLog } from "./request-log.ts";
import type { TrafficLog } from "./traffic-log.ts";

/** How much of a request's body is kept for `/echo`; the rest is counted and hashed. */
const keptBodyBytes = 1_048_576;

/** What all that answers requests in a network shares. */
export interface HttpServiceOptions {
  readonly router: Router;
  readonly requests: RequestLog;
  readonly traffic: TrafficLog;
  readonly now: () => number;
  readonly surroundings: Surroundings;
}

/** The service that requests come through. */
export interface HttpSource {
  readonly name: string;
  readonly scheme: "http" | "https";
  readonly connections: ConnectionLog;
  /** Finds the connection of a request whose socket is not the one that the log knows. */
  readonly connectionOf?: ((request: IncomingMessage) => Connection | undefined) | undefined;
  /** What it answers with; all endpoints of the network by default. */
  readonly router?: Router | undefined;
}

/** Answers the requests that come through one service: reads the body, records the request, hands it to its endpoint. */
export interface HttpService {
  readonly onRequest: RequestListener;
  /** Answers a request whose client waits to be told that its body is wanted. */
  readonly onCheckContinue: RequestListener;
  /**
   * Answers a request after which the connection could belong to another protocol. An endpoint that wants none of it
   * answers as ever, and that ends the connection.
   */
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** Makes it for one service. */
export function createHttpService(options: HttpServiceOptions, source: HttpSource): HttpService {
  const begun = new WeakSet<Socket>();
  const answer = (request: IncomingMessage, response: ServerResponse, head?: Buffer): void => {
    const isFirst = !begun.has(request.socket);
    begun.add(request.socket);
    serve(options, source, isFirst, request, response, head).catch((error: unknown) => {
      answerFailure(response, error);
    });
  };
  return {
    onRequest: (request, response) => {
      answer(request, response);
    },
    onCheckContinue: (request, response) => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      const expectation = (source.router ?? options.router)(path)?.endpoint.expectation;
      if (expectation === "refuse") {
        response.shouldKeepAlive = false;
        answerLine(response, 417, "nothing is expected here");
        return;
      }
      if (expectation === undefined) response.writeContinue();
      answer(request, response);
    },
    onUpgrade: (request, socket, head) => {
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false;
      response.assignSocket(request.socket);
      response.on("finish", () => {
        socket.end();
      });
      answer(request, response, head);
    },
  };
}

async function serve(
  { router, requests, traffic, now, surroundings }: HttpServiceOptions,
  source: HttpSource,
  isFirst: boolean,
  request: IncomingMessage,
  response: ServerResponse,
  head: Buffer | undefined,
): Promise<void> {
  const connection = source.connectionOf?.(request) ?? source.connections.find(request.socket);
  if (connection === undefined) {
    // It is closed already.
    request.destroy();
    return;
  }
  response.sendDate = false;
  response.setHeader("Date", new Date(now()).toUTCString());

  // What follows a CONNECT is no body, and does not end.
  const body = request.method === "CONNECT" ? noBody : await readBody(request);
  const target = request.url ?? "";
  const recorded: RecordedRequest = {
    at: now(),
    service: source.name,
    method: request.method ?? "",
    target,
    headers: { ...request.headers },
    rawHeaders: pairs(request.rawHeaders),
    body: { sizeBytes: body.sizeBytes, sha256: body.sha256 },
    remotePort: connection.remotePort,
    connection: connection.number,
    early: isFirst && (connection.tls?.earlyBytes ?? 0) > 0,
    tls: connection.tls,
  };
  requests.add(recorded);
  traffic.add({
    type: "request",
    service: source.name,
    connection: connection.number,
    method: recorded.method,
    target: recorded.target,
  });

  const url = effectiveUrl(source.scheme, request);
  const route = (source.router ?? router)(url.pathname);
  if (route === undefined) {
    answerLine(response, 404, "there is no such endpoint; the manifest lists them");
    return;
  }
  const { endpoint, parameters: pathParameters } = route;
  const parts = {
    request,
    response,
    url,
    pathParameters,
    recorded,
    body: body.kept,
    head,
    connection,
    surroundings,
    now,
  };
  const exchange = new Exchange(parts);
  try {
    await endpoint.handle(exchange);
  } catch (error) {
    // Half a hand-written reply can't be turned into a proper one.
    if (exchange.taken) request.socket.destroy();
    else throw error;
  }
}

interface ReadBody {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly kept: Uint8Array;
}

const noBody: ReadBody = {
  sizeBytes: 0,
  sha256: createHash("sha256").digest("hex"),
  kept: new Uint8Array(0),
};

async function readBody(request: IncomingMessage): Promise<ReadBody> {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (sizeBytes < keptBodyBytes) kept.push(chunk.subarray(0, keptBodyBytes - sizeBytes));
    sizeBytes += chunk.length;
    hash.update(chunk);
  }
  return { sizeBytes, sha256: hash.digest("hex"), kept: Buffer.concat(kept) };
}

/** RFC 9110 section 7.1 and RFC 9112 section 3.3. */
function effectiveUrl(scheme: "http" | "https", request: IncomingMessage): URL {
  const target = request.url ?? "/";
  const base = `${scheme}://${request.headers.host ?? "localhost"}`;
  const url = URL.parse(target.startsWith("/") ? base + target : target, base);
  if (url === null) throw new BadRequest("the Host field or the request target is not usable");
  return url;
}

function pairs(rawHeaders: readonly string[]): readonly (readonly [string, string])[] {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""] as const] : []));
}

function answerFailure(response: ServerResponse, error: unknown): void {
  // A client that went away ends its exchange by an abort or a socket error: nobody is left to be told.
  if (response.destroyed || response.socket === null || response.socket.destroyed) return;
  if (response.headersSent) response.socket.destroy();
  else if (error instanceof BadRequest) answerLine(response, 400, error.message);
  else if (isHeaderRefusal(error)) answerLine(response, 400, "a parameter holds bytes that no header may hold");
  else answerLine(response, 500, `the endpoint failed: ${error instanceof Error ? error.message : String(error)}`);
}

function isHeaderRefusal(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_INVALID_CHAR";
}

function answerLine(response: ServerResponse, status: number, line: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${line}\n`);
}
