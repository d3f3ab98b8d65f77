import {
  openNetworkAccessManager,
  transactionOf,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
  type RequestOptions,
} from "@fairlead/access";
import { createLookup } from "@fairlead/testserver";
import { mintAuthority } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { constants, type ServerHttp2Stream } from "node:http2";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { tlsBackends } from "../tls-backends.ts";
import { http2Server } from "./http2-server.ts";

const MIB = 1024 * 1024;
const ca = await mintAuthority();
const open = (options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> =>
  openNetworkAccessManager({
    lookup: createLookup("127.0.0.1"),
    ...options,
    tls: { trust: { type: "anchors", certificates: [ca.certificate] }, ...options.tls },
  });
const answer = (stream: ServerHttp2Stream, body = "ok"): void => {
  // The client, or a GOAWAY, may have ended it.
  if (stream.destroyed) return;
  stream.respond({ ":status": 200 });
  stream.end(body);
};

for (const backend of tlsBackends) {
  describe(`HTTP/2 over ${backend.name}`, () => {
    test("is agreed on by ALPN, and many requests at once share one connection, from the first on", async () => {
      await using server = await http2Server({ ca }, (stream, headers) => {
        answer(stream, headers[":path"]);
      });
      await using manager = await open({ tls: { backend } });
      const paths = Array.from({ length: 150 }, (_, index) => `/${String(index)}`);
      const bodies = await Promise.all(
        paths.map(async (path) => (await manager.request(server.origin() + path)).text()),
      );
      assert.deepEqual(bodies, paths);
      const response = await manager.fetch(`${server.origin()}/fetched`);
      assert.equal(await response.text(), "/fetched");
      assert.equal(transactionOf(response)?.hops[0]?.connection?.tls?.alpn, "h2");
      assert.ok(server.sockets.length <= 2, String(server.sockets.length));
    });

    test("carries large bodies both ways, unharmed", async () => {
      const body = Buffer.alloc(8 * MIB);
      for (let index = 0; index < body.length; index += 4) body.writeUInt32LE((index * 2_654_435_761) % 2 ** 32, index);
      await using server = await http2Server({ ca }, (stream) => {
        stream.respond({ ":status": 200 });
        stream.pipe(stream);
      });
      await using manager = await open({ tls: { backend } });
      const sent = [body, Readable.from([body.subarray(0, 100_001), body.subarray(100_001)])];
      for (const one of sent) {
        const reply = await manager.request(server.origin(), { method: "POST", body: one });
        const hash = createHash("sha256");
        for await (const piece of reply) hash.update(piece);
        assert.equal(hash.digest("hex"), createHash("sha256").update(body).digest("hex"));
      }
      assert.equal(server.sockets.length, 1);
    });

    test("resumes its TLS sessions", async () => {
      await using server = await http2Server({ ca }, (stream) => {
        answer(stream);
      });
      await using manager = await open({ tls: { backend }, http2: { idleMilliseconds: 1 } });
      const resumed: (boolean | undefined)[] = [];
      for (let index = 0; index < 3; index += 1) {
        const reply = await manager.request(server.origin());
        await reply.bytes();
        resumed.push(reply.transaction.hops[0]?.connection?.tls?.resumed);
        const socket = server.sockets[index];
        if (socket?.closed === false) await once(socket, "close");
      }
      assert.deepEqual(resumed, [false, true, true]);
    });
  });
}

describe("requests over HTTP/2", () => {
  test("have the fields of the standard, in lower case, and none that speak of the connection (RFC 9113 section 8.2)", async () => {
    await using server = await http2Server({ ca }, (stream, headers) => {
      stream.respond({ ":status": 200, "content-type": "application/json" });
      stream.end(JSON.stringify(Object.entries(headers)));
    });
    await using manager = await open();
    const reply = await manager.request(`${server.origin()}/path?query`, {
      method: "PUT",
      headers: { "X-One": "1", Connection: "close", Priority: "u=1", Cookie: "a=1; b=2", Host: "other.test" },
      body: "text",
    });
    assert.deepEqual(await reply.json(), [
      [":method", "PUT"],
      [":scheme", "https"],
      [":authority", "other.test"],
      [":path", "/path?query"],
      ["x-one", "1"],
      ["priority", "u=1"],
      ["cookie", "a=1; b=2"],
      ["content-length", "4"],
    ]);
    for (const [name, value] of [
      ["Transfer-Encoding", "chunked"],
      ["Upgrade", "websocket"],
      ["Keep-Alive", "1"],
      ["TE", "trailers"],
      ["Connection", "x-secret"],
      ["x", "a\r\nb: c"],
      ["x\r\ny", "1"],
      ["x y", "1"],
      ["x", "\u{1f600}"],
    ] as const) {
      const headers = [[name, value]] as const;
      await assert.rejects(manager.request(server.origin(), { headers }), { code: "HEADER_INVALID" }, name);
    }
    await assert.rejects(manager.request(server.origin(), { method: "A B" }), { code: "OPTION_INVALID" });
    assert.equal(server.sockets.length, 1);
  });

  test("get interim responses, repeated fields and trailers", async () => {
    await using server = await http2Server({ ca }, (stream) => {
      stream.additionalHeaders({ ":status": 103, link: "</style.css>" });
      stream.respond({ ":status": 200, "set-cookie": ["a=1", "b=2"], "x-list": ["1", "2"] }, { waitForTrailers: true });
      stream.once("wantTrailers", () => {
        if (!stream.closed) stream.sendTrailers({ "x-sum": "4" });
      });
      stream.end("body");
    });
    await using manager = await open();
    const reply = await manager.request(server.origin());
    assert.deepEqual(
      [reply.headers["set-cookie"], reply.headers["x-list"]],
      [
        ["a=1", "b=2"],
        ["1", "2"],
      ],
    );
    assert.equal(await reply.text(), "body");
    assert.deepEqual({ ...reply.trailers }, { "x-sum": "4" });
    assert.equal((await manager.request(server.origin(), { method: "HEAD" })).status, 200);
    assert.equal(server.sockets.length, 1);
  });

  test("that are aborted, time out or are discarded leave their connection to the others", async () => {
    await using server = await http2Server({ ca }, (stream, headers) => {
      if (headers[":path"] === "/ok") answer(stream);
      if (headers[":path"] === "/half") {
        stream.respond({ ":status": 200 });
        stream.write("half");
      }
    });
    await using manager = await open({ timeouts: { response: 50, body: 50 } });
    assert.equal(await (await manager.request(`${server.origin()}/ok`)).text(), "ok");
    const controller = new AbortController();
    const aborted = manager.request(`${server.origin()}/never`, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(aborted, { message: "enough" });
    await assert.rejects(manager.request(`${server.origin()}/never`), { code: "TIMED_OUT", phase: "response" });
    const half = await manager.request(`${server.origin()}/half`);
    await assert.rejects(half.bytes(), { code: "TIMED_OUT", phase: "body" });
    (await manager.request(`${server.origin()}/half`)).discard();
    assert.equal(await (await manager.request(`${server.origin()}/ok`)).text(), "ok");
    assert.equal(server.sockets.length, 1);
  });

  test("with a body that fails, or is not as long as it says, fail alone", async () => {
    await using server = await http2Server({ ca }, (stream) => {
      stream.resume().on("end", () => {
        answer(stream);
      });
    });
    await using manager = await open();
    const failing = async function* (): AsyncIterable<Uint8Array> {
      yield Buffer.from("a");
      await Promise.resolve();
      throw new Error("out of paper");
    };
    const post = (options: RequestOptions): Promise<unknown> =>
      manager.request(server.origin(), { method: "POST", ...options });
    await assert.rejects(post({ body: failing() }), { code: "REQUEST_BODY_FAILED" });
    const headers = { "content-length": "3" };
    await assert.rejects(post({ body: Readable.from([Buffer.from("abcd")]), headers }), { code: "OPTION_INVALID" });
    await assert.rejects(post({ body: Readable.from([Buffer.from("ab")]), headers }), { code: "OPTION_INVALID" });
    assert.equal(await (await manager.request(server.origin())).text(), "ok");
    assert.equal(server.sockets.length, 1);
  });

  test("whose response is whole before their body is end their body", async () => {
    await using server = await http2Server({ ca }, (stream) => {
      stream.respond({ ":status": 413 });
      stream.end("too much");
    });
    await using manager = await open();
    const body = new Readable({ read: () => undefined });
    body.push("a piece, and never an end");
    const reply = await manager.request(server.origin(), { method: "POST", body });
    assert.deepEqual([reply.status, await reply.text()], [413, "too much"]);
    assert.ok(body.destroyed);
    assert.equal((await manager.request(server.origin())).status, 413);
    assert.equal(server.sockets.length, 1);
  });

  test("that are read slowly hold their sender back, and nobody else", async () => {
    let written = 0;
    await using server = await http2Server({ ca }, (stream, headers) => {
      if (headers[":path"] === "/small") {
        answer(stream);
        return;
      }
      stream.respond({ ":status": 200 });
      const piece = Buffer.alloc(64 * 1024);
      const more = (): void => {
        while (written < 64 * MIB) {
          written += piece.length;
          if (!stream.write(piece)) return;
        }
        stream.end();
      };
      stream.on("drain", more);
      more();
    });
    await using manager = await open();
    const slow = await manager.request(`${server.origin()}/large`);
    for (let index = 0; index < 50; index += 1) {
      assert.equal(await (await manager.request(`${server.origin()}/small`)).text(), "ok");
    }
    assert.ok(written < 4 * MIB, String(written));
    let length = 0;
    for await (const piece of slow) length += piece.length;
    assert.equal(length, 64 * MIB);
    assert.equal(server.sockets.length, 1);
  });

  test("beyond those that a connection takes at once get another, so that responses that never end hold up nobody", async () => {
    await using server = await http2Server({ ca, settings: { maxConcurrentStreams: 10 } }, (stream, headers) => {
      stream.respond({ ":status": 200 });
      if (headers[":path"] === "/small") stream.end("ok");
      else stream.write("the first of many");
    });
    await using manager = await open();
    await (await manager.request(`${server.origin()}/small`)).bytes();
    const endless = await Promise.all(Array.from({ length: 25 }, () => manager.request(server.origin())));
    const small = await (await manager.request(`${server.origin()}/small`)).text();
    for (const reply of endless) reply.discard();
    assert.equal(small, "ok");
    assert.ok(server.sockets.length >= 3 && server.sockets.length < 10, String(server.sockets.length));
  });

  test("are not for WebSockets, nor for a server that does without, nor where it is turned off", async () => {
    await using server = await http2Server({ ca, allowHTTP1: true }, (stream) => {
      answer(stream);
    });
    await using manager = await open({ http2: false });
    const reply = await manager.request(server.origin());
    await reply.bytes();
    assert.equal(reply.transaction.hops[0]?.connection?.tls?.alpn, "http/1.1");
  });
});

describe("a server that takes its leave", () => {
  test("with GOAWAY under 4,000 requests at once loses none of them", async () => {
    let served = 0;
    await using server = await http2Server({ ca }, (stream, headers, session) => {
      served += 1;
      if (served % 500 === 0) session.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
      answer(stream, headers[":path"]);
    });
    await using manager = await open();
    const paths = Array.from({ length: 4_000 }, (_, index) => `/${String(index)}`);
    const bodies = await Promise.all(
      paths.map(async (path, index) => {
        const reply = await manager.request(server.origin() + path, { method: index % 2 === 0 ? "GET" : "POST" });
        return reply.text();
      }),
    );
    assert.deepEqual(bodies, paths);
    assert.ok(server.sockets.length > 5, String(server.sockets.length));
  });

  test("with REFUSED_STREAM has the request repeated, a body that can be sent again with it", async () => {
    let refused = 0;
    await using server = await http2Server({ ca }, (stream) => {
      if (refused < 3) {
        refused += 1;
        stream.close(constants.NGHTTP2_REFUSED_STREAM);
        return;
      }
      stream.respond({ ":status": 200 });
      stream.pipe(stream);
    });
    await using manager = await open();
    assert.equal(await (await manager.request(server.origin(), { method: "POST", body: "again" })).text(), "again");
    assert.equal(refused, 3);
  });

  test("with HTTP_1_1_REQUIRED is spoken to in HTTP/1.1 from then on (RFC 9113 section 7)", async () => {
    await using server = await http2Server({ ca, allowHTTP1: true }, (stream) => {
      stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED);
    });
    await using manager = await open();
    for (const method of ["POST", "GET"]) {
      const reply = await manager.request(server.origin(), { method });
      assert.equal(reply.transaction.hops[0]?.connection?.tls?.alpn, "http/1.1");
      await reply.bytes();
    }
    assert.equal(server.sockets.length, 2);
  });
});
