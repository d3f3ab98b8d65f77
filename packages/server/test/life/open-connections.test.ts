import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OpenConnections, type Drainable } from "../../src/life/index.ts";

/** A connection that notes what is asked of it. */
class NotedConnection implements Drainable {
  readonly #closed = Promise.withResolvers<undefined>();
  readonly closed: Promise<void> = this.#closed.promise;
  readonly asked: string[] = [];
  active: number;

  constructor({ active = 0 }: { readonly active?: number } = {}) {
    this.active = active;
  }

  drain(): void {
    if (!this.asked.includes("drain")) this.asked.push("drain");
    if (this.active === 0) this.#closed.resolve(undefined);
  }

  destroy(): void {
    this.asked.push("destroy");
    this.#closed.resolve(undefined);
  }

  /** Its last request is answered. */
  finish(): void {
    this.active = 0;
    if (this.asked.includes("drain")) this.#closed.resolve(undefined);
  }
}

const noError = (error: unknown): void => assert.fail(String(error));

describe("connections that are drained", () => {
  test("are waited for while they have requests, and closed at once when they have none", async () => {
    const open = new OpenConnections();
    const [busy, idle] = [new NotedConnection({ active: 1 }), new NotedConnection()];
    open.add(busy);
    open.add(idle);
    assert.deepEqual(open.count, { connections: 2, requests: 1 });
    let isDrained = false;
    const drained = open.drain().then(() => {
      isDrained = true;
    });
    await idle.closed;
    assert.equal(isDrained, false);
    busy.finish();
    await drained;
    assert.deepEqual([busy.asked, idle.asked], [["drain"], ["drain"]]);
    assert.deepEqual(open.count, { connections: 0, requests: 0 });
  });

  test("are cut when the grace is over", async () => {
    const open = new OpenConnections();
    const stuck = new NotedConnection({ active: 1 });
    open.add(stuck);
    await open.drain({ graceMilliseconds: 5 });
    assert.deepEqual(stuck.asked, ["drain", "destroy"]);
  });

  test("are cut by a second call that gives no grace", async () => {
    const open = new OpenConnections();
    const stuck = new NotedConnection({ active: 1 });
    open.add(stuck);
    const first = open.drain({ graceMilliseconds: 60_000 });
    await open.drain({ graceMilliseconds: 0 });
    await first;
    assert.deepEqual(stuck.asked, ["drain", "destroy"]);
  });

  test("are told by a signal, once", () => {
    const open = new OpenConnections();
    assert.equal(open.closing.aborted, false);
    void open.drain();
    assert.equal(open.closing.aborted, true);
  });

  test("may come late, out of a handshake, and are drained with the others", async () => {
    const open = new OpenConnections();
    const busy = new NotedConnection({ active: 1 });
    open.add(busy);
    const drained = open.drain();
    const late = new NotedConnection({ active: 1 });
    open.add(late);
    assert.deepEqual(late.asked, ["drain"]);
    busy.finish();
    await busy.closed;
    late.finish();
    await drained;
  });

  test("may come out of work that is waited for", async () => {
    const open = new OpenConnections();
    const handshake = Promise.withResolvers<undefined>();
    open.waitUntil(handshake.promise, noError);
    let isDrained = false;
    const drained = open.drain().then(() => {
      isDrained = true;
    });
    const late = new NotedConnection({ active: 1 });
    open.add(late);
    handshake.resolve(undefined);
    await handshake.promise;
    await Promise.resolve();
    assert.equal(isDrained, false);
    late.finish();
    await drained;
  });

  test("are cut when they come after the end of the grace", async () => {
    const open = new OpenConnections();
    await open.drain({ graceMilliseconds: 0 });
    const late = new NotedConnection();
    open.add(late);
    assert.deepEqual(late.asked, ["destroy"]);
  });
});

describe("work beside the requests", () => {
  test("is waited for, and what it begins in turn", async () => {
    const open = new OpenConnections();
    const [first, second] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    open.waitUntil(
      first.promise.then(() => open.waitUntil(second.promise, noError)),
      noError,
    );
    let isDrained = false;
    const drained = open.drain().then(() => {
      isDrained = true;
    });
    first.resolve(undefined);
    await first.promise;
    assert.equal(isDrained, false);
    second.resolve(undefined);
    await drained;
  });

  test("is given up when the grace is over", async () => {
    const open = new OpenConnections();
    open.waitUntil(new Promise(() => undefined), noError);
    await open.drain({ graceMilliseconds: 5 });
  });

  test("is told what it fails with", async () => {
    const open = new OpenConnections();
    const errors: unknown[] = [];
    open.waitUntil(Promise.reject(new Error("no")), (error) => errors.push(error));
    await open.drain();
    assert.deepEqual(errors, [new Error("no")]);
  });
});
