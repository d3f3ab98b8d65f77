import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CONNECTED, LOOPBACK } from "./connected.ts";
import { NOTHING, ONLINE, PORTAL, settled, simulatedWorld } from "./simulated.ts";

const HOUR = 3_600_000;

describe("nothing is asked", () => {
  test("before somebody listens, waits or checks: no probe, and no timer", async () => {
    const { connectivity, clock, checks } = simulatedWorld();
    assert.equal(connectivity.state, "local");
    assert.equal(connectivity.portal, undefined);
    connectivity.addEventListener("other", () => undefined);
    await clock.advance(HOUR);
    assert.deepEqual([checks.length, clock.waiting], [0, 0]);
  });

  test("after one check", async () => {
    const { connectivity, clock, checks } = simulatedWorld(NOTHING);
    assert.equal(await connectivity.check(), "local");
    await clock.advance(HOUR);
    assert.deepEqual([checks.length, clock.waiting], [1, 0]);
  });

  test("after the last listener has gone", async () => {
    const world = simulatedWorld(NOTHING);
    const listener = world.listen();
    await world.clock.advance(1000);
    assert.deepEqual(world.checks, [0]);
    world.connectivity.removeEventListener("change", listener);
    await world.clock.advance(HOUR);
    assert.deepEqual([world.checks.length, world.clock.waiting], [1, 0]);
  });

  test("after a listener that was to be heard once", async () => {
    const world = simulatedWorld();
    world.connectivity.addEventListener("change", () => undefined, { once: true });
    await world.clock.advance(3000);
    assert.deepEqual([world.checks.length, world.clock.waiting], [1, 0]);
  });

  test("after a listener whose signal has fired", async () => {
    const { connectivity, clock, checks } = simulatedWorld(NOTHING);
    const leaving = new AbortController();
    connectivity.addEventListener("change", () => undefined, { signal: leaving.signal });
    await clock.advance(1000);
    leaving.abort();
    await clock.advance(3000);
    const count = checks.length;
    await clock.advance(HOUR);
    assert.deepEqual([checks.length, clock.waiting], [count, 0]);
  });

  test("while online: without a cause there is no second probe", async () => {
    const world = simulatedWorld();
    world.listen();
    await world.clock.advance(24 * HOUR);
    assert.deepEqual(world.checks, [0]);
    assert.deepEqual(world.changes, ["local→online asked"]);
  });

  test("while there is nothing to ask: addresses alone tell", async () => {
    const world = simulatedWorld("nothing to ask");
    world.listen();
    await world.clock.advance(HOUR);
    world.interfaces = LOOPBACK;
    await world.clock.advance(3000);
    world.interfaces = CONNECTED;
    await world.clock.advance(3000);
    assert.deepEqual(world.changes, ["local→offline interfaces", "offline→local interfaces"]);
    await assert.rejects(world.connectivity.check(), { code: "CONNECTIVITY_PROBE_MISSING" });
  });

  test("while there is no address to ask from", async () => {
    const world = simulatedWorld();
    world.interfaces = LOOPBACK;
    world.listen();
    assert.equal(await world.connectivity.check(), "offline");
    await world.clock.advance(HOUR);
    assert.deepEqual([world.checks.length, world.connectivity.state], [0, "offline"]);
  });
});

describe("it is asked again", () => {
  test("without a verdict: after 2, 4, 8 … seconds", async () => {
    const world = simulatedWorld(NOTHING);
    world.listen();
    await world.clock.advance(70_000);
    assert.deepEqual(world.checks, [0, 2000, 6000, 14_000, 30_000, 62_000]);
  });

  test("at a portal, until its user was let out", async () => {
    const world = simulatedWorld(PORTAL);
    world.listen();
    await world.clock.advance(20_000);
    world.findings = { probe: ONLINE, api: undefined };
    await world.clock.advance(HOUR);
    assert.deepEqual(world.checks, [0, 5000, 15_000, 35_000]);
    assert.deepEqual(world.changes, ["local→portal asked http://portal.example/", "portal→online schedule"]);
  });

  test("not before Retry-After, whatever happens to connections; but when somebody asks", async () => {
    const world = simulatedWorld({ type: "none", retryAfterMilliseconds: 60_000 });
    world.listen();
    await world.clock.advance(30_000);
    await fail(world, "unreachable");
    await world.clock.advance(29_999);
    assert.deepEqual(world.checks, [0]);
    await world.clock.advance(1);
    assert.deepEqual(world.checks, [0, 60_000]);
    await world.connectivity.check();
    assert.equal(world.checks.length, 3);
  });

  test("when the session ends that the API spoke of", async () => {
    const world = simulatedWorld();
    const session = {
      captive: false,
      userPortalUrl: "https://portal.example/",
      venueInfoUrl: undefined,
      canExtendSession: true,
      secondsRemaining: 600,
      bytesRemaining: 1,
    };
    world.findings = { probe: ONLINE, api: session };
    world.listen();
    await world.clock.advance(599_000);
    assert.deepEqual([world.checks.length, world.connectivity.portal?.secondsRemaining], [1, 600]);
    world.findings = { probe: ONLINE, api: { ...session, captive: true, secondsRemaining: undefined } };
    await world.clock.advance(1000);
    assert.deepEqual(world.changes.slice(1), ["online→portal session-end https://portal.example/"]);
  });

  test("when an interface comes, goes or gets another address", async () => {
    const world = simulatedWorld();
    world.listen();
    await world.clock.advance(10_000);
    world.interfaces = { ...CONNECTED, wlan0: [{ address: "198.51.100.7", internal: false }] };
    world.findings = { probe: PORTAL, api: undefined };
    await world.clock.advance(3000);
    world.interfaces = LOOPBACK;
    await world.clock.advance(3000);
    world.interfaces = CONNECTED;
    world.findings = { probe: ONLINE, api: undefined };
    await world.clock.advance(3000);
    assert.deepEqual(world.changes, [
      "local→online asked",
      "online→portal interfaces http://portal.example/",
      "portal→offline interfaces",
      "offline→local interfaces",
      "local→online interfaces",
    ]);
    assert.equal(world.connectivity.portal, undefined);
  });

  test("after the machine slept", async () => {
    const world = simulatedWorld();
    world.listen();
    await world.clock.advance(10_000);
    world.clock.slept = HOUR;
    await world.clock.advance(6000);
    assert.equal(world.checks.length, 2);
    world.clock.slept = 0;
    await world.clock.advance(6000);
    assert.equal(world.checks.length, 2, "a clock that is set back is no sleep");
  });

  test("when a function of the application's has failed: it may do better the next time", async () => {
    const world = simulatedWorld();
    world.answer = () => Promise.reject(new Error("the application's own"));
    world.listen();
    await assert.rejects(world.connectivity.check(), /the application's own/);
    await world.clock.advance(1000);
    world.answer = undefined;
    await world.clock.advance(10_000);
    assert.equal(world.connectivity.state, "online");
  });
});

describe("what the manager's connections meet", () => {
  test("has a check made, five seconds after the one before", async () => {
    const world = simulatedWorld();
    world.listen();
    await world.clock.advance(3000);
    world.findings = { probe: PORTAL, api: undefined };
    await fail(world, "name-mismatch");
    await world.clock.advance(HOUR / 60);
    assert.deepEqual(world.checks.slice(0, 2), [0, 5000]);
    assert.equal(world.changes.at(-1), "online→portal name-mismatch http://portal.example/");
  });

  test("has fewer and fewer made where they find nothing new: a broken server does not have the network probed", async () => {
    const world = simulatedWorld();
    world.listen();
    for (let second = 0; second < 3600; second += 1) {
      await fail(world, "name-mismatch");
      await world.clock.advance(1000);
    }
    assert.deepEqual(world.checks.slice(0, 5), [0, 5000, 15_000, 35_000, 75_000]);
    assert.ok(world.checks.length < 13, String(world.checks.length));
  });

  test("is nothing to anybody while nobody listens", async () => {
    const world = simulatedWorld();
    await fail(world, "name-mismatch");
    await world.clock.advance(HOUR);
    assert.deepEqual(world.checks, []);
  });
});

describe("a check", () => {
  test("is shared by all who ask meanwhile", async () => {
    const world = simulatedWorld();
    const states = await Promise.all(Array.from({ length: 100 }, () => world.connectivity.check()));
    assert.deepEqual([new Set(states), world.checks.length], [new Set(["online"]), 1]);
  });

  test("is the one that a listener asks for who hears what it finds at once", async () => {
    const world = simulatedWorld();
    world.listen();
    await world.clock.advance(1000);
    world.interfaces = LOOPBACK;
    await world.clock.advance(3000);
    const asked: Promise<unknown>[] = [];
    world.connectivity.addEventListener("change", () => asked.push(world.connectivity.check()));
    world.interfaces = CONNECTED;
    await world.connectivity.check();
    await Promise.all(asked);
    assert.deepEqual([world.checks.length, asked.length], [2, 2]);
  });

  test("of a network that has gone meanwhile says nothing", async () => {
    const world = simulatedWorld();
    world.answer = () => {
      world.interfaces = { ...LOOPBACK, eth1: [{ address: "203.0.113.7", internal: false }] };
      return Promise.resolve({ probe: PORTAL, api: undefined });
    };
    assert.equal(await world.connectivity.check(), "local");
    assert.equal(world.connectivity.portal, undefined);
  });

  test("is made once a second at the most, however fast interfaces come and go", async () => {
    const world = simulatedWorld();
    world.listen();
    let flap = 0;
    world.answer = () => {
      flap += 1;
      world.interfaces = { ...CONNECTED, eth0: [{ address: `192.0.2.${String(flap % 250)}`, internal: false }] };
      return Promise.resolve({ probe: ONLINE, api: undefined });
    };
    await world.clock.advance(60_000);
    assert.ok(world.checks.length <= 61, String(world.checks.length));
  });

  test("can be left by whoever asked; it goes on for the others", async () => {
    const world = simulatedWorld();
    const held = Promise.withResolvers<undefined>();
    world.answer = async () => {
      await held.promise;
      return { probe: ONLINE, api: undefined };
    };
    const leaving = new AbortController();
    const left = world.connectivity.check({ signal: leaving.signal });
    const stays = world.connectivity.check();
    leaving.abort(new Error("gone"));
    await assert.rejects(left, /gone/);
    held.resolve(undefined);
    assert.equal(await stays, "online");
    assert.equal(world.checks.length, 1);
  });

  test("that nobody has watched since is trusted while addresses stay what they are", async () => {
    const world = simulatedWorld();
    await world.connectivity.check();
    assert.equal(world.connectivity.state, "online");
    world.interfaces = { ...CONNECTED, eth0: [{ address: "192.0.2.8", internal: false }] };
    assert.equal(world.connectivity.state, "local");
  });
});

test("an event tells of another portal's URL, too, and only of that", async () => {
  const world = simulatedWorld(PORTAL);
  world.listen();
  await world.clock.advance(1000);
  await world.connectivity.check();
  world.findings = {
    probe: { type: "portal", portalUrl: "http://other.example/", source: "redirect" },
    api: undefined,
  };
  await world.connectivity.check();
  assert.deepEqual(world.changes, [
    "local→portal asked http://portal.example/",
    "portal→portal asked http://other.example/",
  ]);
});

test("interfaces that the system does not tell are taken for a network", async () => {
  const world = simulatedWorld();
  Object.defineProperty(world, "interfaces", {
    get: () => {
      throw new Error("refused");
    },
  });
  assert.equal(world.connectivity.state, "local");
  assert.equal(await world.connectivity.check(), "online");
});

/** Has something happen to a connection of the manager. */
async function fail(world: ReturnType<typeof simulatedWorld>, hint: "name-mismatch" | "unreachable"): Promise<void> {
  world.hints.tell(hint);
  await settled();
}
