import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { test } from "node:test";
import { TLSSocket } from "node:tls";
import { pskQuestion } from "../../src/node/psk.ts";

test("of the identities that a client offers only the last is its own: a ticket behind one it does not have is nobody's", () => {
  const key = Buffer.alloc(32, 7);
  const question = pskQuestion((identity) => {
    if (identity === "broken") throw new Error("the list cannot be read");
    return identity.startsWith("sensor") ? key : undefined;
  });
  const socket = new TLSSocket(new Duplex({ read: () => undefined }));
  const ask = (identity: string): boolean => question.ask(socket, identity) !== null;
  assert.equal(question.identity, undefined);
  assert.deepEqual([ask("a"), ask("sensor 7"), question.identity], [false, true, "sensor 7"]);
  assert.deepEqual([ask("\u{fffd}ticket"), question.identity], [false, undefined]);
  assert.deepEqual([ask("sensor 8"), ask("broken"), question.identity], [true, false, undefined]);
  socket.destroy();
});
