import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { startTestNetwork } from "@fairlead/testserver";

test("a client of names over TCP that has ended is left, too", async () => {
  await using network = await startTestNetwork({ services: ["dns", "dns-tcp"] });
  const { host, port } = network.service("dns-tcp");
  const client = connect({ host, port });
  client.end(Buffer.of(0));
  client.resume();
  await once(client, "end");
  assert.equal(client.readableEnded, true);
});
