import type { TlsSettingsMessages } from "./messages.ts";

/** What the TLS settings say, in Arabic. */
export const tlsSettings: TlsSettingsMessages = {
  label: "إعدادات TLS",
};
