import { TimeoutError } from "@fairlead/core";
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { runProgram } from "../programs/run-program.ts";
import { answering, closed, scriptedServer } from "../scripted-server.ts";
import { failure, watchStrayRejections } from "../typed-failure.ts";
import { connected, CONNECTED, LOOPBACK } from "./connected.ts";
import { NOTHING, ONLINE, PORTAL, simulatedWorld } from "./simulated.ts";

const fixture = networkFixture();
watchStrayRejections();

describe("waiting for a state", () => {
  test("ends when it is found, and then nothing goes on", async () => {
    const world = simulatedWorld(NOTHING);
    const waiting = world.connectivity.until("online");
    await world.clock.advance(3000);
    world.findings = { probe: ONLINE, api: undefined };
    await world.clock.advance(3000);
    await waiting;
    assert.deepEqual([world.checks.length, world.clock.waiting], [3, 0]);
  });

  test("is over at once for what is known as of now, and checks again what is long ago", async () => {
    const world = simulatedWorld();
    await world.connectivity.until("local");
    assert.equal(world.checks.length, 0);
    const first = world.connectivity.until("online");
    await world.clock.advance(0);
    await first;
    await world.connectivity.until("online");
    assert.equal(world.checks.length, 1);
    await world.clock.advance(31_000);
    const later = world.connectivity.until("online");
    await world.clock.advance(0);
    await later;
    assert.equal(world.checks.length, 2);
  });

  test("nobody who comes while it is checked again takes what is long ago for an answer", async () => {
    const world = simulatedWorld();
    await world.connectivity.check();
    world.findings = { probe: NOTHING, api: undefined };
    await world.clock.advance(31_000);
    let early = 0;
    const waiting = [1, 2].map(async () => {
      await world.connectivity.until("online");
      early += 1;
    });
    await world.clock.advance(1000);
    assert.deepEqual([early, world.connectivity.state], [0, "local"]);
    world.findings = { probe: ONLINE, api: undefined };
    await world.clock.advance(3000);
    await Promise.all(waiting);
  });

  test("is one check for a hundred who wait, and nothing is left of them", async () => {
    const world = simulatedWorld();
    world.interfaces = LOOPBACK;
    const leaving = new AbortController();
    const { signal } = leaving;
    const waiting = Array.from({ length: 100 }, () => world.connectivity.until("online", { signal }));
    await world.clock.advance(60_000);
    assert.equal(world.checks.length, 0);
    world.interfaces = CONNECTED;
    await world.clock.advance(3000);
    await Promise.all(waiting);
    assert.deepEqual([world.checks.length, world.clock.waiting], [1, 0]);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  test("each state can be waited for", async () => {
    const world = simulatedWorld(PORTAL);
    const [portal, offline] = [world.connectivity.until("portal"), world.connectivity.until("offline")];
    await world.clock.advance(0);
    await portal;
    world.interfaces = {};
    await world.clock.advance(3000);
    await offline;
  });

  test("ends with the signal, or when the time is up", async () => {
    const { connectivity, clock } = simulatedWorld(NOTHING);
    const leaving = new AbortController();
    const waiting = connectivity.until("online", { signal: leaving.signal });
    leaving.abort(new Error("gone"));
    await assert.rejects(waiting, /gone/);
    await assert.rejects(connectivity.until("online", { signal: leaving.signal }), /gone/);
    const late = await failure(() => connectivity.until("online", { timeoutMilliseconds: 5 }));
    assert.ok(late instanceof TimeoutError);
    assert.deepEqual([late.phase, late.operation], ["online", "wait for online"]);
    assert.equal(clock.waiting, 0);
    await assert.rejects(connectivity.until("online", { timeoutMilliseconds: -1 }), { code: "OPTION_INVALID" });
  });

  test("says at once that nothing could tell", async () => {
    const { connectivity } = simulatedWorld("nothing to ask");
    await assert.rejects(connectivity.until("online"), { code: "CONNECTIVITY_PROBE_MISSING" });
    await assert.rejects(connectivity.until("portal"), { code: "CONNECTIVITY_PROBE_MISSING" });
    await connectivity.until("local");
  });
});

describe("requests that wait for online", () => {
  const url = (path: string): string => `${fixture.network.http.origin}${path}`;

  test("are sent when it is there, and not before", async () => {
    let answer = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
    await using server = await scriptedServer(answering(() => answer));
    let addresses = LOOPBACK;
    await using manager = await fixture.open(connected({ probeUrl: server.origin, interfaces: () => addresses }));
    fixture.network.clearRequests();
    const waitFor = "online" as const;
    const replies = [manager.request(url("/json"), { waitFor }), manager.fetch(url("/json"), { waitFor })] as const;
    assert.equal((await manager.request(url("/status/204"))).status, 204, "others do not wait");
    addresses = CONNECTED;
    await manager.connectivity.check();
    assert.equal(manager.connectivity.state, "local");
    assert.deepEqual(
      fixture.network.requests.map(({ target }) => target),
      ["/status/204"],
    );
    answer = "HTTP/1.1 204 OK\r\n\r\n";
    await manager.connectivity.check();
    assert.deepEqual(await Promise.all(replies.map(async (reply) => (await reply).status)), [200, 200]);
  });

  test("have their own deadline, whose error says what was waited for", async () => {
    await using manager = await fixture.open(connected({ probeUrl: url("/probe/error") }));
    fixture.network.clearRequests();
    const requested = await failure(() =>
      manager.request(url("/json"), { waitFor: "online", timeoutMilliseconds: 50 }),
    );
    const fetched = await failure(() => manager.fetch(url("/json"), { waitFor: "online", timeouts: { total: 50 } }));
    for (const late of [requested, (fetched as Error).cause]) {
      assert.ok(late instanceof TimeoutError, String(late));
      assert.deepEqual([late.phase, late.operation, late.peer], ["online", "wait for online", new URL(url("/")).host]);
    }
    const leaving = new AbortController();
    const left = manager.request(url("/json"), { waitFor: "online", signal: leaving.signal });
    leaving.abort(new Error("gone"));
    await assert.rejects(left, /gone/);
    assert.ok(fixture.network.requests.every(({ target }) => target === "/probe/error"));
  });

  test("fail at once where nothing could tell", async () => {
    await using manager = await fixture.open();
    await assert.rejects(manager.request(url("/json"), { waitFor: "online" }), { code: "CONNECTIVITY_PROBE_MISSING" });
    await assert.rejects(manager.fetch(url("/json"), { waitFor: "online" }), { code: "CONNECTIVITY_PROBE_MISSING" });
  });
});

describe("a manager that ends", () => {
  for (const how of ["close", "destroy"] as const) {
    test(`${how}() ends a check that is under way, and all waiting`, async () => {
      await using server = await scriptedServer(() => undefined);
      const manager = await fixture.open(connected({ probeUrl: server.origin }));
      const { connectivity } = manager;
      connectivity.addEventListener("change", () => assert.fail("nothing is found any more"));
      const waiting = [
        connectivity.check(),
        connectivity.until("online"),
        manager.request(fixture.network.http.origin, { waitFor: "online" }),
      ];
      const outcomes = Promise.allSettled(waiting);
      const probe = await server.connection(1);
      await manager[how]();
      for (const outcome of await outcomes) {
        assert.equal(outcome.status, "rejected");
        assert.equal((outcome.reason as { code?: unknown }).code, "MANAGER_CLOSED");
      }
      await closed(probe);
      await assert.rejects(connectivity.check(), { code: "MANAGER_CLOSED" });
      await assert.rejects(connectivity.until("online"), { code: "MANAGER_CLOSED" });
      connectivity.addEventListener("change", () => undefined);
    });
  }

  test("has no connectivity that begins after it", async () => {
    const manager = await fixture.open(connected({ probeUrl: fixture.network.http.origin }));
    await manager.close();
    await assert.rejects(manager.connectivity.check(), { code: "MANAGER_CLOSED" });
  });
});

test("a listener keeps no process alive; who waits does", async () => {
  const { code, output, errors } = await runProgram("connectivity", fixture.network.http.origin);
  assert.deepEqual([code, errors], [0, ""]);
  assert.deepEqual(output, ["local→online", "online at last"]);
});

test("an option that cannot be is told when the manager opens", async () => {
  for (const connectivity of [
    { probeUrl: "https://a.example/" },
    { probeUrl: "http://me:secret@a.example/" },
    { probeUrl: "/generate_204" },
    { apiUrl: "http://a.example/" },
    { timeoutMilliseconds: 0 },
  ]) {
    await assert.rejects(fixture.open({ connectivity }), (error: Error & { code?: string }) => {
      assert.equal(error.code, "OPTION_INVALID");
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  }
});
