import assert from "node:assert/strict";
import type { X509Certificate } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { checkServerIdentity, connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { type ServiceName, startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { mintAuthority, mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { detour } from "../detour.ts";
import { serviceFamilies } from "../../src/services/index.ts";
import { requestBytes } from "../raw-client.ts";

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork(detour);
});
after(async () => {
  await network.close();
});

describe("https services refuse or mislead a client that verifies", () => {
  const refusals = [
    ["https-expired", "CERT_HAS_EXPIRED"],
    ["https-not-yet-valid", "CERT_NOT_YET_VALID"],
    ["https-wrong-host", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["https-self-signed", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["https-untrusted-root", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["https-incomplete-chain", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ] as const;
  for (const [name, code] of refusals) {
    test(`${name}: ${code}, and nothing else is wrong`, async () => {
      await assert.rejects(converse(name), { code });
      assert.match(await converse(name, { rejectUnauthorized: false }), /^HTTP\/1\.1 200 /);
    });
  }

  test("https-untrusted-root is good for who trusts the other authority", async () => {
    assert.match(await converse("https-untrusted-root", { ca: network.otherCa.certificate }), /^HTTP\/1\.1 200 /);
  });

  test("https-incomplete-chain is good for who has the intermediate", async () => {
    const [, intermediate = ""] = await chainOf("https");
    assert.match(
      await converse("https-incomplete-chain", { ca: [network.ca.certificate, intermediate] }),
      /^HTTP\/1\.1 200 /,
    );
  });
});

describe("https listeners", () => {
  test("the good certificate is for localhost, both loopback addresses and the names under .test", async () => {
    for (const servername of ["localhost", "fairlead.test", "a.fairlead.test", "other.test", "b.other.test"]) {
      assert.match(await converse("https", { servername }), /^HTTP\/1\.1 200 /);
    }
    for (const address of ["127.0.0.1", "::1"]) {
      const check: ConnectionOptions["checkServerIdentity"] = (_, certificate) =>
        checkServerIdentity(address, certificate);
      assert.match(await converse("https", { checkServerIdentity: check }), /^HTTP\/1\.1 200 /);
    }
    await assert.rejects(converse("https", { servername: "a.b.fairlead.test" }), {
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  test("the chain is sent with the intermediate and without the root", async () => {
    assert.equal((await chainOf("https")).length, 2);
    assert.equal((await chainOf("https-incomplete-chain")).length, 1);
  });

  for (const [name, good, bad] of [
    ["https-tls12", "TLSv1.2", "TLSv1.3"],
    ["https-tls13", "TLSv1.3", "TLSv1.2"],
  ] as const) {
    test(`${name} speaks ${good} and refuses ${bad}`, async () => {
      assert.match(await converse(name, { minVersion: good, maxVersion: good }), /^HTTP\/1\.1 200 /);
      await assert.rejects(converse(name, { minVersion: bad, maxVersion: bad }), /alert protocol version/);
    });
  }

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    test(`https resumes ${version} sessions, https-no-tickets does not`, async () => {
      for (const [name, reused] of [
        ["https", true],
        ["https-no-tickets", false],
      ] as const) {
        let session: Buffer | undefined;
        const options: ConnectionOptions = { maxVersion: version };
        await converse(name, options, (socket) => socket.on("session", (bytes: Buffer) => (session = bytes)));
        assert.ok(session !== undefined);
        const before = network.service(name).connections.resumed;
        await converse(name, { ...options, session });
        assert.equal(network.requests.at(-1)?.tls?.sessionReused, reused, name);
        assert.equal(network.service(name).connections.resumed - before, Number(reused));
      }
    });
  }

  test("https-client-certificate takes one of the test authority and no other", async () => {
    const [good, bad] = await Promise.all(
      [network.ca, await mintAuthority()].map((issuer) => mintCertificate({ issuer, names: ["me"], usage: "client" })),
    );
    assert.match(await presenting(good), /^HTTP\/1\.1 200 /);
    assert.match(network.requests.at(-1)?.tls?.clientCertificate ?? "", /^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/);
    // node:tls answers a certificate that it can't verify by closing, without an alert.
    assert.equal(await presenting(bad), "");
    await assert.rejects(presenting(undefined), /alert certificate required/);
  });

  test("a failed handshake is counted and makes no request", async () => {
    const service = network.service("https-tls13");
    const { failed, secured } = service.connections;
    await assert.rejects(converse("https-tls13", { maxVersion: "TLSv1.2" }));
    assert.equal(service.connections.failed, failed + 1);
    assert.equal(service.connections.secured, secured);
  });

  test("all are bound, each with a line of its own", () => {
    const entries = serviceFamilies.flatMap(({ services }) => services);
    assert.deepEqual(
      network.services.map(({ name }) => name),
      entries.map(({ name }) => name),
    );
    assert.equal(new Set(entries.map(({ does }) => does)).size, entries.length);
  });
});

/** Makes one request to `/json` and returns the bytes of the response. */
async function converse(
  name: ServiceName,
  options: ConnectionOptions = {},
  watch?: (socket: TLSSocket) => void,
): Promise<string> {
  const { host, port } = network.service(name);
  return await new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: "localhost", ca: network.ca.certificate, ...options });
    watch?.(socket);
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => (text += piece));
    socket.once("end", () => resolve(text));
    socket.once("error", reject);
    socket.write(requestBytes("/json"));
  });
}

/** What a client gets that shows this certificate. */
function presenting(identity: MintedIdentity | undefined): Promise<string> {
  return converse("https-client-certificate", { cert: identity?.certificate, key: identity?.privateKey });
}

/** The certificates that a service sends, PEM, leaf first. */
async function chainOf(name: ServiceName): Promise<readonly string[]> {
  const chain: string[] = [];
  await converse(name, { ca: [], rejectUnauthorized: false }, (socket) =>
    socket.once("secureConnect", () => {
      let certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
      for (; certificate !== undefined; certificate = certificate.issuerCertificate) chain.push(certificate.toString());
    }),
  );
  return chain;
}
