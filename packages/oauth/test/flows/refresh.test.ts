import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { clientCredentials, openOAuthClient, refresh, type OAuthClient, type TokenSet } from "@fairlead/oauth";
import { assertNoSecrets } from "../fixtures/assert-no-secrets.ts";
import { exactly, refreshToken, refuse, startLiar, type Liar, type Lies } from "../fixtures/liar.ts";

let manager: NetworkAccessManager;

before(async () => {
  manager = await openNetworkAccessManager();
});

after(() => manager.close());

function open({ issuer }: Liar): Promise<OAuthClient> {
  return openOAuthClient({ manager, issuer, clientId: "tool", scope: ["openid", "read"] });
}

const old: TokenSet = {
  accessToken: "old-access-token",
  tokenType: "bearer",
  expiresAt: 1,
  refreshToken,
  scope: ["openid", "read", "write"],
  claims: { iss: "", sub: "ada", nonce: "n" },
  idToken: "old.id.token",
};

describe("tokens are renewed", () => {
  test("and what the server does not say stays: the refresh token, the scope, who it is", async () => {
    await using liar = await startLiar({ token: () => ({ access_token: "fresh", token_type: "bearer" }) });
    const client = await open(liar);
    await client.tokens.keep(old);
    const fresh = await refresh(client, old);
    assert.deepEqual(fresh, { ...old, accessToken: "fresh", expiresAt: undefined });
    assert.deepEqual(client.tokens.current(), fresh);
  });

  test("and what it says anew takes the place of what there was", async () => {
    const token: Lies["token"] = async (honest, liar) => ({
      ...honest,
      refresh_token: "rotated",
      scope: "read",
      id_token: await liar.idToken({ name: "Ada" }),
    });
    await using liar = await startLiar({ token });
    const client = await open(liar);
    const fresh = await refresh(client, old);
    assert.equal(fresh.refreshToken, "rotated");
    assert.deepEqual(fresh.scope, ["read"]);
    assert.equal(fresh.claims?.["name"], "Ada");
  });
});

describe("tokens are not renewed", () => {
  const otherUsers: readonly (readonly [title: string, claims: Record<string, unknown>, code: string])[] = [
    ["for another user", { sub: "eve" }, "OAUTH_ID_TOKEN_INVALID"],
    ["for another login", { nonce: "another" }, "OAUTH_ID_TOKEN_INVALID"],
    ["by another server", { iss: "http://127.0.0.1:1" }, "OAUTH_ISSUER_MISMATCH"],
  ];
  for (const [title, claims, code] of otherUsers) {
    test(title, async () => {
      const token: Lies["token"] = async (honest, liar) => ({ ...honest, id_token: await liar.idToken(claims) });
      await using liar = await startLiar({ token });
      const client = await open(liar);
      await client.tokens.keep(old);
      await assert.rejects(refresh(client, old), { code });
      assert.deepEqual(client.tokens.current(), old);
    });
  }

  test("without a refresh token", async () => {
    await using liar = await startLiar();
    await assert.rejects(refresh(await open(liar), { ...old, refreshToken: undefined }), {
      code: "OAUTH_LOGIN_REQUIRED",
    });
  });

  test("by one that is no longer good: they are forgotten, and the error quotes nothing", async () => {
    await using liar = await startLiar({
      token: (_, { sent }) => refuse(400, { error: "invalid_grant", error_description: `bad: ${[...sent].join()}` }),
    });
    const client = await open(liar);
    await client.tokens.keep(old);
    await assert.rejects(refresh(client, old), (error) => {
      assert.equal((error as { readonly code?: unknown }).code, "OAUTH_LOGIN_REQUIRED");
      assertNoSecrets(error, liar.secrets);
      return true;
    });
    assert.equal(client.tokens.current(), undefined);
  });

  const kept: readonly (readonly [title: string, token: NonNullable<Lies["token"]>, code: string])[] = [
    ["while the server is away", () => exactly("", "text/html", 503), "OAUTH_UNAVAILABLE"],
    ["while the client is not who it should be", () => refuse(401, { error: "invalid_client" }), "OAUTH_REFUSED"],
    ["by an answer that is none", () => exactly("<p>", "text/html"), "OAUTH_RESPONSE_INVALID"],
  ];
  for (const [title, token, code] of kept) {
    test(`${title}, and they are kept`, async () => {
      await using liar = await startLiar({ token });
      const client = await open(liar);
      await client.tokens.keep(old);
      await assert.rejects(refresh(client, old), { code });
      assert.deepEqual(client.tokens.current(), old);
    });
  }
});

test("who insists on tokens that are bound to a key takes no others (RFC 9449 section 5)", async () => {
  await using liar = await startLiar();
  const client = await openOAuthClient({ manager, issuer: liar.issuer, clientId: "bound", dpop: true });
  await assert.rejects(clientCredentials(client), { code: "OAUTH_CAPABILITY_MISSING" });
  assert.equal(client.tokens.current(), undefined);
});

test("a server that wants nonce after nonce is given one, once", async () => {
  let asked = 0;
  await using liar = await startLiar({
    token: () => (response) => {
      asked += 1;
      response.writeHead(400, { "content-type": "application/json", "dpop-nonce": `n${String(asked)}` });
      response.end(JSON.stringify({ error: "use_dpop_nonce" }));
    },
  });
  const client = await openOAuthClient({ manager, issuer: liar.issuer, clientId: "bound", dpop: true });
  await assert.rejects(clientCredentials(client), { code: "OAUTH_REFUSED", error: "use_dpop_nonce" });
  assert.equal(asked, 2);
});
