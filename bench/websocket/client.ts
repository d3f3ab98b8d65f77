/** One side of the comparison, in a process of its own: what echoes cost it, or a thousand open sockets. */
import { setTimeout as pause } from "node:timers/promises";
import { openNetworkAccessManager } from "@fairlead/access";
import { WebSocket as UndiciWebSocket } from "undici";
import { WebSocket as WsWebSocket } from "ws";
import { answer } from "../measuring/child.ts";

const [side = "", url = ""] = process.argv.slice(2);

/** One open socket. */
interface Open {
  send(data: Uint8Array): void;
}

/** Opens a socket; `onMessage` is told of each message that comes. */
type OpenSocket = (onMessage: () => void) => Promise<Open>;

async function openSide(): Promise<OpenSocket> {
  if (side === "ws") {
    return async (onMessage) => {
      const socket = new WsWebSocket(url, { perMessageDeflate: false });
      socket.on("message", onMessage);
      await new Promise((resolve) => socket.once("open", resolve));
      return socket;
    };
  }
  const manager = await openNetworkAccessManager({ connectionsPerOrigin: 64 });
  return async (onMessage) => {
    const socket = side === "undici" ? new UndiciWebSocket(url) : manager.webSocket(url, { compression: false });
    socket.binaryType = "arraybuffer";
    socket.onmessage = onMessage;
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    return socket;
  };
}

const openSocket = await openSide();

/** Sends so many messages, some at once, each when an earlier one has come back, and measures it. */
type Echo = (count: number, atOnce: number) => Promise<{ microseconds: number; rate: number }>;

async function openEcho(bytes: number): Promise<Echo> {
  const message = Buffer.alloc(bytes, 7);
  let came = 0;
  let sent = 0;
  let total = 0;
  let done = Promise.withResolvers<undefined>();
  const socket = await openSocket(() => {
    came += 1;
    if (came === total) done.resolve(undefined);
    if (sent >= total) return;
    sent += 1;
    socket.send(message);
  });
  return async (count, atOnce) => {
    came = 0;
    sent = atOnce;
    total = count;
    done = Promise.withResolvers();
    const cpu = process.cpuUsage();
    const started = performance.now();
    for (let index = 0; index < atOnce; index += 1) socket.send(message);
    await done.promise;
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    return { microseconds: (user + system) / count, rate: count / seconds };
  };
}

/** What a thousand sockets take, each with a message that went to and fro. */
async function hold(count: number): Promise<{ rssKib: number; heapKib: number }> {
  const openOne = async (): Promise<Open> => {
    const came = Promise.withResolvers<undefined>();
    const socket = await openSocket(() => {
      came.resolve(undefined);
    });
    socket.send(Buffer.alloc(125, 7));
    await came.promise;
    return socket;
  };
  // What is loaded with the first is not counted.
  const sockets = [await openOne()];
  const before = await settled();
  for (let opened = 0; opened < count; opened += 50) {
    sockets.push(...(await Promise.all(Array.from({ length: 50 }, openOne))));
  }
  const after = await settled();
  if (sockets.length !== count + 1) throw new Error(`${String(sockets.length)} sockets`);
  const perSocket = (from: number, to: number): number => (to - from) / count / 1_024;
  return { rssKib: perSocket(before.rss, after.rss), heapKib: perSocket(before.heap, after.heap) };
}

async function settled(): Promise<{ readonly rss: number; readonly heap: number }> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await pause(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

let echo: Echo | undefined;

answer(async (message) => {
  switch (message) {
    case "125 B":
      echo ??= await openEcho(125);
      return echo(20_000, 500);
    case "64 KiB":
      echo ??= await openEcho(65_536);
      return echo(400, 32);
    default:
      return hold(1_000);
  }
});
