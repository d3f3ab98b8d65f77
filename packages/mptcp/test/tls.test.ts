import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { nodeTls } from "@fairlead/tls/node";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { multipath, multipathPair } from "./multipath-pair.ts";

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
    const [below, accepted] = await multipathPair(true);
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
