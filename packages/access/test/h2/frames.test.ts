import {
  openNetworkAccessManager,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
} from "@fairlead/access";
import { createLookup } from "@fairlead/testserver";
import { mintAuthority } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { tlsBackends } from "../tls-backends.ts";
import { Frame, frame, frameServer, numbers, response, type FrameConnection } from "./frame-server.ts";

const ca = await mintAuthority();
const open = (options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> =>
  openNetworkAccessManager({
    lookup: createLookup("127.0.0.1"),
    ...options,
    tls: { trust: { type: "anchors", certificates: [ca.certificate] }, ...options.tls },
  });
const repeat = (bytes: Buffer, times: number): Buffer => Buffer.concat(Array.from({ length: times }, () => bytes));
const OK = Buffer.of(0x88);

test("bodies whose frames come together, in turn and padded, are each whole", async () => {
  await using server = await frameServer(ca, (connection, { type, stream }) => {
    if (type !== Frame.headers) return;
    if (stream === 1) connection.send(response(1, "ok"));
    if (stream !== 5) return;
    const frames = [3, 5].map((id) => frame(Frame.headers, 4, id, OK));
    for (let turn = 0; turn < 60; turn += 1) {
      for (const id of [3, 5]) {
        const data = Buffer.from(`${String(id)}:${String(turn)} `);
        frames.push(frame(Frame.data, 0, id, data));
        if (turn % 3 === 0) frames.push(frame(Frame.data, 0, id, data));
        if (turn % 5 === 0) frames.push(frame(Frame.data, 8, id, Buffer.of(2, ...data, 0, 0)));
      }
    }
    connection.send(...frames, frame(Frame.data, 1, 3), frame(Frame.data, 1, 5));
  });
  await using manager = await open();
  assert.equal(await (await manager.request(server.origin)).text(), "ok");
  const bodies = await Promise.all(
    [3, 5].map(async () => {
      let text = "";
      for await (const piece of (await manager.request(server.origin)).stream()) text += String(piece);
      return text;
    }),
  );
  const expected = [3, 5].map((id) =>
    Array.from({ length: 60 }, (_, turn) =>
      `${String(id)}:${String(turn)} `.repeat(1 + Number(turn % 3 === 0) + Number(turn % 5 === 0)),
    ).join(""),
  );
  assert.deepEqual(bodies, expected);
});

describe("a peer that floods is cut off by name", () => {
  const FLOODS: readonly (readonly [string, (stream: number) => Buffer])[] = [
    ["settings", () => repeat(frame(Frame.settings, 0, 0), 2_000)],
    ["ping", () => repeat(frame(Frame.ping, 0, 0, Buffer.alloc(8)), 2_000)],
    ["reset", (stream) => repeat(frame(Frame.rstStream, 0, stream - 2, numbers(8)), 2_000)],
    ["continuation", (stream) => Buffer.concat([frame(1, 0, stream), repeat(frame(9, 0, stream, OK), 2_000)])],
    [
      "header size",
      (stream) => Buffer.concat([frame(1, 0, stream), repeat(frame(9, 0, stream, Buffer.alloc(16_384, 0x88)), 9)]),
    ],
    ["empty frames", (stream) => Buffer.concat([frame(1, 4, stream, OK), repeat(frame(Frame.data, 0, stream), 2_000)])],
    ["window updates", () => repeat(frame(Frame.windowUpdate, 0, 0, numbers(1)), 3_000)],
    ["priority", (stream) => repeat(frame(Frame.priority, 0, stream, Buffer.alloc(5)), 2_000)],
  ];

  for (const backend of tlsBackends) {
    test(`over ${backend.name}: ${FLOODS.map(([name]) => name).join(", ")}`, async () => {
      for (const [name, flood] of FLOODS) {
        await using server = await frameServer(ca, (connection, { type, stream }) => {
          if (type !== Frame.headers) return;
          // The first request on a connection is answered, so that there is a stream that was closed.
          connection.send(stream === 1 ? response(1, "ok") : flood(stream));
        });
        await using manager = await open({ tls: { backend } });
        assert.equal(await (await manager.request(server.origin)).text(), "ok");
        const failure = await (async (): Promise<unknown> => {
          const reply = await manager.request(server.origin, { method: "POST" });
          return reply.bytes();
        })().catch((error: unknown) => error);
        assert.ok(failure instanceof Error && "code" in failure, String(failure));
        assert.equal(failure.code, "HTTP2_FLOOD", name);
        assert.ok(failure.message.includes(`(${name})`), failure.message);
        const [socket] = server.connections;
        if (socket?.closed === false) await once(socket, "close");
        // Another connection is as good as before.
        assert.equal(await (await manager.request(server.origin)).text(), "ok");
        assert.equal(server.connections.length, 2);
      }
    });
  }
});

describe("what breaks a rule is refused by name", () => {
  const answering =
    (...frames: readonly ((stream: number) => Buffer)[]) =>
    (connection: FrameConnection, { type, stream }: { readonly type: number; readonly stream: number }): void => {
      if (type === Frame.headers) connection.send(...frames.map((make) => make(stream)));
    };
  for (const [why, code, make] of [
    ["a response without a status", "RESPONSE_MALFORMED", (stream: number) => frame(1, 5, stream, Buffer.of(0x82))],
    [
      "a name in upper case",
      "RESPONSE_MALFORMED",
      (stream: number) =>
        frame(1, 5, stream, Buffer.concat([OK, Buffer.of(0, 1), Buffer.from("A"), Buffer.of(1, 0x62)])),
    ],
    [
      "a line break in a value",
      "RESPONSE_MALFORMED",
      (stream: number) =>
        frame(1, 5, stream, Buffer.concat([OK, Buffer.of(0, 1), Buffer.from("a"), Buffer.of(2, 13, 10)])),
    ],
    ["a frame larger than allowed", "HTTP2_VIOLATION", (stream: number) => frame(0, 0, stream, Buffer.alloc(20_000))],
    ["a push", "HTTP2_VIOLATION", (stream: number) => frame(5, 4, stream, numbers(2))],
    ["a reset for reasons of its own", "HTTP2_STREAM_RESET", (stream: number) => frame(3, 0, stream, numbers(2))],
    [
      "a body beyond its Content-Length",
      "RESPONSE_LENGTH_EXCEEDED",
      (stream: number) =>
        Buffer.concat([
          frame(1, 4, stream, Buffer.concat([OK, Buffer.of(0x0f, 13, 1, 0x31)])),
          frame(0, 1, stream, OK),
          frame(0, 1, stream, OK),
        ]),
    ],
    [
      "a body short of its Content-Length",
      "RESPONSE_TRUNCATED",
      (stream: number) => frame(1, 5, stream, Buffer.concat([OK, Buffer.of(0x0f, 13, 1, 0x31)])),
    ],
  ] as const) {
    test(`${why}: ${code}`, async () => {
      const send =
        code === "RESPONSE_LENGTH_EXCEEDED"
          ? (stream: number): Buffer =>
              Buffer.concat([make(stream).subarray(0, 14), frame(0, 0, stream, Buffer.alloc(5))])
          : make;
      await using server = await frameServer(ca, answering(send));
      await using manager = await open();
      await assert.rejects(async () => (await manager.request(server.origin, { method: "POST" })).bytes(), { code });
    });
  }

  test("a connection that is lost within a body", async () => {
    await using server = await frameServer(ca, (connection, { type, stream }) => {
      if (type !== Frame.headers) return;
      connection.send(frame(1, 4, stream, OK), frame(0, 0, stream, OK));
      connection.socket.end();
    });
    await using manager = await open();
    await assert.rejects(async () => (await manager.request(server.origin)).bytes(), { code: "RESPONSE_TRUNCATED" });
  });
});

describe("a connection that was not used for a while", () => {
  test("shows with the next request that it lives", async () => {
    let pings = 0;
    await using server = await frameServer(ca, (connection, { type, flags, stream, payload }) => {
      if (type === Frame.ping && flags === 0) {
        pings += 1;
        connection.send(frame(Frame.ping, 1, 0, payload));
      }
      if (type === Frame.headers) connection.send(response(stream, "ok"));
    });
    await using manager = await open({ http2: { pingAfterMilliseconds: 0 } });
    for (const method of ["GET", "GET", "POST"]) {
      assert.equal(await (await manager.request(server.origin, { method })).text(), "ok");
    }
    assert.equal(server.connections.length, 1);
    assert.ok(pings >= 2, String(pings));
  });

  test("is given up when it shows none, and no request is lost, whether it may be repeated or not", async () => {
    const seen: string[] = [];
    await using server = await frameServer(ca, (connection, { type, stream }, number) => {
      if (type !== Frame.headers) return;
      seen.push(`${String(number)}:${String(stream)}`);
      if (number === 1 && stream > 1) return;
      connection.send(response(stream, "ok"));
    });
    await using manager = await open({ http2: { pingAfterMilliseconds: 0, pingTimeoutMilliseconds: 50 } });
    assert.equal(await (await manager.request(server.origin)).text(), "ok");
    const replies = await Promise.all(["GET", "POST"].map((method) => manager.request(server.origin, { method })));
    for (const reply of replies) assert.equal(await reply.text(), "ok");
    // The POST was never written to the dead one.
    assert.deepEqual(seen, ["1:1", "1:3", "2:1", "2:3"]);
  });
});
