import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { dtlsEndpoint, type DtlsBackend, type DtlsSocket } from "@fairlead/tls/datagram";
import { connectUdp, openUdp, type DatagramEndpoint } from "@fairlead/transport";
import { goodHost, mintCertificates, type Certificates } from "../../tls/certificates.ts";
import { writePeerFiles, type PeerFiles } from "../../tls/interop/index.ts";
import { nextMessage, sharedKey } from "../pairing.ts";
import { datagramPrograms } from "./programs.ts";

/** Tests a backend over UDP against the programs of OpenSSL and of GnuTLS, both directions. */
export function dtlsInterop(name: string, backend: DtlsBackend): void {
  let certificates: Certificates;
  let files: PeerFiles;
  before(async () => {
    certificates = await mintCertificates();
    files = await writePeerFiles(certificates);
  });
  after(() => files[Symbol.asyncDispose]());

  for (const programs of datagramPrograms) {
    for (const credential of ["certificate", "key"] as const) {
      const isKeyed = credential === "key";
      describe(`${name} over UDP with the programs of ${programs.name}, by a ${credential}`, () => {
        test("as the client: handshake after a cookie, bytes both ways, and the end", async () => {
          const serving = await programs.serve(files, credential);
          await using program = serving.program;
          const { port } = serving;
          const below = await connectUdp({ host: "127.0.0.1", port });
          const socket = await backend.connectDatagram(below, {
            host: goodHost,
            signal: AbortSignal.timeout(20_000),
            ...(isKeyed
              ? { psk: sharedKey.client.psk, cipherSuites: ["TLS_PSK_WITH_AES_128_CCM_8"] }
              : { trust: certificates.trust }),
          });
          assert.equal(socket.authorized, true);
          assert.equal(socket.protocol, "DTLSv1.2");
          const answer = nextMessage(socket);
          socket.send(Buffer.from("question\n"));
          if (!programs.echoes) {
            await program.says(/^question$/m);
            program.type("answer\n");
          }
          assert.equal(String(await answer), programs.echoes ? "question\n" : "answer\n");
          socket.close();
          assert.equal(below.closed, true);
        });

        if (!isKeyed) {
          test("as the client: the session of a ticket is resumed", async () => {
            const serving = await programs.serve(files, credential);
            await using program = serving.program;
            await using relay = await relayTo(serving.port);
            const resumed: boolean[] = [];
            let session: Uint8Array | undefined;
            for (let turn = 0; turn < 2; turn += 1) {
              const socket = await backend.connectDatagram(
                await connectUdp({ host: "127.0.0.1", port: relay.address.port }),
                {
                  host: goodHost,
                  trust: certificates.trust,
                  session,
                  onSession: (each) => {
                    session = each;
                  },
                  signal: AbortSignal.timeout(20_000),
                },
              );
              assert.equal(socket.authorized, true);
              resumed.push(socket.resumed);
              const answer = nextMessage(socket);
              socket.send(Buffer.from("question\n"));
              if (programs.echoes) await answer;
              else await program.says(turn === 0 ? /^question$/m : /^question$[^]*^question$/m);
              socket.close();
            }
            assert.deepEqual(resumed, [false, true]);
          });
        }

        test("as the server: handshake after a cookie, bytes both ways, and the end", async () => {
          const { promise, resolve } = Promise.withResolvers<DtlsSocket>();
          await using endpoint = dtlsEndpoint(await openUdp(), {
            backend: { name, ...backend },
            accept: { identity: certificates.good, psk: sharedKey.server.psk },
            onSession: resolve,
          });
          await using program = await programs.connect(files, credential, endpoint.address.port);
          const socket = await promise;
          assert.equal(socket.pskIdentity, isKeyed ? "sensor-7" : undefined);
          await program.says(isKeyed ? programs.prints.keyed : programs.prints.verified);
          const question = nextMessage(socket);
          program.type("question\n");
          assert.equal(String(await question), "question\n");
          socket.send(Buffer.from("answer\n"));
          await program.says(/^answer$/m);
          const closed = once(socket, "close");
          program.endInput();
          assert.deepEqual(await closed, [undefined]);
          await program.ended();
        });
      });
    }
  }
}

/** Reaches a server from one port, whichever client it is for: `s_server` stays connected to the port of its first one. */
async function relayTo(port: number): Promise<DatagramEndpoint> {
  const relay = await openUdp();
  const server = { host: "127.0.0.1", port };
  let client = server;
  relay.on("message", (bytes, from) => {
    if (from.port === port) {
      relay.send(bytes, client);
      return;
    }
    client = from;
    relay.send(bytes, server);
  });
  return relay;
}
