import { openNetworkAccessManager } from "@fairlead/access";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { asking, password, statusOf } from "./asking.ts";
import { serve } from "./authenticating-server.ts";
import { connectionBoundListener, readableScheme } from "./connection-bound-server.ts";

const users = { alice: "a", bob: "b" };
const alice = password("alice", "a");
const bob = password("bob", "b");

describe("a scheme that authenticates a connection", () => {
  test("has its three legs on one connection, which is the user's from then on", async () => {
    await using server = await serve(connectionBoundListener(users));
    const scheme = readableScheme();
    const { onAuthenticate, questions } = asking(alice);
    await using manager = await openNetworkAccessManager({
      onAuthenticate,
      authentication: { connectionBound: [scheme] },
    });
    const reply = await manager.request(server.origin, { method: "POST", body: "content" });
    assert.equal(await reply.text(), "alice: content");
    assert.deepEqual(
      reply.transaction.hops[0]?.authentication.map(({ outcome }) => outcome),
      ["continued", "accepted"],
    );
    for (let index = 0; index < 3; index += 1)
      assert.equal(await (await manager.request(server.origin)).text(), "alice: ");
    assert.equal(questions.length, 1);
    assert.equal(server.requests.length, 3 + 3);
    assert.equal(scheme.opened(), 0);
    // The first leg is for nobody yet, and its body would go for nothing.
    assert.deepEqual(
      server.requests.slice(0, 3).map(({ headers }) => headers["content-length"]),
      ["7", "0", "7"],
    );
  });

  test("has a connection for each of many requests, and no user gets another's", async () => {
    await using server = await serve(connectionBoundListener(users));
    const authentication = { connectionBound: [readableScheme()] };
    await using manager = await openNetworkAccessManager({ authentication, connectionsPerOrigin: 4 });
    const [asAlice, asBob, asNobody] = [asking(alice), asking(bob), asking({ type: "none" })];
    const get = async (own: ReturnType<typeof asking>): Promise<string> =>
      (await manager.request(server.origin, { onAuthenticate: own.onAuthenticate })).text();
    for (let round = 0; round < 3; round += 1) {
      const whole = Array.from({ length: 6 }, () => [get(asAlice), get(asBob), get(asNobody)]).flat();
      assert.deepEqual(
        await Promise.all(whole),
        Array.from({ length: 6 }, () => ["alice: ", "bob: ", "who are you?"]).flat(),
      );
    }
    assert.deepEqual([asAlice.questions.length, asBob.questions.length], [1, 1]);
    // Nobody is nobody, on whatever connection.
    assert.equal(await statusOf(manager, server.origin), 401);
    assert.equal(await statusOf(manager, server.origin, { partition: "https://news.example/", ...asAlice }), 200);
    assert.equal(asAlice.questions.length, 2);
  });

  test("asks again after a wrong password, on a connection that nobody uses", async () => {
    await using server = await serve(connectionBoundListener(users));
    const scheme = readableScheme();
    const { onAuthenticate, questions } = asking(password("alice", "guess"), alice);
    await using manager = await openNetworkAccessManager({
      onAuthenticate,
      authentication: { connectionBound: [scheme] },
    });
    assert.equal(await (await manager.request(server.origin)).text(), "alice: ");
    assert.deepEqual(
      questions.map(({ tried }) => tried.map(({ username, scheme: by }) => [username, by])),
      [[], [["alice", "ntlm"]]],
    );
    assert.equal(scheme.opened(), 0);
  });

  test("is bound to the certificate of the server", async () => {
    const ca = await mintAuthority();
    const identity = await mintCertificate({ names: ["127.0.0.1"], issuer: ca });
    await using server = await serve(connectionBoundListener(users), identity);
    const scheme = readableScheme();
    await using manager = await openNetworkAccessManager({
      ...asking(alice),
      authentication: { connectionBound: [scheme] },
      tls: { trust: { type: "anchors", certificates: [ca.certificate] } },
    });
    assert.equal(await (await manager.request(server.origin)).text(), "alice: ");
    const { raw } = new X509Certificate(identity.certificate);
    assert.deepEqual(scheme.bindings, [createHash("sha256").update(raw).digest("hex")]);
  });

  test("believes a server that proves itself, and no other", async () => {
    for (const [last, expected] of [
      ["welcome", "alice: "],
      ["I am somebody else", undefined],
    ] as const) {
      await using server = await serve(connectionBoundListener(users, { name: "Negotiate", last }));
      const scheme = readableScheme("Negotiate");
      await using manager = await openNetworkAccessManager({
        ...asking(alice),
        authentication: { connectionBound: [scheme] },
      });
      const answered = manager.request(server.origin).then((reply) => reply.text());
      if (expected === undefined) await assert.rejects(answered, { message: "the server is somebody else" });
      else assert.equal(await answered, expected);
      assert.equal(scheme.opened(), 0);
    }
  });

  test("gives way to the next scheme where it cannot begin, and says why when there is none", async () => {
    const noTicket = new Error("there is no ticket");
    const authentication = { connectionBound: [readableScheme("Negotiate", noTicket), readableScheme("NTLM")] };
    await using server = await serve(connectionBoundListener(users, { others: ["Negotiate"] }));
    await using manager = await openNetworkAccessManager({ ...asking(alice), authentication });
    assert.equal(await (await manager.request(server.origin)).text(), "alice: ");

    await using only = await serve(connectionBoundListener(users, { name: "Negotiate" }));
    const { onAuthenticate, questions } = asking({ type: "system" });
    await using other = await openNetworkAccessManager({ onAuthenticate, authentication });
    await assert.rejects(statusOf(other, only.origin), (error) => error === noTicket);
    assert.equal(questions[1]?.tried[0]?.error, noTicket);
  });

  test("leaves nothing behind of a connection that is lost between its legs", async () => {
    let legs = 0;
    const listener = connectionBoundListener(users);
    await using server = await serve((request, response) => {
      if (request.headers.authorization !== undefined) legs += 1;
      if (legs === 2) {
        legs += 1;
        request.socket.destroy();
      } else {
        listener(request, response);
      }
    });
    const scheme = readableScheme();
    await using manager = await openNetworkAccessManager({
      ...asking(alice),
      authentication: { connectionBound: [scheme] },
    });
    await statusOf(manager, server.origin, { method: "POST", body: "once" }).catch(() => undefined);
    assert.equal(await (await manager.request(server.origin)).text(), "alice: ");
    assert.equal(scheme.opened(), 0);
  });
});
