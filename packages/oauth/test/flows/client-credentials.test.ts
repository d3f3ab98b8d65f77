import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { clientCredentials, OAuthError, openOAuthClient, type ClientAuthentication } from "@fairlead/oauth";
import { clientSecret, startProvider, type TestProvider } from "../fixtures/provider.ts";

let provider: TestProvider;
let manager: NetworkAccessManager;

before(async () => {
  provider = await startProvider();
  manager = await openNetworkAccessManager();
});

after(async () => {
  await manager.close();
  await provider[Symbol.asyncDispose]();
});

function authentications(): readonly (readonly [clientId: string, authentication: ClientAuthentication])[] {
  return [
    ["basic: with, signs%", { type: "secret-basic", secret: clientSecret }],
    ["posting", { type: "secret-post", secret: clientSecret }],
    ["asserting", { type: "private-key", key: provider.clientKey, keyId: "of-the-client" }],
    ["asserting", { type: "private-key", key: provider.clientKey }],
  ];
}

test("a client gets tokens for itself by each way of saying who it is, and keeps them", async () => {
  for (const [clientId, authentication] of authentications()) {
    const client = await openOAuthClient({
      manager,
      issuer: provider.issuer,
      clientId,
      authentication,
      scope: ["read"],
    });
    const tokens = await clientCredentials(client);
    assert.equal(tokens.tokenType, "dpop", authentication.type);
    assert.deepEqual(tokens.scope, ["read"]);
    assert.equal(tokens.refreshToken, undefined);
    assert.ok((tokens.expiresAt ?? 0) > Date.now());
    assert.deepEqual(client.tokens.current(), tokens);
  }
});

test("a client whose secret is wrong is refused, and the error holds neither its secret nor what was sent", async () => {
  const client = await openOAuthClient({
    manager,
    issuer: provider.issuer,
    clientId: "posting",
    account: "with another secret",
    authentication: { type: "secret-post", secret: "quite another secret" },
  });
  await assert.rejects(clientCredentials(client), (error) => {
    assert.ok(error instanceof OAuthError);
    assert.equal(error.code, "OAUTH_REFUSED");
    assert.equal(error.error, "invalid_client");
    assert.equal(error.peer, new URL(provider.issuer).host);
    assert.equal(client.tokens.current(), undefined);
    return true;
  });
});
