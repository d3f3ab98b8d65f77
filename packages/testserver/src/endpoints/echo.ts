import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

/** What `/echo` answers. */
export interface Echo {
  readonly method: string;
  /** The effective URL, as the server put it together. */
  readonly url: string;
  /** The request target as sent. */
  readonly target: string;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly body: {
    readonly sizeBytes: number;
    readonly sha256: string;
    /** The body when it is UTF-8; `undefined` otherwise. */
    readonly text: string | undefined;
    readonly base64: string;
  };
  readonly service: string;
  readonly connection: number;
  readonly remotePort: number;
  readonly tls: Exchange["recorded"]["tls"];
}

/** Endpoints that tell the client what it sent. */
export const echoFamily: EndpointFamily = endpointFamily("echo", "tell the client what it sent", [
  {
    path: "/echo",
    does: "answers any method with what came in, as JSON: method, URL, headers, body, TLS facts",
    example: "/echo?a=1",
    handle: (exchange) => exchange.sendJson(echoOf(exchange)),
  },
  {
    path: "/headers",
    does: "answers with the request's headers as JSON",
    example: "/headers",
    handle: (exchange) => exchange.sendJson(exchange.recorded.headers),
  },
]);

function echoOf(exchange: Exchange): Echo {
  const { recorded, request } = exchange;
  return {
    method: recorded.method,
    url: exchange.url.href,
    target: recorded.target,
    httpVersion: request.httpVersion,
    headers: recorded.headers,
    rawHeaders: recorded.rawHeaders,
    body: { ...recorded.body, text: utf8(exchange.body), base64: Buffer.from(exchange.body).toString("base64") },
    service: recorded.service,
    connection: recorded.connection,
    remotePort: recorded.remotePort,
    tls: recorded.tls,
  };
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
