import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, test } from "node:test";
import {
  mintCertificates,
  goodHost,
  secure,
  type Certificates,
  type PairOptions,
  type TlsPairing,
} from "@fairlead/conformance/tls";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import { memoryPair } from "@fairlead/transport";
import type { TlsTrust } from "../../src/index.ts";
import { nodeTls } from "../../src/node/index.ts";

const pairing: TlsPairing = { client: nodeTls, server: nodeTls, reportsTruncation: false };
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });
const versions = ["TLSv1.2", "TLSv1.3"] as const;

describe("client certificates that a server asks for", () => {
  let certificates: Certificates;
  let authority: Authority;
  let trust: TlsTrust;
  let client: MintedIdentity;
  before(async () => {
    certificates = await mintCertificates();
    authority = await mintAuthority();
    trust = { type: "anchors", certificates: [authority.certificate] };
    client = await mintCertificate({ issuer: authority, names: ["client.test"], usage: "client" });
  });

  for (const version of versions) {
    const range = { minVersion: version, maxVersion: version };

    test(`are verified and shown to the server in ${version}`, async () => {
      using pair = await secure(pairing, certificates, memory, {
        connect: { ...range, identity: client },
        accept: { ...range, clientCertificates: { trust, required: true } },
      });
      assert.equal(pair.server.authorized, true);
      assert.equal(pair.server.getPeerX509Certificate()?.subject, "CN=client.test");
    });

    test(`may be left out where none is required, and nobody is authorized, in ${version}`, async () => {
      using pair = await secure(pairing, certificates, memory, {
        connect: range,
        accept: { ...range, clientCertificates: { trust, required: false } },
      });
      assert.equal(pair.server.authorized, false);
      assert.equal(pair.server.getPeerX509Certificate(), undefined);
    });

    test(`are refused when they are missing, in ${version}`, async () => {
      const { server } = await failures({
        connect: range,
        accept: { ...range, clientCertificates: { trust, required: true } },
      });
      assert.equal(server.code, "CLIENT_CERTIFICATE_REQUIRED");
    });

    test(`are refused when they are for servers, from another authority, or expired, in ${version}`, async () => {
      const past = { notBefore: new Date(Date.now() - 2e8), notAfter: new Date(Date.now() - 1e8) };
      const stranger = await mintAuthority();
      for (const [code, identity] of [
        ["CERTIFICATE_INVALID", await mintCertificate({ issuer: authority, names: ["server.test"] })],
        ["CERTIFICATE_ISSUER_UNKNOWN", await mintCertificate({ issuer: stranger, names: ["x"], usage: "client" })],
        ["CERTIFICATE_EXPIRED", await mintCertificate({ issuer: authority, names: ["x"], usage: "client", ...past })],
      ] as const) {
        for (const required of [true, false]) {
          const { server } = await failures({
            connect: { ...range, identity },
            accept: { ...range, clientCertificates: { trust, required } },
          });
          assert.equal(server.code, code);
        }
      }
    });

    test(`are judged anew for each connection: no session skips it, in ${version}`, async () => {
      const sessions: Uint8Array[] = [];
      const accept = { ...range, clientCertificates: { trust, required: true } };
      for (let round = 0; round < 2; round += 1) {
        using pair = await secure(pairing, certificates, memory, {
          connect: { ...range, identity: client, session: sessions.at(-1), onSession: (each) => sessions.push(each) },
          accept,
        });
        pair.server.write("x");
        await once(pair.client, "data");
        assert.deepEqual([pair.server.isSessionReused(), pair.server.authorized], [false, true]);
      }
    });
  }

  async function failures(options: PairOptions): Promise<{ readonly server: { readonly code: unknown } }> {
    const [near, far] = await memory();
    const client = nodeTls.connect(near, { host: goodHost, trust: certificates.trust, ...options.connect });
    client.then(
      (socket) => socket.on("error", () => undefined).resume(),
      () => undefined,
    );
    const [server] = await Promise.allSettled([
      nodeTls.accept(far, { identity: certificates.good, ...options.accept }),
    ]);
    near.destroy();
    assert.equal(server.status, "rejected");
    return { server: server.reason as { readonly code: unknown } };
  }
});

describe("shared keys", () => {
  const key = Buffer.alloc(32, 7);
  let certificates: Certificates;
  before(async () => {
    certificates = await mintCertificates();
  });

  for (const version of versions) {
    const range = { minVersion: version, maxVersion: version };

    test(`authenticate both sides without certificates in ${version}`, async () => {
      const asked: string[] = [];
      using pair = await secure(pairing, certificates, memory, {
        connect: { ...range, psk: { identity: "sensor 7", key } },
        accept: {
          ...range,
          identity: undefined,
          psk: (identity) => {
            asked.push(identity);
            return key;
          },
        },
      });
      assert.deepEqual(asked, ["sensor 7"]);
      assert.equal(pair.client.authorized, true);
      assert.equal(pair.client.getPeerX509Certificate(), undefined);
      pair.client.end("over a key");
      assert.equal(String(await once(pair.server, "data")), "over a key");
    });

    test(`are refused when they differ or are unknown in ${version}`, async () => {
      for (const psk of [() => Buffer.alloc(32, 8), () => undefined, () => assert.fail("inside a callback")]) {
        await assert.rejects(
          secure(pairing, certificates, memory, {
            connect: { ...range, psk: { identity: "sensor 7", key } },
            accept: { ...range, identity: undefined, psk },
          }),
          { name: "TlsError" },
        );
      }
    });
  }

  test("do not let an unverified certificate pass that the server shows instead", async () => {
    await assert.rejects(
      secure(pairing, certificates, memory, {
        connect: { psk: { identity: "sensor 7", key }, trust: certificates.otherTrust },
        accept: { psk: () => undefined },
      }),
      { name: "TlsError", code: "CERTIFICATE_ISSUER_UNKNOWN" },
    );
  });
});

describe("a key log", () => {
  for (const version of versions) {
    test(`is the same on both sides in ${version}, line by line`, async () => {
      const certificates = await mintCertificates();
      const range = { minVersion: version, maxVersion: version };
      const lines: [string[], string[]] = [[], []];
      using pair = await secure(pairing, certificates, memory, {
        connect: { ...range, dangerous: { onKeyLog: (line) => lines[0].push(line) } },
        accept: { ...range, dangerous: { onKeyLog: (line) => lines[1].push(line) } },
      });
      pair.server.write("x");
      await once(pair.client, "data");
      assert.ok(lines[0].length > 0);
      assert.deepEqual([...lines[0]].sort(), [...lines[1]].sort());
      for (const line of lines[0]) assert.match(line, /^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{64,128}$/);
    });
  }
});

test("what node:tls cannot is refused by name, with the backends that can", async () => {
  for (const [option, refused] of [
    ["earlyData", { earlyData: true }],
    ["onClientCertificate", { onClientCertificate: () => undefined }],
  ] as const) {
    const [near] = await memory();
    await assert.rejects(nodeTls.connect(near, { host: goodHost, ...refused }), (error: Error) => {
      assert.equal("code" in error && error.code, "TLS_OPTION_UNSUPPORTED");
      assert.match(error.message, new RegExp(`${option}.*'openssl'`));
      return true;
    });
    assert.equal(near.destroyed, true);
  }
});
