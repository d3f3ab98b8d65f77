import type { ConnectionFacts, Driver, Exchange, ExchangeEnd, HttpLimits, RequestRefusal } from "@fairlead/server";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { defaultHttpLimits } from "../../src/exchange/index.ts";
import { speakHttp2 } from "../../src/h2/index.ts";

/** A server of nothing but HTTP/2, and a record of what it tells. */
export interface ServerFixture {
  readonly port: number;
  readonly origin: string;
  readonly drivers: Driver[];
  readonly sockets: Socket[];
  readonly ends: ExchangeEnd[];
  readonly refusals: RequestRefusal[];
}

export const PLAIN: ConnectionFacts = { id: 1, remote: undefined, local: undefined, proxy: undefined, tls: undefined };

/** Starts one on a free port; it ends with the test. */
export async function startServer(
  context: TestContext,
  handler: (exchange: Exchange) => void,
  limits: Partial<HttpLimits> = {},
): Promise<ServerFixture> {
  const drivers: Driver[] = [];
  const sockets: Socket[] = [];
  const ends: ExchangeEnd[] = [];
  const refusals: RequestRefusal[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket);
    drivers.push(
      speakHttp2(socket, new Uint8Array(0), {
        facts: PLAIN,
        limits: { ...defaultHttpLimits, ...limits },
        onExchange: handler,
        onEnd: (_exchange, end) => ends.push(end),
        onRefusal: (refusal) => refusals.push(refusal),
      }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.close();
    for (const driver of drivers) driver.destroy(new Error("the test is over"));
  });
  const { port } = server.address() as AddressInfo;
  return { port, origin: `http://127.0.0.1:${String(port)}`, drivers, sockets, ends, refusals };
}

/** Sends all of a request's content back, and its trailers behind it. */
export async function echo(exchange: Exchange): Promise<void> {
  const sink = exchange.begin({ status: 200, fields: [] });
  const { body } = exchange;
  for (;;) {
    const piece = await body?.read();
    if (piece === undefined) break;
    if (!sink.write(piece)) await sink.drained();
  }
  sink.end(body?.trailers);
}
