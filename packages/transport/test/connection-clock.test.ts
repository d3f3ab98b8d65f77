import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import { ConnectionClock } from "../src/connection-clock.ts";

/** A clock, what it called due, and the time that passes only here. */
function started(context: TestContext): {
  clock: ConnectionClock;
  due: number[];
  pass: (milliseconds: number) => void;
} {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => {
    mock.timers.reset();
  });
  let now = 1_000;
  const due: number[] = [];
  const clock = new ConnectionClock(
    () => due.push(now - 1_000),
    () => now,
  );
  const pass = (milliseconds: number): void => {
    for (let step = 0; step < milliseconds; step += 1) {
      now += 1;
      mock.timers.tick(1);
    }
  };
  return { clock, due, pass };
}

test("it is due once, when the time is up", (context) => {
  const { clock, due, pass } = started(context);
  clock.set(50);
  pass(49);
  assert.deepEqual(due, []);
  pass(200);
  assert.deepEqual(due, [50]);
});

test("a deadline takes the place of the one before, later or earlier", (context) => {
  const { clock, due, pass } = started(context);
  clock.set(50);
  pass(30);
  clock.set(100);
  pass(99);
  assert.deepEqual(due, []);
  pass(1);
  assert.deepEqual(due, [130]);
  clock.set(100);
  clock.set(10);
  pass(100);
  assert.deepEqual(due, [130, 140]);
});

test("one that was cleared or stopped is never due", (context) => {
  const { clock, due, pass } = started(context);
  clock.set(50);
  clock.clear();
  pass(100);
  clock.set(50);
  clock.stop();
  pass(100);
  assert.deepEqual(due, []);
});

test("a timer is started once for many deadlines", (context) => {
  const { clock, due, pass } = started(context);
  let timers = 0;
  const start = globalThis.setTimeout;
  mock.method(globalThis, "setTimeout", (...timer: Parameters<typeof setTimeout>) => {
    timers += 1;
    return start(...timer);
  });
  context.after(() => {
    mock.restoreAll();
  });
  for (let index = 0; index < 100; index += 1) {
    clock.set(1_000);
    pass(1);
  }
  assert.equal(timers, 1);
  pass(999);
  assert.deepEqual(due, [1_099]);
});
