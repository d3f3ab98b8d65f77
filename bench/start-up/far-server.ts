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
/** The response is larger, the tickets that come beside it are smaller. */
const LEAST_RESPONSE_BYTES = 512;

/** Seen since the relay was asked last. */
export interface Travelled {
  /** TCP handshakes, and flights of the client's that answer the server, of which the response had to wait. */
  readonly roundTrips: number;
}

/** What has arrived at the server, and what of it had when the response left: that does not depend on who is slow. */
let tally = { arrived: 0, beforeResponse: 0 };

const network = await startTestNetwork();
const secure = network.service("https-early-data").port;
const plain = createHttpServer((request, response) => {
  response.writeHead(301, { location: `https://${String(request.headers.host)}${String(request.url)}` }).end();
});
const plainPort = await listen(plain);
const relay = createServer((client) => {
  client.setNoDelay(true).on("error", () => client.destroy());
  // Of a connection of an earlier question the rest may still be under way.
  const mine = tally;
  const arrive = (): void => {
    mine.arrived += 1;
  };
  arrive();
  // The kernel has accepted it, and the relay waits in its place.
  const established = performance.now() + 2 * DELAY;
  client.once("data", (first: Buffer) => {
    const server = connect(first[0] === HANDSHAKE_RECORD ? secure : plainPort, "127.0.0.1").setNoDelay(true);
    server.on("error", () => client.destroy());
    let isAnswering = true;
    const up = forward(client, server, established);
    const toServer = (bytes: Buffer): void => {
      if (isAnswering) up(bytes, arrive);
      else up(bytes);
      isAnswering = false;
    };
    const toClient = forward(server, client, established);
    server.on("data", (bytes: Buffer) => {
      if (bytes.length >= LEAST_RESPONSE_BYTES) mine.beforeResponse = mine.arrived;
      toClient(bytes, () => {
        isAnswering = true;
      });
    });
    client.on("data", toServer);
    toServer(first);
  });
});
const port = await listen(relay);

answer(() => {
  const travelled: Travelled = { roundTrips: tally.beforeResponse };
  tally = { arrived: 0, beforeResponse: 0 };
  return Promise.resolve({ port, ca: network.ca.certificate, travelled });
});

/** Sends on what comes, in order, and ends when its source does. */
function forward(from: Socket, to: Socket, established: number): (bytes: Buffer, onArrival?: () => void) => void {
  const due = (): number => Math.max(performance.now(), established) + DELAY - performance.now();
  from.once("end", () => setTimeout(() => to.end(), due()));
  return (bytes, onArrival) => {
    setTimeout(() => {
      onArrival?.();
      to.write(bytes);
    }, due());
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  // It listens on TCP.
  return (server.address() as AddressInfo).port;
}
