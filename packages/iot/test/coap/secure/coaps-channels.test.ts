import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { before, describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { openNetworkAccessManager } from "@fairlead/access";
import { goodHost, mintCertificates, type Certificates } from "@fairlead/conformance/tls";
import { TlsError, UsageError } from "@fairlead/core";
import {
  channelRequester,
  connectCoaps,
  listenCoaps,
  serveChannel,
  type CoapListener,
  type CoapRequest,
  type CoapSecurity,
  type ConnectCoapsOptions,
  type ListenCoapsOptions,
} from "@fairlead/iot/coap";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { dtlsEndpoint } from "@fairlead/tls/datagram";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { nodeTls } from "@fairlead/tls/node";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { connectUdp, memoryNetwork, openUdp, type DatagramEndpoint } from "@fairlead/transport";

const nothing = new Uint8Array(0);
const get: CoapRequest = { code: "0.01", options: [], payload: nothing };
const psk = { identity: "lamp-7", key: Buffer.from("sixteen bytes of") };
const keyOf = (identity: string): Uint8Array | undefined => (identity === psk.identity ? psk.key : undefined);

/** Who the server took each client for, and a listener that answers 2.05 to everything. */
interface Listening extends AsyncDisposable {
  readonly listener: CoapListener;
  readonly seen: (CoapSecurity | undefined)[];
  readonly failures: unknown[];
}

function listen(endpoint: DatagramEndpoint, options: ListenCoapsOptions): Listening {
  const seen: (CoapSecurity | undefined)[] = [];
  const failures: unknown[] = [];
  const told = { ...options, onFailure: (error: unknown): unknown => failures.push(error) };
  const listener = listenCoaps(
    endpoint,
    (channel) => {
      serveChannel(channel, (_, { security, scheme, isReachable }) => {
        assert.deepEqual([scheme, isReachable], ["coaps", true]);
        seen.push(security);
        return { code: "2.05", options: [], payload: Buffer.from("lit") };
      });
    },
    told,
  );
  return { listener, seen, failures, [Symbol.asyncDispose]: () => listener.close() };
}

for (const backend of [loadOpensslTls(), loadGnutlsTls()]) {
  describe(`CoAP over DTLS by ${backend.name}`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    /** Asks once, and tells who the client took the server for. */
    async function ask(
      { listener }: Listening,
      tls: Partial<NonNullable<ConnectCoapsOptions["tls"]>>,
      options: Partial<ConnectCoapsOptions> = {},
    ): Promise<CoapSecurity | undefined> {
      // The address is in the certificate, as the name is.
      const destination = { host: "127.0.0.1", port: listener.address.port };
      await using channel = await connectCoaps(destination, { tls: { backend, ...tls }, ...options });
      assert.equal(channel.scheme, "coaps");
      const { code, payload } = await channelRequester(channel)(get);
      assert.deepEqual([code, String(Buffer.from(payload))], ["2.05", "lit"]);
      return channel.security;
    }

    test("by a key: both sides know whose it is (RFC 7252 section 9.1.3.1)", async () => {
      await using listening = listen(await openUdp(), { backend, psk: keyOf });
      const expected = { type: "psk", identity: "lamp-7" };
      assert.deepEqual(await ask(listening, {}, { onPreSharedKey: () => psk }), expected);
      assert.deepEqual(listening.seen, [expected]);
    });

    test("by a certificate: the client knows the server, and the server nobody (RFC 7252 section 9.1.3.3)", async () => {
      await using listening = listen(await openUdp(), { backend, identity: certificates.good });
      const { raw, subject } = new X509Certificate(certificates.good.certificate);
      const expected = { type: "certificate", fingerprint: createHash("sha256").update(raw).digest("hex"), subject };
      assert.deepEqual(await ask(listening, { trust: certificates.trust }), expected);
      assert.deepEqual(listening.seen, [{ type: "certificate", fingerprint: undefined, subject: undefined }]);
    });

    test("by certificates of both sides, each with an authority of its own", async () => {
      const root = await mintAuthority({ commonName: "Root of lamps" });
      const identity = await mintCertificate({ issuer: root, names: ["lamp.test"], usage: "client" });
      const clientCertificates = {
        trust: { type: "anchors", certificates: [root.certificate] },
        required: true,
      } as const;
      await using listening = listen(await openUdp(), { backend, identity: certificates.good, clientCertificates });
      await ask(listening, { trust: certificates.trust, identity });
      const { raw, subject } = new X509Certificate(identity.certificate);
      const fingerprint = createHash("sha256").update(raw).digest("hex");
      assert.deepEqual(listening.seen, [{ type: "certificate", fingerprint, subject }]);
    });

    test("a server takes clients with keys and without, and asks the client for the key of each connection", async () => {
      await using listening = listen(await openUdp(), { backend, identity: certificates.good, psk: keyOf });
      const asked: string[] = [];
      const answers = [psk, undefined, psk];
      const onPreSharedKey: ConnectCoapsOptions["onPreSharedKey"] = async ({ peer, signal }) => {
        assert.equal(signal.aborted, false);
        asked.push(peer);
        await nextTurn();
        return answers.shift();
      };
      for (let turn = 0; turn < 3; turn += 1) await ask(listening, { trust: certificates.trust }, { onPreSharedKey });
      const peer = `127.0.0.1:${String(listening.listener.address.port)}`;
      assert.deepEqual(asked, [peer, peer, peer]);
      assert.deepEqual(
        listening.seen.map((security) => security?.type),
        ["psk", "certificate", "psk"],
      );
    });

    test("a client with another key, or of another name, is refused", async () => {
      await using listening = listen(await openUdp(), { backend, psk: keyOf, timeoutMilliseconds: 300 });
      for (const wrong of [
        { ...psk, key: Buffer.from("another sixteen ") },
        { ...psk, identity: "lamp-8" },
      ]) {
        const asking = ask(listening, { timeoutMilliseconds: 300 }, { onPreSharedKey: () => wrong });
        await assert.rejects(asking, (error) => error instanceof Error && "code" in error);
      }
      assert.deepEqual(listening.seen, []);
      assert.equal(listening.listener.peerCount, 0);
    });

    test("a server whose certificate is bad, or for another host, is refused", async () => {
      for (const { identity, code } of certificates.faulty) {
        await using listening = listen(await openUdp(), { backend, identity });
        await assert.rejects(ask(listening, { trust: certificates.trust }), (error) => {
          assert.ok(error instanceof TlsError);
          // The address is in none of them but the good one.
          assert.ok(error.code === code || error.code === "CERTIFICATE_HOST_MISMATCH", error.code);
          return true;
        });
        assert.deepEqual(listening.seen, []);
      }
    });

    test("a session is resumed, and whoever it began with is who it is", async () => {
      const ticketKeys = new Uint8Array(48).fill(3);
      await using listening = listen(await openUdp(), { backend, identity: certificates.good, ticketKeys });
      const sessions: Uint8Array[] = [];
      const onSession = (session: Uint8Array): unknown => sessions.push(session);
      const { trust } = certificates;
      const first = await ask(listening, { trust, onSession });
      const [session] = sessions;
      assert.ok(session);
      assert.deepEqual(await ask(listening, { trust, session, onSession }), first);
      assert.equal(sessions.length, 1, "a full handshake gives one");
    });

    test("what was heard from one address says nothing from another (RFC 7252 section 11.4)", async () => {
      const recorded: Buffer[] = [];
      const network = memoryNetwork({
        carry(bytes, deliver, { to }) {
          if (to.port === 5684) recorded.push(bytes);
          setImmediate(deliver, bytes);
        },
      });
      const server = { host: "192.0.2.1", port: 5684 };
      await using listening = listen(network.endpoint(server), { backend, psk: keyOf });
      await using client = dtlsEndpoint(network.endpoint({ host: "192.0.2.2", port: 1 }), { backend });
      const socket = await client.connect(server, { host: "lamp.test", psk });
      socket.send(Buffer.of(0x40, 1, 0, 1));
      while (listening.seen.length === 0) await nextTurn();
      assert.equal(listening.listener.peerCount, 1);
      for (const bytes of [...recorded]) {
        network.send(bytes, { from: { host: "192.0.2.3", port: 1 }, to: server });
      }
      for (let turn = 0; turn < 20; turn += 1) await nextTurn();
      assert.deepEqual([listening.seen.length, listening.listener.peerCount], [1, 1]);
    });

    test("closing either side closes the channel of the other", async () => {
      const listening = listen(await openUdp(), { backend, psk: keyOf });
      const destination = { host: "127.0.0.1", port: listening.listener.address.port };
      const options = { tls: { backend }, onPreSharedKey: () => psk };
      const channel = await connectCoaps(destination, options);
      await channelRequester(channel)(get);
      const closed = new Promise((resolve) => channel.once("close", resolve));
      await listening.listener.close();
      assert.equal(await closed, undefined);
      assert.equal(channel.closed, true);
    });

    test("a manager opens them with its names and its trust", async () => {
      await using listening = listen(await openUdp(), { backend, identity: certificates.good, psk: keyOf });
      await using manager = await openNetworkAccessManager({
        lookup: (_, __, done) => {
          done(null, "127.0.0.1", 4);
        },
        tls: { datagrams: backend, trust: certificates.trust },
      });
      for (const onPreSharedKey of [undefined, () => psk]) {
        const destination = { host: goodHost, port: listening.listener.address.port };
        await using channel = await connectCoaps(destination, { manager, onPreSharedKey });
        assert.equal((await channelRequester(channel)(get)).code, "2.05");
      }
      assert.deepEqual(
        listening.seen.map((security) => security?.type),
        ["certificate", "psk"],
      );
    });
  });
}

describe("A channel over DTLS is not opened", () => {
  const backend = loadOpensslTls();
  const destination = { host: "127.0.0.1" };

  test("by a manager and settings of its own at once, by neither, or by a backend without datagrams", async () => {
    const manager = { connectDatagrams: (): never => assert.fail("nothing is opened") };
    const refused: readonly ConnectCoapsOptions[] = [{}, { manager, tls: { backend } }, { tls: { backend: nodeTls } }];
    for (const options of refused) {
      const onPreSharedKey = (): never => assert.fail("nobody is asked");
      await assert.rejects(connectCoaps(destination, { ...options, onPreSharedKey }), UsageError);
    }
  });

  test("over a path that a manager did not secure, which is closed", async () => {
    const path = await connectUdp({ host: "127.0.0.1", port: 5684 });
    const manager = { connectDatagrams: async (): Promise<typeof path> => path };
    await assert.rejects(connectCoaps(destination, { manager }), UsageError);
    assert.equal(path.closed, true);
  });

  test("when nobody waits any more for the key that is asked for", async () => {
    const abort = new AbortController();
    const reason = new Error("no longer wanted");
    let heard: unknown;
    const onPreSharedKey: ConnectCoapsOptions["onPreSharedKey"] = ({ signal }) => {
      signal.addEventListener("abort", () => {
        heard = signal.reason;
      });
      setImmediate(() => abort.abort(reason));
      return new Promise(() => undefined);
    };
    const connecting = connectCoaps(destination, { tls: { backend }, onPreSharedKey, signal: abort.signal });
    await assert.rejects(connecting, reason);
    assert.equal(heard, reason);
  });

  test("when whoever is asked for the key throws", async () => {
    const refusal = new Error("no key for this one");
    const onPreSharedKey = (): never => {
      throw refusal;
    };
    await assert.rejects(connectCoaps(destination, { tls: { backend }, onPreSharedKey }), refusal);
  });
});
