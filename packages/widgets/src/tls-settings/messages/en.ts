import type { TlsSettingsMessages } from "./messages.ts";

/** What the TLS settings say, in English. */
export const tlsSettings: TlsSettingsMessages = {
  label: "TLS settings",
};
