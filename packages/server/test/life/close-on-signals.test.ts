import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { closeOnSignals, type Closable, type DrainOptions } from "../../src/life/index.ts";

// This process has no other use for it.
const signals = ["SIGHUP"] as const;

/** A server that closes when it is allowed to, or has no grace. */
class NotedServer implements Closable {
  readonly asked: DrainOptions[] = [];
  readonly #finished = Promise.withResolvers<undefined>();
  readonly #called = Promise.withResolvers<undefined>();
  readonly called: Promise<unknown> = this.#called.promise;

  async close(options: DrainOptions): Promise<void> {
    this.asked.push(options);
    this.#called.resolve(undefined);
    if (options.graceMilliseconds === 0) this.#finished.resolve(undefined);
    await this.#finished.promise;
  }

  finish(): void {
    this.#finished.resolve(undefined);
  }
}

function kill(): void {
  process.kill(process.pid, "SIGHUP");
}

describe("a server that closes on signals", () => {
  test("drains at the first", async () => {
    const server = new NotedServer();
    using closing = closeOnSignals(server, { signals, graceMilliseconds: 20_000 });
    kill();
    await server.called;
    server.finish();
    await closing.closed;
    assert.deepEqual(server.asked, [{ graceMilliseconds: 20_000 }]);
    assert.equal(process.listenerCount("SIGHUP"), 0, "the next signal is the process's own matter");
  });

  test("cuts at the second", async () => {
    const server = new NotedServer();
    using closing = closeOnSignals(server, { signals });
    kill();
    await server.called;
    kill();
    await closing.closed;
    assert.deepEqual(
      server.asked.map(({ graceMilliseconds }) => graceMilliseconds),
      [undefined, 0],
    );
    assert.equal(process.listenerCount("SIGHUP"), 0);
  });

  test("tells balancers first, and gives them time, which a second signal cuts short", async () => {
    const server = new NotedServer();
    const { promise: left, resolve: leave } = Promise.withResolvers<undefined>();
    const health = { leave: () => leave(undefined) };
    using closing = closeOnSignals(server, { signals, health, delayMilliseconds: 60_000 });
    kill();
    await left;
    assert.deepEqual(server.asked, []);
    kill();
    await closing.closed;
    assert.ok(server.asked.every(({ graceMilliseconds }) => graceMilliseconds === 0));
  });

  test("leaves signals alone once it is disposed of", () => {
    const before = process.listenerCount("SIGHUP");
    const closing = closeOnSignals(new NotedServer(), { signals });
    assert.equal(process.listenerCount("SIGHUP"), before + 1);
    closing[Symbol.dispose]();
    assert.equal(process.listenerCount("SIGHUP"), before);
  });

  test("rejects when closing fails", async () => {
    using closing = closeOnSignals({ close: () => Promise.reject(new Error("no")) }, { signals });
    kill();
    await assert.rejects(closing.closed, new Error("no"));
  });
});
