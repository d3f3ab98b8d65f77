import { redactUrls } from "@fairlead/http/redaction";
import { errorType, knownMethod } from "@fairlead/http/telemetry";
import type { Attempt } from "../observe/observer.ts";
import type { Hop } from "../transaction.ts";

/** Attributes of one span. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** The name of a span: the method, without what has many values. */
export function spanName({ method }: Hop): string {
  return knownMethod(method) === method ? method : "HTTP";
}

/**
 * What is known when a request is sent; samplers decide by it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 */
export function requestAttributes({ hop, number }: Attempt): SpanAttributes {
  const { method, url, origin } = hop;
  const { hostname } = new URL(origin);
  return {
    "http.request.method": knownMethod(method),
    ...(knownMethod(method) !== method && { "http.request.method_original": method }),
    "server.address": hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    "server.port": portOf(origin),
    "url.full": redactUrls(url),
    ...(number > 0 && { "http.request.resend_count": number }),
  };
}

/** What is known when all is over. */
export function responseAttributes(hop: Hop, status: number | undefined, error: Error | undefined): SpanAttributes {
  const { connection, httpVersion, route, origin } = hop;
  const address = connection?.remoteAddress;
  const type = errorType(status, error, 400);
  return {
    ...(address !== undefined && { "network.peer.address": address }),
    // A proxy's is another, and not known.
    ...(address !== undefined && route.length === 0 && { "network.peer.port": portOf(origin) }),
    ...(httpVersion !== undefined && { "network.protocol.version": httpVersion }),
    ...(status !== undefined && { "http.response.status_code": status }),
    ...(type !== undefined && { "error.type": type }),
  };
}

function portOf(origin: string): number {
  const { port, protocol } = new URL(origin);
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}
