import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { memoryPair } from "@fairlead/transport";
import { asNetSocket } from "../../src/adapters/net-surface.ts";

test("a stream has what libraries call on sockets, over a stream that has nothing of it", async () => {
  const [below] = memoryPair();
  const socket = asNetSocket(new PassThrough(), below);
  assert.equal(socket.setNoDelay(true).setKeepAlive(true).ref().unref(), socket);
  assert.equal(socket.remoteAddress, undefined);
  const keepsAlive = setTimeout(() => undefined, 60_000);
  socket.setTimeout(5);
  await once(socket, "timeout");
  clearTimeout(keepsAlive);
  assert.equal(socket.destroyed, false);
});

test("its timeout begins anew with each write, and ends with zero", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const [below] = memoryPair();
  const socket = asNetSocket(new PassThrough(), below);
  let timeouts = 0;
  socket.setTimeout(100, () => (timeouts += 1));
  context.mock.timers.tick(90);
  socket.write("x");
  context.mock.timers.tick(90);
  assert.equal(timeouts, 0);
  context.mock.timers.tick(10);
  assert.equal(timeouts, 1);
  socket.setTimeout(100);
  socket.setTimeout(0);
  context.mock.timers.tick(200);
  assert.equal(timeouts, 1);
});
