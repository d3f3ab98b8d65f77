import type { NetworkAccessManager, Reply } from "@fairlead/access";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync, gzipSync } from "node:zlib";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { answering, closed, response, scriptedServer, type ScriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;
const origin = (): string => fixture.network.https.origin;

const MEBIBYTE = 1_048_576;
const PLAIN_TEXT = "The quick brown fox jumps over the lazy dog, over and over again.\n".repeat(63).slice(0, 4096);
const HEAD_OF_TEN = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

/** Two of three answers are whole; `/part` never ends. */
const partial = (): Promise<ScriptedServer> =>
  scriptedServer(answering((target) => (target === "/part" ? `${HEAD_OF_TEN}part` : response("whole"))));

async function textOf(manager: NetworkAccessManager, url: string): Promise<string> {
  return (await manager.request(url)).text();
}

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield chunk as Buffer;
}

describe("a body is read once, in any of these ways", () => {
  const readers: [way: string, read: (reply: Reply) => Promise<Uint8Array>][] = [
    ["bytes", (reply) => reply.bytes()],
    ["text", async (reply) => Buffer.from(await reply.text(), "utf8")],
    ["json", async (reply) => Buffer.from(JSON.stringify(await reply.json()))],
    ["stream", (reply) => buffer(reply.stream())],
    ["asynchronous iteration", (reply) => buffer(reply)],
  ];
  for (const [way, read] of readers) {
    test(way, async () => {
      await using manager = await open();
      const reply = await manager.request(`${origin()}/json`);
      assert.equal((await read(reply)).length, 1_024);
      await assert.rejects(reply.bytes(), TypeError);
      await assert.rejects(reply.text(), TypeError);
      await assert.rejects(reply.json(), TypeError);
      assert.throws(() => reply.stream(), TypeError);
      assert.throws(() => reply[Symbol.asyncIterator](), TypeError);
    });
    test(`${way}, when all of it has come already, and when none has`, async () => {
      const body = JSON.stringify("x".repeat(1_022));
      await using server = await scriptedServer((socket) => {
        socket.once(
          "data",
          () => void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(body.length)}\r\n\r\n`),
        );
      });
      await using manager = await open();
      const late = await manager.request(server.origin);
      const reading = read(late);
      (await server.connection(1)).write(body);
      assert.equal((await reading).length, body.length);
    });
  }

  test("large bodies come whole and in order", async () => {
    await using manager = await open();
    for (const size of [0, 1, 65_535, 65_536, 65_537, 1_000_000]) {
      for (const read of [(reply: Reply) => reply.bytes(), (reply: Reply) => buffer(reply.stream())]) {
        const bytes = await read(await manager.request(`${origin()}/bytes/${String(size)}`));
        assert.equal(bytes.length, size);
        assert.ok(bytes.every((byte, index) => byte === index % 251));
      }
    }
  });

  test("a byte order mark is no text, and what is no UTF-8 is replaced", async () => {
    const bodies: [bytes: string, text: string][] = [
      ["\xef\xbb\xbfmark", "mark"],
      ["\xef\xbb\xbf{}", "{}"],
      ["caf\xc3\xa9", "café"],
      ["caf\xe9", "caf\ufffd"],
      ["", ""],
    ];
    await using server = await scriptedServer(
      answering((target) => response(bodies[Number(target.slice(1))]?.[0] ?? "")),
    );
    await using manager = await open();
    for (const [index, [, text]] of bodies.entries()) {
      assert.equal(await textOf(manager, `${server.origin}/${String(index)}`), text);
    }
    assert.deepEqual(await (await manager.request(`${server.origin}/1`)).json(), {});
    await assert.rejects((await manager.request(`${server.origin}/4`)).json(), SyntaxError);
  });
});

describe("heads", () => {
  test("status, ok, url and fields; a repeated field is a list", async () => {
    const fields = ["X-One: 1", "Set-Cookie: a=1", "Set-Cookie: b=2", "__proto__: x", "constructor: y"];
    await using server = await scriptedServer(answering(() => response("ok", ...fields)));
    await using manager = await open();
    const reply = await manager.request(`${server.origin}/path?query#fragment`);
    assert.equal(reply.status, 200);
    assert.equal(reply.ok, true);
    assert.equal(reply.url, `${server.origin}/path?query#fragment`);
    assert.equal(reply.headers["x-one"], "1");
    assert.deepEqual(reply.headers["set-cookie"], ["a=1", "b=2"]);
    assert.equal(reply.headers.constructor, "y");
    await reply.text();
    const statuses = [];
    for (const status of [204, 299, 300, 404, 500]) {
      const { ok } = await manager.request(`${origin()}/status/${String(status)}`);
      statuses.push(ok);
    }
    assert.deepEqual(statuses, [true, true, false, false, false]);
  });

  test("trailers are there when the body has ended", async () => {
    const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Digest: abc\r\n\r\n";
    await using server = await scriptedServer(answering(() => chunked));
    await using manager = await open();
    const reply = await manager.request(server.origin);
    assert.equal(await reply.text(), "ok");
    assert.deepEqual(reply.trailers, { "x-digest": "abc" });
  });

  for (const [what, method, status] of [
    ["HEAD", "HEAD", "200 OK\r\nContent-Length: 10\r\nContent-Encoding: gzip"],
    ["204", "GET", "204 No Content"],
    ["304", "GET", "304 Not Modified\r\nContent-Length: 10\r\nETag: x"],
  ] as const) {
    test(`${what} has no body to wait for`, async () => {
      await using server = await scriptedServer(answering(() => `HTTP/1.1 ${status}\r\n\r\n`));
      await using manager = await open();
      const reply = await manager.request(server.origin, { method });
      assert.equal((await reply.bytes()).length, 0);
      assert.equal((await buffer((await manager.request(server.origin, { method })).stream())).length, 0);
    });
  }
});

describe("interim responses are skipped (RFC 9110 section 15.2)", () => {
  const interim: [what: string, bytes: string][] = [
    ["100", "HTTP/1.1 100 Continue\r\n\r\n"],
    ["100 with fields", "HTTP/1.1 100 Continue\r\nX-A: 1\r\nX-B: 2\r\n\r\n"],
    ["several 100", "HTTP/1.1 100 Continue\r\n\r\n".repeat(3)],
    ["102", "HTTP/1.1 102 Processing\r\n\r\n"],
    ["103", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"],
    ["100, then 103", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"],
  ];
  for (const [what, bytes] of interim) {
    test(`${what}, whole and byte by byte`, async () => {
      const whole = bytes + response("final");
      await using server = await scriptedServer((socket) => {
        socket.setNoDelay(true);
        socket.on("data", (head) => {
          if (!head.toString().startsWith("GET /slow")) socket.write(whole);
          else writeSingly(socket, whole);
        });
      });
      await using manager = await open();
      for (const path of ["/whole", "/slow", "/slow", "/whole"]) {
        const reply = await manager.request(server.origin + path);
        assert.equal(reply.status, 200);
        assert.equal(await reply.text(), "final");
      }
      assert.equal(server.connections.length, 1);
    });
  }

  test("a 100 that is cut, and one that has no end, are errors", async () => {
    const long = `HTTP/1.1 100 Continue\r\nX-Long: ${"x".repeat(20_000)}`;
    await using server = await scriptedServer(
      answering((target, socket) => {
        if (target === "/long") return long;
        socket.end("HTTP/1.1 100 Cont");
        return undefined;
      }),
    );
    await using manager = await open();
    await assert.rejects(manager.request(`${server.origin}/cut`), { code: "RESPONSE_MISSING" });
    await assert.rejects(manager.request(`${server.origin}/long`), { name: "ProtocolError" });
  });

  test("a 101 that nobody asked for is an error", async () => {
    await using manager = await open();
    const switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    await using server = await scriptedServer(answering(() => switching));
    await assert.rejects(manager.request(server.origin), { code: "RESPONSE_MALFORMED" });
  });

  test("what looks like a 100 in a body is the body", async () => {
    const body = "HTTP/1.1 100 Continue\r\n\r\n";
    await using server = await scriptedServer((socket) => {
      socket.on("data", () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(body.length)}\r\n\r\n`);
        setImmediate(() => void socket.write(body));
      });
    });
    await using manager = await open();
    assert.equal(await textOf(manager, server.origin), body);
  });

  function writeSingly(socket: { write(bytes: string, done: () => void): boolean }, bytes: string): void {
    if (bytes === "") return;
    socket.write(bytes.slice(0, 1), () => {
      setImmediate(() => {
        writeSingly(socket, bytes.slice(1));
      });
    });
  }
});

describe("content codings (RFC 9110 section 8.4)", () => {
  const paths = ["gzip", "deflate", "deflate-raw", "br", "zstd", "stacked", "members", "identity"];
  for (const path of paths) {
    test(path, async () => {
      await using manager = await open();
      const url = `${origin()}/compress/${path}`;
      assert.equal(await textOf(manager, url), PLAIN_TEXT);
      assert.equal((await buffer((await manager.request(url)).stream())).toString(), PLAIN_TEXT);
      const { body } = await rawBody(manager, url);
      if (path === "identity") assert.equal(body.toString(), PLAIN_TEXT);
      else assert.ok(body.length < 1_000, "decode: false gives the bytes of the wire");
    });
  }

  test("names in any case, x-gzip, identity among them, several fields", async () => {
    const gzipped = gzipSync("text").toString("latin1");
    const twice = brotliCompressSync(gzipSync("text")).toString("latin1");
    const table: [fields: string[], body: string][] = [
      [["Content-Encoding: GZip"], gzipped],
      [["Content-Encoding: x-gzip"], gzipped],
      [["Content-Encoding: gzip, identity"], gzipped],
      [["Content-Encoding: identity"], "text"],
      [["Content-Encoding:"], "text"],
      [["Content-Encoding: gzip, br"], twice],
      [["Content-Encoding: gzip", "Content-Encoding: br"], twice],
    ];
    await using server = await scriptedServer(
      answering((target) => {
        const [fields = [], body = ""] = table[Number(target.slice(1))] ?? [];
        return response(body, ...fields);
      }),
    );
    await using manager = await open();
    for (const [index, [fields]] of table.entries()) {
      assert.equal(await textOf(manager, `${server.origin}/${String(index)}`), "text", fields.join());
    }
  });

  test("a body without bytes has no coding to undo", async () => {
    for (const coding of ["gzip", "br", "zstd", "deflate", "gzip, br"]) {
      await using server = await scriptedServer(answering(() => response("", `Content-Encoding: ${coding}`)));
      await using manager = await open();
      assert.equal(await textOf(manager, server.origin), "");
      assert.equal((await buffer((await manager.request(server.origin)).stream())).length, 0);
    }
  });

  test("pieces of one byte are as good as the whole", async () => {
    for (const coding of ["gzip", "deflate", "deflate-raw", "br", "zstd"]) {
      await using manager = await open();
      const { body, name } = await rawBody(manager, `${origin()}/compress/${coding}`);
      const chunks = Array.from(body, (byte) => `1\r\n${String.fromCharCode(byte)}\r\n`).join("");
      const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${name}\r\nTransfer-Encoding: chunked\r\n\r\n`;
      await using server = await scriptedServer(answering(() => `${head}${chunks}0\r\n\r\n`));
      assert.equal(await textOf(manager, server.origin), PLAIN_TEXT, coding);
    }
  });

  async function rawBody(manager: NetworkAccessManager, url: string): Promise<{ body: Buffer; name: string }> {
    const reply = await manager.request(url);
    const name = reply.headers["content-encoding"];
    return { body: await buffer(reply.stream({ decode: false })), name: typeof name === "string" ? name : "" };
  }
});

describe("limits", () => {
  test("a body read whole may not be larger than bodyLimitBytes", async () => {
    await using manager = await open({ bodyLimitBytes: 100_000 });
    assert.equal((await (await manager.request(`${origin()}/bytes/100000`)).bytes()).length, 100_000);
    for (const read of ["bytes", "text", "json"] as const) {
      const reply = await manager.request(`${origin()}/bytes/100001`);
      await assert.rejects(reply[read](), { name: "PolicyError", code: "BODY_LIMIT" });
    }
    const streamed = await buffer((await manager.request(`${origin()}/bytes/100001`)).stream());
    assert.equal(streamed.length, 100_001, "a stream has no limit");
  });

  test("one that is larger closes its connection, and no other", async () => {
    await using server = await scriptedServer(answering(() => response("x".repeat(200_000))));
    await using manager = await open({ bodyLimitBytes: 1_000 });
    const reply = await manager.request(server.origin);
    await assert.rejects(reply.bytes(), { code: "BODY_LIMIT" });
    await closed(await server.connection(1));
  });

  test("the limit is one of decoded bytes: a bomb is stopped, and takes no memory", async () => {
    await using manager = await open({ bodyLimitBytes: MEBIBYTE });
    const url = `${origin()}/compress/bomb?mebibytes=256`;
    const reply = await manager.request(url);
    const before = process.memoryUsage().arrayBuffers;
    await assert.rejects(reply.bytes(), { code: "BODY_LIMIT" });
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 * MEBIBYTE);
  });

  test("a bomb that is streamed unfolds no faster than it is read", async () => {
    await using manager = await open();
    const stream = (await manager.request(`${origin()}/compress/bomb?mebibytes=64`)).stream();
    await once(stream, "readable");
    for (let last = -1, same = 0; same < 50; ) {
      await textOf(manager, `${origin()}/json`);
      same = stream.readableLength === last ? same + 1 : 0;
      last = stream.readableLength;
    }
    assert.ok(stream.readableLength < MEBIBYTE, `${String(stream.readableLength)} bytes were decoded ahead`);
    let length = 0;
    for await (const chunk of chunksOf(stream)) length += chunk.length;
    assert.equal(length, 64 * MEBIBYTE);
  });

  for (const [who, start] of [
    ["nobody reads", () => undefined],
    [
      "a reader has stopped reading",
      (reply: Reply) => {
        const stream = reply.stream();
        stream.on("error", () => undefined);
        stream.read(0);
      },
    ],
  ] as const) {
    test(`the sender is held back when ${who}`, async () => {
      await using server = await scriptedServer((socket) => {
        socket.once("data", () => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(64 * MEBIBYTE)}\r\n\r\n`);
          socket.write(Buffer.alloc(64 * MEBIBYTE));
        });
      });
      await using other = await scriptedServer(answering(() => response("ok")));
      await using manager = await open();
      const reply = await manager.request(server.origin);
      start(reply);
      // Until nothing has come for many turns of the loop, each long enough for a whole exchange.
      const [hop] = reply.transaction.hops;
      for (let last = -1, same = 0; same < 50; ) {
        await textOf(manager, other.origin);
        same = hop?.bodyBytes === last ? same + 1 : 0;
        last = hop?.bodyBytes ?? 0;
      }
      assert.ok((hop?.bodyBytes ?? 0) < MEBIBYTE, `${String(hop?.bodyBytes)} bytes were taken in`);
      const socket = await server.connection(1);
      assert.ok(socket.writableLength > 0, "the peer still has most of it");
      await manager.destroy();
    });
  }
});

describe("giving up", () => {
  test("discard closes a connection whose body has not all come", async () => {
    await using server = await partial();
    await using manager = await open();
    const reply = await manager.request(`${server.origin}/part`);
    reply.discard();
    reply.discard();
    await closed(await server.connection(1));
    await assert.rejects(reply.text(), TypeError);
  });

  test("and keeps one whose body has", async () => {
    await using server = await partial();
    await using manager = await open();
    (await manager.request(server.origin)).discard();
    const read = await manager.request(server.origin);
    await read.text();
    read.discard();
    assert.equal(await textOf(manager, server.origin), "whole");
    assert.equal(server.connections.length, 1);
    const discarded = await manager.request(server.origin);
    discarded.discard();
    await assert.rejects(discarded.text(), TypeError, "and never gives an empty body for one that was dropped");
  });

  test("await using does the same", async () => {
    await using server = await partial();
    await using manager = await open();
    {
      await using reply = await manager.request(`${server.origin}/part`);
      assert.equal(reply.status, 200);
    }
    await closed(await server.connection(1));
  });

  test("discard ends a reading that is under way", async () => {
    await using server = await partial();
    await using manager = await open();
    const reply = await manager.request(`${server.origin}/part`);
    const text = reply.text();
    reply.discard();
    await assert.rejects(text, { name: "AbortError" });
  });

  test("leaving the iteration closes the connection", async () => {
    await using server = await partial();
    await using manager = await open();
    for await (const piece of await manager.request(`${server.origin}/part`)) {
      assert.equal(Buffer.from(piece).toString(), "part");
      break;
    }
    await closed(await server.connection(1));
  });

  for (const [what, coding] of [
    ["as it is", "identity"],
    ["encoded", "gzip"],
    ["encoded twice", "gzip, br"],
  ] as const) {
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: 1000\r\n\r\n`;
    const encoded = gzipSync("x".repeat(100));
    const first = (coding === "gzip, br" ? brotliCompressSync(encoded) : encoded).subarray(0, 20).toString("latin1");
    for (const [when, bytes] of [
      ["before anything came", head],
      ["in the middle", head + first],
    ] as const) {
      test(`a stream of a body ${what} is destroyed ${when}: the connection is closed, without an error`, async () => {
        await using server = await scriptedServer(answering(() => bytes));
        await using manager = await open();
        const stream = (await manager.request(server.origin)).stream();
        const outcome = once(stream, "close").then(() => "closed");
        stream.destroy();
        assert.equal(await outcome, "closed");
        await closed(await server.connection(1));
      });

      test(`a reply whose body ${what} is being streamed is discarded ${when}: the same`, async () => {
        await using server = await scriptedServer(answering(() => bytes));
        await using manager = await open();
        const reply = await manager.request(server.origin);
        const stream = reply.stream();
        stream.resume();
        const outcome = once(stream, "close").then(() => "closed");
        reply.discard();
        assert.equal(await outcome, "closed");
        await closed(await server.connection(1));
      });

      test(`the peer breaks off a body ${what} ${when}: its reader is told, once`, async () => {
        await using server = await scriptedServer(answering((_, socket) => void socket.end(bytes, "latin1")));
        await using manager = await open();
        const stream = (await manager.request(server.origin)).stream();
        const errors: unknown[] = [];
        stream.on("error", (error) => errors.push(error));
        await new Promise((resolve) => stream.once("close", resolve));
        assert.deepEqual(
          errors.map((error) => (error as { code?: string }).code),
          ["RESPONSE_TRUNCATED"],
        );
      });
    }
  }

  test("a body that fails while nobody reads it is an error to whoever reads it then, and to nobody else", async () => {
    await using server = await scriptedServer((socket) => {
      socket.once("data", () => void socket.write(`${HEAD_OF_TEN}part`));
    });
    await using manager = await open();
    const first = await manager.request(server.origin);
    const second = await manager.request(server.origin);
    for (const socket of server.connections) socket.end();
    for (const socket of server.connections) await closed(socket);
    await assert.rejects(first.text(), { code: "RESPONSE_TRUNCATED" });
    await assert.rejects(buffer(second.stream()), { code: "RESPONSE_TRUNCATED" });
  });
});
