import { defaultChoice, type AvailableBackend } from "@fairlead/widgets/tls-settings";
import type { SettingsPage } from "../../src/protocol/index.ts";

const backend: AvailableBackend = {
  name: "node",
  available: true,
  library: { name: "OpenSSL", version: "3.5.8" },
  canAskForIdentity: false,
  capabilities: {
    versions: ["TLSv1.2", "TLSv1.3"],
    groups: ["X25519MLKEM768", "x25519", "secp256r1", "secp384r1", "ffdhe2048"],
    ciphers: ["AES_256_GCM", "AES_128_GCM", "CHACHA20_POLY1305"],
    earlyData: false,
    keyLog: true,
  },
};

/** Settings as a console has them that was just started. */
export const fakeSettings: SettingsPage = {
  isChangeable: true,
  settings: {
    tls: defaultChoice(backend),
    store: "memory",
    proxy: { type: "environment" },
    redirect: "no-less-safe",
    timeouts: {
      resolve: 10_000,
      connect: 10_000,
      secure: 10_000,
      request: 300_000,
      response: 300_000,
      body: 300_000,
      total: null,
    },
    http2: true,
    cookies: true,
    cache: true,
    hstsPreload: true,
    dangerous: { sendSecretsInTheClear: false },
  },
  offered: {
    tls: { backends: [backend], authorities: [], identities: [] },
    stores: [
      { id: "memory", description: "memory", isKept: false },
      { id: "state", description: "~/.local/state/fairlead", isKept: true },
    ],
  },
};
