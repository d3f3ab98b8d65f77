/**
 * Both ends of short exchanges in one process, of one side: `full` and `resumed` handshakes, `messages` of 100 bytes, and
 * `idle` ends. Answers each message with what was measured.
 */
import { once } from "node:events";
import { connectTcp } from "@fairlead/transport";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { createServer, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { answer } from "../measuring/child.ts";
import { openSide, type SecureSocket } from "./sides.ts";

const [what = "", sideName = ""] = process.argv.slice(2);
const authority = await mintAuthority();
const identity = await mintCertificate({ issuer: authority, names: ["127.0.0.1"] });
const ca = authority.certificate;

const measurements: Readonly<Record<string, () => Promise<number>>> = {
  full: () => handshakes(false),
  resumed: () => handshakes(true),
  messages,
  idle,
};

answer(async () => measurements[what]?.());

/** CPU microseconds of both ends for a connection: TCP, handshake with a verified certificate, one byte, close. */
async function handshakes(resumes: boolean): Promise<number> {
  const count = 300;
  const side = openSide(sideName);
  const { port, server } = await side.listen({
    identity,
    onSocket: (socket) => void socket.on("data", () => socket.end("x")),
  });
  const tickets: Uint8Array[] = [];
  const connect = async (): Promise<void> => {
    const session = resumes ? tickets.pop() : undefined;
    const onSession = resumes ? (ticket: Uint8Array): void => void tickets.push(ticket) : undefined;
    const socket = await side.connect({ port, ca, session, onSession });
    if ((session !== undefined) !== socket.isSessionReused()) throw new Error("resumed, or not, against expectation");
    socket.end("x");
    socket.resume();
    await once(socket, "close");
  };
  for (let warm = 0; warm < 50; warm += 1) await connect();
  const used = await cpuOf(() => inTurns(8, count, connect));
  server.close();
  return used / count;
}

/** CPU microseconds of both ends for 100 bytes there and back, on 16 connections. */
async function messages(): Promise<number> {
  const count = 16_000;
  const side = openSide(sideName);
  const { port, server } = await side.listen({
    identity,
    onSocket: (socket) => void socket.on("error", () => undefined).pipe(socket),
  });
  const sockets = await Promise.all(Array.from({ length: 16 }, () => side.connect({ port, ca })));
  const message = Buffer.alloc(100, 1);
  const exchange = async (total: number): Promise<void> => {
    await Promise.all(sockets.map((socket) => exchanges(socket, message, total / sockets.length)));
  };
  await exchange(count / 2);
  const used = await cpuOf(() => exchange(count));
  sockets.forEach((socket) => socket.destroy());
  server.close();
  return used / count;
}

/** Resident kibibytes that one end adds to its TCP socket, after 1 KiB each way. */
async function idle(): Promise<number> {
  const pairs = 200;
  const held: Duplex[] = [];
  const plain = createServer((socket) => held.push(socket)).listen(0, "127.0.0.1");
  await once(plain, "listening");
  const side = openSide(sideName);
  const { port, server } = await side.listen({
    identity,
    onSocket: (socket) => {
      held.push(socket.on("error", () => undefined));
      socket.pipe(socket);
    },
  });
  const secure = async (): Promise<void> => {
    const socket: SecureSocket = await side.connect({ port, ca });
    held.push(socket);
    await exchanges(socket, Buffer.alloc(1_024), 1);
  };
  // A TCP server that listens has an address of this form.
  const { port: plainPort } = plain.address() as AddressInfo;
  const open = async (): Promise<void> => void held.push(await connectTcp({ host: "127.0.0.1", port: plainPort }));
  await inTurns(8, 50, secure);
  await inTurns(8, 50, open);
  const [start, tcp] = [await resident(), await grown(() => inTurns(8, pairs, open))];
  const tls = await grown(() => inTurns(8, pairs, secure));
  if (start === 0) throw new Error("nothing is resident");
  held.forEach((each) => each.destroy());
  plain.close();
  server.close();
  return (tls - tcp) / (2 * pairs) / 1_024;
}

async function grown(work: () => Promise<unknown>): Promise<number> {
  const before = await resident();
  await work();
  return (await resident()) - before;
}

async function resident(): Promise<number> {
  for (let round = 0; round < 5; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  return process.memoryUsage.rss();
}

async function exchanges(socket: SecureSocket, message: Buffer, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let [left, got] = [count, 0];
  const onData = (data: Buffer): void => {
    got += data.length;
    if (got < message.length) return;
    got = 0;
    left -= 1;
    if (left === 0) resolve(undefined);
    else socket.write(message);
  };
  socket.on("data", onData);
  socket.write(message);
  await promise;
  socket.off("data", onData);
}

async function inTurns(concurrency: number, total: number, once: () => Promise<unknown>): Promise<void> {
  let left = total;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await once();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
