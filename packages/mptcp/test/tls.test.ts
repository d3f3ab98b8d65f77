import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { nodeTls } from "@fairlead/tls/node";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { multipathTcp } from "../src/index.ts";

const multipath = multipathTcp();
const authority = await mintAuthority();
const identity = await mintCertificate({ issuer: authority, names: ["inner.test"] });
const trust = { type: "anchors", certificates: [authority.certificate] } as const;

for (const [name, tls] of [
  ["node:tls", nodeTls],
  // Both go past the streams of Node.js, by the descriptor.
  ["gnutls", loadGnutlsTls()],
  ["openssl", loadOpensslTls()],
] as const) {
  test(`TLS of ${name} goes over multipath TCP, both ways to the end`, async () => {
    const server = createServer({ allowHalfOpen: true });
    await multipath.listen(server);
    // A server that listens on a port has an address of this form.
    const { port } = server.address() as AddressInfo;
    const [below, [accepted]] = await Promise.all([
      multipath.connect({ host: "127.0.0.1", port, allowHalfOpen: true }),
      // The first argument of this event is the socket.
      once(server, "connection") as Promise<[Socket]>,
    ]);
    server.close();
    const expected = multipath.support().type === "available" ? "multipath" : "plain";
    assert.equal(multipath.multipathOf(accepted).type, expected);
    const [near, far] = await Promise.all([
      tls.connect(below, { host: "inner.test", trust }),
      tls.accept(accepted, { identity }),
    ]);
    far.pipe(far);
    const sent = randomBytes(4_194_304);
    const echoed = buffer(near);
    near.end(sent);
    assert(sent.equals(await echoed));
    near.destroy();
    far.destroy();
  });
}
