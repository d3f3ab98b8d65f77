import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { agree, type ClientHello, parseClientHello } from "../../../src/handmade-tls/protocol/client-hello.ts";
import { cipherSuite, extensionType, group, version } from "../../../src/handmade-tls/protocol/code-points.ts";
import { ascii, chosenProtocols, formatExtensions } from "../../../src/handmade-tls/protocol/handshake-messages.ts";
import { concat, number, vector } from "../../../src/handmade-tls/protocol/presentation.ts";

const random = new Uint8Array(32).fill(5);

describe("a ClientHello", () => {
  test("is read with what a server looks at", () => {
    const share = concat(number(2, group.p256), vector(2, Uint8Array.of(4, 1, 2)));
    const hello = parseClientHello(
      concat(
        ...[number(2, 0x0303), random, vector(1, ascii("session")), vector(2, number(2, 0x1301), number(2, 0xc02b))],
        ...[vector(1, Uint8Array.of(0))],
        formatExtensions([
          [extensionType.serverName, vector(2, number(1, 0), vector(2, ascii("A.Fairlead.test")))],
          chosenProtocols("h2", "http/1.1"),
          [extensionType.supportedGroups, vector(2, number(2, 29), number(2, 23))],
          [extensionType.supportedVersions, vector(1, number(2, 0x0304), number(2, 0x0303))],
          [extensionType.keyShare, vector(2, share)],
        ]),
      ),
    );
    assert.deepEqual(hello.random, random);
    assert.deepEqual(hello.sessionId, ascii("session"));
    assert.deepEqual(hello.cipherSuites, [0x1301, 0xc02b]);
    assert.deepEqual(hello.versions, [0x0304, 0x0303]);
    assert.equal(hello.serverName, "a.fairlead.test");
    assert.deepEqual(hello.alpnProtocols, ["h2", "http/1.1"]);
    assert.deepEqual(hello.groups, [29, 23]);
    assert.deepEqual([...hello.keyShares], [[23, Uint8Array.of(4, 1, 2)]]);
  });

  test("of an old client has no extensions, and its version is the one it begins with", () => {
    const hello = parseClientHello(
      concat(number(2, 0x0301), random, vector(1), vector(2, number(2, 47)), vector(1, Uint8Array.of(0))),
    );
    assert.deepEqual([hello.versions, hello.serverName, hello.extensions.size], [[0x0301], undefined, 0]);
  });

  test("is read or refused by RangeError, whatever it is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          parseClientHello(bytes);
        } catch (error) {
          assert.ok(error instanceof RangeError, String(error));
        }
      }),
    );
  });
});

describe("what is agreed on", () => {
  const hello: ClientHello = {
    ...{ random, sessionId: new Uint8Array(), extensions: new Map(), serverName: undefined, alpnProtocols: [] },
    cipherSuites: [cipherSuite.aes128GcmSha256, cipherSuite.ecdheEcdsaAes128GcmSha256],
    versions: [version.tls13, version.tls12],
    groups: [group.p384, group.p256],
    keyShares: new Map([[group.p256, random]]),
  };

  test("is a group that the client has sent a key of, or one to be asked for", () => {
    assert.deepEqual(agree(hello, "TLSv1.3"), { type: "agreed", group: group.p256 });
    assert.deepEqual(agree({ ...hello, keyShares: new Map() }, "TLSv1.3"), { type: "retry", group: group.p256 });
    assert.deepEqual(agree({ ...hello, keyShares: new Map() }, "TLSv1.2"), { type: "agreed", group: group.p256 });
  });

  test("is nothing where there is nothing in common, with the alert that says so", () => {
    const refusals = [
      [{ ...hello, versions: [version.tls12] }, "TLSv1.3", 70],
      [{ ...hello, versions: [version.tls13] }, "TLSv1.2", 70],
      [{ ...hello, cipherSuites: [47] }, "TLSv1.3", 40],
      [{ ...hello, cipherSuites: [47] }, "TLSv1.2", 40],
      [{ ...hello, groups: [group.p384], keyShares: new Map() }, "TLSv1.3", 40],
    ] as const;
    for (const [offered, speaks, alert] of refusals) {
      const agreement = agree(offered, speaks);
      assert.equal(agreement.type === "refused" ? agreement.alert : undefined, alert);
    }
  });
});
