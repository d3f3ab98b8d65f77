import assert from "node:assert/strict";
import { authenticationRoutes } from "../../../src/endpoints/httpbin/authentication.ts";
import { underPrefix } from "../../../src/endpoints/httpbin/httpbin-route.ts";
import { digestAnswer, digestParameters } from "../../digest-answer.ts";
import { type Check, describeFamily } from "../describe-family.ts";

const basic = (user: string, password: string): string =>
  `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

describeFamily(underPrefix(authenticationRoutes), {
  "/httpbin/basic-auth/:user": takesBasic("/httpbin/basic-auth/me", "", 401),
  "/httpbin/basic-auth/:user/:passwd": takesBasic("/httpbin/basic-auth/me/se%3Acret", "se:cret", 401),
  "/httpbin/hidden-basic-auth/:user": takesBasic("/httpbin/hidden-basic-auth/me", "", 404),
  "/httpbin/hidden-basic-auth/:user/:passwd": takesBasic("/httpbin/hidden-basic-auth/me/se%3Acret", "se:cret", 404),
  "/httpbin/bearer": async ({ get }) => {
    const refused = await get("/httpbin/bearer", [basic("me", "secret")]);
    assert.deepEqual([refused.status, refused.field("www-authenticate")], [401, ["Bearer"]]);
    const taken = await get("/httpbin/bearer", ["Authorization: Bearer abc.def"]);
    assert.deepEqual(JSON.parse(taken.body), { authenticated: true, token: "abc.def" });
  },
  "/httpbin/digest-auth/:qop/:user/:passwd": async ({ get, send }) => {
    for (const [qop, offered] of [
      ["auth", "auth"],
      ["auth-int", "auth-int"],
      ["none", "auth, auth-int"],
    ] as const) {
      const target = `/httpbin/digest-auth/${qop}/me/secret`;
      const challenge = await get(target);
      const parameters = digestParameters(challenge);
      assert.deepEqual([challenge.status, parameters["qop"], parameters["algorithm"]], [401, offered, "MD5"]);
      const used = qop === "none" ? undefined : qop;
      const proof = digestAnswer(parameters, { target, hash: "md5", qop: used, body: "body" });
      const taken = await send("GET", target, [proof], "body");
      assert.deepEqual([taken.status, JSON.parse(taken.body)], [200, { authenticated: true, user: "me" }], qop);
      const wrong = digestAnswer(parameters, { target, hash: "md5", qop: used, body: "body", password: "wrong" });
      assert.equal((await send("GET", target, [wrong], "body")).status, 401, qop);
    }
    const bare = "/httpbin/digest-auth/auth/me/secret?require-cookie=1";
    const proof = digestAnswer(digestParameters(await get(bare)), { target: bare, hash: "md5", qop: "auth", body: "" });
    assert.equal((await get(bare, [proof])).status, 401, "no cookie came with it");
    assert.equal((await get(bare, [proof, "Cookie: other=1"])).status, 403);
    assert.equal((await get(bare, [proof, "Cookie: fake=fake_value"])).status, 200);
  },
  "/httpbin/digest-auth/:qop/:user/:passwd/:algorithm": async ({ get }) => {
    for (const [algorithm, hash] of [
      ["MD5", "md5"],
      ["SHA-256", "sha256"],
      ["SHA-512", "sha512"],
    ] as const) {
      const target = `/httpbin/digest-auth/auth/me/secret/${algorithm}`;
      const parameters = digestParameters(await get(target));
      assert.equal(parameters["algorithm"], algorithm);
      const proof = digestAnswer(parameters, { target, hash, qop: "auth", body: "" });
      assert.equal((await get(target, [proof])).status, 200, algorithm);
    }
  },
  "/httpbin/digest-auth/:qop/:user/:passwd/:algorithm/:stale_after": async ({ get }) => {
    const target = "/httpbin/digest-auth/auth/me/secret/MD5/1";
    const challenge = await get(target);
    assert.ok(challenge.field("set-cookie").some((cookie) => cookie.startsWith("stale_after=1;")));
    const proof = digestAnswer(digestParameters(challenge), { target, hash: "md5", qop: "auth", body: "" });
    const first = await get(target, [proof, "Cookie: stale_after=1"]);
    assert.equal(first.status, 200);
    assert.ok(first.field("set-cookie").some((cookie) => cookie.startsWith("stale_after=0;")));
    const second = await get(target, [proof, "Cookie: stale_after=0"]);
    assert.deepEqual([second.status, digestParameters(second)["stale"]], [401, "TRUE"]);
  },
});

function takesBasic(target: string, password: string, refusal: number): Check {
  return async ({ get }) => {
    const refused = await get(target);
    assert.equal(refused.status, refusal);
    assert.deepEqual(refused.field("www-authenticate"), refusal === 401 ? ['Basic realm="Fake Realm"'] : []);
    assert.equal((await get(target, [basic("me", "wrong")])).status, refusal);
    assert.equal((await get(target, ["Authorization: Basic !"])).status, refusal);
    const taken = await get(target, [basic("me", password)]);
    assert.deepEqual([taken.status, JSON.parse(taken.body)], [200, { authenticated: true, user: "me" }]);
  };
}
