import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { beginLogin, introspect, logout, openOAuthClient, revoke, userInfo, type OAuthClient } from "@fairlead/oauth";
import { SignJWT, type JWTPayload } from "jose";
import { assertNoSecrets } from "../fixtures/assert-no-secrets.ts";
import { accessToken, exactly, refreshToken, refuse, startLiar, type Liar, type Lies } from "../fixtures/liar.ts";

let manager: NetworkAccessManager;

before(async () => {
  manager = await openNetworkAccessManager();
});

after(() => manager.close());

async function signedIn(liar: Liar): Promise<OAuthClient> {
  const client = await openOAuthClient({ manager, issuer: liar.issuer, clientId: "tool" });
  const claims = { iss: liar.issuer, sub: "ada" };
  const scope = ["openid"];
  const idToken = "a.b.c";
  await client.tokens.keep({
    accessToken,
    tokenType: "bearer",
    expiresAt: undefined,
    refreshToken,
    scope,
    claims,
    idToken,
  });
  return client;
}

function jwt(claims: JWTPayload, { key, issuer }: Liar, typ?: string): Promise<string> {
  const header = { alg: "ES256", kid: "k1", ...(typ === undefined ? {} : { typ }) };
  return new SignJWT({ iss: issuer, aud: "tool", ...claims }).setIssuedAt().setProtectedHeader(header).sign(key);
}

async function assertFails(failing: Promise<unknown>, code: string, liar: Liar): Promise<void> {
  await assert.rejects(failing, (error) => {
    assert.equal((error as { readonly code?: unknown }).code, code, String(error));
    assertNoSecrets(error, liar.secrets);
    return true;
  });
}

describe("who signed in", () => {
  test("is told by an answer that is signed, too", async () => {
    const metadata: Lies["metadata"] = (honest) => ({ ...honest, userinfo_signing_alg_values_supported: ["ES256"] });
    await using liar = await startLiar({
      metadata,
      userInfo: async (response) => {
        response
          .writeHead(200, { "content-type": "application/jwt" })
          .end(await jwt({ sub: "ada", name: "Ada" }, liar));
      },
    });
    assert.equal((await userInfo(await signedIn(liar))).name, "Ada");
  });

  const lies: readonly (readonly [title: string, userInfo: NonNullable<Lies["userInfo"]>, code: string])[] = [
    ["about another user", { sub: "eve" }, "OAUTH_RESPONSE_INVALID"],
    ["about nobody", { name: "Ada" }, "OAUTH_RESPONSE_INVALID"],
    ["as HTML", exactly("<p>Ada", "text/html"), "OAUTH_RESPONSE_INVALID"],
    [
      "that nobody has signed",
      exactly("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.", "application/jwt"),
      "OAUTH_RESPONSE_INVALID",
    ],
    ["that refuses", refuse(401, { error: "invalid_token" }), "OAUTH_RESPONSE_INVALID"],
    [
      "that refuses by a challenge",
      (response) =>
        void response
          .writeHead(401, { "www-authenticate": `Bearer error="invalid_token", error_description="${accessToken}"` })
          .end(),
      "OAUTH_REFUSED",
    ],
  ];
  for (const [title, lie, code] of lies) {
    test(`is not told by an answer ${title}`, async () => {
      await using liar = await startLiar({ userInfo: lie });
      await assertFails(userInfo(await signedIn(liar)), code, liar);
    });
  }
});

describe("a token", () => {
  test("is told of by an answer that is signed, too (RFC 9701)", async () => {
    const type = "token-introspection+jwt";
    await using liar = await startLiar({
      metadata: (honest) => ({ ...honest, introspection_signing_alg_values_supported: ["ES256"] }),
      introspection: async (response) => {
        const signed = await jwt({ token_introspection: { active: true, sub: "ada" } }, liar, type);
        response.writeHead(200, { "content-type": `application/${type}` }).end(signed);
      },
    });
    assert.equal((await introspect(await signedIn(liar), "t")).sub, "ada");
  });

  const lies: readonly (readonly [title: string, introspection: NonNullable<Lies["introspection"]>])[] = [
    ["does not say whether it is good", { sub: "ada" }],
    ["says so by a word", { active: "true" }],
    ["says so twice", exactly('{"active":false,"active":true}')],
  ];
  for (const [title, introspection] of lies) {
    test(`is not told of by an answer that ${title}`, async () => {
      await using liar = await startLiar({ introspection });
      await assertFails(introspect(await signedIn(liar), accessToken), "OAUTH_RESPONSE_INVALID", liar);
    });
  }

  test("that the server does not take back is told of, and quoted nowhere", async () => {
    await using liar = await startLiar({
      revocation: refuse(400, { error: "unsupported_token_type", error_description: accessToken }),
    });
    await assertFails(revoke(await signedIn(liar), accessToken), "OAUTH_REFUSED", liar);
  });
});

test("who signs out is signed out here, whatever the server says", async () => {
  await using liar = await startLiar({ revocation: exactly("", "text/html", 503) });
  const client = await signedIn(liar);
  await assertFails(logout(client), "OAUTH_UNAVAILABLE", liar);
  assert.equal(client.tokens.current(), undefined);
  await logout(client);
});

const pushed: readonly (readonly [title: string, answer: NonNullable<Lies["pushed"]>, code: string])[] = [
  ["has no name", { expires_in: 60 }, "OAUTH_RESPONSE_INVALID"],
  ["is refused", refuse(400, { error: "invalid_request" }), "OAUTH_REFUSED"],
  ["leads elsewhere", (response) => void response.writeHead(303, { location: "/" }).end(), "OAUTH_RESPONSE_INVALID"],
];
for (const [title, answer, code] of pushed) {
  test(`a login does not begin by a pushed request that ${title}`, async () => {
    await using liar = await startLiar({ pushed: answer });
    const client = await signedIn(liar);
    await assertFails(beginLogin(client, { redirectUri: "http://127.0.0.1/callback" }), code, liar);
  });
}
