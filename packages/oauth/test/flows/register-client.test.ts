import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { clientCredentials, openOAuthClient, registerClient, unregisterClient } from "@fairlead/oauth";
import { assertNoSecrets } from "../fixtures/assert-no-secrets.ts";
import { refuse, startLiar } from "../fixtures/liar.ts";
import { startProvider } from "../fixtures/provider.ts";

let manager: NetworkAccessManager;

before(async () => {
  manager = await openNetworkAccessManager();
});

after(() => manager.close());

test("a client registers, uses what it was given, and ends its registration", async () => {
  await using provider = await startProvider();
  const { issuer } = provider;
  const registered = await registerClient(
    { manager, issuer },
    {
      redirect_uris: [],
      response_types: [],
      grant_types: ["client_credentials"],
      token_endpoint_auth_method: "client_secret_basic",
    },
  );
  const { clientId, clientSecret: secret = "", management } = registered;
  assert.ok(management);
  const client = await openOAuthClient({ manager, issuer, clientId, authentication: { type: "secret-basic", secret } });
  assert.ok((await clientCredentials(client)).accessToken);

  await unregisterClient({ manager, issuer }, management);
  await assert.rejects(clientCredentials(client), { code: "OAUTH_REFUSED", error: "invalid_client" });
  await assert.rejects(unregisterClient({ manager, issuer }, management), { code: "OAUTH_RESPONSE_INVALID" });
});

test("what a server refuses is its error", async () => {
  await using provider = await startProvider();
  await assert.rejects(registerClient({ manager, issuer: provider.issuer }, { redirect_uris: ["not a URL"] }), {
    code: "OAUTH_REFUSED",
    error: "invalid_redirect_uri",
  });
});

const lies: readonly (readonly [title: string, members: Record<string, unknown>])[] = [
  ["has no name", { client_id: undefined }],
  ["has a secret that is none", { client_secret: 1 }],
  ["is managed without TLS", { registration_client_uri: "http://127.0.0.1.example/r", registration_access_token: "t" }],
  ["is managed by a program", { registration_client_uri: "javascript:alert(1)", registration_access_token: "t" }],
];
for (const [title, wrong] of lies) {
  test(`a client that ${title} is not registered`, async () => {
    await using liar = await startLiar({
      registration: (response) => {
        const body = JSON.stringify({ client_id: "c", ...wrong });
        response.writeHead(201, { "content-type": "application/json" }).end(body);
      },
    });
    await assert.rejects(registerClient({ manager, issuer: liar.issuer }, {}), (error) => {
      assert.equal((error as { readonly code?: unknown }).code, "OAUTH_RESPONSE_INVALID", String(error));
      return true;
    });
  });
}

test("the token that lets one register is told in no error", async () => {
  const initialAccessToken = "initial-token-that-nobody-may-see";
  await using liar = await startLiar({
    registration: refuse(401, { error: "invalid_token", error_description: `no: ${initialAccessToken}` }),
  });
  await assert.rejects(registerClient({ manager, issuer: liar.issuer }, {}, { initialAccessToken }), (error) => {
    assertNoSecrets(error, [initialAccessToken]);
    return true;
  });
});
