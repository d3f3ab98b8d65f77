import { memoryPair, type MemoryStream } from "@fairlead/transport";
import {
  defaultHttpLimits,
  type ConnectionFacts,
  type Driver,
  type DriverHost,
  type Exchange,
  type ExchangeEnd,
  type HttpLimits,
  type RequestRefusal,
} from "@fairlead/server";
import { speakHttp1 } from "../../src/h1/index.ts";

/** A driver over memory, and what it told. */
export interface Serving {
  readonly client: MemoryStream;
  readonly server: MemoryStream;
  readonly driver: Driver;
  readonly ends: { readonly exchange: Exchange; readonly end: ExchangeEnd }[];
  readonly refusals: RequestRefusal[];
  /** Everything that the client got, to its end. */
  readonly received: Promise<string>;
  /** Resolves once what the client got so far matches. */
  got(pattern: RegExp): Promise<string>;
}

export const facts: ConnectionFacts = {
  id: 1,
  remote: { address: "192.0.2.1", port: 4_000 },
  local: undefined,
  proxy: undefined,
  tls: undefined,
};

/** Speaks HTTP/1 to a client that a test plays. */
export function serveOverMemory(
  onExchange: (exchange: Exchange) => void,
  limits: Partial<HttpLimits> = {},
  first = "",
): Serving {
  const [client, server] = memoryPair({ allowHalfOpen: true });
  const ends: Serving["ends"] = [];
  const refusals: RequestRefusal[] = [];
  const host: DriverHost = {
    facts,
    limits: { ...defaultHttpLimits, ...limits },
    onExchange,
    onEnd: (exchange, end) => ends.push({ exchange, end }),
    onRefusal: (refusal) => refusals.push(refusal),
  };
  let text = "";
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const received = new Promise<string>((resolve) => {
    client.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      notify();
    });
    client.on("close", () => {
      resolve(text);
    });
    client.on("end", () => {
      resolve(text);
      notify();
    });
    client.on("error", () => undefined);
  });
  const driver = speakHttp1(server, Buffer.from(first, "latin1"), host);
  const got = async (pattern: RegExp): Promise<string> =>
    await new Promise((resolve) => {
      const look = (): void => {
        if (!pattern.test(text)) return;
        listeners.delete(look);
        resolve(text);
      };
      listeners.add(look);
      look();
    });
  return { client, server, driver, ends, refusals, received, got };
}

/** Says hello, and the path. */
export function greet(exchange: Exchange): void {
  exchange.respond({ status: 200, fields: ["content-type", "text/plain"] }, `hello ${exchange.head.path}`);
}
