import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import type {
  ClientCertificateRequest,
  TlsAcceptOptions,
  TlsBackend,
  TlsConnectOptions,
  TlsSocket,
} from "@fairlead/tls";
import { connectTcp } from "@fairlead/transport";
import { goodHost, mintCertificates, type Certificates } from "../certificates.ts";
import { listenTls, type TlsListener } from "./tls-listener.ts";
import { startPeer, type PeerProgram } from "../../peers/peer-program.ts";

const versions = { "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3" } as const;

/** What the backend's library does beside what all do. */
export interface FeatureTraits {
  /** Whether it can ask for the certificate inside the handshake. */
  readonly asks: boolean;
}

/** Client certificates, shared keys, staples and early data, with OpenSSL's own programs at the other end. */
export function featureInterop(name: string, backend: TlsBackend, traits: FeatureTraits): void {
  describe(`${name} with the programs of OpenSSL`, () => {
    let certificates: Certificates;
    let authority: Authority;
    let client: MintedIdentity;
    let stranger: MintedIdentity;
    let directory: string;
    const written = new Map<string, string>();
    const key = Buffer.alloc(32, 7);

    before(async () => {
      certificates = await mintCertificates();
      authority = await mintAuthority({ commonName: "Clients" });
      client = await mintCertificate({ issuer: authority, names: ["client.test"], usage: "client" });
      stranger = await mintCertificate({ issuer: await mintAuthority(), names: ["stranger.test"], usage: "client" });
      directory = await mkdtemp(join(tmpdir(), "fairlead-features-"));
      for (const [name, content] of [
        ["server.pem", certificates.good.leaf],
        ["issuer.pem", certificates.good.certificate.slice(certificates.good.leaf.length)],
        ["server.key", certificates.good.privateKey],
        ["clients.pem", authority.certificate],
        ["client.pem", client.certificate],
        ["client.key", client.privateKey],
        ["stranger.pem", stranger.certificate],
        ["stranger.key", stranger.privateKey],
        ["early.txt", "early line\n"],
        ["staple.der", Buffer.from("30030a0106", "hex")],
      ] as const) {
        const path = join(directory, name);
        await writeFile(path, content, { mode: 0o600 });
        written.set(name, path);
      }
    });
    after(() => rm(directory, { recursive: true }));

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      test(`${version}: a server asks our client for a certificate, and lets it in or not`, async () => {
        await using program = await serve(version, [
          "-Verify",
          "1",
          "-verify_return_error",
          "-CAfile",
          file("clients.pem"),
        ]);
        const requests: ClientCertificateRequest[] = [];
        const showing = (identity: MintedIdentity | undefined): Partial<TlsConnectOptions> => {
          if (!traits.asks) return { identity };
          return {
            onClientCertificate: (request) => {
              requests.push(request);
              return identity;
            },
          };
        };
        const socket = await connect(program, showing(client));
        socket.write("hello\n");
        await program.says(/depth=0 CN = client.test\nverify return:1[\s\S]*^hello$/m);
        assert.equal(requests.length, traits.asks ? 1 : 0);
        for (const { authorities, keyTypes } of requests) {
          assert.match(Buffer.from(authorities[0] ?? []).toString("latin1"), /Clients/);
          assert.deepEqual([...keyTypes].sort(), ["ec", "ed25519", "ed448", "rsa"]);
        }
        socket.destroy();

        for (const [answer, code] of [
          [stranger, "CLIENT_CERTIFICATE_REJECTED"],
          [undefined, "CLIENT_CERTIFICATE_REQUIRED"],
        ] as const) {
          const refused = connect(program, showing(answer)).then(async (secured) => {
            secured.resume();
            const [error] = (await once(secured, "error")) as [unknown];
            throw error;
          });
          await assert.rejects(refused, { code });
        }
      });

      test(`${version}: our server asks a client for a certificate, and lets it in or not`, async () => {
        const policy = { trust: { type: "anchors", certificates: [authority.certificate] }, required: true } as const;
        await using server = await listen({ clientCertificates: policy, minVersion: version, maxVersion: version });
        await using good = await dial(server.port, version, ["-cert", file("client.pem"), "-key", file("client.key")]);
        const socket = await server.next();
        assert.equal(socket.getPeerX509Certificate()?.subject, "CN=client.test");
        socket.write("welcome\n");
        await good.says(/welcome$/m);
        await good.says(/CN = Clients/);
        await using bad = await dial(server.port, version, [
          "-cert",
          file("stranger.pem"),
          "-key",
          file("stranger.key"),
        ]);
        await assert.rejects(server.next(), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
        await bad.says(/alert unknown ca/);
        await using none = await dial(server.port, version, []);
        await assert.rejects(server.next(), { code: "CLIENT_CERTIFICATE_REQUIRED" });
        await none.says(
          version === "TLSv1.3" ? /alert certificate required|alert number 116/ : /alert handshake failure/,
        );
      });

      test(`${version}: a key is shared with a server`, async () => {
        await using program = await serve(version, [
          "-nocert",
          "-psk",
          key.toString("hex"),
          "-psk_identity",
          "sensor 7",
        ]);
        const socket = await connect(program, { psk: { identity: "sensor 7", key } });
        assert.deepEqual([socket.authorized, socket.pskIdentity], [true, "sensor 7"]);
        socket.write("by key\n");
        await program.says(/^by key$/m);
        socket.destroy();
        await assert.rejects(connect(program, { psk: { identity: "sensor 7", key: Buffer.alloc(32, 8) } }), {
          name: "TlsError",
        });
      });

      test(`${version}: a key is shared with a client`, async () => {
        const accept = { identity: undefined, minVersion: version, maxVersion: version } as const;
        await using server = await listen({
          ...accept,
          psk: (identity) => (identity === "sensor 7" ? key : undefined),
        });
        const known = ["-psk", key.toString("hex"), "-psk_identity"];
        await using good = await dial(server.port, version, [...known, "sensor 7"]);
        const socket = await server.next();
        assert.deepEqual([socket.pskIdentity, socket.authorized], ["sensor 7", true]);
        socket.write("welcome\n");
        await good.says(/welcome$/m);
        await using bad = await dial(server.port, version, [...known, "sensor 8"]);
        await assert.rejects(server.next(), { name: "TlsError" });
        await bad.ended();
      });

      test(`${version}: our server's stapled response reaches a client`, async () => {
        const identity = { ...certificates.good, ocspResponse: Buffer.from("30030a0106", "hex") };
        await using server = await listen({ identity });
        await using program = await dial(server.port, version, ["-status"]);
        await server.next();
        await program.says(/OCSP Response Status: unauthorized \(0x6\)/);
      });

      test(`${version}: a server's stapled response reaches our client`, async () => {
        await using program = await serve(version, ["-status_file", file("staple.der")]);
        const socket = await connect(program, { dangerous: { acceptAnyCertificate: true } });
        assert.equal(Buffer.from(socket.stapledOcspResponse ?? []).toString("hex"), "30030a0106");
        socket.destroy();
      });
    }

    test("early data is taken by a server, once for a session", async () => {
      await using program = await serve("TLSv1.3", ["-early_data"]);
      const gained = Promise.withResolvers<Uint8Array>();
      const first = await connect(program, { onSession: gained.resolve });
      first.resume().write("first line\n");
      const session = await gained.promise;
      first.end();
      await once(first, "close");
      for (const outcome of ["accepted", "rejected"] as const) {
        const socket = await connect(program, { session, earlyData: true });
        socket.write(`${outcome} line\n`);
        await socket.handshakeDone;
        assert.equal(socket.earlyData, outcome);
        await program.says(new RegExp(`^${outcome} line$`, "m"));
        socket.resume().end();
        await once(socket, "close");
      }
      await program.says(/Early data received:[\s\S]*Early data was rejected/);
    });

    test("early data of a client is taken by our server", async () => {
      await using server = await listen({ earlyData: { maxBytes: 16_384 }, minVersion: "TLSv1.3" });
      const saved = join(directory, "session.pem");
      await using first = await dial(server.port, "TLSv1.3", ["-sess_out", saved]);
      const greeting = await server.next();
      greeting.end("greeting\n");
      await first.says(/^greeting$/m);
      first.endInput();
      await first.ended();
      await using second = await dial(server.port, "TLSv1.3", ["-sess_in", saved, "-early_data", file("early.txt")]);
      const socket = await server.next();
      assert.deepEqual([socket.earlyBytes, socket.isSessionReused()], ["early line\n".length, true]);
      assert.equal(String(await once(socket, "data")), "early line\n");
      await socket.handshakeDone;
      await second.says(/Early data was accepted/);
      socket.destroy();
    });

    function file(name: string): string {
      return written.get(name) ?? assert.fail(name);
    }

    function serve(version: keyof typeof versions, options: readonly string[]): Promise<PeerProgram> {
      const identity = options.includes("-nocert")
        ? []
        : ["-cert", file("server.pem"), "-cert_chain", file("issuer.pem"), "-key", file("server.key")];
      return startPeer("openssl", ["s_server", "-accept", "127.0.0.1:0", versions[version], ...identity, ...options]);
    }

    async function connect(program: PeerProgram, options: Partial<TlsConnectOptions>): Promise<TlsSocket> {
      const [, port] = await program.says(/ACCEPT 127\.0\.0\.1:(\d+)/);
      const below = await connectTcp({ host: "127.0.0.1", port: Number(port) });
      return backend.connect(below, { host: goodHost, trust: certificates.trust, ...options });
    }

    function dial(port: number, version: keyof typeof versions, options: readonly string[]): Promise<PeerProgram> {
      const address = `127.0.0.1:${String(port)}`;
      return startPeer("openssl", ["s_client", "-connect", address, versions[version], ...options]);
    }

    function listen(options: Partial<TlsAcceptOptions>): Promise<TlsListener> {
      return listenTls(backend, { identity: certificates.good, ...options });
    }
  });
}
