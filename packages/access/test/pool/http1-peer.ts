import { memoryPair, type MemoryStream } from "@fairlead/transport";
import { DEFAULT_TIMEOUTS, type Timeouts } from "../../src/timeouts.ts";
import type { DispatchController, DispatchHandler, HopOptions, ResponseFields } from "../../src/dispatch.ts";
import { hopOptions, type HopRequest } from "../../src/hop-options.ts";
import { Http1Connection } from "../../src/pool/h1/http1-connection.ts";
import { Turn } from "../../src/pool/h1/turn.ts";
import type { HttpConnectionEvents } from "../../src/pool/http-connection.ts";
import { TargetCache } from "../../src/target.ts";
import { OpenTransaction } from "../../src/transaction.ts";

/** A connection over a stream in memory, what it told its pool, and the peer's end. */
export interface Http1Peer {
  readonly connection: Http1Connection;
  readonly server: MemoryStream;
  /** `free`, `draining`, `closed`, in order. */
  readonly events: readonly string[];
  /** What the server has got so far, as Latin-1. */
  readonly received: () => string;
  /** Resolves when the server has got this. */
  readonly whenReceived: (text: string) => Promise<void>;
}

/** Makes one, whose idle time is `idle`. */
export function http1Peer({ idle = 4_000, capacityBytes }: { idle?: number; capacityBytes?: number } = {}): Http1Peer {
  const [client, server] = memoryPair({ capacityBytes });
  const events: string[] = [];
  const tell = (event: string) => (): void => {
    events.push(event);
  };
  const listener: HttpConnectionEvents = {
    onFree: tell("free"),
    onDraining: tell("draining"),
    onClosed: tell("closed"),
  };
  const settings = { timeouts: { idle }, turn: new Turn() };
  const connection = new Http1Connection(client, "a.example:80", settings, listener);
  let text = "";
  let wake = Promise.withResolvers<undefined>();
  server.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    wake.resolve(undefined);
    wake = Promise.withResolvers();
  });
  server.on("error", () => undefined);
  const whenReceived = async (expected: string): Promise<void> => {
    while (!text.includes(expected)) await wake.promise;
  };
  return { connection, server, events, received: () => text, whenReceived };
}

/** What happened to one request. */
export interface Told {
  readonly log: readonly string[];
  /** Resolves with the body, or rejects with what it failed with. */
  readonly body: Promise<string>;
  readonly controller: () => DispatchController | undefined;
}

/** Starts a request on a connection, and writes down what its handler is told. */
export function ask(
  { connection }: Http1Peer,
  request: Partial<HopRequest> & Partial<HopOptions> & { readonly timeouts?: Partial<Timeouts> } = {},
  handler: DispatchHandler = {},
): Told {
  const log: string[] = [];
  const ended = Promise.withResolvers<string>();
  ended.promise.catch(() => undefined);
  let controller: DispatchController | undefined;
  let body = "";
  connection.start(options(request), {
    onRequestStart: (given, context) => {
      log.push("request");
      controller = given;
      handler.onRequestStart?.(given, context);
    },
    onRequestSent: () => void log.push("sent"),
    onResponseStart: (given, status, fields, message) => {
      log.push(`${String(status)} ${String(message)}`);
      handler.onResponseStart?.(given, status, fields, message);
    },
    onResponseData: (given, chunk) => {
      body += chunk.toString("latin1");
      log.push("data");
      handler.onResponseData?.(given, chunk);
    },
    onResponseEnd: (given, trailers: ResponseFields) => {
      log.push("end");
      handler.onResponseEnd?.(given, trailers);
      ended.resolve(body);
    },
    onResponseError: (_given, error) => {
      log.push("error");
      ended.reject(error);
    },
    onRequestUpgrade: (given, status, fields, socket) => {
      log.push(`upgrade ${String(status)}`);
      handler.onRequestUpgrade?.(given, status, fields, socket);
    },
  });
  return { log, body: ended.promise, controller: () => controller };
}

/** A whole hop to `http://a.example`. */
export function options({
  method = "GET",
  path = "/",
  headers = null,
  body = null,
  timeouts = {},
  ...others
}: Partial<HopRequest> & Partial<HopOptions> & { readonly timeouts?: Partial<Timeouts> }): HopOptions {
  const exchange = {
    transaction: new OpenTransaction(),
    signal: undefined,
    timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
    ...others.exchange,
    // A connection looks at nothing else of it.
  } as unknown as HopOptions["exchange"];
  const target = new TargetCache().find("http://a.example");
  return { ...hopOptions({ target, path, method, headers, body }, exchange), ...others, exchange };
}
