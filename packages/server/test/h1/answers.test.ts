import { isCodedError, TransportError } from "@fairlead/core";
import type { Exchange, ResponseHead } from "@fairlead/server";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serveOverMemory, type Serving } from "./serving.ts";

const GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
const HEAD = "HEAD / HTTP/1.1\r\nHost: a.example\r\n\r\n";
const GET_1_0 = "GET / HTTP/1.0\r\n\r\n";
const KEPT_1_0 = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
const SECRET = "s3cr3t";

const ok: ResponseHead = { status: 200, fields: [] };
const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Serves one request, and tells what its client got, without the Date. */
async function answered(request: string, answer: (exchange: Exchange) => void): Promise<string> {
  const serving = serveOverMemory(answer);
  serving.client.end(request);
  const text = await serving.received;
  serving.client.destroy();
  return text.replace(/date: [^\r]+ GMT\r\n/, "");
}

describe("an answer is framed by what is known of it, RFC 9112 section 6", () => {
  const stream =
    (...pieces: string[]) =>
    (exchange: Exchange) => {
      const sink = exchange.begin(ok);
      for (const piece of pieces) sink.write(bytes(piece));
      sink.end();
    };
  const respond = (head: ResponseHead, content?: string | Uint8Array) => (exchange: Exchange) => {
    exchange.respond(head, content);
  };
  const close = "connection: close\r\n";
  const table: [what: string, request: string, answer: (exchange: Exchange) => void, expected: string][] = [
    ["text", GET, respond(ok, "hello"), `HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello`],
    ["text that is no ASCII", GET, respond(ok, "é€"), `HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nÃ©â\x82¬`],
    ["bytes", GET, respond(ok, bytes("hi")), `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi`],
    ["nothing", GET, respond(ok), `HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n`],
    ["an unregistered status", GET, respond({ ...ok, status: 299 }), `HTTP/1.1 299 \r\ncontent-length: 0\r\n\r\n`],
    [
      "a length that was declared",
      GET,
      respond({ status: 200, fields: ["content-length", "2", "x", "1"] }, "hi"),
      `HTTP/1.1 200 OK\r\nx: 1\r\ncontent-length: 2\r\n\r\nhi`,
    ],
    ["HEAD", HEAD, respond(ok, "hello"), `HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n`],
    ["HEAD, of who knows", HEAD, respond(ok), `HTTP/1.1 200 OK\r\n\r\n`],
    [
      "HEAD, of who says",
      HEAD,
      respond({ status: 200, fields: ["content-length", "9"] }),
      `HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n`,
    ],
    ["HEAD of a stream", HEAD, stream("a", "b"), `HTTP/1.1 200 OK\r\n\r\n`],
    ["204", GET, respond({ ...ok, status: 204 }, "never"), `HTTP/1.1 204 No Content\r\n\r\n`],
    ["205", GET, respond({ ...ok, status: 205 }), `HTTP/1.1 205 Reset Content\r\ncontent-length: 0\r\n\r\n`],
    ["304", GET, respond({ status: 304, fields: ["etag", '"x"'] }), `HTTP/1.1 304 Not Modified\r\netag: "x"\r\n\r\n`],
    [
      "426 says what to change to",
      GET,
      respond({ status: 426, fields: ["upgrade", "websocket"] }),
      `HTTP/1.1 426 Upgrade Required\r\nupgrade: websocket\r\ncontent-length: 0\r\nconnection: upgrade\r\n\r\n`,
    ],
    [
      "a stream",
      GET,
      stream("hello", "", "a".repeat(16)),
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n10\r\n${"a".repeat(16)}\r\n0\r\n\r\n`,
    ],
    [
      "a large piece of it",
      GET,
      stream("a".repeat(20_000)),
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4e20\r\n${"a".repeat(20_000)}\r\n0\r\n\r\n`,
    ],
    ["a stream for HTTP/1.0", GET_1_0, stream("a", "b"), `HTTP/1.1 200 OK\r\n${close}\r\nab`],
    ["a stream for HTTP/1.0 that would keep", KEPT_1_0, stream("a", "b"), `HTTP/1.1 200 OK\r\n${close}\r\nab`],
  ];
  for (const [what, request, answer, expected] of table) {
    test(what, async () => {
      assert.equal(await answered(request, answer), expected);
    });
  }

  test("HTTP/1.0 that asks for it keeps its connection, and is told", async () => {
    const serving = serveOverMemory((exchange) => {
      exchange.respond(ok, "hi");
    });
    serving.client.write(KEPT_1_0);
    assert.match(await serving.got(/hi$/), /\r\nconnection: keep-alive\r\n/);
    serving.client.end();
    await serving.driver.closed;
  });

  test("a Date of the handler's own is kept, RFC 9110 section 6.6.1", async () => {
    const date = "Sun, 06 Nov 1994 08:49:37 GMT";
    const serving = serveOverMemory((exchange) => {
      exchange.respond({ status: 200, fields: ["date", date] }, undefined);
    });
    serving.client.end(GET);
    assert.deepEqual((await serving.received).match(/date: [^\r]+/g), [`date: ${date}`]);
  });

  test("a stream whose length was declared is sent as it is, and its connection kept", async () => {
    const serving = serveOverMemory((exchange) => {
      const sink = exchange.begin({ status: 200, fields: ["content-length", "4"] });
      sink.write(bytes("ab"));
      sink.write(bytes("cd"));
      sink.end();
    });
    serving.client.write(GET + GET);
    const text = await serving.got(/abcd[^]*abcd$/);
    assert.match(text, /^HTTP\/1\.1 200 OK\r\ncontent-length: 4\r\ndate: [^\r]+\r\n\r\nabcdHTTP/);
    serving.client.destroy();
  });

  test("trailers follow chunks, and are left out where there are none", async () => {
    const answer = (exchange: Exchange): void => {
      const sink = exchange.begin(ok);
      sink.write(bytes("a"));
      sink.end(["x-sum", "1"]);
    };
    assert.match(await answered(GET, answer), /\r\n1\r\na\r\n0\r\nx-sum: 1\r\n\r\n$/);
    assert.match(await answered(GET_1_0, answer), /\r\n\r\na$/);
  });
});

describe("large content", () => {
  const content = Buffer.alloc(3_000_000, "0123456789");
  for (const [what, given] of [
    ["bytes", content],
    ["text", content.toString("latin1")],
  ] as const) {
    test(`${what} leave as their client takes them, and the answer has left when all has`, async () => {
      const serving = serveOverMemory(
        (exchange) => {
          exchange.respond(ok, given);
        },
        {},
        { reads: false },
      );
      serving.client.write(GET);
      await serving.taken(1);
      await serving.settled();
      assert.equal(serving.ends.length, 0);
      assert.ok(serving.server.writableLength < 200_000, "the rest is not in the stream's buffer");
      let length = 0;
      serving.client.on("data", (piece: Buffer) => (length += piece.length));
      serving.client.end();
      await serving.received;
      assert.ok(length > content.length, `${String(length)} octets`);
      assert.deepEqual(
        serving.ends.map(({ end }) => end.bytesOut),
        [content.length],
      );
    });
  }

  test("a sink says when to wait, and when there is room", async () => {
    const written: number[] = [];
    const serving = serveOverMemory(
      (exchange) => {
        void (async () => {
          const sink = exchange.begin(ok);
          for (let count = 0; count < 100; count += 1) {
            written.push(count);
            if (!sink.write(Buffer.alloc(16_384))) await sink.drained();
          }
          sink.end();
        })();
      },
      {},
      { reads: false },
    );
    serving.client.write(GET);
    await serving.taken(1);
    await serving.settled();
    assert.ok(written.length < 15, `${String(written.length)} pieces`);
    serving.client.resume();
    serving.client.end();
    await serving.driver.closed;
    assert.equal(written.length, 100);
    assert.equal(serving.ends[0]?.end.bytesOut, 1_638_400);
  });

  test("who waits for room learns that the client has left", async () => {
    const failures: unknown[] = [];
    const serving = serveOverMemory(
      (exchange) => {
        const sink = exchange.begin(ok);
        sink.write(Buffer.alloc(500_000));
        sink.drained().catch((error: unknown) => failures.push(error));
      },
      {},
      { reads: false },
    );
    serving.client.write(GET);
    await serving.taken(1);
    serving.client.destroy();
    await serving.driver.closed;
    await serving.settled();
    assert.ok(failures[0] instanceof TransportError && failures[0].code === "CLIENT_GONE");
  });
});

describe("what cannot be sent is refused by name, and can be answered otherwise", () => {
  const table: [what: string, head: Partial<ResponseHead>, content: string | undefined, detail: string][] = [
    ["a line break in a value", { fields: ["x-a", `${SECRET}\r\nx-b: 1`] }, undefined, "the value of x-a"],
    ["a NUL", { fields: ["x-a", `${SECRET}\0`] }, undefined, "the value of x-a"],
    ["a character that is no byte", { fields: ["x-a", `${SECRET}\u010a`] }, undefined, "the value of x-a"],
    ["a name without a value", { fields: ["x-a"] }, undefined, "the value of x-a"],
    ["a line as a name", { fields: [`x-a: ${SECRET}`, ""] }, undefined, "a name that begins with x-a"],
    [
      "capitals, by which a length might hide",
      { fields: ["Content-Length", "5"] },
      undefined,
      "a name that begins with Content-Length",
    ],
    ["connection", { fields: ["connection", "close"] }, undefined, "the field connection"],
    ["keep-alive", { fields: ["keep-alive", "timeout=5"] }, undefined, "the field keep-alive"],
    ["transfer-encoding", { fields: ["transfer-encoding", "chunked"] }, undefined, "the field transfer-encoding"],
    ["two lengths", { fields: ["content-length", "2", "content-length", "2"] }, "hi", "the field content-length"],
    ["a length that is none", { fields: ["content-length", "+2"] }, "hi", "the field content-length"],
    ["another length", { fields: ["content-length", "3"] }, "hi", "the content's length is not the Content-Length"],
    ["a status below 200", { status: 199 }, undefined, "status"],
    ["a status above 599", { status: 600 }, undefined, "status"],
    ["a status that is no number", { status: Number.NaN }, undefined, "status"],
  ];
  for (const [what, head, content, detail] of table) {
    test(what, async () => {
      const text = await answered(GET, (exchange) => {
        assert.throws(
          () => {
            exchange.respond({ ...ok, ...head }, content);
          },
          (error) => {
            assert.ok(error instanceof TypeError && isCodedError(error));
            assert.ok(error.message.includes(`(${detail})`), error.message);
            assert.ok(!error.message.includes(SECRET));
            return true;
          },
        );
        assert.equal(exchange.isAnswered, false);
        exchange.respond({ ...ok, status: 500 }, undefined);
      });
      assert.match(text, /^HTTP\/1\.1 500 Internal Server Error\r\n/);
    });
  }

  test("a second answer", async () => {
    const text = await answered(GET, (exchange) => {
      exchange.respond(ok, "one");
      assert.throws(() => {
        exchange.respond(ok, "two");
      }, /it is answered already/);
      assert.throws(() => exchange.begin(ok), /it is answered already/);
    });
    assert.match(text, /\r\n\r\none$/);
  });

  for (const [what, ...trailers] of [
    ["a line break in a trailer", "x", "1\r\ny: 2"],
    ["a trailer that frames", "content-length", "1"],
    ["a trailer that routes", "host", "b"],
  ]) {
    test(what, async () => {
      const text = await answered(GET, (exchange) => {
        const sink = exchange.begin(ok);
        assert.throws(() => {
          sink.end(trailers);
        }, /HEADER_INVALID|trailer|the value of x|the field/);
        sink.end();
      });
      assert.match(text, /\r\n0\r\n\r\n$/);
    });
  }

  for (const [what, pieces] of [
    ["less", ["a"]],
    ["more", ["abc"]],
  ] as const) {
    test(`${what} content than its Content-Length breaks the connection, so that its client knows`, async () => {
      const serving = serveOverMemory((exchange) => {
        const sink = exchange.begin({ status: 200, fields: ["content-length", "2"] });
        for (const piece of pieces) sink.write(bytes(piece));
        sink.end();
      });
      serving.client.write(GET + GET);
      assert.doesNotMatch(await serving.received, /abc/);
      await serving.driver.closed;
      const [end] = serving.ends;
      assert.match(String(end?.end.error), /content than its Content-Length/);
      assert.equal(serving.ends.length, 1);
    });
  }
});

describe("interim responses, RFC 9110 section 15.2", () => {
  const hint = (exchange: Exchange): void => {
    exchange.inform(103, ["link", "</a.css>; rel=preload"]);
    exchange.respond(ok, "hi");
    // Too late is nothing.
    exchange.inform(103, []);
  };

  test("come before the answer", async () => {
    assert.match(
      await answered(GET, hint),
      /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    );
  });

  test("are nothing for HTTP/1.0", async () => {
    assert.match(await answered(GET_1_0, hint), /^HTTP\/1\.1 200 OK\r\n/);
  });

  test("what cannot be one is refused", async () => {
    await answered(GET, (exchange) => {
      for (const status of [99, 101, 200]) {
        assert.throws(() => {
          exchange.inform(status, []);
        }, /status/);
      }
      for (const name of ["connection", "content-length", "transfer-encoding"]) {
        assert.throws(() => {
          exchange.inform(103, [name, "1"]);
        }, /the field/);
      }
      exchange.respond(ok, undefined);
    });
  });
});

describe("another protocol, RFC 9110 section 7.8", () => {
  const upgrade = "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: echo\r\n\r\n";

  async function change(serving: Serving): Promise<void> {
    await serving.got(
      /^HTTP\/1\.1 101 Switching Protocols\r\nx: 1\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\nhello$/,
    );
    assert.equal(serving.driver.active, 1);
    assert.equal(serving.ends.length, 0);
    serving.client.write(" again");
    await serving.got(/hello again$/);
    serving.client.end();
    await serving.driver.closed;
    assert.deepEqual(
      serving.ends.map(({ end }) => [end.status, end.error]),
      [[101, undefined]],
    );
    assert.equal(serving.driver.active, 0);
  }

  test("has all that came behind the head", async () => {
    const serving = serveOverMemory((exchange) => {
      assert.equal(exchange.head.upgrade, "echo");
      const stream = exchange.upgrade(["x", "1"]);
      stream.pipe(stream);
    });
    serving.client.write(`${upgrade}hello`);
    await change(serving);
  });

  test("has what came while it was decided on, in order", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write(`${upgrade}he`);
    await serving.taken(1);
    serving.client.write("l");
    serving.client.write("lo");
    await serving.settled();
    const stream = exchanges[0]?.upgrade(["x", "1"]);
    stream?.on("data", (piece: Buffer) => stream.write(piece));
    stream?.on("end", () => stream.end());
    await change(serving);
  });

  for (const [what, request] of [
    ["that nobody asked for", GET],
    ["without its option of Connection", "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\n\r\n"],
    ["of HTTP/1.0", "GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"],
    ["ahead of content", upgrade.replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\n")],
  ] as const) {
    test(`${what} is refused`, async () => {
      const serving = serveOverMemory((exchange) => {
        assert.throws(() => exchange.upgrade([]), /OPTION_INVALID|asks for no upgrade|has not been read/);
        exchange.respond(ok, "no");
      });
      serving.client.write(request);
      await serving.got(/no$/);
      serving.client.destroy();
    });
  }
});
