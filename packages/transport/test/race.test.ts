import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test, type TestContext } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { race, type Attempt } from "../src/race.ts";

/** Attempts whose course a test decides. */
class Course {
  readonly started: string[] = [];
  readonly aborted: string[] = [];
  readonly #open = new Map<string, PromiseWithResolvers<string>>();

  attempt(name: string): Attempt<string> {
    return (signal) => {
      this.started.push(name);
      const open = Promise.withResolvers<string>();
      this.#open.set(name, open);
      signal.addEventListener("abort", () => this.aborted.push(name));
      return open.promise;
    };
  }

  succeed(name: string): void {
    this.#open.get(name)?.resolve(name);
  }

  fail(name: string): void {
    this.#open.get(name)?.reject(new Error(name));
  }
}

function begin(t: TestContext, names: readonly string[], signal?: AbortSignal) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const course = new Course();
  const discarded: string[] = [];
  const result = race(
    names.map((name) => course.attempt(name)),
    { delayMilliseconds: 250, signal, discard: (late) => discarded.push(late) },
  );
  result.catch(() => undefined);
  return { course, discarded, result };
}

describe("a race (RFC 8305 section 5)", () => {
  test("starts the next when one takes its time, and lets it run on", async (t) => {
    const { course, result } = begin(t, ["slow", "hole", "another hole"]);
    assert.deepEqual(course.started, ["slow"]);
    t.mock.timers.tick(249);
    assert.deepEqual(course.started, ["slow"]);
    t.mock.timers.tick(1);
    assert.deepEqual(course.started, ["slow", "hole"]);
    t.mock.timers.tick(150);
    // The first address answers after 400 ms; all others are black holes.
    course.succeed("slow");
    assert.equal(await result, "slow");
    t.mock.timers.tick(1_000);
    assert.deepEqual(course.started, ["slow", "hole"]);
  });

  test("starts the next at once when one fails", async (t) => {
    const { course, result } = begin(t, ["refused", "good"]);
    course.fail("refused");
    await nextTurn();
    assert.deepEqual(course.started, ["refused", "good"]);
    course.succeed("good");
    assert.equal(await result, "good");
  });

  test("ends the losers, and closes what comes second", async (t) => {
    const { course, discarded, result } = begin(t, ["a", "b"]);
    t.mock.timers.tick(250);
    course.succeed("b");
    assert.equal(await result, "b");
    assert.ok(course.aborted.includes("a"));
    course.succeed("a");
    await nextTurn();
    assert.deepEqual(discarded, ["a"]);
  });

  test("fails with every failure, in the order of the attempts", async (t) => {
    const { course, result } = begin(t, ["a", "b", "c"]);
    t.mock.timers.tick(250);
    t.mock.timers.tick(250);
    for (const name of ["c", "a", "b"]) course.fail(name);
    await assert.rejects(result, (error) => {
      assert.ok(error instanceof AggregateError);
      assert.deepEqual(
        error.errors.map((each: Error) => each.message),
        ["a", "b", "c"],
      );
      return true;
    });
  });

  test("ends with the signal's reason, and leaves neither timer nor listener", async (t) => {
    const controller = new AbortController();
    const { course, result } = begin(t, ["a", "b"], controller.signal);
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(result, reason);
    assert.deepEqual(course.aborted, ["a"]);
    t.mock.timers.tick(1_000);
    assert.deepEqual(course.started, ["a"]);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("of nobody fails, and one whose signal has fired starts nobody", async (t) => {
    await assert.rejects(begin(t, []).result, AggregateError);
    t.mock.timers.reset();
    const reason = new Error("enough");
    const { course, result } = begin(t, ["a"], AbortSignal.abort(reason));
    await assert.rejects(result, reason);
    assert.deepEqual(course.started, []);
  });
});
