import type { CacheMode } from "@fairlead/http/cache";
import type { DownloadOptions, RouteSettings } from "@fairlead/access";
import { digestAlgorithms, parseDigestText, type DigestAlgorithm } from "@fairlead/http/digest-fields";
import { parseProxy } from "@fairlead/http/proxies";
import type { RedirectPolicy } from "@fairlead/http/redirects";
import { ArgumentsError, parseArguments } from "../arguments.ts";
import { nearest } from "../suggestion.ts";
import type { LoginChoice } from "../login/logins.ts";
import { chooseKey } from "../store/key-place.ts";
import type { StoreChoice } from "../store/request.ts";
import { defaultStoreUrl } from "../state-directory.ts";
import { packageVersion } from "../version.ts";
import type { IdentityFiles } from "../identity-files.ts";
import { parseResolve } from "./resolve.ts";
import { type TlsBackendName, tlsBackendName } from "./tls-backend.ts";

/** What `fairlead get` was asked to do. */
export interface GetPlan {
  readonly url: string;
  readonly method: string;
  /** Names keep their case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** As given: text, `@FILE` or `@-`. */
  readonly data: string | undefined;
  readonly redirect: RedirectPolicy;
  readonly timeoutMilliseconds: number | undefined;
  readonly store: StoreChoice;
  /** PEM file. */
  readonly anchorsFile: string | undefined;
  /** A certificate to show to the origin of the URL, when it asks. */
  readonly clientIdentity: IdentityFiles | undefined;
  /** Who to be to the origin of the URL, when it asks; the password is asked for. */
  readonly username: string | undefined;
  /** Which of the user's logins send their tokens; `undefined` for none. */
  readonly login: LoginChoice | undefined;
  /** Whether issuers that a server does not send are fetched. */
  readonly fetchIntermediates: boolean;
  /** The manager's own default when it is not said. */
  readonly tlsBackend: TlsBackendName | undefined;
  /** The way that it goes; the environment's where nothing is said. */
  readonly route: RouteSettings;
  /** How stored responses are used; the manager's own default when it is not said. */
  readonly cacheMode: CacheMode | undefined;
  /** Addresses by host in lower case. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly output: GetOutput;
  /** What is said of a download to a file. */
  readonly download: Pick<DownloadOptions, "resume" | "digest" | "parallel">;
  /** Where an archive of all hops goes. */
  readonly harFile: string | undefined;
  readonly json: boolean;
  /** Adds the secrets of connections to the file that SSLKEYLOGFILE names. */
  readonly keyLog: boolean;
  readonly verbose: boolean;
  readonly fail: boolean;
}

/** Where the body goes. */
export type GetOutput =
  | { readonly type: "default" }
  | { readonly type: "standard-output" }
  | { readonly type: "file"; readonly path: string };

const specification = {
  options: {
    verbose: { type: "flag", short: "v" },
    output: { type: "value", short: "o" },
    resume: { type: "flag", short: "C" },
    digest: { type: "values" },
    parallel: { type: "value" },
    har: { type: "value" },
    json: { type: "flag" },
    method: { type: "value", short: "X" },
    header: { type: "values", short: "H" },
    data: { type: "value", short: "d" },
    redirect: { type: "value" },
    timeout: { type: "value" },
    store: { type: "value" },
    "store-key": { type: "value" },
    cacert: { type: "value" },
    cert: { type: "value" },
    key: { type: "value" },
    user: { type: "value", short: "u" },
    account: { type: "value" },
    "no-login": { type: "flag" },
    "fetch-intermediates": { type: "flag" },
    "tls-backend": { type: "value" },
    proxy: { type: "values" },
    "no-proxy": { type: "flag" },
    unix: { type: "value" },
    "no-cache": { type: "flag" },
    "cache-mode": { type: "value" },
    resolve: { type: "values" },
    "key-log": { type: "flag" },
    fail: { type: "flag", short: "f" },
  },
  positionals: ["URL"],
} as const;

/**
 * Reads the arguments of `fairlead get`.
 *
 * @throws ArgumentsError
 */
export function planGet(args: readonly string[], env: Readonly<Record<string, string | undefined>>): GetPlan {
  const { options, positionals } = parseArguments(specification, args);
  const [url = ""] = positionals;
  const output = outputOf(options.output);
  return {
    url,
    method: options.method ?? (options.data === undefined ? "GET" : "POST"),
    fields: fieldsOf(options.header, options.data, output),
    data: options.data,
    redirect: redirectPolicy(options.redirect ?? "no-less-safe"),
    timeoutMilliseconds: options.timeout === undefined ? undefined : parseMilliseconds(options.timeout),
    store: { url: options.store ?? defaultStoreUrl(env), key: chooseKey("--store-key", options["store-key"], env) },
    anchorsFile: options.cacert,
    clientIdentity: clientIdentity(options.cert, options.key),
    username: options.user === undefined ? undefined : parseUser(options.user),
    login: loginOf(options.account, options["no-login"]),
    fetchIntermediates: options["fetch-intermediates"],
    tlsBackend: options["tls-backend"] === undefined ? undefined : tlsBackendName(options["tls-backend"]),
    route: routeOf(options.proxy, options["no-proxy"], options.unix),
    cacheMode: cacheModeOf(options["cache-mode"], options["no-cache"]),
    addresses: parseResolve(options.resolve),
    output,
    download: downloadOf(output, options.resume, options.digest, options.parallel),
    harFile: options.har === undefined ? undefined : fileName("--har", options.har === "-" ? "" : options.har),
    json: options.json,
    keyLog: options["key-log"],
    verbose: options.verbose,
    fail: options.fail,
  };
}

/** The fields to send: ours, unless `--header` gives or removes one of the same name. */
function fieldsOf(
  headers: readonly string[],
  data: string | undefined,
  output: GetOutput,
): (readonly [string, string])[] {
  const given = headers.map(parseField);
  const named = new Set(given.map(([name]) => name.toLowerCase()));
  const ours: (readonly [string, string])[] = [
    ["Accept", "*/*"],
    // The rest of what is coded cannot be asked for: a download asks for no coding by itself.
    ...(output.type === "file" ? [] : [["Accept-Encoding", "zstd, br, gzip, deflate"] as const]),
    ["User-Agent", `fairlead/${packageVersion()}`],
  ];
  if (data !== undefined) {
    ours.push(["Content-Type", data.startsWith("@") ? "application/octet-stream" : "text/plain;charset=utf-8"]);
  }
  return [...ours.filter(([name]) => !named.has(name.toLowerCase())), ...given.filter(([, value]) => value !== "")];
}

function parseField(header: string): readonly [name: string, value: string] {
  const colon = header.indexOf(":");
  if (colon < 1) throw new ArgumentsError(`--header takes 'Name: value', not ${JSON.stringify(header)}`);
  return [header.slice(0, colon).trim(), header.slice(colon + 1).trim()];
}

/** Whoever can list processes can read arguments, and shells keep them. */
function parseUser(user: string): string {
  if (!user.includes(":")) return user;
  throw new ArgumentsError("--user takes a name; the password is asked for on the terminal, and cannot be given");
}

function loginOf(account: string | undefined, isUnwanted: boolean): LoginChoice | undefined {
  if (account !== undefined && isUnwanted) throw new ArgumentsError("give --no-login or --account, not both");
  return isUnwanted ? undefined : { account };
}

const cacheModes = ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"] as const;

function cacheModeOf(name: string | undefined, isPassedBy: boolean): CacheMode | undefined {
  if (name !== undefined && isPassedBy) throw new ArgumentsError("give --no-cache or --cache-mode, not both");
  if (name === undefined) return isPassedBy ? "no-store" : undefined;
  const mode = cacheModes.find((each) => each === name);
  if (mode !== undefined) return mode;
  throw new ArgumentsError(`--cache-mode has no mode ${JSON.stringify(name)}; it takes ${cacheModes.join(", ")}`);
}

const redirectPolicies = ["no-less-safe", "manual", "same-origin", "same-site", "ask"] as const;

function redirectPolicy(name: string): RedirectPolicy {
  const type = redirectPolicies.find((policy) => policy === name);
  if (type !== undefined) return { type };
  const suggestion = nearest(name, redirectPolicies);
  const hint = suggestion === undefined ? `; it takes ${redirectPolicies.join(", ")}` : `; did you mean ${suggestion}?`;
  throw new ArgumentsError(`--redirect has no policy ${JSON.stringify(name)}${hint}`);
}

/** Reads `--cert` and `--key`. @throws ArgumentsError */
export function clientIdentity(certificate: string | undefined, privateKey = certificate): IdentityFiles | undefined {
  if (certificate !== undefined && privateKey !== undefined) return { certificate, privateKey };
  if (privateKey === undefined) return undefined;
  throw new ArgumentsError("--key needs --cert, the certificate that it belongs to");
}

/** Reads `--proxy` and its like. Never quotes them: a proxy's URL may hold a password. @throws ArgumentsError */
export function routeOf(proxies: readonly string[], isDirect: boolean, unix: string | undefined): RouteSettings {
  const ways = [proxies.length > 0 && "--proxy", isDirect && "--no-proxy", unix !== undefined && "--unix"];
  const named = ways.filter((way) => way !== false);
  if (named.length > 1) throw new ArgumentsError(`${named.join(" and ")} exclude each other`);
  if (proxies.some((proxy) => parseProxy(proxy) === undefined)) {
    throw new ArgumentsError("--proxy takes scheme://host:port, the scheme being http, https, socks4a or socks5");
  }
  if (unix === "") throw new ArgumentsError("--unix needs the path of a socket");
  if (unix !== undefined) return { unix };
  if (isDirect) return { proxy: "none" };
  return proxies.length === 0 ? {} : { proxy: proxies };
}

/** What a timer can hold, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/**
 * Reads the value of `--timeout`, in seconds.
 *
 * @throws ArgumentsError
 */
export function parseMilliseconds(seconds: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(seconds) ? Number(seconds) * 1000 : Number.NaN;
  if (value > 0 && value <= longestTimer) return value;
  throw new ArgumentsError(`--timeout takes seconds, such as 2.5, not ${JSON.stringify(seconds)}`);
}

function downloadOf(
  output: GetOutput,
  resume: boolean,
  digests: readonly string[],
  parallel: string | undefined,
): GetPlan["download"] {
  const given = [resume && "--resume", digests.length > 0 && "--digest", parallel !== undefined && "--parallel"];
  const [first] = given.filter((option) => option !== false);
  if (first !== undefined && output.type !== "file") throw new ArgumentsError(`${first} needs --output FILE`);
  return {
    ...(resume && { resume }),
    ...(digests.length > 0 && { digest: Object.fromEntries(digests.map(digestOf)) }),
    ...(parallel !== undefined && { parallel: connectionsOf(parallel) }),
  };
}

/** `sha-256=HEX`; what is behind the sign may hold one, as base64 does. */
function digestOf(text: string): readonly [DigestAlgorithm, string] {
  const sign = text.indexOf("=");
  const algorithm = digestAlgorithms.find((known) => known === text.slice(0, sign));
  const digest = text.slice(sign + 1);
  if (algorithm !== undefined && parseDigestText(algorithm, digest) !== undefined) return [algorithm, digest];
  const names = digestAlgorithms.join(" or ");
  throw new ArgumentsError(`--digest takes ALGORITHM=DIGEST, ${names}, in hexadecimal or base64`);
}

function connectionsOf(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 16) return Number(text);
  throw new ArgumentsError(`--parallel takes a number from 1 to 16, not ${JSON.stringify(text)}`);
}

function outputOf(path: string | undefined): GetOutput {
  if (path === undefined) return { type: "default" };
  return path === "-" ? { type: "standard-output" } : { type: "file", path: fileName("--output", path) };
}

function fileName(option: string, path: string): string {
  if (path === "") throw new ArgumentsError(`${option} needs the name of a file`);
  return path;
}
