import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsBackend, TlsConnectOptions, TlsSocket } from "@fairlead/tls";
import { connectTcp } from "@fairlead/transport";
import { goodHost, mintCertificates, type Certificates } from "../certificates.ts";
import { listeningPort, startPeer, type PeerProgram } from "../../peers/peer-program.ts";
import { listenTls } from "./tls-listener.ts";

const versions = { "TLSv1.2": "VERS-TLS1.2", "TLSv1.3": "VERS-TLS1.3" } as const;

/** Client certificates and shared keys, with GnuTLS's own programs at the other end. */
export function gnutlsFeatureInterop(name: string, backend: TlsBackend): void {
  describe(`${name} with the programs of GnuTLS`, () => {
    let certificates: Certificates;
    let authority: Authority;
    let client: MintedIdentity;
    let stranger: MintedIdentity;
    let directory: string;
    const key = Buffer.alloc(32, 7);
    const psk = { identity: "sensor 7", key };

    before(async () => {
      certificates = await mintCertificates();
      authority = await mintAuthority({ commonName: "Clients" });
      client = await mintCertificate({ issuer: authority, names: ["client.test"], usage: "client" });
      stranger = await mintCertificate({ issuer: await mintAuthority(), names: ["stranger.test"], usage: "client" });
      directory = await mkdtemp(join(tmpdir(), "fairlead-features-"));
      for (const [file, content] of [
        ["server.pem", certificates.good.certificate],
        ["server.key", certificates.good.privateKey],
        ["clients.pem", authority.certificate],
        ["client.pem", client.certificate],
        ["client.key", client.privateKey],
        ["stranger.pem", stranger.certificate],
        ["stranger.key", stranger.privateKey],
        ["keys.txt", `${psk.identity}:${key.toString("hex")}\n`],
      ] as const) {
        await writeFile(path(file), content, { mode: 0o600 });
      }
    });
    after(() => rm(directory, { recursive: true }));

    for (const [version, versionName] of Object.entries(versions) as [keyof typeof versions, string][]) {
      const range = { minVersion: version, maxVersion: version };
      const byCertificate = ["--priority", `NORMAL:-VERS-ALL:+${versionName}`];
      const byKey = ["--priority", `NORMAL:-VERS-ALL:+${versionName}:-KX-ALL:+ECDHE-PSK:+DHE-PSK`];

      test(`${version}: a server asks our client for a certificate, and lets it in or not`, async () => {
        await using program = await serve([
          ...[...byCertificate, "--require-client-cert", "--verify-client-cert", "--x509cafile", path("clients.pem")],
          ...["--x509certfile", path("server.pem"), "--x509keyfile", path("server.key")],
        ]);
        await echoes(await connect(program, { identity: client }));
        for (const identity of [stranger, undefined]) {
          const refused = connect(program, { identity }).then(async (socket) => {
            // Refused by TLS 1.3 after the handshake; a write could fail before that is read.
            const [error] = (await once(socket.resume(), "error")) as [unknown];
            throw error;
          });
          await assert.rejects(refused, { name: "TlsError" });
        }
      });

      test(`${version}: our server asks a client for a certificate, and lets it in or not`, async () => {
        const clientCertificates = {
          trust: { type: "anchors", certificates: [authority.certificate] },
          required: true,
        } as const;
        await using server = await listenTls(backend, { ...range, identity: certificates.good, clientCertificates });
        const shows = (who: string): Promise<PeerProgram> =>
          dial(server.port, [
            ...byCertificate,
            "--x509certfile",
            path(`${who}.pem`),
            "--x509keyfile",
            path(`${who}.key`),
          ]);
        await using good = await shows("client");
        const socket = await server.next();
        assert.equal(socket.getPeerX509Certificate()?.subject, "CN=client.test");
        socket.write("welcome\n");
        await good.says(/^welcome$/m);
        await using bad = await shows("stranger");
        // It keeps a certificate back that none of the authorities asked for has signed.
        await assert.rejects(server.next(), { code: /CERTIFICATE_ISSUER_UNKNOWN|CLIENT_CERTIFICATE_REQUIRED/ });
        await bad.ended();
      });

      test(`${version}: a key is shared with a server`, async () => {
        await using program = await serve([...byKey, "--pskpasswd", path("keys.txt")]);
        const socket = await connect(program, { psk });
        assert.deepEqual([socket.authorized, socket.pskIdentity], [true, psk.identity]);
        await echoes(socket);
        await assert.rejects(connect(program, { psk: { ...psk, key: Buffer.alloc(32, 8) } }), { name: "TlsError" });
      });

      test(`${version}: a key is shared with a client`, async () => {
        await using server = await listenTls(backend, {
          ...range,
          psk: (identity) => (identity === psk.identity ? key : undefined),
        });
        const knows = (hex: string): Promise<PeerProgram> =>
          dial(server.port, [...byKey, "--pskusername", psk.identity, "--pskkey", hex]);
        await using good = await knows(key.toString("hex"));
        const socket = await server.next();
        assert.deepEqual([socket.pskIdentity, socket.authorized], [psk.identity, true]);
        socket.write("welcome\n");
        // Of TLS 1.2 by a key it prints nothing: it crashes when it describes the connection.
        if (version === "TLSv1.3") await good.says(/^welcome$/m);
        await using bad = await knows("08".repeat(32));
        await assert.rejects(server.next(), { name: "TlsError" });
        await bad.ended();
      });
    }

    function path(file: string): string {
      return join(directory, file);
    }

    function serve(options: readonly string[]): Promise<PeerProgram> {
      return startPeer("gnutls-serv", ["--echo", "--port", "0", ...options]);
    }

    async function connect(program: PeerProgram, options: Partial<TlsConnectOptions>): Promise<TlsSocket> {
      const below = await connectTcp({ host: "127.0.0.1", port: await listeningPort(program) });
      return backend.connect(below, { host: goodHost, trust: certificates.trust, ...options });
    }

    async function echoes(socket: TlsSocket): Promise<void> {
      socket.write("hello\n");
      assert.equal(String(await once(socket, "data")), "hello\n");
      socket.destroy();
    }

    function dial(port: number, options: readonly string[]): Promise<PeerProgram> {
      const trust = options.includes("--pskkey") ? [] : ["--insecure"];
      return startPeer("gnutls-cli", ["--port", String(port), ...trust, ...options, "127.0.0.1"]);
    }
  });
}
