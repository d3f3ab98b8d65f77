/**
 * A site that is far away, in a process of its own: a relay that delays what it forwards, and behind it a server that
 * redirects http to https on one port, sends Strict-Transport-Security and takes early data.
 */
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { startTestNetwork } from "@fairlead/testserver";
import { answer } from "../measuring/child.ts";

/** One direction, in milliseconds. */
const DELAY = 25;
const HANDSHAKE_RECORD = 0x16;

/** What set out since the relay was asked last: TCP handshakes, and flights of the client's that answer the server. */
export interface Travelled {
  /** Milliseconds since the epoch. */
  readonly departures: readonly number[];
}

let departures: number[] = [];
const depart = (): void => {
  departures.push(performance.timeOrigin + performance.now());
};

const network = await startTestNetwork();
const secure = network.listener("https-early-data").port;
const plain = createHttpServer((request, response) => {
  response.writeHead(301, { location: `https://${String(request.headers.host)}${String(request.url)}` }).end();
});
const plainPort = await listen(plain);
const relay = createServer((client) => {
  client.setNoDelay(true).on("error", () => client.destroy());
  depart();
  // The kernel has accepted it, and the relay waits in its place.
  const established = performance.now() + 2 * DELAY;
  client.once("data", (first: Buffer) => {
    const server = connect(first[0] === HANDSHAKE_RECORD ? secure : plainPort, "127.0.0.1").setNoDelay(true);
    server.on("error", () => client.destroy());
    let isAnswering = true;
    const up = forward(client, server, established);
    const toServer = (bytes: Buffer): void => {
      if (isAnswering) depart();
      isAnswering = false;
      up(bytes);
    };
    const toClient = forward(server, client, established);
    server.on("data", (bytes: Buffer) => {
      isAnswering = true;
      toClient(bytes);
    });
    client.on("data", toServer);
    toServer(first);
  });
});
const port = await listen(relay);

answer(() => {
  const travelled: Travelled = { departures };
  departures = [];
  return Promise.resolve({ port, ca: network.ca.certificate, travelled });
});

/** Sends on what comes, in order, and ends when its source does. */
function forward(from: Socket, to: Socket, established: number): (bytes: Buffer) => void {
  const due = (): number => Math.max(performance.now(), established) + DELAY - performance.now();
  from.once("end", () => setTimeout(() => to.end(), due()));
  return (bytes) => {
    setTimeout(() => to.write(bytes), due());
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  // It listens on TCP.
  return (server.address() as AddressInfo).port;
}
