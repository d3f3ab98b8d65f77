import type { NetworkAccessManager, RequestAuthenticator } from "@fairlead/access";
import type { LoginRecord } from "@fairlead/http/authentication";
import { openLoginClient } from "../login/client.ts";

/**
 * Sends the tokens of a login to its origins. Nothing of OAuth is loaded before a request goes there.
 *
 * @param manager asked for when it is needed first, as the manager that this is for asks the authorization server, too.
 */
export function signedIn(record: LoginRecord, manager: () => NetworkAccessManager): RequestAuthenticator {
  const { issuer, id, origins, server } = record;
  // Whoever asks there for tokens has none to send.
  const endpoints = new Set(Object.values(server));
  let opening: Promise<RequestAuthenticator> | undefined;
  let opened: RequestAuthenticator | undefined;
  const open = async (): Promise<RequestAuthenticator> => {
    const { authenticator } = await import("@fairlead/oauth");
    opened = authenticator(await openLoginClient(record, manager()), { origins });
    return opened;
  };
  return {
    identity: `login ${id} at ${issuer}`,
    covers: ({ origin, pathname }) => origins.includes(origin) && !endpoints.has(origin + pathname),
    authenticate: async (request) => (await (opening ??= open())).authenticate(request),
    refused: async (request, refusal) => (await opened?.refused?.(request, refusal)) ?? false,
    answered: (request, answer) => opened?.answered?.(request, answer),
  };
}
