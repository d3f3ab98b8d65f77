import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { connect as plainConnect } from "node:tls";
import { mintCertificates, secure, type Certificates } from "@fairlead/conformance/tls";
import { memoryPair } from "@fairlead/transport";
import fc from "fast-check";
import { sessionFacts, type TlsVersion } from "../../../src/index.ts";
import { nodeTls } from "../../../src/node/index.ts";

const versions: readonly TlsVersion[] = ["TLSv1.2", "TLSv1.3"];

describe("the bytes of a session", () => {
  let certificates: Certificates;
  const sessions = new Map<TlsVersion, Uint8Array>();

  before(async () => {
    certificates = await mintCertificates();
    for (const version of versions) sessions.set(version, await gain(version));
  });

  for (const version of versions) {
    test(`say what the connection was (${version})`, () => {
      const facts = sessionFacts(sessionOf(version));
      assert.ok(facts);
      assert.equal(facts.version, version);
      assert.equal(facts.verified, true);
      // OpenSSL's own default for servers.
      assert.equal(facts.lifetimeSeconds, 7_200);
      const age = Date.now() - facts.createdAt;
      assert.ok(age >= 0 && age < 3_600_000, String(age));
      assert.ok(facts.peerCertificate);
      assert.deepEqual(Buffer.from(facts.peerCertificate), new X509Certificate(certificates.good.leaf).raw);
    });

    test(`are read with and without the header that Node 24 puts before them (${version})`, () => {
      const session = Buffer.from(sessionOf(version));
      const mark = Buffer.from("\0nodejs:tls:session:1\0");
      assert.ok(session.subarray(0, mark.length).equals(mark), "this Node writes the header");
      const bare = session.subarray(mark.length + 2 + session.readUInt16BE(mark.length));
      assert.deepEqual(sessionFacts(bare), sessionFacts(session));
    });

    test(`say that the peer was not verified (${version})`, async () => {
      const facts = sessionFacts(await gainUnverified(version));
      assert.equal(facts?.verified, false);
    });

    test(`cut anywhere are no session (${version})`, () => {
      const session = sessionOf(version);
      for (let length = 0; length < session.length; length += 1) {
        assert.equal(sessionFacts(session.subarray(0, length)), undefined, String(length));
      }
      assert.equal(sessionFacts(Buffer.concat([session, Buffer.of(0)])), undefined);
    });

    test(`changed anywhere are some session or none, and never an exception (${version})`, () => {
      const session = sessionOf(version);
      fc.assert(
        fc.property(fc.nat(session.length - 1), fc.integer({ min: 0, max: 255 }), (index, byte) => {
          const changed = Uint8Array.from(session);
          changed[index] = byte;
          const facts = sessionFacts(changed);
          assert.ok(facts === undefined || Number.isSafeInteger(facts.createdAt));
        }),
        { numRuns: 500 },
      );
    });
  }

  test("are nothing when they are anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.equal(sessionFacts(bytes), undefined);
      }),
    );
  });

  function sessionOf(version: TlsVersion): Uint8Array {
    const session = sessions.get(version);
    assert.ok(session);
    return session;
  }

  async function gain(version: TlsVersion): Promise<Uint8Array> {
    let last: Uint8Array | undefined;
    const pairing = { client: nodeTls, server: nodeTls, reportsTruncation: false };
    using pair = await secure(pairing, certificates, async () => memoryPair({ allowHalfOpen: true }), {
      connect: { maxVersion: version, onSession: (session) => (last = session) },
    });
    pair.server.end("done");
    await text(pair.client);
    assert.ok(last);
    return last;
  }

  /** Our own backend gives none, so plain node:tls has to. */
  async function gainUnverified(version: TlsVersion): Promise<Uint8Array> {
    const [near, far] = memoryPair();
    const accepting = nodeTls.accept(far, { identity: certificates.good });
    const socket = plainConnect({ socket: near, ca: [], rejectUnauthorized: false, maxVersion: version });
    const gained = new Promise<Buffer>((resolve) => socket.once("session", resolve));
    socket.resume();
    const server = await accepting;
    const session = await gained;
    socket.destroy();
    server.destroy();
    return session;
  }
});
