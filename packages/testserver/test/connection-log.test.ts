import assert from "node:assert/strict";
import { Socket } from "node:net";
import { test } from "node:test";
import { ConnectionLog } from "../src/connection-log.ts";
import { TrafficLog } from "../src/traffic-log.ts";

test("connections that were reset before they were looked at have one remote end, and each is ended", async () => {
  let number = 0;
  const log = new ConnectionLog({ service: "any", nextNumber: () => (number += 1), traffic: new TrafficLog() });
  const [first, second] = [new Socket(), new Socket()];
  log.add(first);
  log.add(second);
  const closed = new Promise((resolve) => first.once("close", resolve));
  first.destroy();
  await closed;
  assert.equal(log.counts.open, 1);
  log.destroyAll();
  assert.equal(second.destroyed, true);
});
