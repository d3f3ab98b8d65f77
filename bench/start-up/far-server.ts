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

/** What the relay has seen since it was asked last. */
export interface Travelled {
  readonly connections: number;
  /** With that of each TCP handshake, which the relay waits for in the kernel's place. */
  readonly roundTrips: number;
}

let connections = 0;
let roundTrips = 0;

const network = await startTestNetwork();
const secure = network.listener("https-early-data").port;
const plain = createHttpServer((request, response) => {
  response.writeHead(301, { location: `https://${String(request.headers.host)}${String(request.url)}` }).end();
});
const plainPort = await listen(plain);
const relay = createServer((client) => {
  client.setNoDelay(true).on("error", () => client.destroy());
  connections += 1;
  roundTrips += 1;
  const established = performance.now() + 2 * DELAY;
  client.once("data", (first: Buffer) => {
    const server = connect(first[0] === HANDSHAKE_RECORD ? secure : plainPort, "127.0.0.1").setNoDelay(true);
    server.on("error", () => client.destroy());
    let isAnswering = true;
    const up = forward(client, server, established);
    const toServer = (bytes: Buffer): void => {
      // A flight of the client's after one of the server's is one more journey there and back.
      if (isAnswering) roundTrips += 1;
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
  const travelled: Travelled = { connections, roundTrips };
  connections = 0;
  roundTrips = 0;
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
