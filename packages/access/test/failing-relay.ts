import { connect, type Socket } from "node:net";
import { closed, scriptedServer, type ScriptedServer } from "./scripted-server.ts";

/** How a relay fails a connection. */
type Failure = "none" | "reset" | "end" | "half-close" | "stall" | "both-ends";
const FAILURES: readonly Failure[] = ["none", "reset", "end", "half-close", "stall", "both-ends"];

/**
 * Passes bytes on to a server on a loopback port, and fails most connections at a place that the seed decides: at once,
 * within a handshake, within a head, within a body, after a response.
 */
export async function failingRelay(port: number, seed: number): Promise<ScriptedServer> {
  return scriptedServer((socket, number) => {
    const random = randomFrom(seed * 1_000 + number);
    const failure = FAILURES[Math.floor(random() * FAILURES.length)] ?? "none";
    // Spread over the orders of magnitude of a handshake, a head, a body and several of them.
    const limit = Math.floor(10 ** (random() * 6)) - 1;
    relay(socket, port, failure, limit, random() < 0.5);
  });
}

/** Passes on so many bytes of the answers, or of what is asked, before it fails. */
function relay(socket: Socket, port: number, failure: Failure, limit: number, countsAnswers: boolean): void {
  if (failure !== "none" && limit === 0) {
    socket.resume();
    fail(socket, socket, failure);
    return;
  }
  const server = connect(port, "127.0.0.1");
  let left = failure === "none" ? Number.POSITIVE_INFINITY : limit;
  const pass = (from: Socket, to: Socket, counts: boolean): void => {
    from.on("data", (bytes: Buffer) => {
      if (left <= 0) return;
      const passed = counts ? bytes.subarray(0, left) : bytes;
      if (counts) left -= passed.length;
      to.write(passed);
      if (left <= 0) fail(socket, server, failure);
    });
  };
  pass(server, socket, countsAnswers);
  pass(socket, server, !countsAnswers);
  server.on("error", () => socket.destroy());
  server.on("end", () => {
    if (failure !== "stall" || left > 0) socket.end();
  });
  socket.on("close", () => server.destroy());
}

function fail(socket: Socket, server: Socket, failure: Failure): void {
  switch (failure) {
    case "none":
    case "stall":
      return;
    case "reset":
      socket.resetAndDestroy();
      return;
    case "end":
      socket.end(() => socket.destroy());
      return;
    case "half-close":
      socket.end();
      return;
    case "both-ends":
      server.destroy();
      socket.destroy();
      return;
  }
}

/** Waits until every connection of a relay is closed. */
export async function allClosed({ connections }: ScriptedServer): Promise<void> {
  await Promise.all(connections.map(closed));
}

/** Mulberry32: numbers from 0 to below 1, the same for the same seed on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
