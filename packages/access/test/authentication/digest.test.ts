import { openNetworkAccessManager } from "@fairlead/access";
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { asking, password, statusOf as get } from "./asking.ts";
import { digestListener, serve, type DigestSettings } from "./authenticating-server.ts";

const user = { username: 'Jäsøn: "Doe"', password: "Secret, or not? £" };
const right = password(user.username, user.password);

const variants: DigestSettings[] = (["MD5", "SHA-256", "SHA-512-256"] as const).flatMap((algorithm) =>
  [false, true].flatMap((session) =>
    (["auth", "auth-int"] as const).map((qop) => ({
      ...user,
      algorithm,
      session,
      qop,
      userhash: session,
      namesCharset: qop === "auth-int",
    })),
  ),
);

describe("Digest (RFC 7616)", () => {
  for (const settings of variants) {
    const { algorithm, session = false, qop = "" } = settings;
    test(`${algorithm}${session ? "-sess, userhash" : ""}, ${qop}: asked once, then sent at once`, async () => {
      await using server = await serve(digestListener(settings));
      const asked = asking(right);
      await using manager = await openNetworkAccessManager(asked);
      for (let index = 0; index < 3; index += 1) {
        const reply = await manager.request(`${server.origin}/dir?q=${String(index)}`, {
          method: "PUT",
          body: "content",
        });
        assert.equal(await reply.text(), "let in");
        assert.deepEqual(reply.transaction.hops[0]?.repeats, index === 0 ? ["authentication"] : []);
      }
      assert.equal(asked.questions.length, 1);
      assert.equal(server.requests.length, 4);
    });

    test(`${algorithm}${session ? "-sess" : ""}, ${qop}: every next nonce is taken`, async () => {
      await using server = await serve(digestListener({ ...settings, namesNextNonce: true, usesOfNonce: 1 }));
      await using manager = await openNetworkAccessManager(asking(right));
      for (let index = 0; index < 4; index += 1) assert.equal(await get(manager, `${server.origin}/`), 200);
      assert.equal(server.requests.length, 5);
    });
  }

  test("a stale nonce is replaced without a question", async () => {
    await using server = await serve(digestListener({ ...user, algorithm: "SHA-256", usesOfNonce: 2 }));
    const asked = asking(right);
    await using manager = await openNetworkAccessManager(asked);
    for (let index = 0; index < 5; index += 1) assert.equal(await get(manager, `${server.origin}/`), 200);
    assert.equal(asked.questions.length, 1);
    assert.equal(server.requests.length, 1 + 5 + 2);
  });

  test("parallel requests count their uses of a nonce, each its own", async () => {
    await using server = await serve(digestListener({ ...user, algorithm: "SHA-256" }));
    const asked = asking(right);
    await using manager = await openNetworkAccessManager(asked);
    const statuses = async (): Promise<readonly number[]> =>
      Promise.all(Array.from({ length: 20 }, (_, index) => get(manager, `${server.origin}/${String(index)}`)));
    assert.deepEqual(new Set(await statuses()), new Set([200]));
    const before = server.requests.length;
    assert.deepEqual(new Set(await statuses()), new Set([200]));
    assert.equal(server.requests.length, before + 20);
    assert.equal(asked.questions.length, 1);
  });

  for (const qop of ["auth", "auth-int"] as const) {
    test(`a server that does not know the password is not believed (${qop})`, async () => {
      await using server = await serve(digestListener({ ...user, algorithm: "SHA-256", qop, liesAboutProof: true }));
      await using manager = await openNetworkAccessManager(asking(right));
      await assert.rejects(get(manager, `${server.origin}/`), {
        name: "AuthenticationError",
        code: "SERVER_NOT_AUTHENTICATED",
      });
    });
  }

  test("a stream is hashed for auth-int, and sent", async () => {
    await using server = await serve(digestListener({ ...user, algorithm: "SHA-256", qop: "auth-int" }));
    await using manager = await openNetworkAccessManager(asking(right));
    for (let index = 0; index < 2; index += 1) {
      const body = Readable.from([Buffer.from("a "), Buffer.from("stream")]);
      const reply = await manager.request(`${server.origin}/`, { method: "POST", body });
      assert.equal(await reply.text(), "let in");
    }
  });
});
