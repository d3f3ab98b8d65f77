import type {
  CertificateErrorAnswer,
  CertificateErrorQuestion,
  NetworkAccessManager,
  NetworkAccessManagerOptions,
  OnCertificateError,
} from "@fairlead/access";
import { openStore, type Store } from "@fairlead/store";
import { mintCertificate } from "@fairlead/testserver/authority";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { tlsBackends } from "./tls-backends.ts";

const fixture = networkFixture();
const accept: CertificateErrorAnswer = { type: "accept" };
const remember: CertificateErrorAnswer = { type: "accept", remember: true };
const refuse: CertificateErrorAnswer = { type: "refuse" };
const origin = (): string => fixture.network.service("https-self-signed").origin;
const remembered = (store: Store): string[] =>
  Array.from(
    store.collection("certificate-exceptions", { maxEntries: 1, secret: false }).entries(),
    ({ key, value }) => `${key} ${Buffer.from(value).toString()}`,
  );
const count = (store: Store, collection: string): number =>
  [...store.collection(collection, { maxEntries: 1, secret: true }).entries()].length;

/** A question that always gets the same answer, and what was asked. */
function answering(answer: CertificateErrorAnswer): {
  readonly onCertificateError: OnCertificateError;
  readonly questions: CertificateErrorQuestion[];
} {
  const questions: CertificateErrorQuestion[] = [];
  return {
    questions,
    onCertificateError: (question) => {
      questions.push(question);
      return answer;
    },
  };
}

async function get(manager: NetworkAccessManager, url = `${origin()}/echo`): Promise<number> {
  const reply = await manager.request(url, { method: "POST", body: "the body" });
  const echo = (await reply.json()) as { body: { text: string } };
  assert.equal(echo.body.text, "the body");
  return reply.status;
}

for (const backend of tlsBackends) {
  describe(`a certificate that verification refuses is put to the application, over ${backend.name}`, () => {
    const open = (options: NetworkAccessManagerOptions): Promise<NetworkAccessManager> =>
      fixture.open({ ...options, tls: { backend, ...options.tls } });

    test("accepted once: the request is answered, and the next asks again", async () => {
      const asked = answering(accept);
      await using store = await openStore("memory:");
      await using manager = await open({ store, ...asked });
      const reply = await manager.request(`${origin()}/json`);
      await reply.bytes();
      const [hop] = reply.transaction.hops;
      assert.deepEqual([hop?.status, hop?.repeats], [200, ["certificate-exception"]]);
      assert.deepEqual([hop?.tls?.authorized, hop?.isExcepted], [false, true]);
      assert.equal(await get(manager), 200);
      assert.equal(asked.questions.length, 2);
      assert.deepEqual(remembered(store), []);
    });

    test("the question tells who is meant, and all that is wrong", async () => {
      const { onCertificateError, questions } = answering(refuse);
      await using manager = await open({ onCertificateError });
      await assert.rejects(get(manager), { code: "CERTIFICATE_SELF_SIGNED" });
      const [question] = questions;
      assert.ok(question !== undefined);
      assert.deepEqual([question.origin, question.host], [origin(), "localhost"]);
      assert.equal(question.port, fixture.network.service("https-self-signed").port);
      assert.equal(question.error.code, "CERTIFICATE_SELF_SIGNED");
      assert.ok(question.problems.length > 0);
      const [leaf = assert.fail("a leaf")] = question.chain;
      const hash = new X509Certificate(leaf).fingerprint256.replaceAll(":", "").toLowerCase();
      assert.equal(question.fingerprint, hash);
    });

    test("remembered: not asked again, also after a restart, and forgotten through the store", async () => {
      const asked = answering(remember);
      await using store = await openStore("memory:");
      for (let round = 0; round < 2; round += 1) {
        await using manager = await open({ store, ...asked });
        assert.equal(await get(manager), 200);
        assert.equal(await get(manager), 200);
      }
      assert.equal(asked.questions.length, 1);
      assert.deepEqual(remembered(store), [
        `localhost:${String(fixture.network.service("https-self-signed").port)} ${asked.questions[0]?.fingerprint ?? ""}:ROOT_UNTRUSTED never`,
      ]);
      store.collection("certificate-exceptions", { maxEntries: 1, secret: false }).clear();
      await using manager = await open({ store, ...answering(refuse) });
      await assert.rejects(get(manager), { code: "CERTIFICATE_SELF_SIGNED" });
    });

    test("remembered for a time: not asked again until that is over", async () => {
      let now = Date.now();
      const asked = answering({ type: "accept", remember: { milliseconds: 60_000 } });
      await using store = await openStore("memory:");
      await using manager = await open({ store, now: () => now, ...asked });
      assert.equal(await get(manager), 200);
      now += 59_999;
      assert.equal(await get(manager), 200);
      assert.equal(asked.questions.length, 1);
      now += 1;
      assert.equal(await get(manager), 200);
      assert.equal(asked.questions.length, 2);
      assert.deepEqual(
        remembered(store).map((each) => each.split(" ").at(-1)),
        [String(now + 60_000)],
      );
    });

    test("a time that is none is not remembered", async () => {
      for (const milliseconds of [0, -1, NaN, Infinity]) {
        await using store = await openStore("memory:");
        await using manager = await open({ store, ...answering({ type: "accept", remember: { milliseconds } }) });
        assert.equal(await get(manager), 200);
        assert.deepEqual(remembered(store), []);
      }
    });

    test("a remembered one is for the kinds of problems that it had", async () => {
      await using store = await openStore("memory:");
      await using manager = await open({ store, ...answering(remember) });
      await get(manager);
      const [server = "", exception = ""] = remembered(store)[0]?.split(" ") ?? [];
      store
        .collection("certificate-exceptions", { maxEntries: 1, secret: false })
        .set(server, Buffer.from(`${exception.replace("ROOT_UNTRUSTED", "EXPIRED")} never`));
      const strict = answering(refuse);
      await using later = await open({ store, ...strict });
      await assert.rejects(get(later), { code: "CERTIFICATE_SELF_SIGNED" });
      assert.equal(strict.questions.length, 1);
    });

    test("a remembered one is for its host, port and certificate only", async () => {
      await using store = await openStore("memory:");
      await using manager = await open({ store, ...answering(remember) });
      await get(manager);
      const strict = answering(refuse);
      await using later = await open({ store, ...strict });
      const { port } = fixture.network.service("https-self-signed");
      await assert.rejects(get(later, `https://127.0.0.1:${String(port)}/echo`), { code: "CERTIFICATE_SELF_SIGNED" });
      await assert.rejects(get(later, `${fixture.network.service("https-expired").origin}/echo`), {
        code: "CERTIFICATE_EXPIRED",
      });
      assert.equal(strict.questions.length, 2);
      assert.equal(await get(later), 200);
    });

    test("without the callback no exception is made, remembered or not", async () => {
      await using store = await openStore("memory:");
      await using manager = await open({ store, ...answering(remember) });
      await get(manager);
      await using strict = await open({ store });
      await assert.rejects(get(strict), { code: "CERTIFICATE_SELF_SIGNED" });
    });

    test("another certificate of the same server is asked about", async () => {
      const identities = await Promise.all(["one", "two"].map(() => mintCertificate({ names: ["localhost"] })));
      const server = createServer((_request, response) => response.end("ok")).listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `https://localhost:${String((server.address() as AddressInfo).port)}/`;
      const asked = answering(remember);
      await using store = await openStore("memory:");
      for (const { certificate, privateKey } of [...identities, ...identities]) {
        server.setSecureContext({ cert: certificate, key: privateKey });
        await using manager = await open({ store, ...asked });
        const reply = await manager.request(url);
        await reply.bytes();
      }
      assert.equal(new Set(asked.questions.map(({ fingerprint }) => fingerprint)).size, 2);
      assert.equal(asked.questions.length, 2);
      server.close();
      server.closeAllConnections();
    });

    test("RFC 6797 8.4: on a known HSTS host nobody is asked, and what is remembered has no effect", async () => {
      await using store = await openStore("memory:");
      const url = `${fixture.either("https")}/hsts/good/year`;
      const nobody = { trust: { type: "anchors", certificates: [] } } as const;
      {
        await using manager = await open({ store, ...answering(remember), tls: nobody });
        await (await manager.request(url)).bytes();
        assert.equal(remembered(store).length, 1);
        assert.equal(count(store, "hsts"), 0, "an excepted server teaches no HSTS");
        assert.equal(count(store, "tls-tickets"), 0, "and gives no tickets");
      }
      await using teacher = await open({ store });
      await (await teacher.request(url)).bytes();
      const asked = answering(accept);
      await using manager = await open({ store, ...asked, tls: nobody });
      await assert.rejects(manager.request(url), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
      await assert.rejects(manager.fetch(url), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
      assert.deepEqual(asked.questions, []);
    });

    test("cookies of an excepted server stay apart from those of others, both ways", async () => {
      await using store = await openStore("memory:");
      const host = fixture.either("https");
      const set = (name: string): string => `${host}/cookies/set-raw?value=${name}%3Dyes%3B%20Max-Age%3D1000`;
      const sent = async (manager: NetworkAccessManager): Promise<string | undefined> => {
        const reply = await manager.request(`${host}/cookies`);
        return ((await reply.json()) as { raw?: string }).raw;
      };
      await using good = await open({ store });
      await (await good.request(set("verified"))).bytes();
      const nobody = { trust: { type: "anchors", certificates: [] } } as const;
      await using excepting = await open({ store, ...answering(remember), tls: nobody });
      await (await excepting.request(set("excepted"))).bytes();
      assert.equal(await sent(excepting), "excepted=yes");
      assert.equal(await sent(good), "verified=yes");
      assert.equal(count(store, "cookies"), 1);
    });

    test("requests that are under way together share one question", async () => {
      const asked = answering(accept);
      await using manager = await open(asked);
      await Promise.all(Array.from({ length: 6 }, () => get(manager)));
      assert.equal(asked.questions.length, 1);
    });

    test("fetch asks, too; what the callback throws ends it", async () => {
      await using manager = await open(answering(accept));
      const response = await manager.fetch(`${origin()}/json`);
      assert.equal(response.status, 200);
      await response.bytes();
      const enough = new Error("enough");
      await using throwing = await open({ onCertificateError: () => Promise.reject(enough) });
      await assert.rejects(throwing.request(`${origin()}/json`), (error) => error === enough);
    });
  });
}

test("a server that shows another certificate each time is asked about once for each request", async () => {
  const server = createServer((_request, response) => response.end("ok")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const rotate = async (): Promise<void> => {
    const { certificate, privateKey } = await mintCertificate({ names: ["localhost"] });
    server.setSecureContext({ cert: certificate, key: privateKey });
  };
  await rotate();
  let asked = 0;
  await using manager = await fixture.open({
    onCertificateError: async () => {
      asked += 1;
      await rotate();
      return accept;
    },
  });
  const url = `https://localhost:${String((server.address() as AddressInfo).port)}/`;
  await assert.rejects(manager.request(url), { code: "CERTIFICATE_SELF_SIGNED" });
  assert.equal(asked, 1);
  server.close();
});
