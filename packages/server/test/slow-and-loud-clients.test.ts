import { clientFrames } from "@fairlead/conformance/http2";
import { TimeoutError } from "@fairlead/core";
import { type HttpLimits, serve, type RequestRefusal } from "@fairlead/server";
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, test } from "node:test";

const { frame, get, numbers, PREFACE, settings, Type } = clientFrames;
const CLIENTS = 100;
const large = Buffer.alloc(4_194_304);

/** For clients that are slow. Those that are loud are cut off long before any deadline. */
const shortDeadlines = { headMilliseconds: 600, bodyIdleMilliseconds: 600, writeIdleMilliseconds: 600 };

/** What a server refused, while a client asks as all of that goes on. */
async function attacked(
  attack: (port: number) => Socket,
  limits: Partial<HttpLimits> = {},
): Promise<{ refusals: RequestRefusal[]; left: number }> {
  const refusals: RequestRefusal[] = [];
  await using running = await serve({
    fetch: async (request) => {
      if (request.url.endsWith("/large")) return new Response(large);
      return new Response(`hello ${String((await request.arrayBuffer()).byteLength)}`);
    },
    limits,
    observers: [{ onRefusal: (_facts, refusal) => refusals.push(refusal) }],
  });
  const sockets = Array.from({ length: CLIENTS }, () => attack(running.port ?? 0));
  // A reset is an end as well.
  for (const socket of sockets) socket.on("error", () => undefined);
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on("close", resolve))));
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  for (let count = 0; count < 20; count += 1) {
    assert.equal(await (await fetch(running.url ?? "", { signal: AbortSignal.timeout(20_000) })).text(), "hello 0");
  }
  await closed;
  assert.equal(await (await fetch(running.url ?? "")).text(), "hello 0");
  return { refusals, left: running.server.load.requests };
}

/** Sends a beginning, and then little by little. */
function dripping(port: number, beginning: string, drop: string | undefined): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.resume().write(beginning);
  const timer = setInterval(() => drop !== undefined && socket.write(drop), 100);
  socket.on("end", () => socket.end()).on("close", () => clearInterval(timer));
  return socket;
}

describe("others are answered, and each of a hundred is cut off,", { timeout: 120_000 }, () => {
  test("where clients send a head octet by octet, without end", async () => {
    const { refusals, left } = await attacked(
      (port) => dripping(port, "GET / HTTP/1.1\r\nHost: a\r\nX-A: ", "a"),
      shortDeadlines,
    );
    assert.equal(refusals.length, CLIENTS);
    assert.ok(refusals.every(({ status, error }) => status === 408 && error instanceof TimeoutError));
    assert.equal(left, 0);
  });

  test("where clients promise content and send none", async () => {
    const beginning = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc";
    const { left } = await attacked((port) => dripping(port, beginning, undefined), shortDeadlines);
    assert.equal(left, 0);
  });

  test("where clients ask for much and read nothing", async () => {
    const { left } = await attacked((port) => {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.pause().write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
      // Who does not read does not see the end of it either, except by writing.
      const timer = setInterval(() => socket.write("x"), 100);
      return socket.on("close", () => clearInterval(timer));
    }, shortDeadlines);
    assert.equal(left, 0);
  });

  for (const [what, flood] of [
    [
      "reset what they ask for (CVE-2023-44487)",
      (n: number) => [get(2 * n + 1), frame(Type.rstStream, 0, 2 * n + 1, numbers(8))],
    ],
    ["send SETTINGS without end (CVE-2019-9515)", () => [settings([3, 1])]],
    ["send PING without end (CVE-2019-9512)", () => [frame(Type.ping, 0, 0, Buffer.alloc(8))]],
    [
      "go on with a field block of nothing (CVE-2024-27316)",
      (n: number) => [n === 0 ? frame(Type.headers, 1, 1) : frame(Type.continuation, 0, 1)],
    ],
    ["send DATA of nothing (CVE-2019-9518)", (n: number) => [n === 0 ? clientFrames.post(1) : frame(Type.data, 0, 1)]],
  ] as const) {
    test(`where clients of HTTP/2 ${what}`, async () => {
      const bytes = Buffer.concat(Array.from({ length: 2_000 }, (_, index) => flood(index)).flat());
      const { refusals, left } = await attacked((port) => {
        const socket = connect(port, "127.0.0.1");
        socket.resume().write(Buffer.concat([PREFACE, settings(), bytes]));
        return socket;
      });
      assert.deepEqual([...new Set(refusals.map(({ error }) => error.code))], ["HTTP2_FLOOD"]);
      assert.equal(refusals.length, CLIENTS);
      assert.equal(left, 0);
    });
  }
});
