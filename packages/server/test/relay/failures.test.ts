import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unusedPort } from "@fairlead/conformance/peers";
import { startProxy } from "./proxied.ts";
import { rawClient, startRawServer } from "./raw-peers.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const GET = "GET / HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n";

describe("an answer that breaks the rules is a 502 with its reason, and nothing of it is seen", () => {
  const table: readonly [what: string, answer: string, type: string][] = [
    [
      "both lengths",
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
      "http_protocol_error",
    ],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!", "http_protocol_error"],
    ["a bare line feed", "HTTP/1.1 200 OK\ncontent-length: 0\n\n", "http_protocol_error"],
    ["a folded line", "HTTP/1.1 200 OK\r\nx: 1\r\n y\r\ncontent-length: 0\r\n\r\n", "http_protocol_error"],
    [
      "a coding that nobody asked for",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
      "http_protocol_error",
    ],
    ["no HTTP at all", "SSH-2.0-OpenSSH_9\r\n", "http_protocol_error"],
    ["a switch that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n", "http_protocol_error"],
    ["a status that is none", "HTTP/1.1 700 Odd\r\ncontent-length: 0\r\n\r\n", "http_protocol_error"],
    ["interim responses without end", "HTTP/1.1 102 Processing\r\n\r\n".repeat(100), "http_protocol_error"],
    ["a head without end", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(70_000)}`, "http_response_header_section_size"],
  ];
  for (const [what, answer, type] of table) {
    test(what, async () => {
      await using upstream = await startRawServer((socket) => socket.write(answer));
      await using front = await startProxy({ target: upstream.origin });
      const response = await fetch(front.origin);
      assert.equal(response.status, 502);
      assert.equal(response.headers.get("proxy-status"), `fairlead; error=${type}`);
      assert.equal(await response.text(), "Bad Gateway");
      assert.equal(front.failures.length, 1);
    });
  }
});

test("a server that is not there is a 502", async () => {
  await using front = await startProxy({ target: `http://127.0.0.1:${String(await unusedPort())}` });
  const response = await fetch(front.origin);
  assert.equal(response.status, 502);
  assert.equal(response.headers.get("proxy-status"), "fairlead; error=connection_refused");
});

test("a server that closes without a word is a 502", async () => {
  await using upstream = await startRawServer((socket) => socket.end());
  await using front = await startProxy({ target: upstream.origin });
  const response = await fetch(front.origin, { method: "POST" });
  assert.equal(response.status, 502);
  assert.equal(response.headers.get("proxy-status"), "fairlead; error=connection_terminated");
});

test("a server that does not answer in time is a 504, and its connection is cut", async () => {
  await using upstream = await startRawServer(() => undefined);
  await using front = await startProxy({ target: upstream.origin, timeouts: { responseMilliseconds: 20 } });
  const response = await fetch(front.origin);
  assert.equal(response.status, 504);
  assert.equal(response.headers.get("proxy-status"), "fairlead; error=http_response_timeout");
  assert.deepEqual(
    front.failures.map(({ name }) => name),
    ["TimeoutError"],
  );
});

test("an answer that breaks off, or stops, is cut for the client as well: it never looks whole", async () => {
  const starts = [
    "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
  ];
  for (const start of starts) {
    for (const isCut of [true, false]) {
      await using upstream = await startRawServer((socket) => {
        if (isCut) socket.end(start);
        else socket.write(start);
      });
      await using front = await startProxy({ target: upstream.origin, timeouts: { idleMilliseconds: 20 } });
      using client = rawClient(front.port, GET);
      const received = await client.incoming.ended();
      assert.match(received, /^HTTP\/1\.1 200 OK\r\n/);
      assert.doesNotMatch(received, /0\r\n\r\n$/);
      assert.doesNotMatch(received, /helloh/);
    }
  }
});

test("what comes behind an answer is nobody's answer: its connection serves no other request", async () => {
  const smuggled = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nworse";
  await using upstream = await startRawServer((socket) => socket.write(OK + smuggled));
  await using front = await startProxy({ target: upstream.origin });
  for (let time = 0; time < 3; time += 1) assert.equal(await (await fetch(front.origin)).text(), "ok");
  assert.equal(upstream.connections, 3);
});

test("a request within a request is content, whatever it says of itself", async () => {
  const inner = "GET /admin HTTP/1.1\r\nhost: a\r\n\r\n";
  await using upstream = await startRawServer(async (socket, head, incoming) => {
    if (head.startsWith("GET /admin")) return;
    await incoming.got(/0\r\n\r\n$/);
    socket.write(OK);
  });
  await using front = await startProxy({ target: upstream.origin });
  const lines = ["POST / HTTP/1.1", "host: a", "transfer-encoding: chunked", "connection: close"];
  using client = rawClient(
    front.port,
    `${lines.join("\r\n")}\r\n\r\n${inner.length.toString(16)};x=y\r\n${inner}\r\n0\r\n\r\n`,
  );
  assert.match(await client.incoming.ended(), /^HTTP\/1\.1 200 OK/);
  // Of the chunk's own extension, and of any framing but the proxy's, the server sees nothing.
  assert.doesNotMatch(upstream.heads[0] ?? "", /content-length/i);
  assert.equal(upstream.connections, 1);
});

for (const [what, lines] of [
  ["both lengths", ["content-length: 4", "transfer-encoding: chunked"]],
  ["two lengths", ["content-length: 4", "content-length: 5"]],
  ["another coding", ["transfer-encoding: xchunked"]],
  ["a length that is none", ["content-length: +4"]],
] as const) {
  test(`a request with ${what} reaches no server`, async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    await using front = await startProxy({ target: upstream.origin });
    using client = rawClient(front.port, `POST / HTTP/1.1\r\nhost: a\r\n${lines.join("\r\n")}\r\n\r\n0\r\n\r\n`);
    assert.match(await client.incoming.ended(), /^HTTP\/1\.1 (?:400|501) /);
    assert.equal(upstream.connections, 0);
  });
}

test("a proxy that is its own target ends with 502, and not never", async () => {
  const where = Promise.withResolvers<string>();
  await using front = await startProxy({ target: () => where.promise });
  where.resolve(front.origin);
  const response = await fetch(front.origin);
  assert.equal(response.status, 502);
  assert.equal(response.headers.get("proxy-status"), "fairlead; error=proxy_loop_detected");
});

test("content of a client that fails is the client's own failure", async () => {
  await using upstream = await startRawServer(() => undefined);
  await using front = await startProxy({ target: upstream.origin });
  const head = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
  using client = rawClient(front.port, `${head}5\r\nhello\r\nzz\r\n`);
  assert.match(await client.incoming.ended(), /^HTTP\/1\.1 400 /);
  assert.deepEqual(front.failures, []);
});

test("what a function that names the target throws is the application's", async () => {
  await using front = await startProxy({
    target: () => {
      throw new Error("no route");
    },
  });
  assert.equal((await fetch(front.origin)).status, 500);
  assert.equal(front.errors.length, 1);
});

test("a target that no server should see reaches none", async () => {
  await using upstream = await startRawServer((socket) => socket.write(OK));
  await using front = await startProxy({ target: upstream.origin });
  for (const target of ["/a\xff", "/a\x7f", "a", "//\tb"]) {
    using client = rawClient(front.port, `GET ${target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
    assert.match(await client.incoming.ended(), /^HTTP\/1\.1 400 /, target);
  }
  assert.equal(upstream.connections, 0);
  assert.deepEqual(front.errors, []);
});
