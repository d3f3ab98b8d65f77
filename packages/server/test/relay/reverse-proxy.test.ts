import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { reverseProxy, type ReverseProxyOptions } from "../../src/relay/index.ts";
import { startProxy } from "./proxied.ts";
import { rawClient, startRawServer } from "./raw-peers.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/** The fields of a head, by name, in lower case. */
function fieldsOf(head: string): Record<string, string> {
  const [, ...lines] = head.split("\r\n");
  return Object.fromEntries(lines.map((line) => line.split(": ", 2)).map(([name = "", value = ""]) => [name, value]));
}

describe("what is passed on", () => {
  test("the request with its fields, and Via", async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    await using front = await startProxy({ target: upstream.origin });
    const response = await fetch(`${front.origin}/a?b=c`, { headers: { "x-own": "1" } });
    assert.equal(await response.text(), "ok");
    assert.equal(response.headers.get("via"), "1.1 fairlead");
    const [head = ""] = upstream.heads;
    assert.match(head, /^GET \/a\?b=c HTTP\/1\.1\r\n/);
    assert.equal(fieldsOf(head)["host"], `127.0.0.1:${String(front.port)}`);
    assert.equal(fieldsOf(head)["x-own"], "1");
    assert.equal(fieldsOf(head)["via"], "1.1 fairlead");
    assert.equal(fieldsOf(head)["te"], "trailers");
  });

  test("nothing that belongs to a connection, on either side, RFC 9110 section 7.6.1", async () => {
    const answer =
      "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: x-inner\r\nx-inner: 1\r\nkeep-alive: timeout=9\r\n\r\n";
    await using upstream = await startRawServer((socket) => socket.write(answer));
    await using front = await startProxy({ target: upstream.origin });
    const lines = [
      "host: a",
      "connection: close, X-Secret",
      "x-secret: 1",
      "upgrade: h2c",
      "http2-settings: AAM",
      "te: gzip",
    ];
    using client = rawClient(front.port, `GET / HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    const received = await client.incoming.ended();
    assert.doesNotMatch(received, /x-inner|timeout=9/i);
    assert.doesNotMatch(upstream.heads[0] ?? "", /x-secret|h2c|http2-settings|gzip|close/i);
  });

  test("the target's own name as Host, and another path, where asked for", async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    await using front = await startProxy({ target: upstream.origin, host: "target", path: (path) => `/below${path}` });
    await (await fetch(`${front.origin}/a`)).text();
    assert.match(upstream.heads[0] ?? "", /^GET \/below\/a HTTP/);
    assert.equal(fieldsOf(upstream.heads[0] ?? "")["host"], new URL(upstream.origin).host);
  });

  test("an absolute target as a path, RFC 9112 section 3.2.1", async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    await using front = await startProxy({ target: upstream.origin });
    using client = rawClient(front.port, "GET http://b.test/x HTTP/1.1\r\nhost: b.test\r\nconnection: close\r\n\r\n");
    await client.incoming.ended();
    assert.match(upstream.heads[0] ?? "", /^GET \/x HTTP\/1\.1\r\nhost: b\.test\r\n/);
  });

  test("HEAD, 204 and 304 without content, with the length that GET would have", async () => {
    const answers: Record<string, string> = {
      "/head": "HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n",
      "/204": "HTTP/1.1 204 No Content\r\n\r\n",
      "/304": 'HTTP/1.1 304 Not Modified\r\netag: "a"\r\ncontent-length: 1234\r\n\r\n',
    };
    await using upstream = await startRawServer((socket, head) =>
      socket.write(answers[head.split(" ")[1] ?? ""] ?? ""),
    );
    await using front = await startProxy({ target: upstream.origin });
    const head = await fetch(`${front.origin}/head`, { method: "HEAD" });
    assert.equal(head.headers.get("content-length"), "1234");
    assert.equal((await fetch(`${front.origin}/204`)).status, 204);
    const notModified = await fetch(`${front.origin}/304`, { headers: { "if-none-match": '"a"' }, cache: "no-store" });
    assert.equal(notModified.status, 304);
    assert.equal(upstream.connections, 1);
    assert.deepEqual(front.errors, []);
  });

  test("interim responses, and 100 only for who waits for it", async () => {
    const early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n";
    await using upstream = await startRawServer((socket) => socket.write(early + OK));
    await using front = await startProxy({ target: upstream.origin });
    using client = rawClient(front.port, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    const received = await client.incoming.ended();
    assert.match(received, /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a\.css>\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  test("trailers, both ways, without those that would change the message", async () => {
    const answer =
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-sum: 7\r\ncontent-type: a/b\r\n\r\n";
    let body = "";
    await using upstream = await startRawServer(async (socket, _, incoming) => {
      body = await incoming.got(/\r\n0\r\n.*\r\n\r\n$/s);
      socket.write(answer);
    });
    await using front = await startProxy({ target: upstream.origin });
    const head = "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
    using client = rawClient(front.port, `${head}2\r\nhi\r\n`);
    client.socket.write("0\r\nx-in: 1\r\nhost: b\r\n\r\n");
    assert.match(await client.incoming.ended(), /2\r\nok\r\n0\r\nx-sum: 7\r\n\r\n$/);
    assert.match(body, /0\r\nx-in: 1\r\n\r\n$/);
  });

  test("a request that a framework made anew, with its content", async () => {
    await using upstream = await startRawServer(async (socket, _, incoming) => {
      await incoming.got(/\r\nhello\r\n0\r\n\r\n$/);
      socket.write(OK);
    });
    await using proxy = reverseProxy({ target: upstream.origin });
    await using front = await startProxy({ target: upstream.origin });
    const context = { connection: { remote: undefined } } as never;
    const request = new Request(`${front.origin}/a`, { method: "POST", body: "hello", headers: { "x-own": "1" } });
    const response = await proxy(request, context);
    assert.equal(await response.text(), "ok");
    assert.equal(fieldsOf(upstream.heads[0] ?? "")["x-own"], "1");
  });

  test("over a Unix socket", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-relay-"));
    try {
      await using upstream = await startRawServer((socket) => socket.write(OK), { path: join(folder, "app.sock") });
      await using front = await startProxy({ target: upstream.origin });
      assert.equal(await (await fetch(front.origin)).text(), "ok");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("who the client is", () => {
  const spoofed = [
    "forwarded: for=6.6.6.6",
    "x-forwarded-for: 6.6.6.6",
    "X-Real-IP: 6.6.6.6",
    "x_forwarded_for: 6.6.6.6",
  ];
  const request = `GET / HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\nclient-cert: :6666:\r\n${spoofed.join("\r\n")}\r\n\r\n`;

  test("is what the connection says, and not what the client does", async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    await using front = await startProxy({ target: upstream.origin });
    using client = rawClient(front.port, request);
    await client.incoming.ended();
    const fields = fieldsOf(upstream.heads[0] ?? "");
    assert.doesNotMatch(upstream.heads[0] ?? "", /6\.6\.6\.6|6666/);
    assert.equal(fields["forwarded"], "for=127.0.0.1;host=a.test;proto=http");
    assert.equal(fields["x-forwarded-for"], "127.0.0.1");
    assert.equal(fields["x-forwarded-proto"], "http");
    assert.equal(fields["x-forwarded-host"], "a.test");
  });

  test("is added to what a proxy says that is believed", async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    await using front = await startProxy(
      { target: upstream.origin },
      { client: { address: "6.6.6.6", port: undefined } },
    );
    using client = rawClient(front.port, request);
    await client.incoming.ended();
    const fields = fieldsOf(upstream.heads[0] ?? "");
    assert.equal(fields["forwarded"], "for=6.6.6.6, for=127.0.0.1;host=a.test;proto=http");
    assert.equal(fields["x-forwarded-for"], "6.6.6.6, 127.0.0.1");
    using other = rawClient(front.port, "GET / HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n");
    await other.incoming.ended();
    const told = fieldsOf(upstream.heads[1] ?? "");
    assert.equal(told["forwarded"], "for=6.6.6.6, for=127.0.0.1;host=a.test;proto=http");
    assert.equal(told["x-forwarded-for"], "6.6.6.6, 127.0.0.1");
    assert.doesNotMatch(upstream.heads[0] ?? "", /6666/);
  });

  for (const [forwarded, seen] of [
    ["forwarded", /^(?!.*x-forwarded)(?=.*\nforwarded: )/s],
    ["x-forwarded", /^(?!.*\nforwarded)(?=.*x-forwarded-for: )/s],
    ["neither", /^(?!.*forwarded)/s],
  ] as const satisfies readonly [ReverseProxyOptions["forwarded"], RegExp][]) {
    test(`is said by ${forwarded}, where asked for`, async () => {
      await using upstream = await startRawServer((socket) => socket.write(OK));
      await using front = await startProxy({ target: upstream.origin, forwarded });
      using client = rawClient(front.port, request);
      await client.incoming.ended();
      assert.match(upstream.heads[0] ?? "", seen);
    });
  }
});

for (const target of ["ftp://a", "http://a/b", "http://a/?b", "http://user@a", "a.example", "unix:a", "http://", ""]) {
  test(`'${target}' is no target`, () => {
    assert.throws(() => reverseProxy({ target }), { code: "OPTION_INVALID" });
  });
}

for (const options of [
  { via: "a b" },
  { connections: 0 },
  { waiting: -1 },
  { timeouts: { idleMilliseconds: Number.NaN } },
  { target: [] },
]) {
  test(`${JSON.stringify(options)} is refused`, () => {
    assert.throws(() => reverseProxy({ target: "http://a", ...options }), { code: "OPTION_INVALID" });
  });
}
