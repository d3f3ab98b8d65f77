import { randomBytes } from "node:crypto";
import type { NetworkAccessManager } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import type { OAuthClient, TokenSet } from "@fairlead/oauth";
import type { Store } from "@fairlead/store";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatMoment } from "../terminal/quantities.ts";
import { printable } from "../terminal/printable.ts";
import { authenticationBy } from "./client.ts";
import { keepLogin, readLogins } from "./logins.ts";
import { openLoginManager } from "./manager.ts";
import type { LoginPlan } from "./plan.ts";
import { openSealed } from "./sealed-store.ts";
import { readSecretFile } from "./secret-file.ts";

/** Carries out `fairlead login`. @returns the exit code. */
export async function performLogin(plan: LoginPlan, surroundings: Surroundings): Promise<number> {
  const { stdout, signal } = surroundings;
  const secret = plan.clientSecretFile === undefined ? undefined : await readSecretFile(plan.clientSecretFile);
  await using store = await openSealed(plan, surroundings);
  await using access = await openLoginManager(plan, store);
  const { openOAuthClient } = await import("@fairlead/oauth");
  const { clientId, clientSecret } = await identify(plan, secret, store, access.manager, signal);
  const issuer = plan.issuer.href;
  const { scope, origins, account } = plan;
  const client = await openOAuthClient(
    { manager: access.manager, issuer, clientId, authentication: authenticationBy(clientSecret), scope, account },
    { signal },
  );
  const tokens = await signIn(client, plan, surroundings);
  // What is JSON already; nothing of it is a function.
  const server = client.server as unknown as Readonly<Record<string, unknown>>;
  keepLogin(store, {
    issuer,
    clientId,
    clientSecret,
    account,
    id: randomBytes(6).toString("hex"),
    scope,
    origins,
    server,
  });
  await store.flush();
  for (const line of describeLogin(plan, tokens)) stdout.write(`${printable(line)}\n`);
  return exitCodes.ok.code;
}

interface ClientIdentity {
  readonly clientId: string;
  readonly clientSecret: string | undefined;
}

/** Who the program is at the server: as it was told, as it was the last time, or as it registers now. */
async function identify(
  { issuer, clientId, account, way }: LoginPlan,
  clientSecret: string | undefined,
  store: Store,
  manager: NetworkAccessManager,
  signal: AbortSignal,
): Promise<ClientIdentity> {
  if (clientId !== undefined) return { clientId, clientSecret };
  const [before] = readLogins(store, { issuer: issuer.href, account });
  if (before !== undefined) return before;
  const { registerClient } = await import("@fairlead/oauth");
  const device = way === "device" ? ["urn:ietf:params:oauth:grant-type:device_code"] : [];
  try {
    return await registerClient(
      { manager, issuer },
      {
        client_name: "fairlead",
        application_type: "native",
        redirect_uris: ["http://127.0.0.1/callback"],
        response_types: ["code"],
        grant_types: ["authorization_code", "refresh_token", ...device],
        token_endpoint_auth_method: "none",
      },
      { signal },
    );
  } catch (error) {
    if (!isCodedError(error) || error.code !== "OAUTH_CAPABILITY_MISSING") throw error;
    throw new ArgumentsError(`${issuer.host} lets no program register itself; give --client-id ID`);
  }
}

async function signIn(
  client: OAuthClient,
  { way, timeoutMilliseconds }: LoginPlan,
  { stderr, signal }: Surroundings,
): Promise<TokenSet> {
  const { login, loginByDevice, openBrowser } = await import("@fairlead/oauth");
  if (way === "device") {
    return loginByDevice(client, {
      signal,
      onCode: ({ userCode, verificationUri, verificationUriComplete, expiresAt }) => {
        stderr.write(`Open ${printable(verificationUri)} on any device, and type in ${printable(userCode)}\n`);
        if (verificationUriComplete !== undefined) stderr.write(`or open ${printable(verificationUriComplete)}\n`);
        stderr.write(`It is good until ${formatMoment(expiresAt)}.\n`);
      },
    });
  }
  return login(client, {
    signal,
    timeout: timeoutMilliseconds,
    onAuthorizationUrl: async (url) => {
      // Whether a browser comes up nobody tells, so the address is there in any case.
      stderr.write(`Sign in at ${printable(url.href)}\n`);
      if (way === "browser") await openBrowser(url).catch(() => undefined);
    },
  });
}

function describeLogin(
  { issuer, account, origins }: LoginPlan,
  { claims, scope, refreshToken, expiresAt }: TokenSet,
): string[] {
  const name = [claims?.["email"], claims?.["name"], claims?.sub].find((each) => typeof each === "string");
  const who = name === undefined ? "" : ` as ${name}`;
  const named = account === "" ? "" : ` (${account})`;
  const until =
    refreshToken !== undefined || expiresAt === undefined
      ? "until you sign out, or the server says otherwise"
      : `until ${formatMoment(expiresAt)}: the server gave nothing to renew it with`;
  return [
    `Signed in at ${issuer.host}${who}${named}, ${until}.`,
    ...(scope.length === 0 ? [] : [`Granted: ${scope.join(" ")}`]),
    origins.length === 0
      ? "The token goes nowhere by itself: --for ORIGIN sends it there."
      : `'fairlead get' sends the token to ${origins.join(", ")}; --no-login sends none.`,
  ];
}
