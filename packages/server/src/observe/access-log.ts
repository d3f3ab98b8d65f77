import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { errorType } from "@fairlead/http/telemetry";
import type { FlatFields } from "../exchange/body-source.ts";
import type { ConnectionFacts } from "../exchange/connection-facts.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { clientOf } from "../forwarded/index.ts";
import type { ServerObserver } from "../server-observer.ts";
import { LineWriter } from "./line-writer.ts";
import {
  formatCombinedRecord,
  formatJsonEvent,
  formatJsonRecord,
  type AccessFacts,
  type AccessRequest,
} from "./protocol/access-record.ts";
import type { QueryVisibility } from "./protocol/shown-target.ts";
import { routeOf } from "./route.ts";

/** What is logged, and where. */
export interface AccessLogOptions {
  /**
   * Takes the lines; standard output by default, written without waiting for whoever reads it. Who gives a stream closes it.
   */
  readonly to?: Writable | undefined;
  /** Lines of JSON by default; `combined` is what many tools read, and says less. */
  readonly format?: "json" | "combined" | undefined;
  /** `redacted` by default: values but those that known names call secrets. `names`, or nothing, where that is too much. */
  readonly query?: QueryVisibility | undefined;
  /** Further fields of requests, in lower case; credentials among them keep their scheme and no more. */
  readonly fields?: readonly string[] | undefined;
  /** What waits for a slow reader, in octets; what does not fit is dropped and counted. 1 MiB by default. */
  readonly bufferBytes?: number | undefined;
}

/** An observer that writes lines. */
export interface AccessLog extends ServerObserver {
  /** Lines that were never written, since their reader was too slow, or gone. */
  readonly dropped: number;
  /** Resolves when what was logged so far has been written. */
  flush(): Promise<void>;
}

/**
 * Makes an observer that logs each request when it is over, each that no handler saw, and each connection that failed. No
 * line holds a password, a cookie or a token that known names tell; none can be forged by what a client sends.
 *
 * @example
 * await serve({ fetch, observers: [accessLog({ to: createWriteStream("access.log", { flags: "a" }) })] });
 */
export function accessLog(options: AccessLogOptions = {}): AccessLog {
  // Writes to it are the thread pool's: `process.stdout` has the whole process wait for a slow pipe.
  const { to = createWriteStream("", { fd: 1, autoClose: false }), format = "json", query = "redacted" } = options;
  const { fields = [], bufferBytes = 1_048_576 } = options;
  const isJson = format === "json";
  const writer = new LineWriter(to, {
    bufferBytes,
    dropped: (count) => (isJson ? formatJsonEvent(Date.now(), "log.dropped", { "log.dropped.count": count }) : ""),
  });
  const began = new Map<Exchange, { readonly time: number; readonly at: number }>();
  const log = (facts: AccessFacts): void => {
    writer.add(isJson ? formatJsonRecord(facts, query) : formatCombinedRecord(facts, query));
  };
  return {
    get dropped() {
      return writer.dropped;
    },
    flush: () => writer.flush(),
    onExchange(exchange) {
      began.set(exchange, { time: Date.now(), at: performance.now() });
    },
    onEnd(exchange, end) {
      const start = began.get(exchange);
      if (start === undefined) return;
      began.delete(exchange);
      const durationMilliseconds = performance.now() - start.at;
      const client = clientOf(exchange)?.address;
      const request = requestOf(exchange, fields);
      log({ ...connectionFacts(exchange.connection, client), ...end, request, durationMilliseconds, time: start.time });
    },
    onRefusal(connection, { status, error }) {
      const facts = connectionFacts(connection, connection.remote?.address);
      log({ ...facts, ...nothingKnown, time: Date.now(), status, error });
    },
    onConnectionFailure(error, { remote }) {
      if (!isJson) return;
      const type = errorType(undefined, error, 500);
      writer.add(
        formatJsonEvent(Date.now(), "connection.failed", { "client.address": remote?.address, "error.type": type }),
      );
    },
  };
}

const nothingKnown = { request: undefined, durationMilliseconds: undefined, bytesIn: 0, bytesOut: 0 };

function connectionFacts(
  { remote, proxy, tls }: ConnectionFacts,
  client: string | undefined,
): Pick<AccessFacts, "client" | "peer" | "tlsVersion"> {
  const peer = proxy?.address ?? remote?.address;
  return { client, peer: peer === client ? undefined : peer, tlsVersion: tls?.protocol };
}

function requestOf(exchange: Exchange, names: readonly string[]): AccessRequest {
  const { method, scheme, authority, path, version, fields } = exchange.head;
  return {
    method,
    scheme,
    authority,
    path,
    version,
    route: routeOf(exchange),
    userAgent: valueOf(fields, "user-agent"),
    referer: valueOf(fields, "referer"),
    fields: names.flatMap((name) => {
      const value = valueOf(fields, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  };
}

/** All values of a field in one, as RFC 9110 section 5.3 joins them. */
function valueOf(fields: FlatFields, name: string): string | undefined {
  let joined: string | undefined;
  for (let index = 0; index < fields.length; index += 2) {
    if (fields[index] !== name) continue;
    const value = fields[index + 1] ?? "";
    joined = joined === undefined ? value : `${joined}, ${value}`;
  }
  return joined;
}
