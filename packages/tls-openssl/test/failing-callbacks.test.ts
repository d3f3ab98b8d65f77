import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import {
  mintCertificates,
  outcomes,
  watchCallbacks,
  type Certificates,
  type PairOptions,
} from "@fairlead/conformance/tls";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { engineBackend } from "@fairlead/tls/engine";
import { memoryPair } from "@fairlead/transport";
import koffi from "koffi";
import { OpenSslEngine } from "../src/openssl-engine.ts";
import { openSslLibrary } from "../src/openssl-library.ts";

const callbacks = watchCallbacks(koffi, OpenSslEngine.prototype);
const library = openSslLibrary();
const backend = engineBackend(library);

describe("an exception in any callback lets nobody in", () => {
  let certificates: Certificates;
  const scenarios = new Map<string, PairOptions>();
  before(async () => {
    certificates = await mintCertificates();
    const authority = await mintAuthority();
    const stranger = await mintCertificate({
      issuer: await mintAuthority(),
      names: ["stranger.test"],
      usage: "client",
    });
    const clientCertificates = {
      trust: { type: "anchors", certificates: [authority.certificate] },
      required: true,
    } as const;
    const key = Buffer.alloc(32, 7);
    scenarios.set("a client with a bad certificate", {
      connect: { onClientCertificate: () => stranger },
      accept: { clientCertificates },
    });
    scenarios.set("a client without a certificate", { accept: { clientCertificates } });
    scenarios.set("a client with another key", {
      connect: { psk: { identity: "a", key } },
      accept: { identity: undefined, psk: () => Buffer.alloc(32, 8) },
    });
    scenarios.set("a client that nobody knows", {
      connect: { psk: { identity: "a", key } },
      accept: { identity: undefined, psk: () => undefined },
    });
  });

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    test(version, async () => {
      const range = { minVersion: version, maxVersion: version };
      for (const [title, { connect, accept }] of scenarios) {
        let points = 0;
        // With 0 nothing fails, and the points are counted.
        for (let at = 0; at <= points; at += 1) {
          callbacks.failAt(at);
          let admitted = 0;
          const ends = await outcomes(
            { client: backend, server: backend, reportsTruncation: true },
            certificates,
            memory,
            {
              connect: { ...range, ...connect },
              accept: { ...range, ...accept },
              // A client of TLS 1.3 is secured before it hears that it is refused; with a key it never is.
              whenSecure: ({ pskIdentity }) => (admitted += pskIdentity === undefined ? 0 : 1),
            },
          );
          const count = callbacks.failAt(0);
          if (at === 0) points = count;
          assert.notEqual(ends.server, undefined, `${title}, ${String(at)}`);
          assert.equal(admitted, 0);
        }
        assert.ok(points > 0, title);
      }
      assert.deepEqual(callbacks.escaped, []);
      assert.equal(library.live.size, 0);
    });
  }
});

const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });
