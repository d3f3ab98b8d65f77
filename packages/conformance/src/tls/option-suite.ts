import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { TlsError } from "@fairlead/core";
import type { TlsBackend, TlsCapabilities } from "@fairlead/tls";
import { memoryPair } from "@fairlead/transport";
import { assertTlsError } from "./assert-tls-error.ts";
import { goodHost, mintCertificates, type Certificates } from "./certificates.ts";
import type { PairOptions } from "./pairing.ts";

/**
 * Tests that no option is ever ignored: what a backend's capabilities promise it takes, and everything else it refuses
 * before a byte is sent, by an error that names the backends that can.
 */
export function optionSuite(name: string, backend: TlsBackend): void {
  describe(`${name}: options`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    for (const { title, capability, mayAskLater = false, options } of optional) {
      test(`${title}: taken or refused, as the capabilities say`, async () => {
        const promised = (await backend.capabilities())[capability];
        const { connect, accept } = options(certificates);
        const [near, far] = memoryPair({ allowHalfOpen: true });
        const controller = new AbortController();
        let sentBytes = 0;
        far.on("data", (chunk: Buffer) => (sentBytes += chunk.length));
        const attempt =
          connect === undefined
            ? backend.accept(near, { identity: certificates.good, ...accept, signal: controller.signal })
            : backend.connect(near, {
                host: goodHost,
                trust: certificates.trust,
                ...connect,
                signal: controller.signal,
              });
        // An option that is taken leaves the handshake waiting for a peer that never answers.
        const given = new Error("given up");
        setImmediate(() => controller.abort(given));
        const error: unknown = await attempt.then(
          () => assert.fail("secured without a peer"),
          (reason: unknown) => reason,
        );
        assert.equal(near.destroyed, true);
        // Some are asked after the handshake was given up for it: the option is taken all the same.
        if (promised === false && !(mayAskLater && error === given)) {
          assertTlsError(error, "TLS_OPTION_UNSUPPORTED");
          assert.match(error.message, /'(node|openssl|gnutls)'/);
          assert.equal(sentBytes, 0);
        } else {
          assert.ok(!(error instanceof TlsError), String(error));
          assert.equal(error, given);
        }
        far.destroy();
      });
    }
  });
}

interface OptionalOption {
  readonly title: string;
  readonly capability: keyof TlsCapabilities;
  /** Whether a backend without the capability may take it, and ask by `CLIENT_CERTIFICATE_REQUIRED`. */
  readonly mayAskLater?: boolean;
  /** What the side that is tried is given. */
  readonly options: (certificates: Certificates) => PairOptions;
}

const key = new Uint8Array(32).fill(7);

const optional: readonly OptionalOption[] = [
  {
    title: "a client's shared key",
    capability: "psk",
    options: () => ({ connect: { psk: { identity: "sensor", key } } }),
  },
  {
    title: "a server's shared keys",
    capability: "psk",
    options: () => ({ accept: { psk: () => key } }),
  },
  {
    title: "a client's key log",
    capability: "keyLog",
    options: () => ({ connect: { dangerous: { onKeyLog: () => undefined } } }),
  },
  {
    title: "a server's key log",
    capability: "keyLog",
    options: () => ({ accept: { dangerous: { onKeyLog: () => undefined } } }),
  },
  {
    title: "certificates of clients",
    capability: "clientCertificates",
    options: ({ trust }) => ({ accept: { clientCertificates: { trust, required: true } } }),
  },
  {
    title: "a question for a client's certificate",
    capability: "clientCertificateQuestion",
    mayAskLater: true,
    options: () => ({ connect: { onClientCertificate: () => undefined } }),
  },
  {
    title: "a server that is asked for its certificate",
    capability: "identityQuestion",
    options: ({ good }) => ({ accept: { identity: () => good } }),
  },
  {
    title: "a stapled response",
    capability: "ocspStapling",
    options: ({ good }) => ({
      accept: { identity: { ...good, ocspResponse: Buffer.of(0x30, 0x03, 0x0a, 0x01, 0x06) } },
    }),
  },
  {
    title: "a client's early data",
    capability: "earlyData",
    options: () => ({ connect: { earlyData: true } }),
  },
  {
    title: "a server's early data",
    capability: "earlyData",
    options: () => ({ accept: { earlyData: { maxBytes: 1_000 } } }),
  },
];
