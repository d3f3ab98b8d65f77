import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { clientCredentials, introspect, openOAuthClient } from "@fairlead/oauth";
import { startProvider, type TestProvider } from "../fixtures/provider.ts";

let provider: TestProvider;
let certified: NetworkAccessManager;
let stranger: NetworkAccessManager;

before(async () => {
  provider = await startProvider({ tls: true });
  const { authority, clientIdentity } = provider;
  assert.ok(authority && clientIdentity);
  const trust = { type: "anchors", certificates: [authority.certificate] } as const;
  certified = await openNetworkAccessManager({ tls: { trust, identity: clientIdentity } });
  stranger = await openNetworkAccessManager({ tls: { trust } });
});

after(async () => {
  await certified.close();
  await stranger.close();
  await provider[Symbol.asyncDispose]();
});

test("the manager's certificate says who the client is, and the tokens are bound to it (RFC 8705)", async () => {
  const client = await openOAuthClient({
    manager: certified,
    issuer: provider.issuer,
    clientId: "certified",
    authentication: { type: "certificate" },
    scope: ["read"],
    dpop: false,
  });
  const tokens = await clientCredentials(client);
  const { active, cnf } = await introspect(client, tokens.accessToken);
  assert.equal(active, true);
  const leaf = new X509Certificate(provider.clientIdentity?.leaf ?? "");
  const thumbprint = Buffer.from(leaf.fingerprint256.replaceAll(":", ""), "hex").toString("base64url");
  assert.equal(cnf?.["x5t#S256"], thumbprint);
});

test("who has not the certificate is not the client", async () => {
  const client = await openOAuthClient({
    manager: stranger,
    issuer: provider.issuer,
    clientId: "certified",
    authentication: { type: "certificate" },
  });
  await assert.rejects(clientCredentials(client), { code: "OAUTH_REFUSED", error: "invalid_client" });
});

test("a server that wants certificates at other addresses is asked there", async () => {
  const { origin } = new URL(provider.issuer);
  const asked: string[] = [];
  const server = {
    issuer: provider.issuer,
    token_endpoint: `${origin}/token?plain`,
    mtls_endpoint_aliases: { token_endpoint: `${origin}/token?alias` },
  };
  const observing = certified.observe({
    requestStarted: ({ url }) => {
      asked.push(url);
      return undefined;
    },
  });
  const client = await openOAuthClient({
    manager: certified,
    issuer: provider.issuer,
    server,
    clientId: "certified",
    authentication: { type: "certificate" },
  });
  assert.ok((await clientCredentials(client)).accessToken);
  observing[Symbol.dispose]();
  assert.deepEqual(asked, [`${origin}/token?alias`]);
});
