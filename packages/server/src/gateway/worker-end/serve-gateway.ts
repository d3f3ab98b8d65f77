import { createServer, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { isMainThread } from "node:worker_threads";
import type { Exchange } from "../../exchange/index.ts";
import { answerByFetch } from "../../fetch/index.ts";
import type { FetchHandler, RequestContext } from "../../fetch-handler.ts";
import type { LogLevel } from "../protocol/index.ts";
import { openWorkerChannel } from "./worker-channel.ts";
import { WorkerContext } from "./worker-context.ts";
import { WorkerDriver } from "./worker-driver.ts";

/** What a worker answers with. */
export interface ServeGatewayOptions {
  readonly fetch: FetchHandler;
  /** Requests at once. 1,000 by default; the server may send fewer. */
  readonly requests?: number | undefined;
  /** Octets of each request's content that may come ahead of its reader. 131,072 by default. */
  readonly windowBytes?: number | undefined;
  /** Listens on this Unix socket, for servers that connect; without it the server that has started this program is served. */
  readonly path?: string | undefined;
  /** Told what a handler threw. By default it is logged at the server. */
  onError?(error: unknown, request: Request | undefined): void;
  /** Before the worker ends: when its server has told it to, or is gone. The process, or the thread, ends afterwards. */
  close?(): void | Promise<void>;
}

/** A worker at work. */
export interface GatewayWorker {
  /** Requests that are under way. */
  readonly active: number;
  /** Has the server log a line. */
  log(level: LogLevel, text: string): void;
  /** Asks the server to replace this worker. */
  retire(): void;
}

/**
 * Answers what a gateway sends to this program, which is one of its workers: a process or a thread. The worker ends when
 * its server is gone.
 *
 * @throws UsageError OPTION_INVALID when no gateway has started this program, and no path is given.
 */
export function serveGateway(options: ServeGatewayOptions): GatewayWorker {
  const drivers = new Set<WorkerDriver>();
  const worker: GatewayWorker = {
    get active() {
      return [...drivers].reduce((sum, { active }) => sum + active, 0);
    },
    log(level, text) {
      for (const driver of drivers) driver.log(level, text);
    },
    retire() {
      for (const driver of drivers) driver.drain();
    },
  };
  const onError =
    options.onError?.bind(options) ??
    ((error: unknown): void => {
      worker.log("error", error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
  const drive = (stream: Duplex): WorkerDriver => {
    const driver = driveWorker(stream, options, onError);
    drivers.add(driver);
    void driver.closed.then(() => drivers.delete(driver));
    return driver;
  };
  if (options.path !== undefined) {
    listen(options.path, drive);
  } else {
    const driver = drive(openWorkerChannel());
    endWithServer(driver, options, onError);
  }
  return worker;
}

function driveWorker(
  stream: Duplex,
  options: ServeGatewayOptions,
  onError: (error: unknown, request: Request | undefined) => void,
): WorkerDriver {
  const clients = new WeakMap<Exchange, RequestContext["client"]>();
  const closing = new AbortController();
  const around = { closing: closing.signal, onError };
  const answer = answerByFetch(options.fetch, {
    onError,
    context: (exchange) => new WorkerContext(exchange, clients.get(exchange), around),
  });
  return new WorkerDriver(stream, {
    requests: options.requests ?? 1_000,
    windowBytes: options.windowBytes ?? 131_072,
    memoryBytes,
    onExchange: (exchange, client) => {
      clients.set(exchange, client);
      answer(exchange);
    },
    onDrain: () => {
      closing.abort(new Error("the gateway has told the worker to finish"));
    },
  });
}

/** What a thread takes is what its heap does: the rest belongs to all of them. */
function memoryBytes(): number {
  const { rss, heapTotal, external } = process.memoryUsage();
  return isMainThread ? rss : heapTotal + external;
}

/** A worker that has a server is there for that server. */
function endWithServer(
  driver: WorkerDriver,
  options: ServeGatewayOptions,
  onError: (error: unknown, request: undefined) => void,
): void {
  let isRetiring = false;
  const onTerminate = (): void => {
    // A first signal asks for a replacement; the server ends the connection when what is under way is answered.
    if (isRetiring || driver.isDraining) process.exit();
    isRetiring = true;
    driver.drain();
  };
  if (isMainThread) process.on("SIGTERM", onTerminate);
  void driver.closed.then(async (error) => {
    try {
      if (error !== undefined) onError(error, undefined);
      await options.close?.();
    } catch (failure) {
      onError(failure, undefined);
    } finally {
      process.exit();
    }
  });
}

function listen(path: string, drive: (stream: Duplex) => void): Server {
  return createServer((socket) => {
    drive(socket);
  }).listen(path);
}
