import { openNetworkAccessManager, transactionOf } from "@fairlead/access";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { answering, response, scriptedServer, type ScriptedServer } from "./scripted-server.ts";

const retry = { backoffMilliseconds: 0 };

function busyResponse(...fields: readonly string[]): string {
  return ["HTTP/1.1 503 Service Unavailable", "Content-Length: 4", ...fields, "", "busy"].join("\r\n");
}

/** A server that says it is busy so often before it answers; `targets` are what it was asked for. */
async function busyServer(
  times: number,
  ...fields: readonly string[]
): Promise<ScriptedServer & { targets: string[] }> {
  const targets: string[] = [];
  const server = await scriptedServer(
    answering((target) => {
      targets.push(target);
      return targets.length <= times ? busyResponse(...fields) : response("done");
    }),
  );
  return Object.assign(server, { targets });
}

describe("a request is made again", () => {
  for (const way of ["request", "fetch"] as const) {
    test(`after a status that may change, on the connection that was kept, by ${way}`, async () => {
      await using server = await busyServer(2);
      await using manager = await openNetworkAccessManager({ retry });
      const reply = await manager[way](`${server.origin}/x`);
      assert.equal(await reply.text(), "done");
      assert.equal(server.connections.length, 1);
      const [hop, ...others] = transactionOf(reply)?.hops ?? [];
      assert.deepEqual(others, []);
      assert.deepEqual(hop?.repeats, ["retry", "retry"]);
      assert.deepEqual(
        hop.retries.map(({ status, code }) => [status, code]),
        [
          [503, undefined],
          [503, undefined],
        ],
      );
    });
  }

  test("after a connection that was cut before a response", async () => {
    await using server = await scriptedServer((socket, number) => {
      if (number === 1) socket.once("data", () => socket.destroy());
      else answering(() => response("done"))(socket);
    });
    await using manager = await openNetworkAccessManager({ retry });
    const reply = await manager.request(server.origin);
    assert.equal(await reply.text(), "done");
    assert.deepEqual(
      reply.transaction.hops[0]?.retries.map(({ code }) => code),
      ["RESPONSE_MISSING"],
    );
  });

  test("with its body, where that can be opened anew", async () => {
    const bodies: string[] = [];
    await using server = await scriptedServer((socket) => {
      let text = "";
      socket.setEncoding("latin1").on("data", (piece: string) => {
        text += piece;
        if (!text.endsWith("end") && !text.endsWith("0\r\n\r\n")) return;
        bodies.push(text.includes("the end") ? "whole" : text);
        text = "";
        socket.write(bodies.length === 1 ? busyResponse() : response("done"));
      });
    });
    await using manager = await openNetworkAccessManager({ retry });
    for (const body of [
      "the end",
      new TextEncoder().encode("the end"),
      () => Readable.from([Buffer.from("the end")]),
    ]) {
      bodies.length = 0;
      assert.equal(await (await manager.request(server.origin, { method: "PUT", body })).text(), "done");
      assert.deepEqual(bodies, ["whole", "whole"]);
    }
  });

  test("as late as the server says", async () => {
    await using server = await busyServer(1, "Retry-After: 1");
    await using manager = await openNetworkAccessManager({ retry });
    const reply = await manager.request(server.origin);
    assert.ok((reply.transaction.hops[0]?.retries[0]?.waitMilliseconds ?? 0) >= 1000);
    await reply.text();
  });
});

describe("a request is not made again", () => {
  test("where nothing says that it is", async () => {
    await using server = await busyServer(1);
    await using manager = await openNetworkAccessManager();
    assert.equal((await manager.request(server.origin)).status, 503);
  });

  test("where the request says that it is not", async () => {
    await using server = await busyServer(1);
    await using manager = await openNetworkAccessManager({ retry });
    assert.equal((await manager.request(server.origin, { retry: false })).status, 503);
  });

  test("when the server wants more time than there is: its response is the answer", async () => {
    await using server = await busyServer(1, "Retry-After: 3600");
    await using manager = await openNetworkAccessManager({ retry });
    const reply = await manager.request(server.origin);
    assert.equal(reply.status, 503);
    assert.equal(await reply.text(), "busy");
  });

  test("when it may do something twice, or its body is gone", async () => {
    await using server = await busyServer(2);
    await using manager = await openNetworkAccessManager({ retry });
    assert.equal((await manager.request(server.origin, { method: "POST", body: "x" })).status, 503);
    const body = Readable.from([Buffer.from("x")]);
    assert.equal((await manager.request(server.origin, { method: "PUT", body })).status, 503);
  });

  test("when part of the response has come", async () => {
    await using server = await scriptedServer((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
    });
    await using manager = await openNetworkAccessManager({ retry });
    const reply = await manager.request(server.origin);
    await assert.rejects(reply.text(), { code: "RESPONSE_TRUNCATED" });
    assert.equal(server.connections.length, 1);
  });

  test("more often than the budget of its origin allows, whatever its attempts", async () => {
    await using server = await busyServer(Number.POSITIVE_INFINITY);
    await using manager = await openNetworkAccessManager({ retry: { ...retry, attempts: 1_000 } });
    assert.equal((await manager.request(server.origin)).status, 503);
    assert.equal(server.targets.length, 11);
    assert.equal((await manager.request(server.origin)).status, 503);
    assert.equal(server.targets.length, 12);
  });
});

describe("waiting for the next attempt ends", () => {
  const patient = { backoffMilliseconds: 0, retryAfterLimitMilliseconds: 100_000_000 };

  test("when the request is aborted", async () => {
    await using server = await busyServer(1, "Retry-After: 86400");
    await using manager = await openNetworkAccessManager({ retry: patient });
    const controller = new AbortController();
    const reply = manager.request(server.origin, { signal: controller.signal });
    await server.connection(1);
    const reason = new Error("no longer wanted");
    controller.abort(reason);
    await assert.rejects(reply, reason);
  });

  test("when its time is up, with the phase", async () => {
    await using server = await busyServer(1, "Retry-After: 86400");
    await using manager = await openNetworkAccessManager({ retry: patient });
    await assert.rejects(manager.request(server.origin, { timeoutMilliseconds: 100 }), { phase: "total" });
  });

  test("when the manager is destroyed", async () => {
    await using server = await busyServer(1, "Retry-After: 86400");
    const manager = await openNetworkAccessManager({ retry: patient });
    const reply = manager.request(server.origin);
    await server.connection(1);
    const refused = assert.rejects(reply, { code: "MANAGER_CLOSED" });
    await manager.destroy();
    await refused;
  });
});

test("a policy that cannot be is refused by name", async () => {
  await assert.rejects(openNetworkAccessManager({ retry: { attempts: 0 } }), {
    code: "OPTION_INVALID",
    message: /retry\.attempts/,
  });
  await using manager = await openNetworkAccessManager();
  await assert.rejects(manager.request("http://localhost/", { retry: { backoffMilliseconds: -1 } }), {
    code: "OPTION_INVALID",
  });
});

test("a manager that cannot be leaves no store open", async () => {
  const directory = await mkdtemp(join(tmpdir(), "fairlead-"));
  try {
    const store = `file:${join(directory, "store")}`;
    await assert.rejects(openNetworkAccessManager({ store, retry: { attempts: 0 } }), { code: "OPTION_INVALID" });
    // One process opens it at a time.
    await using manager = await openNetworkAccessManager({ store });
    assert.equal(manager.store.url, store);
  } finally {
    await rm(directory, { recursive: true });
  }
});
