import {
  cipherNames,
  groupNames,
  type ChosenAnchors,
  type ChosenIdentity,
  type OfferedBackend,
  type OfferedCertificate,
  type OfferedTls,
  type TlsChoice,
} from "@fairlead/widgets/tls-settings";
import type { ChosenProxy, ChosenTimeouts, ConsoleSettings, OfferedStore, SettingsPage } from "../../protocol/index.ts";
import { flag, list, nullable, number, object, oneOf, type Reader, text, UnreadableValue, variant } from "./reader.ts";

const version = oneOf("TLSv1.2", "TLSv1.3");

const own = object<Extract<ChosenAnchors, { readonly type: "own" }>>({ type: oneOf("own"), fingerprints: list(text) });

const others = object<Exclude<ChosenAnchors, { readonly type: "own" }>>({
  type: oneOf("default", "system", "bundled"),
});

const anchors: Reader<ChosenAnchors> = (value) => (object({ type: text })(value).type === "own" ? own : others)(value);

const identity = variant<"type", ChosenIdentity>("type", {
  ask: object({ type: oneOf("ask") }),
  none: object({ type: oneOf("none") }),
  one: object({ type: oneOf("one"), fingerprint: text }),
});

const tls = object<TlsChoice>({
  backend: text,
  minVersion: version,
  maxVersion: version,
  groups: nullable(list(oneOf(...groupNames))),
  ciphers: nullable(list(oneOf(...cipherNames))),
  anchors,
  pins: list(text),
  identity,
  rememberIntermediates: flag,
  fetchIntermediates: flag,
  earlyData: flag,
  dangerous: object({ acceptAnyCertificate: flag, acceptPinnedKeyAlone: flag, logKeys: flag }),
});

const proxy = variant<"type", ChosenProxy>("type", {
  environment: object({ type: oneOf("environment") }),
  none: object({ type: oneOf("none") }),
  url: object({ type: oneOf("url"), url: text }),
  pac: object({ type: oneOf("pac"), url: text }),
});

const timeouts = object<ChosenTimeouts>({
  resolve: number,
  connect: number,
  secure: number,
  request: number,
  response: number,
  body: number,
  total: nullable(number),
});

const settings = object<ConsoleSettings>({
  tls,
  store: text,
  proxy,
  redirect: oneOf("no-less-safe", "ask", "same-origin", "same-site", "manual", "error"),
  timeouts,
  http2: flag,
  cookies: flag,
  cache: flag,
  hstsPreload: flag,
  dangerous: object({ sendSecretsInTheClear: flag }),
});

const thereBackend = object<Extract<OfferedBackend, { readonly available: true }>>({
  name: text,
  available: literally(true),
  library: object({ name: text, version: text }),
  capabilities: object({
    versions: list(version),
    groups: list(oneOf(...groupNames)),
    ciphers: list(oneOf(...cipherNames)),
    earlyData: flag,
    keyLog: flag,
  }),
  canAskForIdentity: flag,
});

const missingBackend = object<Extract<OfferedBackend, { readonly available: false }>>({
  name: text,
  available: literally(false),
  reason: text,
});

const backend: Reader<OfferedBackend> = (value) =>
  object({ available: flag })(value).available ? thereBackend(value) : missingBackend(value);

const certificate = object<OfferedCertificate>({ fingerprint: text, subject: text, notAfter: text });

/** How the manager was opened, and what there is to choose from. */
export const readSettingsPage = object<SettingsPage>({
  settings,
  offered: object({
    tls: object<OfferedTls>({ backends: list(backend), authorities: list(certificate), identities: list(certificate) }),
    stores: list(object<OfferedStore>({ id: text, description: text, isKept: flag })),
  }),
  isChangeable: flag,
});

function literally<const T extends boolean>(expected: T): Reader<T> {
  return (value) => {
    if (value === expected) return expected;
    throw new UnreadableValue(`this is not ${String(expected)}`);
  };
}
