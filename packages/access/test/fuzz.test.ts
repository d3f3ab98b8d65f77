import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { createServer as createSecureServer, type Server } from "node:tls";
import { test } from "node:test";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { closed, scriptedServer } from "./scripted-server.ts";

/** Change it to look elsewhere; what a case sends depends on this and its number only. */
const SEED = 20_261_121;
const PLAIN_CASES = 3_000;
const SECURE_CASES = 300;
/** More than the connections that one origin may have, so that requests wait for one another. */
const AT_ONCE = 24;
const CONNECTIONS = 16;
/** A request that takes longer is one that hangs: every deadline on the way is a second. */
const HANG_MILLISECONDS = 30_000;

test(`${String(PLAIN_CASES)} responses, each a valid one with a few changes, end in results and typed errors`, async () => {
  await using server = await scriptedServer((socket) => {
    answerMutated(socket);
  });
  const manager = await openNetworkAccessManager(settings);
  await askAll(manager, server.origin, PLAIN_CASES);
  await manager.close();
  await Promise.all(server.connections.map(closed));
});

test(`${String(SECURE_CASES)} more over TLS, some with a byte of TLS itself changed`, async () => {
  const authority = await mintAuthority({ commonName: "fuzz" });
  const { certificate, privateKey } = await mintCertificate({ issuer: authority, names: ["127.0.0.1"] });
  const server = createSecureServer({ cert: certificate, key: privateKey }, (socket) => {
    socket.on("error", () => undefined);
    answerMutated(socket);
  });
  server.on("tlsClientError", () => undefined);
  await listening(server);
  await using relay = await mutatingRelay((server.address() as AddressInfo).port);
  const trust = { type: "anchors", certificates: [authority.certificate] } as const;
  const manager = await openNetworkAccessManager({ ...settings, tls: { trust } });
  await askAll(manager, relay.origin.replace("http:", "https:"), SECURE_CASES);
  await manager.close();
  await Promise.all(relay.connections.map(closed));
  server.close();
});

const settings = {
  connectionsPerOrigin: CONNECTIONS,
  timeouts: { connect: 1_000, secure: 1_000, response: 1_000, body: 1_000 },
};

async function askAll(manager: NetworkAccessManager, origin: string, cases: number): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < cases) {
        next += 1;
        await ask(manager, origin, next);
      }
    }),
  );
}

/** Half by `request`, half by `fetch`; some with a body, some without a response's. */
async function ask(manager: NetworkAccessManager, origin: string, number: number): Promise<void> {
  const way = number % 2 === 0 ? "request" : "fetch";
  const signal = AbortSignal.timeout(HANG_MILLISECONDS);
  const options = number % 11 === 0 ? { method: "HEAD" } : number % 7 === 0 ? { method: "POST", body: "text" } : {};
  try {
    const answer = await manager[way](`${origin}/${String(number)}`, { ...options, signal });
    await answer.bytes();
  } catch (error) {
    const named = `case ${String(number)} of ${way}: ${inspect(error, { depth: 5 })}`;
    assert.notEqual(error, signal.reason, named);
    // The standard's fetch reads a wrong content coding as it likes, and names it as it likes.
    assert.ok(way === "request" ? isCodedError(error) : error instanceof TypeError, named);
    assertKeepsNoBytes(error, named);
  }
}

/** The engine's parser puts what it read into its errors. */
function assertKeepsNoBytes(error: unknown, named: string): void {
  for (let at = error; at instanceof Error; at = at.cause) {
    assert.ok(!Object.getOwnPropertyNames(at).includes("data"), named);
  }
}

/** Answers each request by its target's number: what it is made of, how it is cut, and whether the stream ends. */
function answerMutated(socket: Socket): void {
  socket.on("data", (head: Buffer) => {
    const number = /^\S+ \/(\d+) /.exec(head.toString("latin1"))?.[1] ?? "0";
    const random = randomFrom(SEED + Number(number));
    const bytes = mutate(pick(random, VALID), random);
    const cut = random.below(bytes.length + 1);
    const ends = random.below(50) !== 0;
    socket.write(bytes.subarray(0, cut));
    setImmediate(() => {
      if (socket.destroyed) return;
      socket.write(bytes.subarray(cut));
      if (ends) socket.end();
    });
  });
}

/** Passes bytes on, and changes one of what the server says on every second connection. */
async function mutatingRelay(port: number): ReturnType<typeof scriptedServer> {
  return scriptedServer((socket, number) => {
    const random = randomFrom(SEED + number);
    const server = connect(port, "127.0.0.1");
    let until = number % 2 === 0 ? random.below(4_000) : Number.POSITIVE_INFINITY;
    server.on("error", () => socket.destroy());
    server.on("close", () => socket.destroy());
    socket.on("close", () => server.destroy());
    socket.pipe(server);
    server.on("data", (bytes: Buffer) => {
      if (until < bytes.length) bytes[until] = random.below(256);
      until = until < bytes.length ? Number.POSITIVE_INFINITY : until - bytes.length;
      socket.write(bytes);
    });
  });
}

async function listening(server: Server): Promise<void> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
const head = (...lines: readonly string[]): string => `${lines.join("\r\n")}\r\n\r\n`;
const ZIPPED = gzipSync("hello ".repeat(50));

const VALID: readonly Buffer[] = [
  latin1(`${head("HTTP/1.1 200 OK", "Content-Length: 5", "Set-Cookie: a=b; Path=/; Max-Age=10")}hello`),
  latin1(
    `${head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Trailer: X-T")}5;e=1\r\nhello\r\n0\r\nX-T: 1\r\n\r\n`,
  ),
  Buffer.concat([
    latin1(head("HTTP/1.1 200 OK", "Content-Encoding: gzip", `Content-Length: ${String(ZIPPED.length)}`)),
    ZIPPED,
  ]),
  Buffer.concat([latin1(head("HTTP/1.1 200 OK", "Content-Encoding: gzip", "Connection: close")), ZIPPED]),
  latin1(`${head("HTTP/1.1 302 Found", "Location: /next?a#b", "Content-Length: 3")}xyz`),
  latin1(head("HTTP/1.1 307 Temporary Redirect", "Location: ./0", "Content-Length: 0")),
  latin1(
    `${head("HTTP/1.1 100 Continue")}${head("HTTP/1.1 103 Early Hints", "Link: </a>")}` +
      `${head("HTTP/1.1 200 OK", "Content-Length: 2", "Keep-Alive: timeout=5")}ok`,
  ),
  latin1(head("HTTP/1.1 204 No Content", "Strict-Transport-Security: max-age=1; includeSubDomains")),
  latin1(`${head("HTTP/1.0 200 OK")}until the end`),
  latin1(head("HTTP/1.1 304 Not Modified", 'ETag: "x"')),
  latin1(head("HTTP/1.1 101 Switching Protocols", "Upgrade: x", "Connection: Upgrade")),
  latin1(head("HTTP/1.1 401 Unauthorized", "WWW-Authenticate: Basic", "Content-Length: 0")),
];

/** What attacks on parsers are made of. */
const TOKENS: readonly Buffer[] = [
  ...["\r\n", "\n", "\r", "\0", ":", " ", "ffffffffffffffff", "-1", "\xff\xfe", "A".repeat(20_000)],
  ...["Content-Length: 3", "Transfer-Encoding: chunked", "Connection: close", "Connection: upgrade", "Set-Cookie: "],
  ...["Location: http://u@h/", "Location: /", "Location: x:", "__proto__: x", "Strict-Transport-Security: x"],
  ...[
    "Content-Encoding: br",
    "Content-Encoding: zstd",
    "Content-Encoding: deflate",
    "HTTP/1.1 100 ",
    "HTTP/1.1 200 OK",
  ],
].map((text) => latin1(text.includes(": ") || text.startsWith("HTTP") ? `${text}\r\n` : text));

/** One to three changes: a byte, a piece left out, doubled or put in, an end, the tail of another response. */
function mutate(valid: Buffer, random: Random): Buffer {
  let bytes = valid;
  for (let changes = 1 + random.below(3); changes > 0; changes -= 1) bytes = change(bytes, random);
  return bytes;
}

function change(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at);
  switch (random.below(7)) {
    case 0:
      return Buffer.concat([before, Buffer.of(random.below(256)), after.subarray(1)]);
    case 1:
      return Buffer.concat([before, after.subarray(random.below(8))]);
    case 2:
      return Buffer.concat([before, after.subarray(0, random.below(8)), after]);
    case 3:
      return Buffer.concat([before, pick(random, TOKENS), after]);
    case 4:
      return before;
    case 5: {
      const other = pick(random, VALID);
      return Buffer.concat([before, other.subarray(random.below(other.length))]);
    }
    default: {
      const line = bytes.indexOf("\r\n") + 2;
      return Buffer.concat([bytes.subarray(0, line), pick(random, TOKENS), bytes.subarray(line)]);
    }
  }
}

interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
}

/** Mulberry32: the same numbers for the same seed, on every machine. */
function randomFrom(seed: number): Random {
  let state = seed | 0;
  return {
    below: (limit) => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
    },
  };
}

function pick(random: Random, from: readonly Buffer[]): Buffer {
  return from[random.below(from.length)] ?? Buffer.alloc(0);
}
