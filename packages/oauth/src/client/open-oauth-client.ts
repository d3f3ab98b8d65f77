import type { webcrypto } from "node:crypto";
import { openTokenKeeper } from "../tokens/open-token-keeper.ts";
import { checkOptions } from "./check-options.ts";
import { discover } from "./discover.ts";
import { DEFAULT_TIMEOUT_MILLISECONDS } from "./manager-fetch.ts";
import type { OAuthClient } from "./oauth-client.ts";
import type { OAuthClientOptions } from "./options.ts";

/**
 * Opens a client of an authorization server: finds out what the server says of itself, and where the client's tokens are.
 *
 * @throws UsageError OPTION_INVALID; AuthenticationError OAUTH_ISSUER_MISMATCH, OAUTH_RESPONSE_INVALID,
 * OAUTH_CAPABILITY_MISSING, OAUTH_UNAVAILABLE; what `request` throws; or the signal's reason.
 *
 * @example
 * const client = await openOAuthClient({ manager, issuer: "https://login.example", clientId: "tool", scope: ["openid"] });
 * const { claims } = client.tokens.current() ?? (await login(client));
 */
export async function openOAuthClient(
  options: OAuthClientOptions,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<OAuthClient> {
  checkOptions(options);
  const server = await discover(options, signal);
  const { manager, clientId, account = "", resource, timeout = DEFAULT_TIMEOUT_MILLISECONDS, dangerous } = options;
  const tokens = await openTokenKeeper(manager.store, {
    issuer: server.issuer,
    clientId,
    // Tokens for one resource are no tokens for another.
    account: resource === undefined ? account : `${account} for ${String(resource)}`,
    bindsTokens: options.dpop ?? server.dpop_signing_alg_values_supported?.includes("ES256") ?? false,
    // A request that has to bring a nonce is made twice.
    turnMilliseconds: 2 * timeout,
    inTheClear: dangerous?.keepTokensInTheClear ?? false,
  });
  return {
    options,
    server,
    manager,
    tokens,
    get proofKey(): webcrypto.CryptoKeyPair | undefined {
      return tokens.proofKey;
    },
  };
}
