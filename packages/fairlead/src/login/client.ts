import type { NetworkAccessManager } from "@fairlead/access";
import type { LoginRecord } from "@fairlead/http/authentication";
import type { ClientAuthentication, OAuthClient, OAuthClientOptions } from "@fairlead/oauth";

/** Opens the client of a login: without asking the server what it has said of itself. */
export async function openLoginClient(record: LoginRecord, manager: NetworkAccessManager): Promise<OAuthClient> {
  const { openOAuthClient } = await import("@fairlead/oauth");
  const { issuer, clientId, clientSecret, account, scope } = record;
  // Whoever opens the client checks what the server has said.
  const server = record.server as unknown as NonNullable<OAuthClientOptions["server"]>;
  return openOAuthClient({
    manager,
    issuer,
    server,
    clientId,
    authentication: authenticationBy(clientSecret),
    account,
    scope,
  });
}

/** How a client says who it is. */
export function authenticationBy(secret: string | undefined): ClientAuthentication {
  return secret === undefined ? { type: "none" } : { type: "secret-basic", secret };
}
