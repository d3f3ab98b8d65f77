import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { AuthenticationError } from "@fairlead/core";
import {
  clientCredentials,
  OAuthError,
  openOAuthClient,
  type ClientAuthentication,
  type TokenSet,
} from "@fairlead/oauth";
import fc from "fast-check";
import { exactly, startLiar } from "../fixtures/liar.ts";
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

test("whatever a server answers, there are tokens or an error that says what is wrong", async () => {
  let answer: unknown;
  await using liar = await startLiar({ token: () => exactly(JSON.stringify(answer)) });
  const client = await openOAuthClient({ manager, issuer: liar.issuer, clientId: "tool" });
  const value = fc.oneof(fc.string(), fc.string({ minLength: 1, unit: "grapheme" }), fc.json(), fc.jsonValue());
  const members = fc.constantFrom(
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "scope",
    "id_token",
    "error",
  );
  const bearer = fc.constant({ access_token: "a", token_type: "bearer" });
  const answers = fc.oneof(
    fc.jsonValue(),
    fc.tuple(bearer, fc.dictionary(members, value)).map(([good, wrong]) => ({ ...good, ...wrong })),
  );
  const property = fc.asyncProperty(answers, async (given) => {
    answer = given;
    const outcome = await clientCredentials(client).catch((error: unknown) => error);
    if (outcome instanceof AuthenticationError) assert.match(outcome.code, /^OAUTH_/);
    else assert.match((outcome as TokenSet).accessToken, /^[\x20-\x7e]+$/);
  });
  await fc.assert(property, { numRuns: 200 });
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
