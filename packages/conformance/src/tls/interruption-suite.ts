import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import type { Duplex } from "node:stream";
import { before, describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { TlsError } from "@fairlead/core";
import { closing, failing, interposedPair } from "../stream/index.ts";
import { assertTlsError } from "./assert-tls-error.ts";
import { goodHost, mintCertificates, type Certificates } from "./certificates.ts";
import { refuse, secure, type PairOptions, type TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** Handshakes that are aborted, cut or falsified at any of their bytes. */
export function interruptionSuite(name: string, pairing: TlsPairing, memory: OpenTransport): void {
  describe(`${name}: interruptions`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    for (const side of ["client", "server"] as const) {
      test(`an abort of the ${side}, before the start and at any byte of the handshake`, async () => {
        const reason = new Error("enough");
        const outcomes: unknown[] = [];
        for (let at = 0; ; at += 97) {
          const controller = new AbortController();
          const progress = { aborted: false };
          const abort = (): void => {
            progress.aborted = true;
            controller.abort(reason);
          };
          if (at === 0) abort();
          const signal = { signal: controller.signal };
          const ends = await attempt(pairing, certificates, watched(at, abort), {
            ...(side === "client" ? { connect: signal } : { accept: signal }),
          });
          assert.equal(getEventListeners(controller.signal, "abort").length, 0);
          if (!progress.aborted) break;
          outcomes.push(ends[side]);
        }
        // Up to some byte the abort comes in time, and from there on the handshake is over on this side.
        const inTime = [...outcomes, undefined].indexOf(undefined);
        assert.ok(inTime >= 8, `only ${String(inTime)} aborts were heeded`);
        assert.ok(outcomes.slice(0, inTime).every((outcome) => outcome === reason));
        assert.ok(outcomes.slice(inTime).every((outcome) => outcome === undefined));
      });
    }

    test("an abort after the handshake has no effect", async () => {
      const controller = new AbortController();
      using pair = await secure(pairing, certificates, memory, { connect: { signal: controller.signal } });
      controller.abort();
      pair.client.end("still here");
      pair.server.resume();
      await once(pair.server, "end");
    });

    test("a connection cut at any byte of the handshake", async () => {
      for (let at = 1; ; at += 97) {
        const progress = { cut: false };
        const open = watched(at, (below) => {
          progress.cut = true;
          for (const stream of below) stream.destroy();
        });
        const { client, server } = await attempt(pairing, certificates, open);
        if (!progress.cut) break;
        for (const reason of [client, server]) {
          if (reason !== undefined) assertTlsError(reason, "TLS_CLOSED_IN_HANDSHAKE");
        }
      }
    });

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      test(`a bit changed in any record of the handshake ends in a named error (${version})`, async () => {
        for (let at = 3; ; at += 61) {
          const progress = { changed: false };
          let passed = 0;
          const open: OpenTransport = async () =>
            interposedPair(async function* (bytes) {
              for await (const chunk of bytes) {
                const index = at - passed;
                passed += chunk.length;
                if (index >= 0 && index < chunk.length) {
                  progress.changed = true;
                  chunk[index] = (chunk[index] ?? 0) ^ 0x40;
                }
                yield chunk;
                // A changed length may have the other wait for bytes that nobody will send.
                if (progress.changed) return;
              }
            });
          const { client, server } = await attempt(pairing, certificates, open, { connect: { maxVersion: version } });
          if (!progress.changed) break;
          for (const reason of [client, server])
            assert.ok(reason === undefined || reason instanceof TlsError, String(reason));
        }
      });
    }

    for (const [title, act] of interruptions) {
      test(`${title} while the application is asked about the peer`, async () => {
        for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
          const [near, far] = await memory();
          const closed = closing(near);
          const put = Promise.withResolvers<undefined>();
          const answer = Promise.withResolvers<"accept">();
          let asked = 0;
          const accepting = pairing.server.accept(far, { identity: certificates.good }).then(
            (server) => server.on("error", () => undefined).resume(),
            () => undefined,
          );
          const connecting = pairing.client
            .connect(near, {
              ...{ host: goodHost, trust: certificates.otherTrust, minVersion: version, maxVersion: version },
              onCertificateError: () => {
                asked += 1;
                put.resolve(undefined);
                return answer.promise;
              },
            })
            .then((client) => failing(client.resume()))
            .catch((reason: unknown) => reason);
          await put.promise;
          act(near, far);
          for (let turn = 0; turn < 9; turn += 1) await nextTurn();
          answer.resolve("accept");
          const reason = await connecting;
          assert.ok(reason instanceof TlsError, `${version}: ${String(reason)}`);
          assert.equal(asked, 1);
          await closed;
          (await accepting)?.destroy();
          far.destroy();
        }
      });
    }

    // TLS 1.2 sends it in the clear. Whoever asks node:tls (24.21) for this certificate's details ends the process.
    test("a certificate whose public key cannot be read", async () => {
      const progress = { changed: false };
      const open: OpenTransport = async () =>
        interposedPair(async function* (bytes, from) {
          for await (const chunk of bytes) {
            const at = from === "right" ? chunk.indexOf(curvePoint) : -1;
            if (at !== -1) {
              progress.changed = true;
              chunk[at + curvePoint.length - 1] = 5;
            }
            yield chunk;
          }
        });
      const { client } = await attempt(pairing, certificates, open, { connect: { maxVersion: "TLSv1.2" } });
      assert.ok(progress.changed);
      assert.ok(client instanceof TlsError, String(client));
    });
  });
}

/** What may come while an answer is awaited; a stream may also go on though its reader paused it. */
const interruptions: readonly (readonly [title: string, act: (near: Duplex, far: Duplex) => void])[] = [
  [
    "bytes that are no record",
    (near, far) => {
      far.write("not a record at all");
      near.resume();
    },
  ],
  [
    "an end",
    (near, far) => {
      far.end();
      near.resume();
    },
  ],
  ["an error of the stream below", (near) => near.destroy(new Error("cut"))],
  ["a close of the stream below", (near) => near.destroy()],
];

/** A transport that acts when so many bytes of the handshake have passed, both directions counted together. */
function watched(at: number, act: (below: readonly [left: Duplex, right: Duplex]) => void): OpenTransport {
  return async () => {
    let passed = 0;
    const below = interposedPair(async function* (bytes) {
      for await (const chunk of bytes) {
        for (let start = 0; start < chunk.length; start += 97) {
          const part = chunk.subarray(start, start + 97);
          if (passed < at && passed + part.length >= at) act(below);
          passed += part.length;
          yield part;
        }
      }
    });
    return below;
  };
}

/** Runs a handshake that may fail on either side; whatever was opened is closed again. */
async function attempt(
  pairing: TlsPairing,
  certificates: Certificates,
  open: OpenTransport,
  options: PairOptions = {},
): Promise<{ readonly client: unknown; readonly server: unknown }> {
  const { client, server, below } = await refuse(pairing, certificates, open, options);
  for (const stream of below) assert.equal(stream.destroyed, true);
  return { client, server };
}

/** Where a key on P-256 begins: the curve's name, a bit string, and the form of the point. RFC 5480 section 2. */
const curvePoint = Buffer.from("06082a8648ce3d03010703420004", "hex");
