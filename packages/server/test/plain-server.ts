import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { FetchHandler, RequestContext } from "../src/fetch-handler.ts";
import { answerByFetch } from "../src/fetch/index.ts";
import { defaultHttpLimits, type Exchange, type HttpLimits } from "../src/exchange/index.ts";
import { speakHttp1 } from "../src/h1/index.ts";

/** A handler served by HTTP/1 on a loopback port, and what it told. */
export interface PlainServer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** What was told to `onError`. */
  readonly errors: unknown[];
  /** Work that handlers left behind. */
  readonly work: Promise<unknown>[];
  readonly sockets: ReadonlySet<Socket>;
  /** Fires the signal of a server that begins to close. */
  beginClosing(): void;
}

/** Serves it. */
export async function startPlainServer(
  fetch: FetchHandler,
  { limits, client }: { limits?: Partial<HttpLimits>; client?: RequestContext["client"] } = {},
): Promise<PlainServer> {
  const errors: unknown[] = [];
  const work: Promise<unknown>[] = [];
  const sockets = new Set<Socket>();
  const closing = new AbortController();
  const context = (exchange: Exchange): RequestContext => ({
    connection: exchange.connection,
    client: client ?? exchange.connection.remote,
    inform: (status, fields) => {
      exchange.inform(status, fields);
    },
    requestTrailers: exchange.body?.trailers ?? [],
    waitUntil: (each) => {
      work.push(each);
      each.catch((error: unknown) => errors.push(error));
    },
    closing: closing.signal,
  });
  const onExchange = answerByFetch(fetch, { onError: (error) => errors.push(error), context });
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    const { remoteAddress = "", remotePort = 0 } = socket;
    const facts = {
      id: 1,
      remote: { address: remoteAddress, port: remotePort },
      local: undefined,
      proxy: undefined,
      tls: undefined,
    };
    const quiet = { onEnd: () => undefined, onRefusal: () => undefined };
    speakHttp1(socket, new Uint8Array(0), { facts, limits: { ...defaultHttpLimits, ...limits }, onExchange, ...quiet });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${String(port)}`,
    errors,
    work,
    sockets,
    beginClosing: () => {
      closing.abort(new Error("closing"));
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
