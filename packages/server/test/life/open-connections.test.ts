import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OpenConnections, type Drainable } from "../../src/life/index.ts";

/** A connection that notes what is asked of it. */
class NotedConnection implements Drainable {
  readonly #closed = Promise.withResolvers<undefined>();
  readonly closed: Promise<void> = this.#closed.promise;
  readonly asked: string[] = [];
  readonly version: "1" | "2";
  active: number;

  constructor({ version = "1", active = 0 }: { version?: "1" | "2"; active?: number } = {}) {
    this.version = version;
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

  test("of HTTP/1 may be left open for a request that is on its way", async () => {
    const open = new OpenConnections();
    const [idle, second] = [new NotedConnection(), new NotedConnection({ version: "2" })];
    open.add(idle);
    open.add(second);
    const drained = open.drain({ idleMilliseconds: 60_000, graceMilliseconds: 120_000 });
    assert.deepEqual([idle.asked, second.asked], [[], ["drain"]]);
    idle.active = 1;
    open.requestBegins(idle);
    assert.deepEqual(idle.asked, ["drain"], "so that its answer can say that it is the last");
    idle.finish();
    await drained;
  });

  test("are closed when that request does not come", async () => {
    const open = new OpenConnections();
    const idle = new NotedConnection();
    open.add(idle);
    await open.drain({ idleMilliseconds: 5, graceMilliseconds: 60_000 });
    assert.deepEqual(idle.asked, ["drain"]);
  });

  test("may come late, out of a handshake, and have one request", async () => {
    const open = new OpenConnections();
    const busy = new NotedConnection({ active: 1 });
    open.add(busy);
    const drained = open.drain();
    const late = new NotedConnection();
    open.add(late);
    busy.finish();
    await busy.closed;
    assert.deepEqual(late.asked, []);
    late.active = 1;
    open.requestBegins(late);
    late.finish();
    await drained;
    assert.deepEqual(late.asked, ["drain"]);
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
