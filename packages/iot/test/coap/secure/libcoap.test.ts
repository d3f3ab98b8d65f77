import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, test } from "node:test";
import {
  runLibcoapClient,
  skipWithoutLibcoap,
  startLibcoapServer,
  type LibcoapBuild,
} from "@fairlead/conformance/peers";
import { mintCertificates, writePeerFiles, type Certificates } from "@fairlead/conformance/tls";
import {
  channelRequester,
  coapServer,
  connectCoaps,
  listenCoaps,
  serveChannel,
  type CoapChannel,
  type CoapRequest,
  type CoapSecurity,
  type ConnectCoapsOptions,
  type ListenCoapsOptions,
} from "@fairlead/iot/coap";
import { writeOption } from "@fairlead/iot/coap/protocol";
import { TlsError } from "@fairlead/core";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import type { TlsBackend } from "@fairlead/tls";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { openUdp } from "@fairlead/transport";
import { deviceResources } from "../peers/device.ts";

const skip = skipWithoutLibcoap();
const psk = { identity: "lamp-7", key: Buffer.from("sixteen_bytes_of") };
const byKey = ["-u", psk.identity, "-k", psk.key.toString()];
/** Of those that libcoap can do, the one that every device has. RFC 7252 section 9.1.3.1. */
const mandatoryWithKey = "TLS_PSK_WITH_AES_128_CCM_8";

/** How the two sides prove who they are. */
interface Credentials {
  readonly name: string;
  readonly clientArgs: readonly string[];
  readonly serverArgs: readonly string[];
  readonly connect: (backend: TlsBackend) => Pick<ConnectCoapsOptions, "tls" | "onPreSharedKey">;
  readonly listen: Omit<ListenCoapsOptions, "backend">;
  /** Who the server takes the client for. */
  readonly client: CoapSecurity;
}

describe("libcoap over DTLS", { skip }, () => {
  let certificates: Certificates;
  let all: readonly Credentials[] = [];
  const files = new AsyncDisposableStack();
  before(async () => {
    certificates = await mintCertificates();
    all = await credentials(certificates, files);
  });
  after(() => files.disposeAsync());

  for (const [index, name] of ["a key", "a key by CCM_8", "a certificate", "certificates of both"].entries()) {
    const used = (): Credentials => all[index] ?? assert.fail("there are as many");
    for (const build of ["gnutls", "openssl"] as const) {
      for (const backend of [loadOpensslTls(), loadGnutlsTls()]) {
        test(`its server (${build}) by ${name}: ${backend.name} gets, puts and observes`, async () => {
          const { serverArgs, connect } = used();
          await using server = await startSecured(build, serverArgs);
          const destination = { host: "127.0.0.1", port: server.port + 1 };
          await using channel = await connectCoaps(destination, connect(backend));
          await getPutObserve(channel);
        });

        test(`its client (${build}) by ${name}: ${backend.name} answers what it gets, puts and observes`, async () => {
          const { clientArgs, listen, client } = used();
          const seen: (CoapSecurity | undefined)[] = [];
          await using server = coapServer({ resources: deviceResources() });
          await using listener = listenCoaps(
            await openUdp(),
            (channel) => {
              seen.push(channel.security);
              serveChannel(channel, server.handler);
            },
            { backend, ...listen },
          );
          const ask = (path: string, ...args: readonly string[]): Promise<string> =>
            runLibcoapClient(build, [
              ...clientArgs,
              ...args,
              `coaps://127.0.0.1:${String(listener.address.port)}/${path}`,
            ]);
          assert.equal(await ask("hello"), "hello\n");
          assert.equal(await ask("kept", "-m", "put", "-e", "new"), "");
          assert.equal(await ask("kept"), "new\n");
          assert.equal(await ask("count", "-s", "1", "-w"), "0\n1\n2\n3\n\n");
          assert.deepEqual(seen, [client, client, client, client]);
        });
      }
    }
  }

  test("its server is refused when its certificate is of an authority that is not trusted", async () => {
    const [, , { serverArgs } = assert.fail()] = all;
    await using server = await startSecured("gnutls", serverArgs);
    const tls = { backend: loadOpensslTls(), trust: certificates.otherTrust };
    const connecting = connectCoaps({ host: "127.0.0.1", port: server.port + 1 }, { tls });
    await assert.rejects(connecting, (error) => {
      assert.ok(error instanceof TlsError);
      assert.match(error.code, /^CERTIFICATE_(ISSUER_UNKNOWN|SELF_SIGNED)$/);
      return true;
    });
  });

  test("its client is refused when it shows no certificate and one is required", async () => {
    const [, , { clientArgs } = assert.fail(), { listen } = assert.fail()] = all;
    const failures: unknown[] = [];
    await using listener = listenCoaps(await openUdp(), () => assert.fail("nobody is let in"), {
      backend: loadOpensslTls(),
      ...listen,
      onFailure: (error) => failures.push(error),
    });
    const url = `coaps://127.0.0.1:${String(listener.address.port)}/hello`;
    await runLibcoapClient("openssl", [...clientArgs, "-B", "2", url]);
    assert.ok(failures.length >= 1);
    for (const error of failures) assert.ok(error instanceof TlsError && error.code === "CLIENT_CERTIFICATE_REQUIRED");
  });
});

async function credentials(certificates: Certificates, stack: AsyncDisposableStack): Promise<readonly Credentials[]> {
  // Each below its root: libcoap's build with OpenSSL shows no intermediates.
  const [serverRoot, root] = [await mintAuthority(), await mintAuthority({ commonName: "Root of clients" })];
  const good = await mintCertificate({ issuer: serverRoot, names: ["127.0.0.1"] });
  const identity = await mintCertificate({ issuer: root, names: ["lamp.test"], usage: "client" });
  const trust = { type: "anchors", certificates: [serverRoot.certificate] } as const;
  const clientTrust = { type: "anchors", certificates: [root.certificate] } as const;
  const files = stack.use(await writePeerFiles({ ...certificates, good, trust }));
  const clientFiles = stack.use(await writePeerFiles({ ...certificates, good: identity, trust: clientTrust }));
  const leaf = new X509Certificate(identity.certificate);
  const keyed = { listen: { psk: (asked: string) => (asked === psk.identity ? psk.key : undefined) } };
  const show = ["-c", files.certificate, "-j", files.privateKey];
  return [
    {
      ...keyed,
      name: "a key",
      clientArgs: byKey,
      serverArgs: ["-k", psk.key.toString()],
      connect: (backend) => ({ tls: { backend }, onPreSharedKey: () => psk }),
      client: { type: "psk", identity: psk.identity },
    },
    {
      listen: { ...keyed.listen, cipherSuites: [mandatoryWithKey] },
      name: "a key by CCM_8",
      clientArgs: byKey,
      serverArgs: ["-k", psk.key.toString()],
      connect: (backend) => ({ tls: { backend, cipherSuites: [mandatoryWithKey] }, onPreSharedKey: () => psk }),
      client: { type: "psk", identity: psk.identity },
    },
    {
      name: "a certificate",
      clientArgs: ["-R", files.anchor],
      serverArgs: [...show, "-n"],
      connect: (backend) => ({ tls: { backend, trust } }),
      listen: { identity: good },
      client: { type: "certificate", fingerprint: undefined, subject: undefined },
    },
    {
      name: "certificates of both",
      clientArgs: ["-c", clientFiles.certificate, "-j", clientFiles.privateKey, "-R", files.anchor],
      serverArgs: [...show, "-R", clientFiles.anchor],
      connect: (backend) => ({ tls: { backend, trust, identity } }),
      listen: { identity: good, clientCertificates: { trust: clientTrust, required: true } },
      client: {
        type: "certificate",
        fingerprint: leaf.fingerprint256.replaceAll(":", "").toLowerCase(),
        subject: leaf.subject,
      },
    },
  ];
}

/** Its port of DTLS is the next one. */
async function startSecured(
  build: LibcoapBuild,
  args: readonly string[],
): Promise<Awaited<ReturnType<typeof startLibcoapServer>>> {
  const server = await startLibcoapServer(build, ["-d", "10", "-v", "7", ...args]);
  await server.program.says(/created DTLS endpoint/);
  return server;
}

async function getPutObserve(channel: CoapChannel): Promise<void> {
  const ask = channelRequester(channel);
  const request = (code: CoapRequest["code"], path: string, payload = "", observe?: 0): CoapRequest => ({
    code,
    options: [
      ...(observe === undefined ? [] : [writeOption("observe", observe)]),
      ...(path === "" ? [] : [writeOption("uriPath", path)]),
    ],
    payload: Buffer.from(payload),
  });
  assert.match(textOf(await ask(request("0.01", ""))), /libcoap/);
  assert.equal((await ask(request("0.03", "new", "first"))).code, "2.01");
  const { promise: changed, resolve } = Promise.withResolvers<string>();
  const observer = { next: (each: { readonly payload: Uint8Array }) => resolve(textOf(each)), end: () => undefined };
  const stop = new AbortController();
  const first = await ask(request("0.01", "new", "", 0), { observer, signal: stop.signal });
  assert.equal(textOf(first), "first");
  assert.equal((await ask(request("0.03", "new", "second"))).code, "2.04");
  assert.equal(await changed, "second");
  stop.abort();
}

function textOf({ payload }: { readonly payload: Uint8Array }): string {
  return Buffer.from(payload).toString();
}
