import { openNetworkAccessManager } from "@fairlead/access";
import { authenticator, login, openOAuthClient } from "@fairlead/oauth";
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser } from "../fixtures/browser.ts";
import { startProvider } from "../fixtures/provider.ts";

test("a real provider's own API takes what is sent: it signs in, proves a key with nonces, and renews what holds no longer", async () => {
  await using provider = await startProvider({ nonces: true });
  await using browser = await openBrowser();
  await using manager = await openNetworkAccessManager();
  const { issuer } = provider;
  const scope = ["openid", "offline_access", "profile"];
  const client = await openOAuthClient({ manager, issuer, clientId: "tool", scope });
  let logins = 0;
  const added = manager.addAuthenticator(
    authenticator(client, {
      origins: [issuer],
      onLogin: async (tool, { signal }) => {
        logins += 1;
        const loginHint = "ada";
        return login(tool, {
          signal,
          prompt: "consent",
          loginHint,
          onAuthorizationUrl: (url) => void browser.walk(url),
        });
      },
    }),
  );
  const who = async (): Promise<unknown> => (await manager.request(client.server.userinfo_endpoint ?? "")).json();
  const everybody = await Promise.all([who(), who(), who()]);
  for (const one of everybody) assert.deepEqual(one, { sub: "ada", name: "Ada Lovelace" });
  assert.equal(logins, 1);
  const { tokenType, accessToken } = client.tokens.current() ?? assert.fail("tokens are kept");
  assert.equal(tokenType, "dpop");
  await (await provider.provider.AccessToken.find(accessToken))?.destroy();
  assert.deepEqual(await Promise.all([who(), who()]), everybody.slice(1));
  assert.notEqual(client.tokens.current()?.accessToken, accessToken);
  assert.equal(logins, 1);
  added[Symbol.dispose]();
  assert.equal((await manager.request(client.server.userinfo_endpoint ?? "")).status, 401);
});

test("a real provider gives a service its tokens by itself", async () => {
  await using provider = await startProvider({ nonces: true });
  await using manager = await openNetworkAccessManager();
  const client = await openOAuthClient({
    manager,
    issuer: provider.issuer,
    clientId: "asserting",
    authentication: { type: "private-key", key: provider.clientKey },
    scope: ["read"],
  });
  const speaker = authenticator(client, { origins: [provider.issuer], speaksFor: "client" });
  const reply = await manager.request(client.server.userinfo_endpoint ?? "", { authenticator: speaker });
  await reply.bytes();
  assert.deepEqual(client.tokens.current()?.scope, ["read"]);
  // It knows no user that the service could be, and refuses its tokens, the new ones, too.
  const tries = reply.transaction.hops[0]?.authentication.map(({ scheme, outcome }) => `${scheme} ${outcome}`);
  assert.deepEqual(new Set(tries), new Set(["dpop refused"]));
  assert.equal(reply.status, 401);
});
