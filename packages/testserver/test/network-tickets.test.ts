import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { connect, type SecureVersion } from "node:tls";
import { type ServiceName, startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { detour } from "./detour.ts";
import { requestBytes } from "./raw-client.ts";

const hour = 3_600_000;
let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ services: ["https", "https-h2", "https-tls13", "http"], ...detour });
});
after(async () => {
  await network.close();
});

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  for (const service of ["https", "https-h2"] as const) {
    test(`${service} takes tickets of ${version} until they are as old as they may be by the network's clock`, async () => {
      const { session } = await talk(service, version);
      assert.equal((await talk(service, version, session)).isReused, true);
      network.clock.advance(hour);
      assert.equal((await talk(service, version, session)).isReused, true);
      network.clock.advance(-hour - 60_000);
      assert.equal((await talk(service, version, session)).isReused, true);
      network.clock.advance(2 * hour + 61_000);
      assert.equal((await talk(service, version, session)).isReused, false);
      const { session: next } = await talk(service, version);
      assert.equal((await talk(service, version, next)).isReused, true);
    });
  }
}

test("a ticket of one service is worth nothing to another", async () => {
  const { session } = await talk("https-tls13", "TLSv1.3");
  assert.equal((await talk("https", "TLSv1.3", session)).isReused, false);
  assert.equal((await talk("https-tls13", "TLSv1.3", session)).isReused, true);
});

/** One request; and the last ticket that came. */
async function talk(
  service: ServiceName,
  version: SecureVersion,
  session?: Buffer,
): Promise<{ readonly session: Buffer; readonly isReused: boolean }> {
  const { host, port } = network.service(service);
  const socket = connect({
    ...{ host, port, servername: "localhost", ca: network.ca.certificate, session },
    ...{ minVersion: version, maxVersion: version },
  });
  let last: Buffer = Buffer.alloc(0);
  socket.on("session", (ticket: Buffer) => {
    last = ticket;
  });
  await once(socket, "secureConnect");
  const isReused = socket.isSessionReused();
  socket.end(requestBytes("/echo"));
  socket.resume();
  await once(socket, "close");
  return { session: last, isReused };
}
