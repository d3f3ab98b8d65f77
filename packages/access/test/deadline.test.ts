import { codedCauseOf, FetchError } from "@fairlead/access";
import { TimeoutError } from "@fairlead/core";
import { getEventListeners } from "node:events";
import assert from "node:assert/strict";
import { Readable } from "node:stream";
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
    const table: [phase: "resolve" | "connect" | "secure" | "response" | "body", url: string][] = [
      ["resolve", "https://a.example/"],
      ["connect", "https://a.example/"],
      ["secure", `https://127.0.0.1:${String(server.port)}/`],
      ["response", `${server.origin}/response`],
      ["body", `${server.origin}/body`],
    ];
    for (const [phase, url] of table) {
      const stalls = {
        ...(phase === "resolve" && { lookup: () => undefined }),
        // A proxy that takes the connection, and never says whether it goes on from there.
        ...(phase === "connect" && { proxy: server.origin }),
      };
      await using manager = await open({ timeouts: { [phase]: 30 }, ...stalls });
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

  test("a request may have its own, for each phase", async () => {
    await using server = await scriptedServer(
      answering((target) => (target === "/body" ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart" : undefined)),
    );
    const secured = `https://127.0.0.1:${String(server.port)}/`;
    await using manager = await open();
    await using unresolved = await open({ lookup: () => undefined });
    await using tunneled = await open({ proxy: server.origin });
    const table = [
      ["resolve", unresolved, "https://a.example/"],
      ["connect", tunneled, "https://a.example/"],
      ["secure", manager, secured],
      ["response", manager, `${server.origin}/response`],
      ["body", manager, `${server.origin}/body`],
      ["total", manager, `${server.origin}/response`],
      ["total", manager, `${server.origin}/body`],
    ] as const;
    for (const [phase, asked, url] of table) {
      for (const way of ["request", "fetch"] as const) {
        const late = async (): Promise<string> => (await asked[way](url, { timeouts: { [phase]: 30 } })).text();
        await assert.rejects(late, isLate(phase), `${phase} of ${way}`);
      }
    }
    await assert.rejects(manager.request(server.origin, { timeouts: { body: 0 } }), { code: "OPTION_INVALID" });
    await assert.rejects(manager.fetch(server.origin, { timeouts: { total: -1 } }), { code: "OPTION_INVALID" });
  });

  test("they hold for a request that could wait for another, which asked the same", async () => {
    await using server = await scriptedServer(answering(() => undefined));
    await using manager = await open();
    const controller = new AbortController();
    const patient = manager.request(server.origin, { signal: controller.signal });
    const hasty = manager.request(server.origin, { timeouts: { response: 30 } });
    await assert.rejects(hasty, isLate("response"));
    controller.abort(new Error("no longer wanted"));
    await assert.rejects(patient, { message: "no longer wanted" });
  });

  test("a server that takes nothing of a body: phase request", async () => {
    await using server = await scriptedServer((socket) => void socket.pause());
    const bytes = new Uint8Array(64 * 1024 * 1024);
    await using manager = await open({ timeouts: { request: 100 } });
    for (const body of [bytes, () => Readable.from(endless(bytes.subarray(0, 1024 * 1024)))]) {
      await assert.rejects(manager.request(server.origin, { method: "POST", body }), isLate("request"));
    }
    for (const body of [bytes, new Blob([bytes])]) {
      await assert.rejects(manager.fetch(server.origin, { method: "POST", body }), isLate("request"));
    }
    await using patient = await open();
    const options = { method: "POST", body: bytes, timeouts: { request: 100 } };
    await assert.rejects(patient.request(server.origin, options), isLate("request"));
  });

  test("a body that its own application keeps back is waited for", async () => {
    await using server = await scriptedServer((socket) => {
      socket.on("data", (bytes: Buffer) => {
        if (bytes.toString("latin1").endsWith("0\r\n\r\n")) socket.write(response("ok"));
      });
    });
    await using manager = await open({ timeouts: { request: 20, response: 60_000 } });
    const gate = Promise.withResolvers<undefined>();
    setTimeout(() => {
      gate.resolve(undefined);
    }, 200);
    const body = async function* (): AsyncIterable<Uint8Array> {
      yield Buffer.from("first");
      await gate.promise;
      yield Buffer.from("last");
    };
    const reply = await manager.request(server.origin, { method: "POST", body: () => Readable.from(body()) });
    assert.equal(await reply.text(), "ok");
  });

  test("what undici calls them holds for whoever asks in its ways; 0 is none", async () => {
    await using server = await scriptedServer(
      answering((target) => (target === "/body" ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart" : undefined)),
    );
    const { origin } = server;
    await using manager = await open();
    const asked = { origin, method: "GET" } as const;
    await assert.rejects(manager.request({ ...asked, path: "/", headersTimeout: 30 }), isLate("response"));
    const { body } = await manager.request({ ...asked, path: "/body", bodyTimeout: 30 });
    await assert.rejects(body.text(), isLate("body"));
    await using hasty = await open({ timeouts: { response: 30 } });
    const controller = new AbortController();
    const patient = hasty.request({ ...asked, path: "/", headersTimeout: 0, signal: controller.signal });
    await assert.rejects(hasty.request({ ...asked, path: "/", headersTimeout: -1 }), isLate("response"));
    controller.abort();
    await assert.rejects(patient, { name: "AbortError" });
  });

  test("a name that takes its time leaves the connection all of its own", async () => {
    await using server = await scriptedServer(answering(() => response("ok")));
    await using manager = await open({
      timeouts: { resolve: 60_000, connect: 1_000 },
      lookup: (_hostname, _options, done) => {
        setTimeout(() => {
          done(null, [{ address: "127.0.0.1", family: 4 }]);
        }, 1_100);
      },
    });
    assert.equal(await (await manager.request(`http://a.example:${String(server.port)}/`)).text(), "ok");
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

function* endless(piece: Uint8Array): Iterable<Uint8Array> {
  for (;;) yield piece;
}
