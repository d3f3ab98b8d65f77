import { errorType, knownMethod } from "@fairlead/http/telemetry";
import type { ExchangeEnd } from "../exchange/driver.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { cutValue, shownTarget } from "../observe/protocol/shown-target.ts";

/** Attributes of one span. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** The name of a span: the method and the route, which have few values. */
export function spanName({ head: { method } }: Exchange, route: string | undefined): string {
  const known = knownMethod(method) === method ? method : "HTTP";
  return route === undefined ? known : `${known} ${route}`;
}

/**
 * What is known when a request comes; samplers decide by it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export function requestAttributes({ head, connection }: Exchange): SpanAttributes {
  const { method, scheme, authority, path, version, fields } = head;
  const { remote, proxy } = connection;
  const target = shownTarget(path, "redacted");
  const { host, port } = splitAuthority(authority, scheme);
  const agent = fields.findIndex((name, index) => index % 2 === 0 && name === "user-agent");
  return withoutUndefined({
    "http.request.method": knownMethod(method),
    "http.request.method_original": knownMethod(method) === method ? undefined : cutValue(method),
    "url.scheme": scheme,
    "url.path": target.path,
    "url.query": target.query,
    "server.address": host === "" ? undefined : cutValue(host),
    "server.port": host === "" ? undefined : port,
    "client.address": remote?.address,
    "network.peer.address": (proxy ?? remote)?.address,
    "network.peer.port": (proxy ?? remote)?.port,
    "network.protocol.version": version,
    "user_agent.original": agent === -1 ? undefined : cutValue(fields[agent + 1] ?? ""),
  });
}

/** What is known when all is over. */
export function responseAttributes({ status, error }: ExchangeEnd, route: string | undefined): SpanAttributes {
  return withoutUndefined({
    "http.response.status_code": status,
    "http.route": route,
    "error.type": errorType(status, error, 500),
  });
}

/** `host:port`, of which an address of IPv6 has brackets. */
function splitAuthority(authority: string, scheme: "http" | "https"): { readonly host: string; readonly port: number } {
  const [, bracketed, plain = "", port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(authority) ?? [];
  const usual = scheme === "https" ? 443 : 80;
  return { host: bracketed ?? plain, port: port === undefined ? usual : Number(port) };
}

function withoutUndefined(attributes: Readonly<Record<string, string | number | undefined>>): SpanAttributes {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}
