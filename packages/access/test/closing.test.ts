import type { Reply } from "@fairlead/access";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { holdingServer } from "./holding-server.ts";
import { networkFixture } from "./network-fixture.ts";
import { runProgram } from "./programs/run-program.ts";
import { answering, closed, response, scriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;

const read = async (reply: Promise<Reply>): Promise<string> => (await reply).text();

describe("closing a manager", () => {
  test("close waits for redirects that are still to be followed, HSTS's own included", async () => {
    const manager = await open();
    await (await manager.request(`${fixture.either("https")}/hsts/good/year`)).bytes();
    const origin = fixture.network.https.origin;
    const answers = [
      read(manager.request(`${origin}/redirect/chain/3`)),
      manager.fetch(`${origin}/redirect/chain/3`).then((response) => response.text()),
      read(manager.request(`${fixture.either("http")}/json`)),
      manager.fetch(`${fixture.either("http")}/json`).then((response) => response.text()),
    ];
    const closing = manager.close();
    const [byRequest, byFetch, ...upgraded] = await Promise.all(answers);
    assert.equal(byRequest, byFetch);
    for (const body of upgraded) assert.equal(body.length, 1024);
    await closing;
  });

  test("close waits for the application's answer about a redirect, and destroy does not", async () => {
    const asked = Promise.withResolvers<undefined>();
    const manager = await open({
      redirect: { type: "ask" },
      onRedirect: () => {
        asked.resolve(undefined);
        return new Promise<boolean>(() => undefined);
      },
    });
    const url = `${fixture.network.https.origin}/redirect/302/same-origin`;
    const refused = assert.rejects(manager.request(url), { code: "MANAGER_CLOSED" });
    await asked.promise;
    const closing = manager.close();
    await manager.destroy();
    await closing;
    await refused;
  });

  test("close waits for what is under way and what is queued", async () => {
    await using server = await holdingServer();
    const manager = await open({ connectionsPerOrigin: 1 });
    const requests = ["/1", "/2"].map((path) => read(manager.request(server.origin + path)));
    await server.whenHeld(1);
    let isClosed = false;
    const closing = manager.close().then(() => {
      isClosed = true;
    });
    await assert.rejects(manager.request(server.origin), { code: "MANAGER_CLOSED" });
    await assert.rejects(manager.fetch(server.origin), { code: "MANAGER_CLOSED" });
    server.held[0]?.answer();
    await server.whenHeld(2);
    assert.equal(isClosed, false);
    server.held[1]?.answer();
    assert.deepEqual(await Promise.all(requests), ["/1", "/2"]);
    await closing;
    await closed(await server.connection(1));
    await manager.close();
  });

  test("close ends idle connections at once", async () => {
    await using server = await scriptedServer(answering(() => response("ok")));
    const manager = await open();
    await read(manager.request(server.origin));
    await manager.close();
    await closed(await server.connection(1));
  });

  test("destroy fails what is under way, queued and being connected", async () => {
    await using server = await holdingServer();
    const manager = await open({ connectionsPerOrigin: 1, lookup: () => undefined });
    const requests = [`${server.origin}/1`, `${server.origin}/2`, "https://never.example/"].map((url) =>
      manager.request(url),
    );
    const fetched = manager.fetch(`${server.origin}/3`);
    const reasons = Promise.allSettled([...requests, fetched]);
    await server.whenHeld(1);
    await manager.destroy();
    for (const result of await reasons) {
      assert.equal(result.status, "rejected");
      assert.equal((result.reason as { code?: string }).code, "MANAGER_CLOSED");
    }
    await closed(await server.connection(1));
    await assert.rejects(manager.request(server.origin), { code: "MANAGER_CLOSED" });
    await manager.destroy();
    await manager.close();
  });

  test("destroy with a reason: everything fails with exactly that", async () => {
    await using server = await holdingServer();
    const manager = await open({ connectionsPerOrigin: 1 });
    const reason = new Error("the application ends");
    const results = Promise.allSettled(["/1", "/2"].map((path) => manager.request(server.origin + path)));
    await server.whenHeld(1);
    await manager.destroy(reason);
    for (const result of await results) assert.equal(result.status === "rejected" && result.reason, reason);
  });

  test("destroy after close has begun ends the waiting of both", async () => {
    await using server = await holdingServer();
    const manager = await open();
    const request = assert.rejects(manager.request(server.origin), { code: "MANAGER_CLOSED" });
    await server.whenHeld(1);
    const closing = manager.close();
    await manager.destroy();
    await closing;
    await request;
  });

  test("a body that nobody reads is ended by destroy", async () => {
    const manager = await open();
    const reply = await manager.request(`${fixture.network.https.origin}/bytes/10000000`);
    await manager.destroy();
    await assert.rejects(reply.bytes(), { code: "MANAGER_CLOSED" });
  });
});

describe("processes", () => {
  test("one with idle connections ends by itself", async () => {
    const { code, output, errors } = await runProgram("idle-connections", origin(), certificate());
    assert.deepEqual({ code, output, errors }, { code: 0, output: [1_024, 1_024, 1_024], errors: "" });
  });

  test("a hundred requests at once to endpoints that fail end in results and typed errors, and leave nothing", async () => {
    const { code, output, errors } = await runProgram("flaky-endpoints", origin(), certificate());
    assert.equal(errors, "");
    assert.equal(code, 0);
    const { outcomes, resources } = output as { outcomes: Record<string, number>; resources: string[] };
    assert.deepEqual(Object.keys(outcomes).sort(), ["result", "typed"]);
    assert.deepEqual(resources, []);
  });

  test("requests that are over are forgotten: their hops, their replies, their listeners", async () => {
    const { code, output, errors } = await runProgram("finished-requests", fixture.network.http.origin);
    assert.equal(errors, "");
    assert.equal(code, 0);
    const { seen, reachable, listeners } = output as Record<string, number>;
    assert.equal(seen, 2_000);
    assert.equal(listeners, 0);
    // The engine keeps its last few requests for as long as a connection lives.
    assert.ok(reachable !== undefined && reachable < 20, `${String(reachable)} of ${String(seen)}`);
  });

  const origin = (): string => fixture.network.https.origin.replace("localhost", "127.0.0.1");
  const certificate = (): string => fixture.network.ca.certificate;
});
