import type { NetworkAccessManager } from "@fairlead/access";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { answering, response, scriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;

async function textOf(manager: NetworkAccessManager, url: string): Promise<string> {
  return (await manager.request(url)).text();
}

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
    const long = `HTTP/1.1 100 Continue\r\nX-Long: ${"x".repeat(70_000)}`;
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
