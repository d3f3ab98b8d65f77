import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { WebSocket } from "ws";
import { acceptWebSocket, type AcceptWebSocketOptions, type OnWebSocket } from "../../src/websocket/index.ts";
import { startPlainServer } from "../plain-server.ts";

async function startSockets(onWebSocket: OnWebSocket, options?: AcceptWebSocketOptions) {
  return startPlainServer((request, context) => acceptWebSocket(request, context, onWebSocket, options));
}

const echo: OnWebSocket = async (socket) => {
  for await (const message of socket) await socket.send(message);
};

describe("a WebSocket of the server", () => {
  test("is read by for await, and answers", async () => {
    await using server = await startSockets(echo);
    const client = new WebSocket(server.origin);
    await once(client, "open");
    client.send("hello");
    assert.equal(String((await once(client, "message"))[0]), "hello");
    client.send(Buffer.from([1, 2, 3]));
    assert.deepEqual((await once(client, "message"))[0], Buffer.from([1, 2, 3]));
    client.close(1000, "done");
    const [code] = (await once(client, "close")) as [number];
    assert.equal(code, 1000);
    await Promise.all(server.work);
    assert.deepEqual(server.errors, []);
  });
});
