import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { startTestNetwork } from "@fairlead/testserver";

// A stream that had too few bytes once made a service ask for more without end, which stopped all others.
test("one byte to each service, and half an end, leaves every other service answering, and the network closes", async () => {
  await using network = await startTestNetwork();
  const datagrams = createSocket("udp4");
  const sockets = [];
  for (const { transport, host, port } of network.services) {
    if (transport === "udp") datagrams.send(Uint8Array.of(5), port, host);
    else {
      const socket = connect({ host, port, allowHalfOpen: true }).on("error", () => undefined);
      socket.resume().end(Uint8Array.of(5));
      sockets.push(once(socket, "connect").catch(() => undefined));
    }
  }
  await Promise.all(sockets);
  while (network.connections.accepted < sockets.length) await nextTurn();
  const response = await fetch(`${network.http.origin}/status/204`);
  assert.equal(response.status, 204);
  datagrams.close();
});
