import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { TlsError } from "@fairlead/core";
import {
  httpIssuerFetcher,
  memoryIntermediates,
  type CertificateQuestion,
  type TlsBackend,
  type TlsConnectOptions,
  type TlsIdentity,
  type TlsSocket,
  type TlsTrust,
} from "../../src/index.ts";
import { publicKeyPin } from "../../src/certificates/index.ts";
import { nodeTls } from "../../src/node/index.ts";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { memoryPair } from "@fairlead/transport";
import { der, mint, mintKeys, oid, type Minted } from "../certificates/mint.ts";
import { mintList } from "../certificates/mint-list.ts";
import { mintResponse } from "../certificates/mint-response.ts";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";

const root = { subject: "Root", keys: mintKeys(), ca: true };
const middle = { subject: "Middle", keys: mintKeys(), by: root, ca: true };
const leaf = { subject: "a.test", keys: mintKeys(), by: middle, names: ["a.test"], serial: 7 };
const [rootDer, middleDer] = [mint(root), mint(middle)];
const trust: TlsTrust = { type: "anchors", certificates: [pem(rootDer)] };
const ticketKeys = new Uint8Array(48).fill(7);
const now = Date.now();
const [yesterday, tomorrow] = [-1, 1].map((days) => new Date(now + days * 86_400_000).toISOString());

for (const client of [nodeTls, loadOpensslTls(), loadGnutlsTls()]) {
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    describe(`the verdict over ${client.name}, ${version}`, () => {
      const range = { minVersion: version, maxVersion: version };

      test("repairs a chain from what was preloaded or learned, and says authorized", async () => {
        const memory = memoryIntermediates();
        const alone = identity(leaf, []);
        await refused(client, alone, { ...range, intermediates: { memory } }, "CERTIFICATE_ISSUER_UNKNOWN");
        await admitted(client, alone, { ...range, intermediates: { preloaded: [pem(middleDer)] } });
        await admitted(client, identity(leaf, [middleDer]), { ...range, intermediates: { memory } });
        await admitted(client, alone, { ...range, intermediates: { memory } });
      });

      test("takes what is sent in any order, repeated, beside strangers, and beside expired ones of the same authority", async () => {
        const low = { subject: "Low", keys: mintKeys(), by: middle, ca: true };
        const deep = { ...leaf, by: low };
        const [lowDer, stranger] = [mint(low), mint({ subject: "Stranger", keys: mintKeys(), ca: true })];
        for (const sent of [
          [lowDer, middleDer],
          [middleDer, lowDer],
          [stranger, middleDer, middleDer, lowDer, lowDer],
        ]) {
          await admitted(client, identity(deep, sent), range);
        }
        const gone = { subject: "Gone", keys: mintKeys(), ca: true };
        const ended = { ...middle, by: gone, notAfter: "2025-01-01" };
        for (const sent of [
          [mint(ended), middleDer],
          [mint(ended), mint({ ...gone, notAfter: "2025-01-01" }), middleDer],
        ]) {
          await admitted(client, identity(leaf, sent), range);
        }
        const twice = identity(leaf, [mint({ ...ended, by: root }), middleDer]);
        // GnuTLS takes the first way to an anchor that it finds, and does not go back.
        if (client.name === "gnutls") await refused(client, twice, range, "CERTIFICATE_EXPIRED");
        else await admitted(client, twice, range);
        await refused(client, identity(leaf, [mint(ended)]), range, "CERTIFICATE_ISSUER_UNKNOWN");
      });

      test("opens no socket for a missing intermediate, unless it is told to fetch", async () => {
        await using server = await serveIssuer(middleDer);
        const alone = identity({ ...leaf, ...aia(server.url) }, []);
        const sockets = countSockets();
        try {
          const fetchIssuer = httpIssuerFetcher({ dangerous: { allowPrivateAddresses: true } });
          for (const intermediates of [undefined, {}, { fetchMissing: false, fetchIssuer }, { fetchIssuer }]) {
            await refused(client, alone, { ...range, intermediates }, "CERTIFICATE_ISSUER_UNKNOWN");
          }
          // By default nobody can make this machine ask itself.
          await refused(
            client,
            alone,
            { ...range, intermediates: { fetchMissing: true } },
            "CERTIFICATE_ISSUER_UNKNOWN",
          );
          assert.equal(sockets.count(), 0);
          await admitted(client, alone, { ...range, intermediates: { fetchMissing: true, fetchIssuer } });
          assert.equal(sockets.count(), 1);
        } finally {
          sockets.stop();
        }
      });

      test("ends the handshake for a stapled response that says revoked, and for one that is promised and missing", async () => {
        const times = { thisUpdate: yesterday ?? "", nextUpdate: tomorrow ?? "" };
        const good = mintResponse(middle, times);
        const bad = mintResponse(middle, { ...times, status: "revoked" });
        for (const [ocspResponse, said] of [
          [good, "good"],
          [mintResponse(middle, { ...times, serial: 8 }), "unusable"],
          [undefined, "none"],
        ] as const) {
          const [socket, server] = await connect(client, { ...identity(leaf, [middleDer]), ocspResponse }, range);
          assert.equal(socket.stapleVerdict?.type, said);
          assert.equal(server.stapleVerdict, undefined);
          for (const each of [socket, server]) each.destroy();
        }
        await refused(client, { ...identity(leaf, [middleDer]), ocspResponse: bad }, range, "CERTIFICATE_REVOKED");
        const promising = identity(
          { ...leaf, extensions: { "1.3.6.1.5.5.7.1.24": { value: der(0x30, Buffer.of(2, 1, 5)) } } },
          [middleDer],
        );
        await admitted(client, { ...promising, ocspResponse: good }, range);
        await refused(client, promising, range, "CERTIFICATE_INVALID", "STAPLE_REQUIRED");
      });

      test("reports all problems, the same over every library", async () => {
        const bad = identity({ ...leaf, names: ["other.test"], notAfter: "2025-01-01" }, [middleDer]);
        const { problems } = await refused(client, bad, range, "CERTIFICATE_EXPIRED");
        assert.deepEqual(
          problems.map(({ code, certificate }) => [code, certificate]),
          [
            ["EXPIRED", { index: 0, subject: "CN=a.test" }],
            ["HOST_MISMATCH", { index: 0, subject: "CN=a.test" }],
          ],
        );
      });

      test("wants the purpose named by the leaf: any is not enough (RFC 5280 section 4.2.1.12)", async () => {
        const anyUse = ["2.5.29.37.0"];
        const any = identity({ ...leaf, extendedKeyUsage: anyUse }, [middleDer]);
        await refused(client, any, range, "CERTIFICATE_INVALID", "PURPOSE_FORBIDDEN");
        const both = identity({ ...leaf, extendedKeyUsage: [...anyUse, "1.3.6.1.5.5.7.3.1"] }, [middleDer]);
        await admitted(client, both, range);
        // Of an issuer it is enough for us, and not for the libraries.
        const below = identity(leaf, [mint({ ...middle, extendedKeyUsage: anyUse })]);
        await refused(client, below, range, "CERTIFICATE_INVALID", "REFUSED_BY_LIBRARY");
      });

      test("counts pins in the path, or alone where that danger is asked for", async () => {
        const shown = identity(leaf, [middleDer]);
        const pins = [publicKeyPin(middleDer)];
        await admitted(client, shown, { ...range, trust: { type: "pinned", pins, within: trust } });
        const others = [publicKeyPin(mint({ ...middle, keys: mintKeys() }))];
        const wrong: TlsTrust = { type: "pinned", pins: others, within: trust };
        await refused(client, shown, { ...range, trust: wrong }, "CERTIFICATE_INVALID", "PIN_MISMATCH");
        const within: TlsTrust = { type: "anchors", certificates: [] };
        const dangerous = { acceptPinnedKeyAlone: true } as const;
        const own: TlsTrust = { type: "pinned", pins: [publicKeyPin(mint(leaf))], within, dangerous };
        await admitted(client, shown, { ...range, trust: own });
        await refused(
          client,
          identity({ ...leaf, keys: mintKeys() }, []),
          { ...range, trust: own },
          "CERTIFICATE_INVALID",
          "PIN_MISMATCH",
        );
      });

      test("asks about revocation where it is told to, and offers no session that would skip it", async () => {
        const shown = identity({ ...leaf, by: root }, []);
        const lists = [mintList(root, [])];
        await refused(
          client,
          shown,
          { ...range, revocation: { required: true } },
          "CERTIFICATE_INVALID",
          "REVOCATION_UNKNOWN",
        );
        await admitted(client, shown, { ...range, revocation: { lists, required: true } });
        const revoked = { ...range, revocation: { lists: [mintList(root, [7])] } };
        await refused(client, shown, revoked, "CERTIFICATE_REVOKED", "REVOKED");
        const session = await sessionOf(client, shown, range);
        const [socket, server] = await connect(client, shown, { ...range, session });
        assert.equal(socket.isSessionReused(), true);
        for (const each of [socket, server]) each.destroy();
        await refused(client, shown, { ...revoked, session }, "CERTIFICATE_REVOKED", "REVOKED");
      });

      test("asks for an exception while everybody else goes on; a peer let in by it is not authorized, and leaves no session", async () => {
        const stranger = identity({ ...leaf, by: { subject: "a.test", keys: leaf.keys } }, []);
        const questions: CertificateQuestion[] = [];
        const answer = Promise.withResolvers<"accept">();
        const asked = Promise.withResolvers<undefined>();
        const waiting = connect(client, stranger, {
          ...range,
          onSession: () => assert.fail("a session of an excepted peer"),
          onCertificateError: async (question) => {
            questions.push(question);
            asked.resolve(undefined);
            return answer.promise;
          },
        });
        await asked.promise;
        await admitted(client, identity(leaf, [middleDer]), range);
        answer.resolve("accept");
        const [socket, server] = await waiting;
        assert.equal(socket.authorized, false);
        assert.ok(socket.authorizationError instanceof TlsError);
        assert.equal(socket.authorizationError.code, "CERTIFICATE_SELF_SIGNED");
        assert.equal(questions[0]?.error, socket.authorizationError);
        server.end("sessions come before this");
        socket.resume();
        await once(socket, "end");
        for (const each of [socket, server]) each.destroy();
        await refused(client, stranger, { ...range, onCertificateError: () => "refuse" }, "CERTIFICATE_SELF_SIGNED");
      });

      test("is not waited for by a connection that is given up", async () => {
        const controller = new AbortController();
        const reason = new Error("no longer wanted");
        const [near, far] = memoryPair({ allowHalfOpen: true });
        const accepting = loadOpensslTls().accept(far, { identity: identity(leaf, []), ...range });
        const connecting = client.connect(near, {
          host: "a.test",
          trust,
          ...range,
          signal: controller.signal,
          onCertificateError: async ({ signal }) => {
            const aborted = once(signal, "abort");
            controller.abort(reason);
            await aborted;
            return "accept" as const;
          },
        });
        await assert.rejects(connecting, (error) => error === reason);
        assert.equal(near.destroyed, true);
        await accepting.then(
          (socket) => socket.destroy(),
          () => undefined,
        );
        far.destroy();
      });
    });
  }
}

async function connect(
  client: TlsBackend,
  shown: TlsIdentity,
  options: Partial<TlsConnectOptions>,
): Promise<readonly [TlsSocket, TlsSocket]> {
  const [near, far] = memoryPair({ allowHalfOpen: true });
  const [connected, accepted] = await Promise.allSettled([
    client.connect(near, { host: "a.test", trust, ...options }),
    loadOpensslTls().accept(far, {
      identity: shown,
      ticketKeys,
      minVersion: options.minVersion,
      maxVersion: options.maxVersion,
    }),
  ]);
  if (accepted.status === "fulfilled") accepted.value.on("error", () => undefined);
  if (connected.status === "fulfilled" && accepted.status === "fulfilled") return [connected.value, accepted.value];
  far.destroy();
  throw connected.status === "rejected" ? connected.reason : new Error("the server refused");
}

/** A session that the next connection can offer; servers here share their ticket keys. */
async function sessionOf(
  client: TlsBackend,
  shown: TlsIdentity,
  options: Partial<TlsConnectOptions>,
): Promise<Uint8Array> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  const [socket, server] = await connect(client, shown, { ...options, onSession: resolve });
  server.end("sessions come before this");
  socket.resume();
  const session = await promise;
  for (const each of [socket, server]) each.destroy();
  return session;
}

async function admitted(client: TlsBackend, shown: TlsIdentity, options: Partial<TlsConnectOptions>): Promise<void> {
  const sockets = await connect(client, shown, options);
  assert.deepEqual([sockets[0].authorized, sockets[0].authorizationError], [true, null]);
  for (const each of sockets) each.destroy();
}

async function refused(
  client: TlsBackend,
  shown: TlsIdentity,
  options: Partial<TlsConnectOptions>,
  code: string,
  problem?: string,
): Promise<TlsError> {
  const error = await connect(client, shown, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TlsError, String(error));
  assert.equal(error.code, code, error.message);
  if (problem !== undefined) assert.deepEqual([...new Set(error.problems.map((each) => each.code))], [problem]);
  return error;
}

function identity(facts: Minted, sent: readonly Buffer[]): TlsIdentity {
  const privateKey = facts.keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { certificate: [mint(facts), ...sent].map(pem).join(""), privateKey };
}

function pem(certificate: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`;
}

function aia(url: string): { readonly extensions: Readonly<Record<string, { readonly value: Buffer }>> } {
  const method = der(0x30, oid("1.3.6.1.5.5.7.48.2"), der(0x86, Buffer.from(url, "latin1")));
  return { extensions: { "1.3.6.1.5.5.7.1.1": { value: der(0x30, method) } } };
}

async function serveIssuer(certificate: Buffer): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_, response) => response.end(certificate)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/middle.cer`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Every socket that this process opens as a client. */
function countSockets(): { count(): number; stop(): void } {
  let opened = 0;
  const count = (): void => {
    opened++;
  };
  subscribe("net.client.socket", count);
  return { count: () => opened, stop: () => unsubscribe("net.client.socket", count) };
}
