import { createWriteStream } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  acceptWebSocket,
  accessLog,
  eventStream,
  httpMetrics,
  LeanResponse,
  serve,
  type FetchHandler,
} from "@fairlead/server";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { answer } from "../measuring/child.ts";

/** What the soak asks of its server. */
export interface SoakFigures {
  readonly port: number;
  readonly tlsPort: number;
  /** In bytes, after garbage was collected. */
  readonly heap: number;
  readonly resident: number;
  readonly connections: number;
  readonly requests: number;
}

const large = new Uint8Array(4 * 1_048_576).fill(97);

const handler: FetchHandler = async (request, context) => {
  switch (new URL(request.url).pathname) {
    case "/echo":
      return new LeanResponse(await request.bytes());
    case "/large":
      return new LeanResponse(large);
    case "/events":
      return eventStream(request, context, async (events) => {
        for (let count = 0; !events.signal.aborted && count < 1_000; count += 1) {
          await events.send({ data: String(count) });
        }
      });
    case "/websocket":
      return acceptWebSocket(request, context, (socket) => {
        socket.on("message", (data) => {
          void socket.send(data);
        });
      });
    default:
      return LeanResponse.json({ message: "hello" });
  }
};

const identity = await mintCertificate({ issuer: await mintAuthority(), names: ["localhost"] });
const observers = [httpMetrics(), accessLog({ to: createWriteStream("/dev/null") })];
const [plain, secure] = await Promise.all([
  serve({ fetch: handler, observers, host: "127.0.0.1" }),
  serve({ fetch: handler, observers, host: "127.0.0.1", tls: { identity } }),
]);

answer(async () => {
  globalThis.gc?.();
  await nextTurn();
  globalThis.gc?.();
  const { heapUsed: heap, rss: resident, external, arrayBuffers } = process.memoryUsage();
  const figures: SoakFigures = {
    port: plain.port ?? 0,
    tlsPort: secure.port ?? 0,
    heap: heap + external + arrayBuffers,
    resident,
    connections: plain.server.load.connections + secure.server.load.connections,
    requests: plain.server.load.requests + secure.server.load.requests,
  };
  return figures;
});
