import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { joinThroughFaults } from "../../src/faults/fault-path.ts";
import { FaultSet } from "../../src/faults/fault-set.ts";
import { SocketPairs } from "../../src/faults/socket-pairs.ts";

describe("a path without faults is what a connection without a path is", () => {
  let pairs: SocketPairs;
  before(() => (pairs = new SocketPairs()));
  after(() => pairs.close());

  test("a reset right behind bytes comes behind them", async () => {
    const { client, service } = await open();
    service.write(answer);
    service.resetAndDestroy();
    assert.deepEqual(await outcomeOf(client), { sizeBytes: answer.length, ending: "ECONNRESET" });
  });

  test("an end right behind bytes comes behind them, and is no reset", async () => {
    const { client, service } = await open();
    service.end(answer);
    assert.deepEqual(await outcomeOf(client), { sizeBytes: answer.length, ending: "end" });
    client.end();
  });

  test("a client that writes on to a service that has gone gets all that was said before", async () => {
    const { client, service, accepted } = await open();
    service.write(answer);
    service.destroy();
    // They come before the path has read the answer: a write would meet the reset of a closed socket.
    for (const late of ["late", "later", "latest"]) accepted.push(Buffer.from(late));
    assert.deepEqual(await outcomeOf(client), { sizeBytes: answer.length, ending: "end" });
    // What TCP says to such bytes follows.
    while (!accepted.destroyed) await new Promise(setImmediate);
    client.destroy();
  });

  test("a client that resets is a reset for the service, behind its bytes", async () => {
    const { client, service } = await open();
    client.write(answer);
    client.resetAndDestroy();
    assert.deepEqual(await outcomeOf(service), { sizeBytes: answer.length, ending: "ECONNRESET" });
  });

  async function open(): Promise<{ readonly client: Socket; readonly accepted: Socket; readonly service: Socket }> {
    const outer = await pairs.open();
    const inner = await pairs.open();
    const faults = new FaultSet({ areHeeded: true });
    joinThroughFaults(
      outer.far,
      inner.near,
      faults,
      () => undefined,
      () => inner.far.destroyed,
    );
    return { client: outer.near, accepted: outer.far, service: inner.far };
  }
});

const answer = Buffer.alloc(50_000, "answer");

async function outcomeOf(socket: Socket): Promise<{ readonly sizeBytes: number; readonly ending: unknown }> {
  let sizeBytes = 0;
  socket.on("data", (piece: Buffer) => (sizeBytes += piece.length));
  // Rejects with the error of a reset.
  const ending = await once(socket, "end").then(
    () => "end",
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  return { sizeBytes, ending };
}
