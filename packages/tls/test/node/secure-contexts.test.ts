import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { UsageError } from "@fairlead/core";
import { mintAuthority, mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { secureContexts } from "../../src/node/secure-contexts.ts";

describe("secure contexts", () => {
  let identity: MintedIdentity;
  let other: MintedIdentity;
  let anchors: readonly string[];
  before(async () => {
    const issuer = await mintAuthority();
    anchors = [issuer.certificate, (await mintAuthority()).certificate];
    identity = await mintCertificate({ issuer, names: ["a"] });
    other = await mintCertificate({ issuer, names: ["a"] });
  });

  test("are made once for the same inputs, equal but not the same objects included", () => {
    const contexts = secureContexts(8);
    const options = (): Parameters<typeof contexts.forConnect>[0] => ({
      host: "a",
      trust: { type: "anchors", certificates: [...anchors] },
      identity: { ...identity },
    });
    assert.equal(contexts.forConnect(options()), contexts.forConnect(options()));
    assert.equal(contexts.forConnect({ host: "a" }), contexts.forConnect({ host: "b" }));
    assert.equal(contexts.forAccept({ identity }), contexts.forAccept({ identity: { ...identity } }));
  });

  test("differ when any input does", () => {
    const contexts = secureContexts(32);
    const [first = ""] = anchors;
    const ticketKeys = new Uint8Array(48);
    const made = [
      contexts.forConnect({ host: "a" }),
      contexts.forConnect({ host: "a", minVersion: "TLSv1.3" }),
      contexts.forConnect({ host: "a", maxVersion: "TLSv1.2" }),
      contexts.forConnect({ host: "a", trust: { type: "anchors", certificates: [] } }),
      contexts.forConnect({ host: "a", trust: { type: "anchors", certificates: anchors } }),
      contexts.forConnect({ host: "a", trust: { type: "anchors", certificates: [first] } }),
      contexts.forConnect({ host: "a", identity }),
      contexts.forConnect({ host: "a", identity: other }),
      contexts.forAccept({ identity }),
      contexts.forAccept({ identity: other }),
      contexts.forAccept({ identity, ticketKeys }),
      contexts.forAccept({ identity, ticketKeys: new Uint8Array(48).fill(1) }),
    ];
    assert.equal(new Set(made).size, made.length);
  });

  test("are bounded, the one that was used longest ago first out", () => {
    const contexts = secureContexts(2);
    const first = contexts.forConnect({ host: "a" });
    contexts.forConnect({ host: "a", minVersion: "TLSv1.3" });
    assert.equal(contexts.forConnect({ host: "a" }), first);
    contexts.forConnect({ host: "a", maxVersion: "TLSv1.2" });
    assert.equal(contexts.forConnect({ host: "a" }), first);
    contexts.forConnect({ host: "a", minVersion: "TLSv1.3" });
    contexts.forConnect({ host: "a", maxVersion: "TLSv1.2" });
    assert.notEqual(contexts.forConnect({ host: "a" }), first);
  });

  test("follow the process's default anchors when those are replaced", () => {
    const contexts = secureContexts(8);
    const original = getCACertificates("default");
    const before = contexts.forConnect({ host: "a" });
    try {
      setDefaultCACertificates([...anchors]);
      assert.notEqual(contexts.forConnect({ host: "a" }), before);
    } finally {
      setDefaultCACertificates(original);
    }
  });

  test("are refused for a key that is another certificate's, without showing it", () => {
    const contexts = secureContexts(8);
    assert.throws(
      () => contexts.forConnect({ host: "a", identity: { ...identity, privateKey: other.privateKey } }),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.equal(error.code, "OPTION_INVALID");
        assert.ok(!error.message.includes(other.privateKey.split("\n")[1] ?? "PRIVATE KEY"));
        return true;
      },
    );
    assert.throws(() => contexts.forAccept({ identity, ticketKeys: new Uint8Array(47) }), UsageError);
  });
});
