import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import type { ClientHelloFacts, TlsIdentity, TlsSocket } from "@fairlead/tls";
import { mintAuthority, mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { closing } from "../stream/index.ts";
import { assertTlsError } from "./assert-tls-error.ts";
import type { Certificates } from "./certificates.ts";
import { refuse, secure, type PairOptions, type TlsPairing } from "./pairing.ts";
import { transports, type OpenTransport } from "./transports.ts";

/** A server that is asked who it is, when the ClientHello has been read. */
export function identityQuestionSuite(name: string, pairing: TlsPairing, memory: OpenTransport): void {
  describe(`${name}: who the server is, as a question`, () => {
    let certificates: Certificates;
    let identities: ReadonlyMap<string | undefined, MintedIdentity>;
    before(async () => {
      const issuer = await mintAuthority();
      const names = ["one.test", "two.test"];
      const minted = await Promise.all(names.map((each) => mintCertificate({ issuer, names: [each] })));
      const [good] = minted;
      assert.ok(good);
      const trust = { type: "anchors", certificates: [issuer.certificate] } as const;
      certificates = { trust, otherTrust: trust, good, faulty: [] };
      identities = new Map(minted.map((identity, index) => [names[index], identity]));
    });
    const byName = async ({ serverName }: ClientHelloFacts): Promise<TlsIdentity | undefined> =>
      identities.get(serverName);

    for (const [transport, open] of transports) {
      for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
        test(`each name has its certificate (${version} over ${transport})`, async () => {
          for (const host of ["one.test", "two.test"]) {
            using pair = await secure(pairing, certificates, open, {
              connect: { host, maxVersion: version, minVersion: version },
              accept: { identity: byName },
            });
            assert.equal(pair.client.getPeerX509Certificate()?.subjectAltName, `DNS:${host}`);
            pair.client.end("question");
            assert.equal(await text(pair.server), "question");
            pair.server.end("answer");
            assert.equal(await text(pair.client), "answer");
          }
        });
      }
    }

    test("tells what the client said", async () => {
      const heard: ClientHelloFacts[] = [];
      using pair = await secure(pairing, certificates, memory, {
        connect: { host: "two.test", alpnProtocols: ["h2", "http/1.1"] },
        accept: {
          identity: (hello) => {
            heard.push(hello);
            return identities.get(hello.serverName);
          },
          alpnProtocols: ["http/1.1"],
        },
      });
      assert.equal(pair.client.alpnProtocol, "http/1.1");
      const [hello] = heard;
      assert.equal(heard.length, 1);
      assert.equal(hello?.serverName, "two.test");
      assert.deepEqual(hello.alpnProtocols, ["h2", "http/1.1"]);
      assert.ok(hello.keyTypes.includes("ec") && hello.keyTypes.includes("rsa"), hello.keyTypes.join());
    });

    test("only the connection that asks waits", async () => {
      const asked = Promise.withResolvers<undefined>();
      const answer = Promise.withResolvers<TlsIdentity | undefined>();
      const slow = connectWith(() => {
        asked.resolve(undefined);
        return answer.promise;
      });
      await asked.promise;
      using other = await connectWith(byName);
      other.client.end("while the other waits");
      assert.equal(await text(other.server), "while the other waits");
      answer.resolve(identities.get("one.test"));
      using late = await slow;
      late.client.end("late");
      assert.equal(await text(late.server), "late");
    });

    test("a name that is nobody's is refused by unrecognized_name", async () => {
      const { client, server } = await refuse(pairing, certificates, memory, {
        connect: { host: "three.test" },
        accept: { identity: byName },
      });
      assertTlsError(client, "TLS_ALERT_RECEIVED");
      assert.match(client.message, /unrecognized_name/);
      assertTlsError(server, "TLS_SERVER_NAME_UNKNOWN");
      assert.match(server.message, /three\.test/);
    });

    for (const [title, fail] of [
      [
        "thrown",
        (reason: Error) => {
          throw reason;
        },
      ],
      ["rejected", (reason: Error) => Promise.reject(reason)],
    ] as const) {
      test(`what the answer fails with ends the connection (${title})`, async () => {
        const reason = new Error("no certificate today");
        const { client, server } = await refuse(pairing, certificates, memory, {
          connect: { host: "one.test" },
          accept: { identity: () => fail(reason) },
        });
        assertTlsError(client, "TLS_ALERT_RECEIVED");
        assert.match(client.message, /handshake_failure/);
        assert.equal(server, reason);
      });
    }

    test("an answer that does not work is a mistake of the server's", async () => {
      const { client, server } = await refuse(pairing, certificates, memory, {
        connect: { host: "one.test" },
        accept: { identity: () => ({ certificate: "none", privateKey: "none" }) },
      });
      assertTlsError(client, "TLS_CLOSED_IN_HANDSHAKE");
      assert.ok(server instanceof TypeError, String(server));
    });

    test("an abort while it waits ends the connection, and the question by its signal", async () => {
      const controller = new AbortController();
      const [near, far] = await memory();
      const closed = Promise.all([closing(near), closing(far)]);
      const asked = Promise.withResolvers<AbortSignal>();
      const accepting = pairing.server.accept(far, {
        signal: controller.signal,
        identity: (_hello, signal) => {
          asked.resolve(signal);
          return new Promise(() => undefined);
        },
      });
      const connecting = pairing.client.connect(near, { host: "one.test", trust: certificates.trust });
      connecting.catch(() => undefined);
      const signal = await asked.promise;
      const reason = new Error("enough");
      controller.abort(reason);
      await assert.rejects(accepting, reason);
      assert.equal(signal.aborted, true);
      await assert.rejects(connecting);
      await closed;
      assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    });

    test("a client that goes while it waits ends the question", async () => {
      const [near, far] = await memory();
      const asked = Promise.withResolvers<AbortSignal>();
      const accepting = pairing.server.accept(far, {
        identity: (_hello, signal) => {
          asked.resolve(signal);
          return new Promise(() => undefined);
        },
      });
      const connecting = pairing.client.connect(near, { host: "one.test", trust: certificates.trust });
      connecting.catch(() => undefined);
      const signal = await asked.promise;
      far.destroy(new Error("cut"));
      await assert.rejects(accepting, (error) => {
        assertTlsError(error, "TLS_CLOSED_IN_HANDSHAKE");
        return true;
      });
      assert.equal(signal.aborted, true);
      await assert.rejects(connecting);
    });

    test("a client that does not speak TLS is not asked about", async () => {
      const [near, far] = await memory();
      near.resume().write("GET / HTTP/1.1\r\nHost: one.test\r\n\r\n");
      await rejects(far, "TLS_NOT_SPOKEN");
      near.destroy();
    });

    test("one that says nothing whole is heard to the end, and never past its limit", async () => {
      const [near, far] = await memory();
      near.resume().end(Buffer.of(22, 3, 1, 2));
      await rejects(far, "TLS_CLOSED_IN_HANDSHAKE");
      const [endless, other] = await memory();
      const received = text(endless);
      const record = Buffer.concat([Buffer.of(22, 3, 1, 0x40, 0), Buffer.alloc(16_384, 0)]);
      record.set([1, 0, 0xff, 0xff], 5);
      for (let count = 0; count < 8; count += 1) endless.write(record);
      endless.on("error", () => undefined);
      await rejects(other, "TLS_HANDSHAKE_FAILED");
      assert.equal(Buffer.from(await received, "latin1").toString("hex"), "15030300020232");
    });

    async function rejects(below: Parameters<typeof pairing.server.accept>[0], code: string): Promise<void> {
      const identity = (): never => assert.fail("it was asked");
      await assert.rejects(pairing.server.accept(below, { identity }), (error) => {
        assertTlsError(error, code);
        return true;
      });
      assert.equal(below.destroyed, true);
    }

    function connectWith(
      identity: NonNullable<PairOptions["accept"]>["identity"],
    ): Promise<Disposable & { readonly client: TlsSocket; readonly server: TlsSocket }> {
      return secure(pairing, certificates, memory, { connect: { host: "one.test" }, accept: { identity } });
    }
  });
}
