import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { runLibcoapClient, skipWithoutLibcoap, startLibcoapServer } from "@fairlead/conformance/peers";
import {
  channelRequester,
  type CoapHandler,
  type CoapRequest,
  type CoapResponse,
  type CoapSecurity,
  connectStream,
  type ConnectStreamOptions,
  listenStreams,
  type ListenStreamsOptions,
  serveChannel,
} from "@fairlead/iot/coap";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { readOption, readOptions, writeOption } from "@fairlead/iot/coap/protocol";

const skip = skipWithoutLibcoap();
const key = Buffer.from("0123456789abcdef");
const host = "127.0.0.1";
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const text = ({ payload }: CoapResponse): string => new TextDecoder().decode(payload);

function request(
  code: "0.01" | "0.03",
  path: string,
  { observe, body = "" }: { observe?: 0; body?: string } = {},
): CoapRequest {
  const options = [writeOption("uriPath", path)];
  if (observe !== undefined) options.unshift(writeOption("observe", observe));
  return { code, options, payload: bytes(body) };
}

/** Who is who, also in files for libcoap. */
interface Parties {
  readonly folder: string;
  readonly root: { readonly certificate: string; readonly file: string };
  readonly server: { readonly certificate: string; readonly privateKey: string; readonly args: readonly string[] };
  readonly client: { readonly certificate: string; readonly file: string; readonly keyFile: string };
}

let parties: Parties;
before(async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-coap-"));
  const write = async (name: string, content: string): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const issuer = await mintAuthority({ commonName: "Root" });
  const server = await mintCertificate({ issuer, names: [host] });
  const client = await mintCertificate({ issuer, names: ["lamp.test"], usage: "client" });
  const serverFiles = [
    await write("server.pem", server.certificate),
    await write("server.key", server.privateKey),
  ] as const;
  parties = {
    folder,
    root: { certificate: issuer.certificate, file: await write("root.pem", issuer.certificate) },
    server: { ...server, args: ["-c", serverFiles[0], "-j", serverFiles[1]] },
    client: {
      certificate: client.certificate,
      file: await write("client.pem", client.certificate),
      keyFile: await write("client.key", client.privateKey),
    },
  };
});
after(() => rm(parties.folder, { recursive: true }));

for (const build of ["gnutls", "openssl"] as const) {
  describe(`libcoap's server (${build}), asked over TCP and TLS`, { skip }, () => {
    // On other ports than 5684 TLS has to agree on coap, and this server agrees on nothing.
    const dangerous = { acceptUnagreedProtocol: true };
    const roads: readonly [
      name: string,
      args: (party: Parties) => readonly string[],
      options: (party: Parties) => ConnectStreamOptions | undefined,
    ][] = [
      ["TCP", () => [], () => undefined],
      [
        "TLS with a shared key",
        () => ["-k", key.toString()],
        () => ({ onPreSharedKey: () => ({ identity: "sensor", key }), dangerous }),
      ],
      [
        "TLS with a certificate",
        ({ server }) => server.args,
        ({ root }) => ({ tls: { trust: { type: "anchors", certificates: [root.certificate] } }, dangerous }),
      ],
    ];
    for (const [name, args, options] of roads) {
      test(`by ${name} answers, takes a large body, pings, and is observed`, async () => {
        await using server = await startLibcoapServer(build, ["-d", "10", ...args(parties)]);
        const how = options(parties);
        const isSecure = how !== undefined;
        const port = server.port + (isSecure ? 1 : 0);
        await using channel = await connectStream({ scheme: isSecure ? "coaps+tcp" : "coap+tcp", host, port }, how);
        assert.equal(channel.security?.type, isSecure ? (how.tls === undefined ? "psk" : "certificate") : undefined);
        assert.equal(channel.takesGatheredBlocks, true);
        const ask = channelRequester(channel);
        // A record of TLS is the most that its GnuTLS build sends at once.
        const large = "x".repeat(isSecure && build === "gnutls" ? 16_000 : 200_000);
        const put = await ask(request("0.03", "example_data", { body: large }));
        assert.match(put.code, /^2\.0[14]$/);
        assert.equal(text(await ask(request("0.01", "example_data"))), large);
        await channel.ping();

        const heard = Promise.withResolvers<undefined>();
        const leaving = new AbortController();
        const observer = { next: () => heard.resolve(undefined), end: () => undefined };
        const first = await ask(request("0.01", "time", { observe: 0 }), { signal: leaving.signal, observer });
        assert.notEqual(readOption(first, "observe"), undefined);
        await heard.promise;
        leaving.abort();
        assert.equal((await ask(request("0.01", "time"))).code, "2.05");
      });
    }

    test("is refused over TLS where it does not agree on coap, on another port than its own (RFC 8323 section 8.2)", async () => {
      await using server = await startLibcoapServer(build, ["-k", key.toString()]);
      const opening = connectStream(
        { scheme: "coaps+tcp", host, port: server.port + 1 },
        { onPreSharedKey: () => ({ identity: "sensor", key }) },
      );
      await assert.rejects(opening, { code: "COAP_STREAM_BROKEN", message: /TLS did not agree on coap/ });
    });
  });

  describe(`libcoap's client (${build}), asking over TCP and TLS`, { skip }, () => {
    const roads: readonly [
      name: string,
      tls: (party: Parties) => ListenStreamsOptions["tls"],
      args: (party: Parties) => readonly string[],
      security: (party: Parties) => CoapSecurity | undefined,
    ][] = [
      ["TCP", () => undefined, () => [], () => undefined],
      [
        "TLS with a shared key",
        () => ({ psk: (identity) => (identity === "sensor" ? key : undefined) }),
        () => ["-k", key.toString(), "-u", "sensor"],
        () => ({ type: "psk", identity: "sensor" }),
      ],
      [
        "TLS with a certificate",
        ({ server }) => ({ identity: server }),
        ({ root }) => ["-R", root.file],
        () => ({ type: "certificate", fingerprint: undefined, subject: undefined }),
      ],
      [
        "TLS with certificates of both",
        ({ server, root }) => ({
          identity: server,
          clientCertificates: { trust: { type: "anchors", certificates: [root.certificate] }, required: true },
        }),
        ({ root, client }) => ["-C", root.file, "-c", client.file, "-j", client.keyFile],
        ({ client }) => {
          const { fingerprint256, subject } = new X509Certificate(client.certificate);
          return { type: "certificate", fingerprint: fingerprint256.replaceAll(":", "").toLowerCase(), subject };
        },
      ],
    ];
    for (const [name, tls, args, security] of roads) {
      test(`by ${name} gets, puts what is large, gets what is large, and observes`, async () => {
        const seen = new Set<string>();
        let kept = "";
        const handler: CoapHandler = (asked, context) => {
          seen.add(JSON.stringify([context.scheme, context.security]));
          const [path] = readOptions(asked, "uriPath");
          if (asked.code === "0.03") kept = new TextDecoder().decode(asked.payload);
          if (path !== "count") return { code: "2.05", options: [], payload: bytes(path === "kept" ? kept : "hello") };
          const updates = ["1", "2", "3"].map(
            (count) => ({ code: "2.05", options: [], payload: bytes(count) }) as const,
          );
          return { code: "2.05", options: [], payload: bytes("0"), updates: eachOf(updates) };
        };
        const secured = tls(parties);
        const options = { tls: secured };
        await using listener = await listenStreams(
          { port: 0, host },
          (channel) => serveChannel(channel, handler),
          options,
        );
        const scheme = secured === undefined ? "coap+tcp" : "coaps+tcp";
        const run = (path: string, ...more: string[]): Promise<string> =>
          runLibcoapClient(build, [
            ...args(parties),
            ...more,
            `${scheme}://${host}:${String(listener.address.port)}/${path}`,
          ]);
        assert.equal(await run("hello"), "hello\n");
        const large = "y".repeat(name === "TCP" ? 100_000 : 15_000);
        await writeFile(join(parties.folder, "large"), large);
        await run("kept", "-m", "put", "-f", join(parties.folder, "large"));
        assert.equal(kept.length, large.length);
        assert.equal(await run("kept"), `${large}\n`);
        assert.match(await run("count", "-s", "1"), /0\n?1\n?2\n?3/);
        assert.deepEqual([...seen], [JSON.stringify([scheme, security(parties)])]);
      });
    }
  });
}

async function* eachOf(updates: readonly CoapResponse[]): AsyncGenerator<CoapResponse, void, undefined> {
  for (const update of updates) yield await Promise.resolve(update);
}
