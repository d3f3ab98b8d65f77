import { UsageError } from "@fairlead/core";
import type { webcrypto } from "node:crypto";
import type { AuthorizationServer } from "oauth4webapi";
import type { TokenKeeper, TokenSet } from "../tokens/token-set.ts";
import { discover } from "./discover.ts";
import { loadLibrary } from "./library.ts";
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
  return {
    options,
    server,
    manager: options.manager,
    tokens: memoryKeeper(),
    proofKey: await proofKeyOf(options, server),
  };
}

/** @throws UsageError OPTION_INVALID */
function checkOptions({ clientId, authentication, clockToleranceSeconds = 30 }: OAuthClientOptions): void {
  const detail =
    clientId === ""
      ? "clientId is empty"
      : authentication !== undefined && "secret" in authentication && authentication.secret === ""
        ? "authentication.secret is empty"
        : Number.isFinite(clockToleranceSeconds) && clockToleranceSeconds >= 0
          ? undefined
          : "clockToleranceSeconds is no number of seconds";
  if (detail !== undefined) throw new UsageError("OPTION_INVALID", { operation: "open OAuth client", detail });
}

async function proofKeyOf(
  { dpop }: OAuthClientOptions,
  server: AuthorizationServer,
): Promise<webcrypto.CryptoKeyPair | undefined> {
  const isWanted = dpop ?? server.dpop_signing_alg_values_supported?.includes("ES256") ?? false;
  return isWanted ? (await loadLibrary()).generateKeyPair("ES256") : undefined;
}

function memoryKeeper(): TokenKeeper {
  let kept: TokenSet | undefined;
  return {
    current: () => kept,
    keep: (tokens) => {
      kept = tokens;
      return Promise.resolve();
    },
    forget: () => {
      kept = undefined;
      return Promise.resolve();
    },
  };
}
