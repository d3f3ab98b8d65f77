import type { Exchange, HttpLimits } from "./exchange/index.ts";
import { speakHttp1 } from "./h1/index.ts";
import { speakHttp2 } from "./h2/index.ts";
import type { OpenConnections } from "./life/index.ts";
import type { IncomingConnection } from "./listen/index.ts";
import type { Observers } from "./observers.ts";

/** What all connections of a server share. */
export interface OpenDriverOptions {
  readonly limits: HttpLimits;
  readonly observers: Observers;
  readonly connections: OpenConnections;
  readonly onExchange: (exchange: Exchange) => void;
  /** Answers what comes plain on a port for TLS. */
  readonly onPlain: (exchange: Exchange) => void;
}

/** Begins to speak HTTP on a connection. */
export function openDriver(
  { stream, facts, first, version, redirects }: IncomingConnection,
  { limits, observers, connections, onExchange, onPlain }: OpenDriverOptions,
): void {
  observers.tell("onConnection", facts);
  const speak = version === "2" ? speakHttp2 : speakHttp1;
  const driver = speak(stream, first, {
    facts,
    limits,
    onExchange: (exchange) => {
      observers.tell("onExchange", exchange);
      observers.around(exchange, redirects ? onPlain : onExchange);
    },
    onEnd: (exchange, end) => {
      observers.tell("onEnd", exchange, end);
    },
    onRefusal: (refusal) => {
      observers.tell("onRefusal", facts, refusal);
    },
  });
  connections.add(driver);
  void driver.closed.then(() => {
    observers.tell("onConnectionEnd", facts);
  });
}
