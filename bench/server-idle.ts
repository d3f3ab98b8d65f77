import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { startChild } from "./measuring/child.ts";
import { median, medianRatio, rounded } from "./measuring/median.ts";
import type { BenchClaim, BenchResult } from "./result.ts";
import type { HelloProtocol, HelloSide } from "./server-hello/sides.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3);
const connections = 10_000;
/** Handshakes at the same time: as many as a server may have pending. */
const atOnce = 50;

const sides: readonly HelloSide[] = ["fairlead", "node:http"];
const protocols: readonly HelloProtocol[] = ["http", "https"];

/**
 * What 10,000 connections cost their server in memory while nothing goes over them: each has asked once and was answered.
 * Each sample is a fresh process; the sides take turns within each round.
 */
export async function run(): Promise<BenchResult> {
  const samples = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const protocol of protocols) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        const key = `${side}, ${protocol}`;
        samples.set(key, [...(samples.get(key) ?? []), await bytesOfConnection(side, protocol)]);
      }
    }
  }
  const claims = protocols.map((protocol): BenchClaim => {
    const [ours, theirs] = sides.map((side) => samples.get(`${side}, ${protocol}`) ?? []);
    const value = rounded(medianRatio(ours ?? [], theirs ?? []));
    const figures = [ours, theirs].map((bytes) => `${rounded(median(bytes ?? []) / 1_024)} KiB`).join(" against ");
    const what = `memory of an idle connection of ${String(connections)}, fairlead over node:http, ${protocol} (${figures})`;
    return { what, value, unit: "ratio", limit: 1, holds: value <= 1 };
  });
  return { name: "server-idle", claims, details: { rounds, connections, samples: Object.fromEntries(samples) } };
}

async function bytesOfConnection(side: HelloSide, protocol: HelloProtocol): Promise<number> {
  const server = startChild("server-hello/server.ts", [side, protocol]);
  const sockets: Socket[] = [];
  try {
    const port = await server.ask<number>("port");
    // What the first request loads is no connection's.
    (await openOne(protocol, port)).destroy();
    const before = await server.ask<number>("memory");
    while (sockets.length < connections) {
      sockets.push(...(await Promise.all(Array.from({ length: atOnce }, () => openOne(protocol, port)))));
    }
    return ((await server.ask<number>("memory")) - before) / connections;
  } finally {
    for (const socket of sockets) socket.destroy();
    await server.end();
  }
}

/** A connection that has had its answer. */
async function openOne(protocol: HelloProtocol, port: number): Promise<Socket> {
  const host = "127.0.0.1";
  // Nothing is kept secret here, and the certificate is of this minute.
  const socket = protocol === "http" ? connectTcp(port, host) : connectTls({ port, host, rejectUnauthorized: false });
  socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  await once(socket, "data");
  return socket;
}
