import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzWebSocket } from "./fuzz.ts";

test("whatever a peer sends, and whatever an application does meanwhile, a WebSocket ends by name", async () => {
  const codes = new Set<string>();
  for (let seed = 1; seed <= 800; seed += 1) codes.add(await fuzzWebSocket(seed));
  const wanted = [
    "1000",
    "WEBSOCKET_CLOSED_ABRUPTLY",
    "WEBSOCKET_FRAME_INVALID",
    "WEBSOCKET_TEXT_INVALID",
    "WEBSOCKET_MESSAGE_LIMIT",
  ];
  assert.deepEqual(
    wanted.filter((code) => !codes.has(code)),
    [],
    "chance comes by all of them",
  );
});
