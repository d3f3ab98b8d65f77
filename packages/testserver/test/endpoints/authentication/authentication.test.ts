import assert from "node:assert/strict";
import { authenticationFamily } from "../../../src/endpoints/authentication/index.ts";
import { type DigestUse, digestAnswer, digestParameters } from "../../digest-answer.ts";
import { describeFamily } from "../describe-family.ts";

const basic = (user: string): string => `Authorization: Basic ${Buffer.from(user).toString("base64")}`;

describeFamily(authenticationFamily, {
  "/auth/basic/:user/:password?realm=TEXT": async ({ get }) => {
    const target = "/auth/basic/j%C3%B6rg/p%C3%A4ss:word?realm=a%22b";
    const refused = await get(target);
    assert.deepEqual(refused.field("www-authenticate"), ['Basic realm="a\\"b", charset="UTF-8"']);
    assert.equal((await get(target, [basic("jörg:wrong")])).status, 401);
    assert.equal((await get(target, [basic("jörg:päss:word")])).status, 200);
  },
  "/auth/digest/:user/:password?algorithm=SHA-256&qop=auth&userhash=no&uses=0": async ({ get, send }) => {
    for (const [algorithm, hash] of [
      ["MD5", "md5"],
      ["SHA-256", "sha256"],
      ["SHA-256-sess", "sha256"],
      ["SHA-512-256", "sha512-256"],
    ] as const) {
      for (const qop of ["auth", "auth-int"]) {
        const target = `/auth/digest/me/secret?algorithm=${algorithm}&qop=${qop}&userhash=yes`;
        const parameters = digestParameters(await get(target));
        assert.deepEqual([parameters["algorithm"], parameters["userhash"]], [algorithm, "true"]);
        const use: DigestUse = { target, hash, qop, body: "body" };
        const taken = await send("GET", target, [digestAnswer(parameters, use)], "body");
        assert.equal(taken.status, 200, `${algorithm} ${qop}`);
        assert.match(taken.field("authentication-info")[0] ?? "", /^rspauth="[0-9a-f]{32,64}", qop=auth/);
        const again = await send("GET", target, [digestAnswer(parameters, use)], "body");
        assert.equal(digestParameters(again)["stale"], "true", "a count comes once");
        const other = await send("GET", target, [digestAnswer(parameters, { ...use, count: "00000002" })], "BODY");
        assert.equal(other.status, qop === "auth" ? 200 : 401, "auth-int covers the body");
        const wrong = await get(target, [digestAnswer(parameters, { ...use, password: "wrong" })]);
        assert.deepEqual([wrong.status, digestParameters(wrong)["stale"]], [401, undefined]);
      }
    }
    const target = "/auth/digest/me/secret?uses=1";
    const parameters = digestParameters(await get(target));
    const use = { target, hash: "sha256", qop: "auth", body: "" };
    assert.equal((await get(target, [digestAnswer(parameters, use)])).status, 200);
    const second = await get(target, [digestAnswer(parameters, { ...use, count: "00000002" })]);
    assert.deepEqual([second.status, digestParameters(second)["stale"]], [401, "true"]);
    assert.equal((await get("/auth/digest/me/secret?algorithm=SHA-1")).status, 400);
    assert.equal((await get("/auth/digest/me/secret?qop=none")).status, 400);
  },
  "/auth/bearer/:token?scope=TEXT&lacks=no": async ({ get }) => {
    const ask = async (credentials: string | undefined, query = ""): Promise<readonly unknown[]> => {
      const fields = credentials === undefined ? [] : [`Authorization: ${credentials}`];
      const response = await get(`/auth/bearer/abc${query}`, fields);
      return [response.status, ...response.field("www-authenticate")];
    };
    const realm = 'Bearer realm="fairlead test"';
    assert.deepEqual(await ask(undefined), [401, realm]);
    assert.deepEqual(await ask("Bearer abd"), [401, `${realm}, error="invalid_token"`]);
    assert.deepEqual(await ask("Bearer"), [
      ...[400, `${realm}, error="invalid_request", error_description="there is no token"`],
    ]);
    assert.deepEqual(await ask("Bearer abc", "?lacks=yes&scope=a%20b%22"), [
      ...[403, `${realm}, error="insufficient_scope", scope="a b"`],
    ]);
    assert.deepEqual(await ask("bearer abc"), [200]);
  },
  "/auth/ntlm/:user/:password": async ({ get }) => {
    const target = "/auth/ntlm/me/secret";
    assert.deepEqual((await get(target)).field("www-authenticate"), ["NTLM"]);
    const first = Buffer.from("NTLMSSP\0\x01\0\0\0\x07\x82\x08\xa2", "latin1").toString("base64");
    const [field = ""] = (await get(target, [`Authorization: NTLM ${first}`])).field("www-authenticate");
    const challenge = Buffer.from(field.replace("NTLM ", ""), "base64");
    assert.equal(challenge.toString("latin1", 0, 12), "NTLMSSP\0\x02\0\0\0");
    // A last message on a connection where no first one came, and what is no message.
    const last = Buffer.concat([Buffer.from("NTLMSSP\0\x03\0\0\0", "latin1"), Buffer.alloc(52)]).toString("base64");
    assert.equal((await get(target, [`Authorization: NTLM ${last}`])).status, 401);
    assert.equal((await get(target, ["Authorization: NTLM YWJj"])).status, 400);
  },
  "/auth/negotiate": async ({ get }) => {
    const response = await get("/auth/negotiate");
    assert.equal(response.status, 501);
    assert.match(response.body, /kerberos: \{ keytab \}/);
  },
  "/auth/several/:user/:password": async ({ get }) => {
    const refused = await get("/auth/several/me/secret");
    assert.equal(refused.field("www-authenticate").length, 3);
    assert.match(refused.field("www-authenticate")[1] ?? "", /, , Basic realm="a, b"/);
    assert.equal((await get("/auth/several/me/secret", [basic("me:secret")])).status, 200);
  },
  "/auth/silent": async ({ get }) => {
    const response = await get("/auth/silent");
    assert.deepEqual([response.status, response.field("www-authenticate")], [401, []]);
  },
});
