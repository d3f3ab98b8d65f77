import {
  transactionOf,
  type ClientCertificateAnswer,
  type ClientCertificateQuestion,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
  type OnClientCertificate,
} from "@fairlead/access";
import { mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { backendCan } from "@fairlead/tls";
import { tlsServer } from "@fairlead/tls/sockets";
import { X509Certificate } from "node:crypto";
import { getEventListeners } from "node:events";
import { Readable } from "node:stream";
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { tlsBackends } from "./tls-backends.ts";

const fixture = networkFixture();
let alice: MintedIdentity;
let bob: MintedIdentity;
async function mint(): Promise<void> {
  const issuer = fixture.network.ca;
  alice = await mintCertificate({ issuer, names: ["alice"], usage: "client" });
  bob = await mintCertificate({ issuer, names: ["bob"], usage: "client" });
}

const fingerprint = ({ leaf }: MintedIdentity): string => new X509Certificate(leaf).fingerprint256;
const as = (identity: MintedIdentity, remember = false): ClientCertificateAnswer => ({
  type: "identity",
  identity,
  remember,
});
const origin = (host = "a.fairlead.test"): string =>
  `https://${host}:${String(fixture.network.service("https-client-certificate").port)}`;

/** Who the server saw last. */
const seen = (): string | undefined => fixture.network.requests.at(-1)?.tls?.clientCertificate;

/** A question that is answered by a list, the last answer for ever, and what was asked. */
function answering(...answers: (() => ClientCertificateAnswer | Promise<ClientCertificateAnswer>)[]): {
  readonly onClientCertificate: OnClientCertificate;
  readonly questions: ClientCertificateQuestion[];
} {
  const questions: ClientCertificateQuestion[] = [];
  return {
    questions,
    onClientCertificate: (question) => {
      questions.push(question);
      return (answers[questions.length - 1] ?? answers.at(-1) ?? assert.fail("no answer"))();
    },
  };
}

async function get(manager: NetworkAccessManager, url = `${origin()}/echo`): Promise<number> {
  const reply = await manager.request(url);
  await reply.bytes();
  return reply.status;
}

const versions = ["TLSv1.2", "TLSv1.3"] as const;

for (const backend of tlsBackends) {
  for (const maxVersion of versions) {
    describe(`a client certificate is chosen when a server asks, over ${backend.name} by ${maxVersion}`, () => {
      const open = (options: NetworkAccessManagerOptions): Promise<NetworkAccessManager> =>
        fixture.open({ ...options, tls: { backend, maxVersion } });
      before(mint);
      const asksInside = backendCan(backend.name, "client-certificate-question");
      const tells = backend.name !== "node";

      test("the request is answered as if it had been known", async () => {
        const { onClientCertificate, questions } = answering(() => as(alice));
        await using manager = await open({ onClientCertificate });
        const reply = await manager.request(`${origin()}/echo`);
        await reply.bytes();
        assert.equal(reply.status, 200);
        assert.equal(seen(), fingerprint(alice));
        assert.deepEqual(
          questions.map((question) => question.origin),
          [origin()],
        );
        assert.equal(questions[0]?.authorities.length !== 0, tells, "the authorities that the server trusts");
        assert.equal(questions[0]?.keyTypes.length !== 0, tells, "the keys that the server takes");
        const [hop] = reply.transaction.hops;
        assert.equal(reply.transaction.hops.length, 1);
        assert.ok(hop !== undefined);
        assert.deepEqual(hop.repeats, asksInside ? [] : ["client-certificate"]);
        assert.match(hop.tls?.clientIdentity ?? "", /^[0-9a-f]{64}$/);
      });

      test("fetch has the same", async () => {
        const { onClientCertificate } = answering(() => as(alice));
        await using manager = await open({ onClientCertificate });
        const response = await manager.fetch(`${origin()}/echo`);
        assert.equal(response.status, 200);
        await response.bytes();
        assert.equal(seen(), fingerprint(alice));
        assert.equal(transactionOf(response)?.hops.length, 1);
      });

      test("each request asks anew, unless the answer is to be remembered", async () => {
        const asked = answering(
          () => as(alice),
          () => as(bob, true),
        );
        await using manager = await open(asked);
        for (const who of [alice, bob, bob, bob]) {
          assert.equal(await get(manager), 200);
          assert.equal(seen(), fingerprint(who));
        }
        assert.equal(asked.questions.length, 2);
        manager.forgetClientCertificates(origin());
        await get(manager);
        assert.equal(asked.questions.length, 3);
      });

      test("a remembered answer keeps its connection", async () => {
        await using manager = await open(answering(() => as(alice, true)));
        await get(manager);
        await get(manager);
        const { accepted } = fixture.network.connections;
        for (let index = 0; index < 3; index += 1) await get(manager);
        assert.equal(fixture.network.connections.accepted, accepted);
      });

      test("requests that are under way together share one question", async () => {
        const gate = Promise.withResolvers<ClientCertificateAnswer>();
        const asked = answering(() => gate.promise);
        await using manager = await open(asked);
        const replies = Array.from({ length: 8 }, () => get(manager));
        // Other origins wait for nothing.
        assert.equal(await get(manager, `${fixture.network.https.origin}/json`), 200);
        gate.resolve(as(alice));
        assert.deepEqual(
          await Promise.all(replies),
          Array.from({ length: 8 }, () => 200),
        );
        assert.equal(asked.questions.length, 1);
      });

      test("an answer that comes at once is shared by all that had begun", async () => {
        const asked = answering(() => as(alice));
        await using manager = await open(asked);
        await Promise.all(Array.from({ length: 8 }, () => get(manager)));
        assert.equal(asked.questions.length, 1);
      });

      test("none: the server says what it makes of that, and is not asked about again when remembered", async () => {
        const asked = answering(() => ({ type: "none", remember: true }));
        await using manager = await open(asked);
        await assert.rejects(get(manager), { code: "CLIENT_CERTIFICATE_REQUIRED" });
        await assert.rejects(get(manager), { code: "CLIENT_CERTIFICATE_REQUIRED" });
        assert.equal(asked.questions.length, 1);
      });

      test("abort ends the requests that wait, and no other", async () => {
        const asked = answering(
          () => ({ type: "abort" }),
          () => as(alice),
        );
        await using manager = await open(asked);
        await assert.rejects(get(manager), { name: "PolicyError", code: "CLIENT_CERTIFICATE_DECLINED" });
        assert.equal(await get(manager), 200);
      });

      test("what the callback throws ends the request, as it is", async () => {
        const enough = new Error("enough");
        await using manager = await open(answering(() => Promise.reject(enough)));
        await assert.rejects(get(manager), (error) => error === enough);
      });

      test("an identity that the server does not take fails the request, which asks no second time", async () => {
        const issuer = fixture.network.otherCa;
        const stranger = await mintCertificate({ issuer, names: ["stranger"], usage: "client" });
        const asked = answering(
          () => as(stranger),
          () => as(alice),
        );
        await using manager = await open(asked);
        // Node's server lets it finish the handshake, and closes.
        await assert.rejects(get(manager), {
          code: /^(?:CLIENT_CERTIFICATE_|TLS_CLOSED_|TLS_TRUNCATED|RESPONSE_MISSING|CONNECTION_RESET)/,
        });
        assert.equal(asked.questions.length, 1);
        assert.equal(await get(manager), 200);
      });

      test("an abort while the application is asked ends the request with the signal's reason", async () => {
        const controller = new AbortController();
        const told = Promise.withResolvers<undefined>();
        await using manager = await open({
          onClientCertificate: ({ signal }) => {
            signal.addEventListener("abort", () => {
              told.resolve(undefined);
            });
            controller.abort(new Error("enough"));
            return new Promise(() => undefined);
          },
        });
        const { signal } = controller;
        await assert.rejects(manager.request(`${origin()}/echo`, { signal }), { message: "enough" });
        await told.promise;
        assert.deepEqual(getEventListeners(signal, "abort"), []);
      });

      test("destroying the manager ends the wait", async () => {
        const asked = Promise.withResolvers<undefined>();
        const manager = await open({
          onClientCertificate: () => {
            asked.resolve(undefined);
            return new Promise(() => undefined);
          },
        });
        const request = assert.rejects(get(manager), { code: "MANAGER_CLOSED" });
        await asked.promise;
        await manager.destroy();
        await request;
      });

      test("a person may take longer than the handshake's deadline", async ({ mock }) => {
        await using manager = await open({
          onClientCertificate: () => {
            mock.timers.tick(60_000);
            return as(alice);
          },
        });
        mock.timers.enable({ apis: ["setTimeout"] });
        assert.equal(await get(manager), 200);
        mock.timers.reset();
      });

      test("a redirect to another origin asks anew, and nothing crosses", async () => {
        const asked = answering(
          () => as(alice, true),
          () => as(bob, true),
        );
        await using manager = await open(asked);
        const to = encodeURIComponent(`${origin("b.fairlead.test")}/echo`);
        const reply = await manager.request(`${origin()}/redirect/307?to=${to}`);
        await reply.bytes();
        assert.deepEqual(
          asked.questions.map((question) => question.origin),
          [origin(), origin("b.fairlead.test")],
        );
        assert.deepEqual(
          fixture.network.requests.slice(-2).map(({ tls }) => tls?.clientCertificate),
          [fingerprint(alice), fingerprint(bob)],
        );
      });

      describe("the body is sent again", () => {
        const text = "the body";
        const bodies: [what: string, body: () => string | Uint8Array | Readable | (() => Iterable<Uint8Array>)][] = [
          ["text", () => text],
          ["bytes", () => Buffer.from(text)],
          ["a function", () => () => [Buffer.from(text)]],
          ["a short stream", () => Readable.from([Buffer.from("the "), Buffer.from("body")])],
        ];
        for (const [what, body] of bodies) {
          test(`when it is ${what}`, async () => {
            await using manager = await open(answering(() => as(alice)));
            const reply = await manager.request(`${origin()}/echo`, { method: "POST", body: body() });
            const echo = (await reply.json()) as { body: { text: string } };
            assert.equal(echo.body.text, text);
            assert.equal(seen(), fingerprint(alice));
          });
        }

        test("by fetch: text, a form, a stream", async () => {
          await using manager = await open(answering(() => as(alice)));
          const form = new FormData();
          form.set("field", text);
          form.set("file", new Blob([text]), "name.txt");
          for (const body of [text, form, new Blob([text]).stream()]) {
            const init = { method: "POST", body, duplex: "half" } as RequestInit;
            const response = await manager.fetch(`${origin()}/echo`, init);
            const echo = (await response.json()) as { body: { text: string } };
            assert.match(echo.body.text, /the body/);
            assert.equal(seen(), fingerprint(alice));
          }
        });
      });
    });
  }
}

for (const backend of tlsBackends.filter(({ name }) => name !== "node")) {
  test(`a session of nobody's does not remember an answer that is not to be, over ${backend.name}`, async () => {
    const issuer = fixture.network.ca;
    await using server = tlsServer({
      backend,
      identity: await mintCertificate({ issuer, names: ["a.fairlead.test"] }),
      clientCertificates: { trust: { type: "anchors", certificates: [issuer.certificate] }, required: false },
    });
    server.on("connection", ({ socket }) => {
      socket.on("data", () => socket.write("HTTP/1.1 204 No Content\r\n\r\n"));
    });
    const { port } = await server.listen({ port: 0, host: "localhost" });
    const asked = answering(() => ({ type: "none" }));
    await using manager = await fixture.open({ ...asked, tls: { backend } });
    for (const questions of [1, 2, 3]) {
      assert.equal(await get(manager, `https://a.fairlead.test:${String(port)}/`), 204);
      assert.equal(asked.questions.length, questions);
    }
  });
}

test("a stream that was read when the refusal came fails by name, and the application is not asked", async () => {
  // Read on and on, and so past what is kept, while the server refuses: only TLS 1.3 says so after the handshake.
  const endless = Readable.from(
    (function* (): Iterable<Uint8Array> {
      for (;;) yield Buffer.alloc(16 * 1024);
    })(),
  );
  await using manager = await fixture.open({
    tls: { minVersion: "TLSv1.3" },
    onClientCertificate: () => assert.fail("asked"),
  });
  await assert.rejects(manager.request(`${origin()}/echo`, { method: "POST", body: endless }), {
    code: "CLIENT_CERTIFICATE_REQUIRED",
    message: /the body was read already/,
  });
  assert.ok(endless.destroyed);
});
