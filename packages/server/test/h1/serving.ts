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
import { setImmediate as nextTurn } from "node:timers/promises";
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
  /** What the client got so far. */
  readonly text: string;
  /** Resolves once so many requests have come to the handler. */
  taken(requests: number): Promise<void>;
  /** Resolves once nothing moves any more: everything is in memory, and takes some turns of the loop. */
  settled(): Promise<void>;
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
  { first = "", reads = true }: { readonly first?: string; readonly reads?: boolean } = {},
): Serving {
  const [client, server] = memoryPair();
  client.allowHalfOpen = true;
  const ends: Serving["ends"] = [];
  const refusals: RequestRefusal[] = [];
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const host: DriverHost = {
    facts,
    limits: { ...defaultHttpLimits, ...limits },
    onExchange: (exchange) => {
      requests += 1;
      onExchange(exchange);
      notify();
    },
    onEnd: (exchange, end) => ends.push({ exchange, end }),
    onRefusal: (refusal) => refusals.push(refusal),
  };
  let text = "";
  let requests = 0;
  const received = new Promise<string>((resolve) => {
    if (reads) {
      client.on("data", (bytes: Buffer) => {
        text += bytes.toString("latin1");
        notify();
      });
    }
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
  const until = async (isSo: () => boolean): Promise<void> => {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });
  };
  return {
    client,
    server,
    driver,
    ends,
    refusals,
    received,
    get text() {
      return text;
    },
    got: async (pattern) => {
      await until(() => pattern.test(text));
      return text;
    },
    taken: async (count) => {
      await until(() => requests >= count);
    },
    settled: async () => {
      for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    },
  };
}

/** Says hello, and the path. */
export function greet(exchange: Exchange): void {
  exchange.respond({ status: 200, fields: ["content-type", "text/plain"] }, `hello ${exchange.head.path}`);
}
