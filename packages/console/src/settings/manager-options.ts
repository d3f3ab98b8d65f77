import { getCACertificates } from "node:tls";
import type { NetworkAccessManagerOptions } from "@fairlead/access";
import type { RedirectPolicy } from "@fairlead/http/redirects";
import type { TlsBackend, TlsIdentity, TlsTrust } from "@fairlead/tls";
import type { TlsChoice } from "@fairlead/widgets/tls-settings";
import type { ChosenProxy, ConsoleSettings } from "../protocol/index.ts";

/** What the names and fingerprints of settings stand for. */
export interface SettingsMeans {
  /** @returns `undefined` for a name that is not offered. */
  readonly backend: (name: string) => TlsBackend | undefined;
  /** PEM, by the fingerprint of an authority of the user's own. */
  readonly authority: (fingerprint: string) => string | undefined;
  /** Authorities that are trusted beside whatever is chosen, PEM. */
  readonly alsoTrusted?: readonly string[];
  readonly identity: (fingerprint: string) => TlsIdentity | undefined;
  /** Takes the secrets of connections where `dangerous.logKeys` is on. */
  readonly onKeyLog?: ((line: string) => void) | undefined;
}

/** What `openNetworkAccessManager` is given for settings; the store, names and questions are whoever opens it to add. */
export type ChosenOptions = Pick<
  NetworkAccessManagerOptions,
  "tls" | "proxy" | "redirect" | "timeouts" | "http2" | "cookies" | "cache" | "hsts" | "authentication"
>;

/** Makes a manager's options of settings that `readSettings` has read. What is weaker lands under `dangerous`. */
export function managerOptions(settings: ConsoleSettings, means: SettingsMeans): ChosenOptions {
  const { tls, proxy, redirect, timeouts, http2, cookies, cache, hstsPreload, dangerous } = settings;
  const way = proxyOf(proxy);
  return {
    tls: tlsSettings(tls, means),
    ...(way !== undefined && { proxy: way }),
    redirect: { type: redirect } satisfies RedirectPolicy,
    timeouts: { ...timeouts, total: timeouts.total ?? Number.POSITIVE_INFINITY },
    http2,
    cookies,
    ...(!cache && { cache: false }),
    hsts: { preload: hstsPreload },
    ...(dangerous.sendSecretsInTheClear && { authentication: { dangerous: { sendSecretsInTheClear: true } } }),
  };
}

/** The `tls` of `openNetworkAccessManager` for what was chosen in `<fairlead-tls-settings>`. */
export function tlsSettings(choice: TlsChoice, means: SettingsMeans): NonNullable<NetworkAccessManagerOptions["tls"]> {
  const backend = means.backend(choice.backend);
  const { identity, dangerous, groups, ciphers } = choice;
  const shown = identity.type === "one" ? means.identity(identity.fingerprint) : undefined;
  const onKeyLog = dangerous.logKeys ? means.onKeyLog : undefined;
  return {
    ...(backend && { backend }),
    minVersion: choice.minVersion,
    maxVersion: choice.maxVersion,
    ...(groups && { groups }),
    ...(ciphers && { ciphers }),
    trust: trustOf(choice, means),
    ...(shown && { identity: shown }),
    intermediates: { remember: choice.rememberIntermediates, fetchMissing: choice.fetchIntermediates },
    earlyData: choice.earlyData,
    dangerous: {
      ...(dangerous.acceptAnyCertificate && { acceptAnyCertificate: true }),
      ...(onKeyLog && { onKeyLog }),
    },
  };
}

function trustOf({ anchors, pins, dangerous }: TlsChoice, means: SettingsMeans): TlsTrust {
  const within = anchorsOf(anchors, means);
  if (pins.length === 0) return within;
  return {
    type: "pinned",
    pins,
    within,
    ...(dangerous.acceptPinnedKeyAlone && { dangerous: { acceptPinnedKeyAlone: true } }),
  };
}

function anchorsOf(
  anchors: TlsChoice["anchors"],
  { authority, alsoTrusted = [] }: SettingsMeans,
): Exclude<TlsTrust, { readonly type: "pinned" }> {
  if (anchors.type === "own") {
    const own = anchors.fingerprints.flatMap((each) => authority(each) ?? []);
    return { type: "anchors", certificates: [...own, ...alsoTrusted] };
  }
  if (alsoTrusted.length === 0) return anchors;
  return { type: "anchors", certificates: [...getCACertificates(anchors.type), ...alsoTrusted] };
}

/** `undefined` is what the environment says. */
function proxyOf(proxy: ChosenProxy): NetworkAccessManagerOptions["proxy"] {
  switch (proxy.type) {
    case "environment":
      return "environment";
    case "none":
      return "none";
    case "url":
      return proxy.url;
    case "pac":
      return { pac: proxy.url };
  }
}
