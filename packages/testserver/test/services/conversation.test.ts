import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { startTestNetwork } from "@fairlead/testserver";

test("a client that has sent a part of what a script reads holds nobody else up", async () => {
  await using network = await startTestNetwork({ services: ["http", "socks5", "socks4"] });
  for (const [name, parts] of [
    ["socks5", ["05", "01", "0005", "01000309"]],
    ["socks4", ["04", "0100", "50"]],
  ] as const) {
    const { host, port } = network.service(name);
    const client = connect({ host, port, noDelay: true });
    client.on("error", () => undefined);
    await once(client, "connect");
    for (const part of parts) {
      client.write(Buffer.from(part, "hex"));
      const response = await fetch(`${network.http.origin}/status/204`);
      assert.equal(response.status, 204);
    }
    client.destroy();
  }
});
