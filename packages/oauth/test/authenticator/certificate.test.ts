import { openNetworkAccessManager } from "@fairlead/access";
import { authenticator, openOAuthClient } from "@fairlead/oauth";
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { startProvider } from "../fixtures/provider.ts";

test("tokens that are bound to the manager's certificate go by it, and name it (RFC 8705 section 3)", async () => {
  await using provider = await startProvider({ tls: true });
  const { authority, clientIdentity: identity } = provider;
  assert.ok(authority !== undefined && identity !== undefined);
  const trust = { type: "anchors", certificates: [authority.certificate] } as const;
  await using manager = await openNetworkAccessManager({ tls: { trust, identity } });
  const client = await openOAuthClient({
    manager,
    issuer: provider.issuer,
    clientId: "certified",
    authentication: { type: "certificate" },
    scope: ["read"],
    dpop: false,
  });
  const speaker = authenticator(client, { origins: [provider.issuer], speaksFor: "client" });
  const reply = await manager.request(`${provider.issuer}/me`, { authenticator: speaker });
  await reply.bytes();
  const { accessToken = "", tokenType } = client.tokens.current() ?? {};
  assert.equal(tokenType, "bearer");
  const kept = await provider.provider.ClientCredentials.find(accessToken);
  const { raw } = new X509Certificate(identity.certificate);
  assert.equal(kept?.["x5t#S256"], createHash("sha256").update(raw).digest("base64url"));
  assert.ok(reply.transaction.hops[0]?.connection?.tls?.clientIdentity !== undefined);
});
