import assert from "node:assert/strict";
import { KeyObject, X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { createSecureContext } from "node:tls";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";

const day = 86_400_000;

describe("a minted authority", () => {
  test("is a root by default, and an intermediate below its issuer", async () => {
    const root = await mintAuthority();
    const intermediate = await mintAuthority({ issuer: root, commonName: "Middle" });
    const [above, below] = [root, intermediate].map(({ certificate }) => new X509Certificate(certificate));
    assert.ok(above?.ca === true && below?.ca === true);
    assert.ok(above.checkIssued(above) && below.checkIssued(above) && below.verify(above.publicKey));
    assert.equal(below.subject, "CN=Middle");
    assert.equal(root.chain, "");
    assert.equal(intermediate.chain, intermediate.certificate);
    assert.equal(above.fingerprint256.replaceAll(":", "").toLowerCase(), root.fingerprint);
  });

  test("keeps its key to itself", async () => {
    const keys = Object.values(await mintAuthority()).filter((value: unknown) => value instanceof KeyObject);
    assert.deepEqual(
      keys.map(({ type }) => type),
      ["public"],
    );
  });
});

describe("a minted certificate", () => {
  test("has names, dates and usage as asked for, and the key that belongs to it", async () => {
    const issuer = await mintAuthority({ issuer: await mintAuthority() });
    const now = Date.UTC(2031, 4, 6);
    const names = ["a.test", "*.b.test", "127.0.0.1", "::1"];
    const identity = await mintCertificate({ issuer, names, now, usage: "client" });
    const leaf = new X509Certificate(identity.leaf);
    assert.equal(leaf.subject, "CN=a.test");
    assert.equal(leaf.subjectAltName, "DNS:a.test, DNS:*.b.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
    assert.deepEqual([leaf.validFromDate.getTime(), leaf.validToDate.getTime()], [now - day, now + 30 * day]);
    assert.deepEqual(leaf.keyUsage, ["1.3.6.1.5.5.7.3.2"]);
    assert.ok(!leaf.ca && leaf.checkIssued(new X509Certificate(issuer.certificate)));
    assert.equal(identity.certificate, identity.leaf + issuer.certificate);
    assert.doesNotThrow(() => createSecureContext({ cert: identity.certificate, key: identity.privateKey }));
  });

  test("is signed by itself without an issuer", async () => {
    const { certificate } = await mintCertificate({ names: ["a.test"] });
    const leaf = new X509Certificate(certificate);
    assert.ok(leaf.verify(leaf.publicKey));
  });
});
