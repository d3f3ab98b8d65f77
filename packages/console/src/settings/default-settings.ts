import { DEFAULT_TIMEOUTS } from "@fairlead/access";
import type { TlsChoice } from "@fairlead/widgets/tls-settings";
import type { ConsoleSettings } from "../protocol/index.ts";

/** What `openNetworkAccessManager` does where nothing is said. */
export function defaultSettings(tls: TlsChoice, store: string): ConsoleSettings {
  const { resolve, connect, secure, request, response, body } = DEFAULT_TIMEOUTS;
  return {
    tls,
    store,
    proxy: { type: "environment" },
    redirect: "no-less-safe",
    timeouts: { resolve, connect, secure, request, response, body, total: null },
    http2: true,
    cookies: true,
    cache: true,
    hstsPreload: true,
    dangerous: { sendSecretsInTheClear: false },
  };
}
