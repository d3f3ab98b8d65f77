import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { TimeoutError, TlsError } from "@fairlead/core";
import { datagramBackend, type DatagramEngineLibrary, type DtlsBackend } from "@fairlead/tls/datagram";
import { EngineFailure } from "@fairlead/tls/engine";
import { memoryDatagramPair } from "@fairlead/transport";
import { mintCertificates, type Certificates } from "../tls/index.ts";

/** A library of datagram engines, and how its callbacks enter one. */
export interface DatagramEngines<Engine> {
  readonly library: DatagramEngineLibrary & { readonly live: ReadonlyMap<unknown, unknown> };
  /** Of the engines: what the library calls. */
  readonly prototype: Engine;
  /** Methods that are called from inside C, and whether that takes a shared key. */
  readonly callbacks: readonly (readonly [method: MethodOf<Engine>, isKeyed: boolean])[];
}

type MethodOf<Engine> = {
  [Name in keyof Engine]: Engine[Name] extends (...values: never[]) => unknown ? Name : never;
}[keyof Engine];

/** Tests what no pair of backends shows: engines that are closed, and callbacks that throw. */
export function datagramEngineSuite<Engine extends object>(name: string, engines: DatagramEngines<Engine>): void {
  const { library, prototype, callbacks } = engines;
  const backend = datagramBackend(library);

  describe(`DTLS engines of ${name}`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    test("that are closed fail, and closing twice does nothing", () => {
      const engine = library.client({
        alpnProtocols: [],
        cipherSuites: ["TLS_PSK_WITH_AES_128_CCM_8"],
        mtu: 1_232,
        retransmissionMilliseconds: 1_000,
        host: "good.test",
        serverName: undefined,
        anchors: [],
        identity: undefined,
        asksForIdentity: false,
        psk: { identity: "me", key },
        session: undefined,
      });
      assert.equal(library.live.size, 1);
      engine.close();
      engine.close();
      assert.equal(library.live.size, 0);
      for (const use of [
        () => engine.feed(Buffer.alloc(1)),
        () => engine.take(),
        () => engine.handshake(),
        () => engine.refuse(42),
        () => engine.retransmissionDue(),
        () => engine.send(Buffer.alloc(1)),
        () => engine.receive(),
        () => engine.end(),
        () => engine.facts(),
        () => engine.peerChain(),
        () => engine.sessions(),
        () => engine.verification(),
        () => engine.exportKeyingMaterial(1, "label", undefined),
      ]) {
        assert.throws(use, EngineFailure);
      }
    });

    for (const [callback, isKeyed] of callbacks) {
      test(`let nobody in when ${String(callback)} throws, which C would take for 0`, async (t) => {
        t.mock.method(prototype as Record<MethodOf<Engine>, () => never>, callback, () => {
          throw new Error("inside a callback");
        });
        const error = await failure(backend, certificates, isKeyed);
        assert.ok(error instanceof TlsError || error instanceof TimeoutError, String(error));
        assert.equal(library.live.size, 0);
      });
    }
  });
}

const key = Buffer.alloc(16, 1);

/** How a client's handshake ended, with certificates or with a key. */
async function failure(backend: DtlsBackend, certificates: Certificates, isKeyed: boolean): Promise<unknown> {
  const [near, far] = memoryDatagramPair();
  const cleanUp = new AbortController();
  const client = isKeyed ? { psk: { identity: "me", key } } : { trust: certificates.trust };
  const server = isKeyed ? { psk: () => key } : { identity: certificates.good };
  const accepted = backend.acceptDatagram(far, { signal: cleanUp.signal, ...server }).catch(() => undefined);
  try {
    return await backend.connectDatagram(near, { host: "good.test", timeoutMilliseconds: 200, ...client });
  } catch (error) {
    return error;
  } finally {
    cleanUp.abort();
    await accepted;
  }
}
