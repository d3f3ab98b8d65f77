import assert from "node:assert/strict";
import { test } from "node:test";
import type { WebSocketConnection } from "@fairlead/transport/websocket";
import { Link } from "../../src/websocket/link.ts";

/** A connection that takes everything, and never answers a ping. */
function mute(): WebSocketConnection & { state: WebSocketConnection["state"] } {
  return {
    role: "client",
    protocol: "",
    deflate: undefined,
    state: "open",
    bufferedBytes: 0,
    send: () => false,
    ping: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    close: () => undefined,
    destroy: () => undefined,
  };
}

test("what waits for a connection, or comes too late, is told what it was lost to", async () => {
  const connection = mute();
  const link = new Link(connection, "a.example");
  link.send("more than there is room for");
  const waiting = [link.drained(), link.confirmed()];
  // Both wait from the next turn on.
  await Promise.resolve();
  const lost = new Error("lost");
  const told = Promise.all(waiting.map((one) => assert.rejects(one, lost)));
  connection.state = "closed";
  link.lose(lost);
  await told;
  await assert.rejects(link.confirmed(), lost);
  await assert.rejects(link.drained(), lost);
});

test("after an end in good order nothing is confirmed, and the host is named", async () => {
  const connection = mute();
  const link = new Link(connection, "a.example");
  connection.state = "closing";
  await assert.rejects(link.confirmed(), { code: "WEBSOCKET_NOT_OPEN", peer: "a.example", operation: "confirm" });
  connection.state = "closed";
  link.lose(undefined);
  await assert.rejects(link.confirmed(), { code: "WEBSOCKET_NOT_OPEN", peer: "a.example", operation: "confirm" });
  await assert.rejects(link.drained(), { code: "WEBSOCKET_NOT_OPEN", peer: "a.example", operation: "send" });
});

test("a confirmation that waits for a Blob is not asked of the connection that comes next", async () => {
  const connection = mute();
  const link = new Link(connection, "a.example");
  link.send(new Blob(["late"]));
  const confirmed = assert.rejects(link.confirmed(), new Error("lost"));
  connection.state = "closed";
  link.lose(new Error("lost"));
  await confirmed;
});
