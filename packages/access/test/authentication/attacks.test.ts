import { openNetworkAccessManager, transactionOf, type NetworkAccessManagerOptions } from "@fairlead/access";
import { mintAuthority, mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { asking, password, statusOf } from "./asking.ts";
import { basicListener, challenge, digestListener, serve } from "./authenticating-server.ts";

const right = password("me", "secret");
const inTheClear = { authentication: { dangerous: { sendSecretsInTheClear: true } } } as const;
const open = (options: NetworkAccessManagerOptions): ReturnType<typeof openNetworkAccessManager> =>
  openNetworkAccessManager({ ...inTheClear, ...options });
const listener = basicListener(() => ({ realm: "one", user: "me:secret" }));
const fieldsSeen = (server: Awaited<ReturnType<typeof serve>>): readonly (string | undefined)[] =>
  server.authorizations();

describe("credentials stay where they were asked for", () => {
  test("another port that names the same realm is another origin, and is asked about anew", async () => {
    await using server = await serve(listener);
    await using spoof = await serve(listener);
    const { onAuthenticate, questions } = asking(right, { type: "none" });
    await using manager = await open({ onAuthenticate });
    assert.equal(await statusOf(manager, server.origin), 200);
    assert.equal(await statusOf(manager, spoof.origin), 401);
    assert.deepEqual(fieldsSeen(spoof), [undefined]);
    assert.deepEqual(
      questions.map(({ origin }) => origin),
      [server.origin, spoof.origin],
    );
  });

  test("a redirect takes them nowhere else, and brings those of its own target", async () => {
    await using there = await serve(listener);
    await using here = await serve((request, response) => {
      if (request.headers.authorization === undefined) challenge(response, 'Basic realm="one"');
      else response.writeHead(307, { Location: `${there.origin}/x` }).end();
    });
    const { onAuthenticate, questions } = asking(right, { type: "none" });
    await using manager = await open({ onAuthenticate });
    assert.equal(await statusOf(manager, here.origin), 401);
    assert.equal((await manager.fetch(here.origin)).status, 401);
    assert.deepEqual(new Set(fieldsSeen(there)), new Set([undefined]));
    assert.deepEqual(
      questions.map(({ origin }) => origin),
      [here.origin, there.origin, there.origin],
    );
  });

  test("other partitions, and requests that ask another function, are asked anew", async () => {
    await using server = await serve(listener);
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    for (const partition of [undefined, "https://news.example/", "https://shop.example/", undefined]) {
      assert.equal(await statusOf(manager, server.origin, partition === undefined ? {} : { partition }), 200);
    }
    assert.deepEqual(
      questions.map(({ partition }) => partition),
      ["", "https://news.example", "https://shop.example"],
    );
    const other = asking({ type: "none" });
    assert.equal(await statusOf(manager, server.origin, { onAuthenticate: other.onAuthenticate }), 401);
    assert.equal(other.questions.length, 1);
    // Nor do two that wait at the same time share an answer.
    const two = [asking(right), asking({ type: "none" })] as const;
    await using fresh = await open({});
    const statuses = two.map(({ onAuthenticate: own }, index) =>
      statusOf(fresh, `${server.origin}/${String(index)}`, { onAuthenticate: own }),
    );
    assert.deepEqual(await Promise.all(statuses), [200, 401]);
  });

  test("a field of the application's own is left as it is, and remembered for nobody", async () => {
    await using server = await serve(listener);
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    assert.equal(await statusOf(manager, server.origin, { headers: { authorization: "Basic own" } }), 401);
    assert.equal(questions.length, 0);
    const own = `Basic ${Buffer.from("me:secret").toString("base64")}`;
    assert.equal(await statusOf(manager, server.origin, { headers: { AUTHORIZATION: own } }), 200);
    assert.equal(await statusOf(manager, server.origin, { onAuthenticate: false }), 401);
  });

  test("an origin that pretends to be a proxy gets nothing", async () => {
    await using server = await serve((_, response) => {
      response.writeHead(407, { "Proxy-Authenticate": 'Basic realm="one"', "WWW-Authenticate": 'Basic realm="one"' });
      response.end();
    });
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    assert.equal(await statusOf(manager, server.origin), 407);
    assert.equal(questions.length, 0);
    assert.equal(server.requests.length, 1);
  });

  test("a domain of Digest that names other origins opens none of them", async () => {
    await using other = await serve(listener);
    await using server = await serve((request, response) => {
      if (request.headers.authorization !== undefined) response.end();
      else challenge(response, `Digest realm="one", nonce="n", qop="auth", domain="/ ${other.origin}/"`);
    });
    await using manager = await open(asking(right, { type: "none" }));
    assert.equal(await statusOf(manager, server.origin), 200);
    assert.equal(await statusOf(manager, other.origin), 401);
    assert.deepEqual(fieldsSeen(other), [undefined]);
  });
});

describe("credentials are not given away", () => {
  let identity: MintedIdentity;
  let anchor: string;
  before(async () => {
    const ca = await mintAuthority();
    anchor = ca.certificate;
    identity = await mintCertificate({ names: ["127.0.0.1"], issuer: ca });
  });

  test("Basic and Bearer go over TLS, and are refused by name without it", async () => {
    await using secure = await serve(listener, identity);
    await using plain = await serve(listener);
    const { onAuthenticate, questions } = asking(right);
    await using manager = await openNetworkAccessManager({
      onAuthenticate,
      tls: { trust: { type: "anchors", certificates: [anchor] } },
    });
    assert.equal(await statusOf(manager, secure.origin), 200);
    assert.equal(questions[0]?.isPlain, false);
    await assert.rejects(statusOf(manager, plain.origin), { name: "PolicyError", code: "AUTHENTICATION_REFUSED" });
    await assert.rejects(manager.fetch(plain.origin), { name: "FetchError", code: "AUTHENTICATION_REFUSED" });
    assert.equal(questions.length, 1);
    // Without anybody to ask, there is nothing to refuse.
    assert.equal(await statusOf(manager, plain.origin, { onAuthenticate: false }), 401);
  });

  test("a scheme that nobody here knows leaves the 401 to the application", async () => {
    await using server = await serve((_, response) => {
      challenge(response, "Unheard-of", "NTLM", "Negotiate");
    });
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    assert.equal(await statusOf(manager, server.origin), 401);
    assert.equal(questions.length, 0);
  });

  test("a realm that took Digest gets nothing by Basic, nor by a weaker hash", async () => {
    const digest = digestListener({ username: "me", password: "secret", algorithm: "SHA-256" });
    let weaker: string | undefined;
    await using server = await serve((request, response) => {
      if (weaker === undefined) digest(request, response);
      else challenge(response, weaker);
    });
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    assert.equal(await statusOf(manager, server.origin), 200);
    for (weaker of ['Basic realm="the realm"', 'Digest realm="the realm", nonce="n", qop="auth"']) {
      await assert.rejects(statusOf(manager, server.origin), { code: "AUTHENTICATION_DOWNGRADE" });
    }
    assert.equal(
      fieldsSeen(server).some((field) => field?.startsWith("Basic") === true),
      false,
    );
    assert.equal(questions.length, 1);
    manager.forgetCredentials(server.origin);
    weaker = 'Basic realm="the realm"';
    await statusOf(manager, server.origin);
    assert.equal(questions[1]?.scheme, "basic");
  });

  test("names and passwords add no field, whatever they hold", async () => {
    await using server = await serve((request, response) => {
      if (request.headers.authorization !== undefined) response.end();
      else challenge(response, 'Digest realm="one", nonce="n", qop="auth"');
    });
    for (const username of ["a\r\nInjected: yes", 'a", realm="other', "a\0b", "\ud800", "ä".repeat(100)]) {
      await using manager = await open(asking(password(username, username)));
      assert.equal(await statusOf(manager, server.origin), 200);
    }
    for (const { headers } of server.requests) assert.equal(headers["injected"], undefined);
  });

  test("a realm is shown as it came, and goes back as one parameter", async () => {
    const realm = 'one\\" , username=\\"root';
    await using server = await serve((request, response) => {
      if (request.headers.authorization !== undefined) response.end();
      else challenge(response, `Digest realm="${realm}", nonce="n\\"", qop="auth"`);
    });
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    assert.equal(await statusOf(manager, server.origin), 200);
    assert.equal(questions[0]?.realm, 'one" , username="root');
    assert.match(fieldsSeen(server)[1] ?? "", /^Digest username="me", realm="one\\" , username=\\"root", /);
  });

  test("a server that is never content ends the request, and soon", async () => {
    let count = 0;
    await using server = await serve((_, response) => {
      count += 1;
      const stale = count % 3 === 0 ? "" : ", stale=true";
      challenge(response, `Digest realm="${String(count)}", nonce="${String(count)}", qop="auth"${stale}`);
    });
    await using manager = await open(asking(right));
    assert.equal(await statusOf(manager, server.origin), 401);
    assert.ok(server.requests.length <= 17, String(server.requests.length));
    await using same = await serve((_, response) => {
      challenge(response, 'Digest realm="r", nonce="n", qop="auth", stale=true');
    });
    assert.equal(await statusOf(manager, same.origin), 401);
    assert.ok(same.requests.length <= 5, String(same.requests.length));
  });

  test("a thousand realms of one server are not all remembered", async () => {
    let count = 0;
    await using server = await serve((request, response) => {
      if (request.headers.authorization !== undefined) response.end();
      else
        challenge(
          response,
          `Digest realm="${String((count += 1))}", nonce="n", qop="auth", domain="/${String(count)}"`,
        );
    });
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    for (let index = 0; index < 40; index += 1) await statusOf(manager, `${server.origin}/x`);
    assert.equal(questions.length, 40);
  });

  test("no error and no transaction tells a password", async () => {
    await using server = await serve((request, response) => {
      if (request.headers.authorization === undefined) challenge(response, 'Basic realm="one"');
      else request.socket.destroy();
    });
    await using manager = await open(asking(right));
    const error = await manager.request(server.origin).then(
      () => assert.fail("it was lost"),
      (failure: unknown) => failure as Error,
    );
    const told = JSON.stringify([error.message, error.stack, transactionOf(error)?.hops]);
    for (const secret of ["secret", Buffer.from("me:secret").toString("base64")])
      assert.equal(told.includes(secret), false);
  });
});
