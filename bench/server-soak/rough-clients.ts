import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Where the server is. */
export interface RoughTarget {
  readonly port: number;
  readonly tlsPort: number;
}

/** What came of it: how often each thing was done, and what went otherwise than it had to. */
export interface RoughReport {
  readonly done: Readonly<Record<string, number>>;
  readonly surprises: readonly string[];
}

/**
 * Clients as there are: who come for one request, leave in the middle of an answer or of their own, send what is no HTTP,
 * shake hands and say nothing, and open streams that they do not keep.
 */
export async function roughClients(target: RoughTarget, clients: number, ended: AbortSignal): Promise<RoughReport> {
  const done: Record<string, number> = {};
  const surprises: string[] = [];
  const run = async (): Promise<void> => {
    while (!ended.aborted) {
      for (const [name, visit] of Object.entries(visits)) {
        try {
          await visit(target);
          done[name] = (done[name] ?? 0) + 1;
        } catch (error) {
          surprises.push(`${name}: ${String(error)}`);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, run));
  return { done, surprises };
}

type Visit = (target: RoughTarget) => Promise<void>;

const visits: Readonly<Record<string, Visit>> = {
  "one request": ({ port }) => exchange(connectTcp(port, "127.0.0.1"), get("/", "close"), /^HTTP\/1.1 200 .*hello/s),
  "content both ways": ({ port }) => exchange(connectTcp(port, "127.0.0.1"), post(65_536), echoed),
  "left during the answer": ({ port }) => exchange(connectTcp(port, "127.0.0.1"), get("/large"), /^HTTP\/1.1 200 /),
  "left during the request": ({ port }) => abandon(connectTcp(port, "127.0.0.1"), post(1_000_000).slice(0, 30_000)),
  "no HTTP": ({ port }) => exchange(connectTcp(port, "127.0.0.1"), "GET /\nHost: a\n\n", /^HTTP\/1.1 400 /),
  "events that nobody waits for": ({ port }) =>
    exchange(connectTcp(port, "127.0.0.1"), get("/events"), /^HTTP\/1.1 200 .*data: ?3/s),
  websocket: ({ port }) => exchange(connectTcp(port, "127.0.0.1"), webSocketOpening, /^HTTP\/1.1 101 .*\x81\x02hi/s),
  "one request over TLS": ({ tlsPort }) => exchange(secure(tlsPort), get("/", "close"), /^HTTP\/1.1 200 .*hello/s),
  "a handshake and no more": async ({ tlsPort }) => {
    const socket = secure(tlsPort);
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve).once("error", reject);
    });
    socket.destroy();
  },
  "streams of HTTP/2, one of them left": ({ tlsPort }) => twoStreams(tlsPort),
};

/** A pattern would look at everything again with each piece. */
const echoed = {
  test: (answer: string): boolean =>
    answer.startsWith("HTTP/1.1 200 ") && answer.indexOf("\r\n\r\n") === answer.length - 65_540,
};

function get(path: string, connection = "keep-alive"): string {
  return `GET ${path} HTTP/1.1\r\nHost: a.example\r\nConnection: ${connection}\r\n\r\n`;
}

function post(length: number): string {
  return (
    `POST /echo HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nContent-Length: ${String(length)}\r\n\r\n` +
    "x".repeat(length)
  );
}

/** And the text "hi" behind it, masked with zeros. RFC 6455 sections 1.3 and 5.3. */
const webSocketOpening =
  "GET /websocket HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x82\0\0\0\0hi";

function secure(port: number): Socket {
  return connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false });
}

/** Leaves once what has come matches. */
async function exchange(socket: Socket, request: string, expected: Pick<RegExp, "test">): Promise<void> {
  socket.setEncoding("latin1");
  socket.write(request, "latin1");
  let text = "";
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on("data", (piece: string) => {
        text += piece;
        if (expected.test(text)) resolve();
      });
      socket.once("error", reject);
      socket.once("close", () => reject(new Error(`ended with ${JSON.stringify(text.slice(0, 200))}`)));
      socket.setTimeout(30_000, () => reject(new Error(`nothing came after ${JSON.stringify(text.slice(0, 200))}`)));
    });
  } finally {
    socket.destroy();
  }
}

async function abandon(socket: Socket, bytes: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.write(bytes, () => resolve());
  });
  socket.destroy();
}

async function twoStreams(port: number): Promise<void> {
  const session = connectHttp2(`https://127.0.0.1:${String(port)}`, { rejectUnauthorized: false });
  try {
    await new Promise<void>((resolve, reject) => {
      session.once("error", reject);
      const left = session.request({ ":path": "/large" });
      left.once("error", reject);
      left.once("data", () => {
        left.close(8);
        const kept = session.request({ ":path": "/" });
        kept.once("error", reject);
        kept.resume().once("end", resolve);
      });
    });
  } finally {
    session.destroy();
  }
}
