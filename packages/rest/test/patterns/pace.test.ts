import { rateLimit, serve } from "@fairlead/server";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openNetworkAccessManager } from "@fairlead/access";
import { restClient } from "../../src/client/index.ts";
import { pace, rateLimitsOf, type Pace, type PaceOptions } from "../../src/patterns/index.ts";

const ORIGIN = "https://a.example";

/** A pace whose time passes when it is waited for. */
function timed(options: PaceOptions = {}): {
  pace: Pace;
  waits: number[];
  pass: (milliseconds: number) => void;
  seconds: () => number;
} {
  let now = 1_000_000_000_000;
  const waits: number[] = [];
  const wait = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted();
    waits.push(milliseconds);
    now += milliseconds;
    return Promise.resolve();
  };
  const pass = (milliseconds: number): void => {
    now += milliseconds;
  };
  return { pace: pace({ now: () => now, wait, ...options }), waits, pass, seconds: () => now / 1_000 };
}

const says = (fields: Readonly<Record<string, string>>) => (name: string) => fields[name];

describe("a pace", () => {
  test("lets calls go of which nothing is known", async () => {
    const { pace: own, waits } = timed();
    for (let count = 0; count < 100; count += 1) await own.turn(ORIGIN);
    assert.deepEqual(waits, []);
  });

  test("counts down what is left, calls included that were not answered yet, and waits for the next window", async () => {
    const { pace: own, waits } = timed();
    own.learn(ORIGIN, 200, says({ ratelimit: '"d";r=2;t=30' }));
    for (let count = 0; count < 3; count += 1) await own.turn(ORIGIN);
    assert.deepEqual(waits, [30_000]);
    await own.turn("https://b.example");
    assert.equal(waits.length, 1);
  });

  test("believes the smaller of two answers of one window, in whichever order they come", async () => {
    const { pace: own, waits, seconds } = timed();
    const answer = (remaining: number): void => {
      own.learn(
        ORIGIN,
        200,
        says({ "x-ratelimit-remaining": String(remaining), "x-ratelimit-reset": String(seconds() + 60) }),
      );
    };
    answer(1);
    answer(5);
    await own.turn(ORIGIN);
    assert.deepEqual(waits, []);
    await own.turn(ORIGIN);
    assert.deepEqual(waits, [60_000]);
  });

  test("begins anew with a window that has more", async () => {
    const { pace: own, waits, pass } = timed();
    own.learn(ORIGIN, 200, says({ ratelimit: '"d";r=0;t=10' }));
    pass(11_000);
    own.learn(ORIGIN, 200, says({ ratelimit: '"d";r=5;t=10' }));
    for (let count = 0; count < 5; count += 1) await own.turn(ORIGIN);
    assert.deepEqual(waits, []);
  });

  test("waits as long as Retry-After says", async () => {
    const { pace: own, waits } = timed();
    own.learn(ORIGIN, 429, says({ "retry-after": "7" }));
    await own.turn(ORIGIN);
    assert.deepEqual(waits, [7_000]);
  });

  test("keeps calls at a distance of its own", async () => {
    const { pace: own, waits } = timed({ callsPerSecond: 4 });
    for (let count = 0; count < 4; count += 1) await own.turn(ORIGIN);
    assert.deepEqual(waits, [250, 250, 250]);
  });

  test("refuses at once what would wait too long, whatever a service says", async () => {
    const { pace: own, waits } = timed();
    own.learn(ORIGIN, 503, says({ "retry-after": "999999999" }));
    await assert.rejects(own.turn(ORIGIN), { code: "RATE_LIMITED" });
    assert.deepEqual(waits, []);
  });

  test("waits as long as the application allows, and no longer", async () => {
    const { pace: own, waits } = timed({ longestWaitMilliseconds: 5_000 });
    own.learn(ORIGIN, 429, says({ "retry-after": "5" }));
    await own.turn(ORIGIN);
    assert.deepEqual(waits, [5_000]);
    own.learn(ORIGIN, 429, says({ "retry-after": "6" }));
    await assert.rejects(own.turn(ORIGIN), { code: "RATE_LIMITED" });
  });

  test("has no more wait than allowed, and lets go whose signal fires", async () => {
    const controller = new AbortController();
    const own = pace({ waiting: 1 });
    own.learn(ORIGIN, 429, says({ "retry-after": "50" }));
    const waiting = own.turn(ORIGIN, controller.signal);
    await assert.rejects(own.turn(ORIGIN), { code: "RATE_LIMITED" });
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(waiting, reason);
    await assert.rejects(own.turn(ORIGIN, controller.signal), reason);
  });

  test("has no call refused that a server with a limit would refuse", async () => {
    let now = 1_000_000_000_000;
    const waits: number[] = [];
    await using server = await serve({
      fetch: () => Response.json({}),
      plugins: [rateLimit({ requests: 3, seconds: 10, key: () => "all", now: () => now })],
    });
    await using manager = await openNetworkAccessManager({ cache: false });
    const own = pace({
      now: () => now,
      wait: (milliseconds) => {
        waits.push(milliseconds);
        now += milliseconds;
        return Promise.resolve();
      },
    });
    const client = restClient({ base: String(server.url), manager, retry: false, pace: own });
    for (let count = 0; count < 10; count += 1) {
      const { status, headers } = await client.get("x");
      assert.equal(status, 200);
      assert.equal(rateLimitsOf({ status, headers }).limits[0]?.limit, 3);
    }
    assert.ok(waits.length > 0);
  });
});
