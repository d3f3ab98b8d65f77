import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import {
  beginLogin,
  introspect,
  login,
  logout,
  OAuthError,
  openOAuthClient,
  refresh,
  revoke,
  userInfo,
  type OAuthClient,
  type OAuthClientOptions,
  type TokenSet,
} from "@fairlead/oauth";
import { openBrowser, type TestBrowser } from "../fixtures/browser.ts";
import { resource, startProvider, type TestProvider } from "../fixtures/provider.ts";

let provider: TestProvider;
let manager: NetworkAccessManager;

before(async () => {
  provider = await startProvider({ nonces: true });
  manager = await openNetworkAccessManager();
});

after(async () => {
  await manager.close();
  await provider[Symbol.asyncDispose]();
});

function openTool(options: Partial<OAuthClientOptions> = {}): Promise<OAuthClient> {
  const scope = ["openid", "offline_access", "profile"];
  return openOAuthClient({ manager, issuer: provider.issuer, clientId: "tool", scope, ...options });
}

async function signIn(client: OAuthClient, browser: TestBrowser): Promise<{ tokens: TokenSet; page: Response }> {
  let page: Promise<Response> | undefined;
  const tokens = await login(client, {
    prompt: "consent",
    loginHint: "ada",
    onAuthorizationUrl: (url) => {
      page = browser.walk(url);
    },
  });
  assert.ok(page);
  return { tokens, page: await page };
}

describe("somebody signs in by the browser", () => {
  test("with PKCE, a pushed request, a key that wants a nonce, and an ID token that is verified", async () => {
    await using browser = await openBrowser();
    const client = await openTool();
    const { tokens, page } = await signIn(client, browser);
    assert.equal(tokens.tokenType, "dpop");
    assert.equal(tokens.claims?.sub, "ada");
    assert.equal(tokens.claims.iss, provider.issuer);
    assert.ok(tokens.refreshToken);
    assert.deepEqual(new Set(tokens.scope), new Set(["openid", "offline_access", "profile"]));
    assert.deepEqual(client.tokens.current(), tokens);
    assert.ok(provider.paths.includes("/request"), "the request was not pushed");
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<h1>Signed in<\/h1>/);
  });

  test("without a key, on a port and at an address that are chosen, where the client says so", async () => {
    await using browser = await openBrowser();
    const client = await openTool({ dpop: false });
    let shown: URL | undefined;
    const tokens = await login(client, {
      loginHint: "grace",
      prompt: "consent",
      acrValues: ["urn:example:silver"],
      maxAge: 600,
      redirect: { host: "::1" },
      onAuthorizationUrl: async (url) => {
        shown = url;
        await browser.walk(url);
      },
    });
    assert.equal(tokens.tokenType, "bearer");
    assert.equal(tokens.claims?.sub, "grace");
    assert.equal(typeof tokens.claims["auth_time"], "number");
    assert.deepEqual([...(shown?.searchParams.keys() ?? [])].sort(), ["client_id", "request_uri"]);
  });

  test("and what has signed in is asked for, renewed, looked at, revoked and forgotten", async () => {
    await using browser = await openBrowser();
    const client = await openTool();
    const { tokens } = await signIn(client, browser);

    assert.deepEqual(await userInfo(client), { sub: "ada", name: "Ada Lovelace" });

    const fresh = await refresh(client, tokens);
    assert.notEqual(fresh.accessToken, tokens.accessToken);
    assert.notEqual(fresh.refreshToken, tokens.refreshToken);
    assert.equal(fresh.claims?.sub, "ada");
    assert.deepEqual(client.tokens.current(), fresh);

    const said = await introspect(client, fresh.accessToken, { hint: "access_token" });
    assert.equal(said.active, true);
    assert.equal(typeof said.cnf?.jkt, "string");
    await revoke(client, fresh.accessToken, { hint: "access_token" });
    assert.deepEqual(await introspect(client, fresh.accessToken), { active: false });
    await assert.rejects(userInfo(client), { code: "OAUTH_REFUSED", error: "invalid_token" });

    let farewell: URL | undefined;
    const { tokens: again } = await signIn(client, browser);
    await logout(client, { onLogoutUrl: (url) => void (farewell = url), redirectUri: "http://127.0.0.1/signed-out" });
    assert.equal(client.tokens.current(), undefined);
    assert.equal(farewell?.searchParams.get("id_token_hint"), again.idToken);
    assert.deepEqual(await introspect(client, again.accessToken), { active: false });
    await assert.rejects(userInfo(client), { code: "OAUTH_LOGIN_REQUIRED" });
  });

  test("for tokens of one resource", async () => {
    await using browser = await openBrowser();
    const client = await openTool({ resource, scope: ["openid", "offline_access", "read"] });
    const { tokens } = await signIn(client, browser);
    const [, claims = ""] = tokens.accessToken.split(".");
    const { aud, scope } = JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>;
    assert.deepEqual({ aud, scope }, { aud: resource, scope: "read" });
    assert.ok((await refresh(client, tokens)).accessToken);
  });

  test("or refuses: the error is the server's, and the page says nothing that came", async () => {
    const client = await openTool({ scope: ["openid"] });
    let page: Promise<Response> | undefined;
    const refused = login(client, {
      prompt: "none",
      onAuthorizationUrl: (url) => {
        page = fetch(url);
      },
    });
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof OAuthError);
      assert.equal(error.code, "OAUTH_REFUSED");
      assert.equal(error.error, "login_required");
      return true;
    });
    const answered = await page;
    assert.equal(answered?.status, 403);
    assert.doesNotMatch(await answered.text(), /login_required|End-User/);
  });
});

test("a refresh token that was used is of no more use: its tokens are forgotten, and newer ones are not", async () => {
  await using browser = await openBrowser();
  const client = await openTool();
  const { tokens } = await signIn(client, browser);
  await refresh(client, tokens);
  const kept = client.tokens.current();
  await assert.rejects(refresh(client, tokens), { code: "OAUTH_LOGIN_REQUIRED" });
  assert.deepEqual(client.tokens.current(), kept, "tokens of another refresh were forgotten");
  // The server has revoked all that came by it. RFC 9700 section 4.14.2
  assert.ok(kept);
  await assert.rejects(refresh(client, kept), { code: "OAUTH_LOGIN_REQUIRED" });
  assert.equal(client.tokens.current(), undefined);
});

test("an answer that is brought a second time ends nothing, and a code that is used again is refused", async () => {
  await using browser = await openBrowser();
  const client = await openTool();
  const { url, finish } = await beginLogin(client, { redirectUri: "http://127.0.0.1/callback", prompt: "consent" });
  const answer = await browser.walkAway(url, "http://127.0.0.1");
  assert.ok((await finish(answer)).accessToken);
  await assert.rejects(finish(answer), { code: "OAUTH_STATE_MISMATCH" });

  const other = await beginLogin(client, { redirectUri: "http://127.0.0.1/callback" });
  const replayed = new URL(answer);
  replayed.searchParams.set("state", other.state);
  await assert.rejects(other.finish(replayed), (error) => {
    assert.ok(error instanceof OAuthError);
    assert.equal(error.error, "invalid_grant");
    return true;
  });
});
