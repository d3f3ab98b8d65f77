import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { defaultHttpLimits } from "../../src/exchange/index.ts";
import { answerByFetch } from "../../src/fetch/index.ts";
import type { FetchHandler } from "../../src/fetch-handler.ts";
import { type Gateway, gateway, type GatewayEvent, type GatewayOptions } from "../../src/gateway/index.ts";
import { speakHttp1 } from "../../src/h1/index.ts";

/** The worker program of these tests. */
export const workerModule = new URL("programs/worker.ts", import.meta.url);

/** A gateway behind a server of HTTP/1.1. */
export interface GatewayServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly gateway: Gateway;
  readonly events: readonly GatewayEvent[];
  /** Resolves with the first event, past or to come, that is so. */
  event(is: (event: GatewayEvent) => boolean): Promise<GatewayEvent>;
}

/** Starts one; what events there are is kept. */
export async function serveWithGateway(options: GatewayOptions): Promise<GatewayServer> {
  const events: GatewayEvent[] = [];
  const waiting = new Set<() => void>();
  const app = gateway({
    ...options,
    onEvent(event) {
      events.push(event);
      for (const look of waiting) look();
    },
  });
  const server = await serveOverHttp1(app);
  return {
    ...server,
    gateway: app,
    events,
    event: (is) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = events.find(is);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      server.close();
      const closed = app.close();
      void app.close();
      await closed;
    },
  };
}

/** Serves a handler on a free port. */
export async function serveOverHttp1(
  fetch: FetchHandler,
): Promise<{ readonly url: string; readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  let id = 0;
  const answer = answerByFetch(fetch, {
    onError: (error) => process.env["GT"] !== undefined && console.error("SERVER ERROR", error),
    context: (exchange) => ({
      connection: exchange.connection,
      client: exchange.connection.remote,
      get requestTrailers() {
        return exchange.body?.trailers ?? [];
      },
      inform: (status, fields) => {
        exchange.inform(status, fields);
      },
      waitUntil: () => undefined,
    }),
  });
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    id += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const facts = {
      id,
      remote: { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 },
      local: undefined,
      proxy: undefined,
      tls: undefined,
    };
    speakHttp1(socket, new Uint8Array(), {
      facts,
      limits: defaultHttpLimits,
      onExchange: answer,
      onEnd: () => undefined,
      onRefusal: () => undefined,
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
