import assert from "node:assert/strict";
import { once } from "node:events";
import { it } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import { fromNodeHandler } from "../../src/index.ts";
import { startServer } from "../fetch/test-server.ts";

it("gives an upgrade to a library for Node's servers", async () => {
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => {
      socket.send(data, { binary: isBinary });
    });
  });
  const handler = fromNodeHandler((_, response) => response.end("no upgrade"), {
    onUpgrade: (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
    },
  });
  await using server = await startServer(handler);
  assert.equal(await (await fetch(server.origin)).text(), "no upgrade");
  const client = new WebSocket(server.origin.replace("http", "ws"));
  await once(client, "open");
  const large = Buffer.alloc(300_000, 7);
  client.send(large);
  const [echoed] = (await once(client, "message")) as [Buffer];
  assert.ok(echoed.equals(large));
  client.close(1000);
  await once(client, "close");
  assert.deepEqual(server.errors, []);
});
