import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { engineBackend, EngineFailure, type TlsEngineLibrary } from "@fairlead/tls/engine";
import { memoryPair } from "@fairlead/transport";
import { mintCertificates, type Certificates } from "./certificates.ts";
import { serverOptions } from "./engine-pair.ts";
import { refuse, secure } from "./pairing.ts";

/** A library of engines that shows which of them are not closed. */
export interface EngineLibraryUnderTest extends TlsEngineLibrary {
  readonly live: ReadonlyMap<number, unknown>;
}

/** Tests what every library of engines has to do beyond making a backend that meets the contract. */
export function engineConformance(name: string, library: EngineLibraryUnderTest): void {
  const backend = engineBackend(library);
  const pairing = { client: backend, server: backend, reportsTruncation: true };
  const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

  describe(`engines of ${name}`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    test("are freed when their sockets are closed, also after failures", async () => {
      for (let round = 0; round < 50; round += 1) {
        {
          using pair = await secure(pairing, certificates, memory);
          assert.equal(library.live.size, 2);
          pair.client.end("question");
          assert.equal(await text(pair.server), "question");
        }
        await refuse(pairing, certificates, memory, { connect: { host: "other.test" } });
        await refuse(pairing, certificates, memory, { connect: { trust: certificates.otherTrust } });
      }
      assert.equal(library.live.size, 0);
    });

    test("fail by name once they are closed, instead of in C", () => {
      const engine = library.server(serverOptions(certificates));
      engine.close();
      engine.close();
      for (const use of [
        () => engine.feed(Buffer.alloc(1)),
        () => engine.feedEnd(),
        () => engine.take(),
        () => engine.handshake(),
        () => engine.send(Buffer.alloc(1)),
        () => engine.receive(),
        () => engine.end(),
        () => engine.facts(),
        () => engine.peerChain(),
        () => engine.verification(),
        () => engine.admit(),
        () => engine.refuse(42),
        () => engine.updateKeys(),
        () => engine.exportKeyingMaterial(1, "label", undefined),
      ]) {
        assert.throws(use, EngineFailure);
      }
    });
  });
}
