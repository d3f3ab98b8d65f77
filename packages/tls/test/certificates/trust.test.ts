import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { getCACertificates } from "node:tls";
import { UsageError } from "@fairlead/core";
import { mintAuthority, type Authority } from "@fairlead/testserver/authority";
import { publicKeyPin } from "../../src/certificates/index.ts";
import { checkedAnchors, trustedCertificates } from "../../src/certificates/trust.ts";
import { describeTrust, trustFingerprint, type TlsTrust } from "../../src/index.ts";

describe("trust", () => {
  let authority: Authority;
  let pin: string;
  before(async () => {
    authority = await mintAuthority({ commonName: "Own Root" });
    pin = publicKeyPin(authority.certificate);
  });

  test("is one of the lists of Node, own anchors, or pins within one of them", () => {
    for (const type of ["default", "system", "bundled"] as const) {
      assert.equal(trustedCertificates({ type }), getCACertificates(type));
      assert.equal(trustedCertificates({ type: "pinned", pins: [pin], within: { type } }), getCACertificates(type));
    }
    assert.equal(trustedCertificates({ type: "pinned", pins: [pin] }), getCACertificates("default"));
    assert.deepEqual(trustedCertificates({ type: "anchors", certificates: [authority.certificate] }), [
      authority.certificate,
    ]);
  });

  test("has a fingerprint for each choice, pins and their danger included", () => {
    const other = "A".repeat(43) + "=";
    const choices: readonly TlsTrust[] = [
      { type: "default" },
      { type: "anchors", certificates: [authority.certificate] },
      { type: "pinned", pins: [pin] },
      { type: "pinned", pins: [other] },
      { type: "pinned", pins: [pin, other] },
      { type: "pinned", pins: [pin], dangerous: { acceptPinnedKeyAlone: true } },
      { type: "pinned", pins: [pin], within: { type: "anchors", certificates: [authority.certificate] } },
    ];
    assert.equal(new Set(choices.map((each) => trustFingerprint(each))).size, choices.length);
    assert.equal(
      trustFingerprint({ type: "pinned", pins: [other, pin, pin] }),
      trustFingerprint({ type: "pinned", pins: [pin, other], within: { type: "default" } }),
    );
  });

  test("is described for people, and what a certificate says of itself cannot forge a line", async () => {
    const roots = String(getCACertificates("bundled").length);
    assert.equal(
      describeTrust({ type: "bundled" }),
      `the ${roots} roots bundled with Node.js ${process.versions.node}`,
    );
    assert.match(describeTrust(), /^the \d+ certificates that Node\.js trusts by default$/);
    assert.match(describeTrust({ type: "system" }), /^the \d+ certificates? that the operating system trusts$/);
    assert.equal(describeTrust({ type: "anchors", certificates: [] }), "no certificate");
    const forged = await mintAuthority({ commonName: "Own\nRoot\u202e" });
    const certificates = [authority, forged, authority, authority].map(({ certificate }) => certificate);
    const text = describeTrust({ type: "anchors", certificates });
    assert.match(text, /^the 4 own certificates CN=Own Root; .* and 1 more$/);
    assert.match(text, /^[ -~]*$/);
    assert.equal(
      describeTrust({ type: "pinned", pins: [pin], within: { type: "anchors", certificates: [] } }),
      "1 pinned key, within no certificate",
    );
    assert.match(
      describeTrust({ type: "pinned", pins: [pin], dangerous: { acceptPinnedKeyAlone: true } }),
      /^1 pinned key alone, whoever certifies them$/,
    );
  });

  test("is refused before anything is sent when an anchor or a pin is none", () => {
    const refused = (trust: TlsTrust): void => {
      assert.throws(
        () => checkedAnchors(trust),
        (error) => error instanceof UsageError && error.code === "OPTION_INVALID",
      );
    };
    refused({ type: "anchors", certificates: ["nonsense"] });
    refused({ type: "pinned", pins: [] });
    refused({ type: "pinned", pins: [pin, pin.slice(1)] });
    refused({ type: "pinned", pins: [pin], within: { type: "anchors", certificates: [authority.certificate, ""] } });
  });
});
