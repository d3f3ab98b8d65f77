import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startPeer } from "@fairlead/conformance/peers";
import { reloadIdentity, serve, type RequestContext, type RunningServer, type ServeOptions } from "@fairlead/server";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsBackend } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import { identitiesByName, ticketKeySchedule } from "@fairlead/tls/sockets";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";

const backends: readonly TlsBackend[] = [nodeTls, loadOpensslTls(), loadGnutlsTls()];

describe("clients that others wrote", { timeout: 60_000 }, () => {
  let folder: string;
  let authority: Authority;
  let identity: MintedIdentity;
  let client: MintedIdentity;
  let stranger: MintedIdentity;
  const at = (name: string): string => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-tls-clients-"));
    authority = await mintAuthority();
    const other = await mintAuthority({ commonName: "Somebody Else" });
    identity = await mintCertificate({ issuer: authority, names: ["a.test"] });
    client = await mintCertificate({ issuer: authority, names: ["zoe"], usage: "client" });
    stranger = await mintCertificate({ issuer: other, names: ["zoe"], usage: "client" });
    await writeFile(at("authority.pem"), authority.certificate);
    await writeFile(at("client.pem"), client.certificate + client.privateKey);
    await writeFile(at("stranger.pem"), stranger.certificate + stranger.privateKey);
  });
  after(() => rm(folder, { recursive: true }));

  for (const backend of backends) {
    test(`show certificates to ${backend.name}, over HTTP/1.1 and HTTP/2, and handlers see verified ones only`, async () => {
      const seen: (string | undefined)[] = [];
      const trust = { type: "anchors", certificates: [authority.certificate] } as const;
      for (const required of [false, true]) {
        await using running = await serving(
          { identity, backend, clientCertificates: { trust, required } },
          (context) => {
            seen.push(context.connection.tls?.client?.certificate.subject);
          },
        );
        for (const version of ["--http1.1", "--http2"]) {
          const known = await curl(running, version, "--cert", at("client.pem"));
          assert.equal(known, `hello ${version.slice(6)}\n200`);
          assert.equal(seen.pop(), "CN=zoe");
          assert.equal(seen.length, 0);
          // Somebody else's certificate is not let in, nor is it let in as nobody's.
          assert.match(await curl(running, version, "--cert", at("stranger.pem")), /000$/);
          assert.equal(seen.length, 0);
          const nobody = await curl(running, version);
          if (required) assert.match(nobody, /000$/);
          else assert.match(nobody, /200$/);
          assert.deepEqual(seen.splice(0), required ? [] : [undefined]);
        }
      }
    });

    test(`are shown certificates by ${backend.name} as they name hosts, and others when those are swapped`, async () => {
      const byName = identitiesByName({
        "a.test": identity,
        "b.test": await mintCertificate({ issuer: authority, names: ["b.test"] }),
      });
      await using running = await serving({ identity: byName, backend });
      assert.match(await openssl(running, "-servername", "a.test", "-alpn", "h2"), /CN = a\.test[^]*ALPN protocol: h2/);
      const http1 = await openssl(running, "-servername", "b.test", "-alpn", "http/1.1");
      assert.match(http1, /CN = b\.test[^]*ALPN protocol: http\/1\.1/);
      assert.match(await openssl(running, "-servername", "c.test"), /unrecognized name/);
      running.server.setIdentity(await mintCertificate({ issuer: authority, names: ["c.test"] }));
      assert.match(await openssl(running, "-servername", "a.test"), /CN = c\.test/);
    });

    test(`resume sessions of ${backend.name} when certificates were swapped, and at another server with the same keys`, async () => {
      const ticketKeys = ticketKeySchedule({ secret: new Uint8Array(32).fill(7) });
      await using one = await serving({ identity, backend, ticketKeys });
      await using other = await serving({ identity, backend, ticketKeys });
      await using stranger = await serving({ identity, backend });
      const session = at(`session-${backend.name}.pem`);
      assert.match(await openssl(one, "-servername", "a.test", "-sess_out", session), /New, TLSv1\.3/);
      one.server.setIdentity(await mintCertificate({ issuer: authority, names: ["a.test"] }));
      for (const [running, expected] of [
        [one, /Reused, TLSv1\.3/],
        [other, /Reused, TLSv1\.3/],
        [stranger, /New, TLSv1\.3/],
      ] as const) {
        assert.match(await openssl(running, "-servername", "a.test", "-sess_in", session), expected);
      }
    });
  }

  test("are shown a renewed certificate when its files are read again, and the old one while they are not whole", async () => {
    const files = { certificate: at("server.pem"), privateKey: at("server.key") };
    const write = async ({
      certificate,
      privateKey,
    }: Pick<MintedIdentity, "certificate" | "privateKey">): Promise<void> => {
      await writeFile(files.certificate, certificate);
      await writeFile(files.privateKey, privateKey);
    };
    await assert.rejects(reloadIdentity(files), { code: "FILE_NOT_FOUND" });
    await write(identity);
    const reloadable = await reloadIdentity(files);
    await using running = await serving({ identity: reloadable.identity });
    const renewed = await mintCertificate({ issuer: authority, names: ["b.test"] });
    for (const half of [
      { ...identity, certificate: renewed.certificate },
      { ...renewed, privateKey: "-----BEGIN" },
      { ...renewed, certificate: "" },
    ]) {
      await write(half);
      await assert.rejects(reloadable.reload(), { code: "FILE_IO_FAILED" });
      assert.match(await openssl(running, "-servername", "a.test"), /CN = a\.test/);
    }
    await write(renewed);
    await reloadable.reload();
    assert.match(await openssl(running, "-servername", "a.test"), /CN = b\.test/);
  });

  test("are sent from http to https on one port, where they get the same", async () => {
    await using running = await serving({ identity });
    const port = String(running.port);
    const target = `http://a.test:${port}/`;
    assert.equal(await curlTo(running, target, "--location", "--http1.1"), "hello 1.1\n200");
    assert.equal(await curlTo(running, target, "--http2-prior-knowledge"), "\n308");
    assert.equal(
      await curlTo(running, target, "--header", "Host: evil.example"),
      "This port speaks TLS: use https\n400",
    );
  });

  async function serving(
    tls: NonNullable<ServeOptions["tls"]>,
    see: (context: RequestContext) => void = () => undefined,
  ): Promise<RunningServer> {
    return serve({
      host: "127.0.0.1",
      tls,
      fetch: (_, context) => {
        see(context);
        const { alpnProtocol } = context.connection.tls ?? {};
        return new Response(`hello ${alpnProtocol === "h2" ? "2" : "1.1"}`);
      },
    });
  }

  function curl(running: RunningServer, ...options: readonly string[]): Promise<string> {
    return curlTo(running, `https://a.test:${String(running.port)}/`, ...options);
  }

  /** @returns the content, and the status in a line of its own. */
  async function curlTo({ port }: RunningServer, target: string, ...options: readonly string[]): Promise<string> {
    const resolve = ["--resolve", `a.test:${String(port)}:127.0.0.1`, "--cacert", at("authority.pem")];
    const quiet = ["--silent", "--max-time", "20", "--noproxy", "*", "--write-out", "\n%{http_code}"];
    await using program = await startPeer("curl", [...quiet, ...resolve, ...options, target]);
    await program.ended();
    return program.output;
  }

  /** Asks for `/` in HTTP/1.1 by hand; what comes back is not looked at. */
  async function openssl({ port }: RunningServer, ...options: readonly string[]): Promise<string> {
    const connect = ["s_client", "-connect", `127.0.0.1:${String(port)}`, "-CAfile", at("authority.pem"), "-ign_eof"];
    await using program = await startPeer("openssl", [...connect, ...options]);
    program.type("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    await program.ended();
    return program.output;
  }
});
