import assert from "node:assert/strict";
import { duplexPair } from "node:stream";
import { test } from "node:test";
import { Flag, formatPairs, FrameReader, FrameType, FrameWriter } from "../../../src/gateway/protocol/index.ts";
import { WorkerDriver } from "../../../src/gateway/worker-end/worker-driver.ts";

test("a worker that was told to finish stays until its server, which has all answers then, ends the connection", async () => {
  const [ours, theirs] = duplexPair();
  const driver = new WorkerDriver(theirs, {
    requests: 1,
    windowBytes: 1_000,
    memoryBytes: () => 0,
    onExchange: (exchange) => {
      exchange.respond({ status: 200, fields: [] }, undefined);
    },
    onDrain: () => undefined,
  });
  const writer = new FrameWriter();
  const send = (): void => {
    for (const chunk of writer.take()) ours.write(chunk);
  };
  const told: number[] = [];
  const reader = new FrameReader({
    onFrame(type) {
      told.push(type);
      if (type === FrameType.response) writer.ping(1);
      if (type === FrameType.pong) ours.end();
      send();
    },
    onData: () => undefined,
  });

  writer.hello({ requests: 1, windowBytes: 1_000 });
  writer.pairs(FrameType.request, Flag.end, 1, formatPairs([":method", "GET", ":path", "/"]) ?? assert.fail());
  writer.drain();
  send();
  for await (const bytes of ours) reader.read(bytes as Uint8Array);
  assert.deepEqual(told, [FrameType.hello, FrameType.response, FrameType.pong]);
  assert.equal(await driver.closed, undefined);
});
