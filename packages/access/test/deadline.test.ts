import { codedCauseOf, FetchError } from "@fairlead/access";
import { TimeoutError } from "@fairlead/core";
import { getEventListeners } from "node:events";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { answering, closed, response, scriptedServer } from "./scripted-server.ts";
import { tlsBackends } from "./tls-backends.ts";
import { ways } from "./ways-of-asking.ts";

const fixture = networkFixture();
const { open } = fixture;

describe("deadlines", () => {
  const isLate = (phase: string) => (error: unknown) => {
    const coded = codedCauseOf(error instanceof FetchError ? error.cause : error);
    assert.ok(coded instanceof TimeoutError, String(error));
    assert.equal(coded.phase, phase);
    return true;
  };

  test("timeoutMilliseconds ends every stage with phase total", async () => {
    await using server = await scriptedServer(
      answering((target) => (target === "/body" ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart" : undefined)),
    );
    await using manager = await open({ connectionsPerOrigin: 1 });
    const options = { timeoutMilliseconds: 30 };
    await using unresolved = await open({ lookup: () => undefined });
    await assert.rejects(unresolved.request("https://a.example/", options), isLate("total"));
    await assert.rejects(manager.request(`https://127.0.0.1:${String(server.port)}/`, options), isLate("total"));
    await assert.rejects(manager.request(`${server.origin}/response`, options), isLate("total"));
    const reply = await manager.request(`${server.origin}/body`, options);
    await assert.rejects(reply.text(), isLate("total"));
    const held = manager.request(`${server.origin}/response`);
    const queued = manager.request(`${server.origin}/queued`, options);
    await assert.rejects(queued, isLate("total"));
    await manager.destroy();
    await assert.rejects(held, { code: "MANAGER_CLOSED" });
  });

  test("each phase has its own", async () => {
    await using server = await scriptedServer(
      answering((target) => (target === "/body" ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart" : undefined)),
    );
    const table: [phase: "connect" | "secure" | "response" | "body", url: string][] = [
      ["connect", "https://a.example/"],
      ["secure", `https://127.0.0.1:${String(server.port)}/`],
      ["response", `${server.origin}/response`],
      ["body", `${server.origin}/body`],
    ];
    for (const [phase, url] of table) {
      const lookup = { ...(phase === "connect" && { lookup: () => undefined }) };
      await using manager = await open({ timeouts: { [phase]: 30 }, ...lookup });
      await Promise.all(
        ways.map(async ([way, ask]) => {
          const { signal } = new AbortController();
          const error: unknown = await ask(manager, url, signal).catch((reason: unknown) => reason);
          assert.ok(isLate(phase)(error), way);
          // Of a fetch whose body failed the engine's own follower stays until it is collected.
          if (way === "fetch" && phase === "body") return;
          assert.deepEqual(getEventListeners(signal, "abort"), [], `${way}, ${phase}`);
        }),
      );
    }
  });

  for (const backend of tlsBackends) {
    test(`a handshake over ${backend.name} that never ends`, async () => {
      await using server = await scriptedServer((socket) => void socket.resume());
      await using manager = await open({ timeouts: { secure: 30 }, tls: { backend } });
      await assert.rejects(manager.request(`https://127.0.0.1:${String(server.port)}/`), isLate("secure"));
      await closed(await server.connection(1));
    });
  }

  test("no timer stays when a request has ended, however it has", async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    await using server = await scriptedServer(answering(() => response("ok")));
    await using manager = await open();
    const before = timers();
    const options = { timeoutMilliseconds: 600_000 };
    await (await manager.request(server.origin, options)).text();
    await assert.rejects(manager.request("https://nowhere.invalid/", options), { code: "NAME_NOT_FOUND" });
    await assert.rejects(manager.request(server.origin, { ...options, signal: AbortSignal.abort() }));
    const controller = new AbortController();
    const aborted = manager.request(server.origin, { ...options, signal: controller.signal });
    controller.abort();
    await assert.rejects(aborted);
    await assert.rejects(manager.request(server.origin, { ...options, headers: { "a b": "" } }));
    await assert.rejects(manager.request(server.origin, { ...options, body: () => assert.fail("no body") }));
    assert.equal(timers(), before);
  });
});
