import type { OAuthClient } from "../client/oauth-client.ts";
import type { FlowOptions } from "./flow-options.ts";
import { revoke } from "./revoke.ts";

/** How somebody signs out. */
export interface LogoutOptions extends FlowOptions {
  /**
   * Shows the page where the server ends its own session, too, where it has one: to the browser that signed in. Without it
   * whoever sits there is signed in at once when asked the next time.
   */
  readonly onLogoutUrl?: (url: URL) => void | Promise<void>;
  /** Where the browser goes from there, as it is registered. */
  readonly redirectUri?: string | URL;
}

/**
 * Forgets the client's tokens, first of all, and has the server take them no longer, where it can do that.
 *
 * @throws what `revoke` throws: the tokens are forgotten here, and maybe not there.
 * @see RFC 7009, OpenID Connect RP-Initiated Logout section 2
 */
export async function logout(
  client: OAuthClient,
  { signal, onLogoutUrl, redirectUri }: LogoutOptions = {},
): Promise<void> {
  const { tokens, server, options } = client;
  const last = tokens.current();
  if (last === undefined) return;
  await tokens.forget();
  if (server.revocation_endpoint !== undefined) {
    const stop = signal === undefined ? {} : { signal };
    if (last.refreshToken !== undefined) await revoke(client, last.refreshToken, { hint: "refresh_token", ...stop });
    await revoke(client, last.accessToken, { hint: "access_token", ...stop });
  }
  if (server.end_session_endpoint === undefined || onLogoutUrl === undefined) return;
  const url = new URL(server.end_session_endpoint);
  url.searchParams.set("client_id", options.clientId);
  if (last.idToken !== undefined) url.searchParams.set("id_token_hint", last.idToken);
  if (redirectUri !== undefined) url.searchParams.set("post_logout_redirect_uri", String(redirectUri));
  await onLogoutUrl(url);
}
