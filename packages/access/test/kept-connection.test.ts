import type { Reply } from "@fairlead/access";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { closed, response, scriptedServer, type ScriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;

const read = async (reply: Promise<Reply>): Promise<string> => (await reply).text();

describe("a kept connection that is closed as a request is written on it (RFC 9112 section 9.3.1)", () => {
  /** Answers the first request of the first connection, and does `then` to the second. Later ones answer always. */
  const closing = (then: (socket: Socket) => void): Promise<ScriptedServer> =>
    scriptedServer((socket, number) => {
      let requests = 0;
      socket.on("data", (bytes) => {
        if (!/^[A-Z]+ /.test(bytes.toString())) return;
        requests += 1;
        if (number === 1 && requests > 1) then(socket);
        else socket.write(response(`connection ${String(number)}`));
      });
    });
  const gone = (socket: Socket): void => void socket.end();

  for (const [what, then] of [
    ["ends", gone],
    ["resets", (socket: Socket) => void socket.resetAndDestroy()],
  ] as const) {
    for (const method of ["GET", "OPTIONS", "PUT", "DELETE"]) {
      test(`${method} is made again once when the server ${what} it`, async () => {
        await using server = await closing(then);
        await using manager = await open();
        const body = method === "PUT" ? { body: "the body" } : {};
        await read(manager.request(server.origin));
        const reply = await manager.request(server.origin, { method, ...body });
        assert.equal(await reply.text(), "connection 2");
        assert.equal(reply.transaction.hops.length, 1);
        assert.equal(reply.transaction.hops[0]?.reused, false);
        assert.equal(await read(manager.request(server.origin)), "connection 2");
      });
    }
  }

  test("fetch has the same", async () => {
    await using server = await closing(gone);
    await using manager = await open();
    await (await manager.fetch(server.origin)).text();
    assert.equal(await (await manager.fetch(server.origin)).text(), "connection 2");
  });

  test("what might do harm a second time is not", async () => {
    const table: { method: string; body?: string | Readable }[] = [
      { method: "POST", body: "the body" },
      { method: "PATCH" },
      { method: "PUT", body: Readable.from(["a stream"]) },
    ];
    for (const request of table) {
      await using server = await closing(gone);
      await using manager = await open();
      await read(manager.request(server.origin));
      await assert.rejects(manager.request(server.origin, request), { code: "RESPONSE_MISSING" });
      assert.equal(server.connections.length, 1);
    }
  });

  for (const bytes of ["H", "HTTP/1.1 2", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"]) {
    test(`nor is a request whose response had begun with ${JSON.stringify(bytes)}`, async () => {
      await using server = await closing((socket) => void socket.end(bytes));
      await using manager = await open();
      await read(manager.request(server.origin));
      await assert.rejects(manager.request(server.origin), { code: "RESPONSE_MISSING" });
      assert.equal(server.connections.length, 1);
    });
  }

  test("nor one that was written on a new connection", async () => {
    await using server = await scriptedServer((socket) => void socket.once("data", () => void socket.end()));
    await using manager = await open();
    await assert.rejects(manager.request(server.origin), { code: "RESPONSE_MISSING" });
    assert.equal(server.connections.length, 1);
  });

  test("nor a third time", async () => {
    await using server = await scriptedServer((socket, number) => {
      let requests = 0;
      socket.on("data", () => {
        requests += 1;
        if (number === 1 && requests === 1) socket.write(response("ok"));
        else socket.end();
      });
    });
    await using manager = await open();
    await read(manager.request(server.origin));
    await assert.rejects(manager.request(server.origin), { code: "RESPONSE_MISSING" });
    assert.equal(server.connections.length, 2);
  });

  test("nor one that was aborted meanwhile", async () => {
    const controller = new AbortController();
    await using server = await closing((socket) => {
      controller.abort(new Error("enough"));
      socket.end();
    });
    await using manager = await open();
    await read(manager.request(server.origin));
    await assert.rejects(manager.request(server.origin, { signal: controller.signal }), { message: "enough" });
    await closed(await server.connection(1));
    assert.equal(server.connections.length, 1);
  });
});
