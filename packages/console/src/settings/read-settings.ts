import { UsageError } from "@fairlead/core";
import {
  type ChosenAnchors,
  type ChosenIdentity,
  cipherNames,
  groupNames,
  problemsOf,
  type TlsChoice,
} from "@fairlead/widgets/tls-settings";
import {
  type ChosenProxy,
  type ChosenRedirects,
  type ChosenTimeouts,
  type ConsoleSettings,
  type SettingsPage,
  timedPhases,
} from "../protocol/index.ts";

/**
 * Reads settings as they came from a page: all of it is there and of its kind, can be carried out with what is offered, and
 * nothing else is taken over.
 *
 * @throws UsageError OPTION_INVALID, which names the setting.
 */
export function readSettings(given: unknown, offered: SettingsPage["offered"]): ConsoleSettings {
  const settings = recordOf("settings", given);
  const { tls, store, proxy, redirect, timeouts, dangerous } = settings;
  const { sendSecretsInTheClear } = recordOf("dangerous", dangerous);
  const read: ConsoleSettings = {
    tls: readTls(tls),
    store: textOf("store", store),
    proxy: readProxy(proxy),
    redirect: oneOf("redirect", redirect, redirects),
    timeouts: readTimeouts(timeouts),
    http2: flagOf("http2", settings["http2"]),
    cookies: flagOf("cookies", settings["cookies"]),
    cache: flagOf("cache", settings["cache"]),
    hstsPreload: flagOf("hstsPreload", settings["hstsPreload"]),
    dangerous: { sendSecretsInTheClear: flagOf("dangerous.sendSecretsInTheClear", sendSecretsInTheClear) },
  };
  if (!offered.stores.some(({ id }) => id === read.store)) throw invalid("store", "take one that is offered");
  const [problem] = problemsOf(read.tls, offered.tls);
  if (problem !== undefined) throw invalid(`tls: ${problem}`, "take what the backend's capabilities have");
  return read;
}

const redirects: readonly ChosenRedirects[] = ["no-less-safe", "ask", "same-origin", "same-site", "manual", "error"];
const versions = ["TLSv1.2", "TLSv1.3"] as const;
const proxySchemes: ReadonlySet<string> = new Set(["http:", "https:", "socks4a:", "socks5:"]);
/** Node's timers hold no more. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;
const TEXT_LIMIT = 4_096;
const LIST_LIMIT = 256;

function readTls(given: unknown): TlsChoice {
  const tls = recordOf("tls", given);
  const dangerous = recordOf("tls.dangerous", tls["dangerous"]);
  return {
    backend: textOf("tls.backend", tls["backend"]),
    minVersion: oneOf("tls.minVersion", tls["minVersion"], versions),
    maxVersion: oneOf("tls.maxVersion", tls["maxVersion"], versions),
    groups: tls["groups"] === null ? null : listOf("tls.groups", tls["groups"], groupNames),
    ciphers: tls["ciphers"] === null ? null : listOf("tls.ciphers", tls["ciphers"], cipherNames),
    anchors: readAnchors(tls["anchors"]),
    pins: textsOf("tls.pins", tls["pins"]),
    identity: readIdentity(tls["identity"]),
    rememberIntermediates: flagOf("tls.rememberIntermediates", tls["rememberIntermediates"]),
    fetchIntermediates: flagOf("tls.fetchIntermediates", tls["fetchIntermediates"]),
    earlyData: flagOf("tls.earlyData", tls["earlyData"]),
    dangerous: {
      acceptAnyCertificate: flagOf("tls.dangerous.acceptAnyCertificate", dangerous["acceptAnyCertificate"]),
      acceptPinnedKeyAlone: flagOf("tls.dangerous.acceptPinnedKeyAlone", dangerous["acceptPinnedKeyAlone"]),
      logKeys: flagOf("tls.dangerous.logKeys", dangerous["logKeys"]),
    },
  };
}

function readAnchors(given: unknown): ChosenAnchors {
  const { type, fingerprints } = recordOf("tls.anchors", given);
  const kind = oneOf("tls.anchors.type", type, ["default", "system", "bundled", "own"] as const);
  return kind === "own" ? { type: kind, fingerprints: textsOf("tls.anchors", fingerprints) } : { type: kind };
}

function readIdentity(given: unknown): ChosenIdentity {
  const { type, fingerprint } = recordOf("tls.identity", given);
  const kind = oneOf("tls.identity.type", type, ["ask", "none", "one"] as const);
  return kind === "one" ? { type: kind, fingerprint: textOf("tls.identity", fingerprint) } : { type: kind };
}

function readProxy(given: unknown): ChosenProxy {
  const { type, url } = recordOf("proxy", given);
  const kind = oneOf("proxy.type", type, ["environment", "none", "url", "pac"] as const);
  if (kind === "environment" || kind === "none") return { type: kind };
  const parsed = URL.parse(textOf("proxy.url", url));
  // A script of this machine's files would be read by whoever can reach the page.
  const isGood = kind === "url" ? proxySchemes.has(parsed?.protocol ?? "") : /^https?:$/.test(parsed?.protocol ?? "");
  if (parsed === null || !isGood || parsed.hostname === "") {
    throw invalid(
      "proxy.url",
      kind === "url" ? "give it as http://HOST:PORT or socks5://HOST:PORT" : "give an http URL",
    );
  }
  // They would be shown to whoever looks.
  if (parsed.username !== "" || parsed.password !== "") {
    throw invalid("proxy.url", "leave name and password out: they are asked for");
  }
  return { type: kind, url: parsed.href };
}

function readTimeouts(given: unknown): ChosenTimeouts {
  const timeouts = recordOf("timeouts", given);
  const [resolve, connect, secure, request, response, body, total] = timedPhases.map((phase) => {
    const milliseconds = timeouts[phase];
    if (phase === "total" && milliseconds === null) return Number.POSITIVE_INFINITY;
    const isGood = typeof milliseconds === "number" && milliseconds >= 1 && milliseconds <= LONGEST_MILLISECONDS;
    if (!isGood) throw invalid(`timeouts.${phase}`, "give milliseconds, 1 at least");
    return milliseconds;
  }) as [number, number, number, number, number, number, number];
  return { resolve, connect, secure, request, response, body, total: Number.isFinite(total) ? total : null };
}

function recordOf(name: string, given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return { ...given };
  throw invalid(name, "give an object");
}

function textOf(name: string, given: unknown): string {
  if (typeof given === "string" && given.length <= TEXT_LIMIT) return given;
  throw invalid(name, `give a text of ${TEXT_LIMIT.toString()} characters at the most`);
}

function flagOf(name: string, given: unknown): boolean {
  if (typeof given === "boolean") return given;
  throw invalid(name, "give true or false");
}

function textsOf(name: string, given: unknown): readonly string[] {
  if (Array.isArray(given) && given.length <= LIST_LIMIT) return given.map((each) => textOf(name, each));
  throw invalid(name, "give a list");
}

function listOf<T extends string>(name: string, given: unknown, known: readonly T[]): readonly T[] {
  return textsOf(name, given).map((each) => oneOf(name, each, known));
}

function oneOf<T extends string>(name: string, given: unknown, known: readonly T[]): T {
  const found = known.find((each) => each === given);
  if (found !== undefined) return found;
  throw invalid(name, `give ${known.join(", ")}`);
}

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "change the settings", detail, remedy });
}
