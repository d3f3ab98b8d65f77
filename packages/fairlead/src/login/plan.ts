import { isLoopbackHost } from "@fairlead/http/site";
import { ArgumentsError, parseArguments } from "../arguments.ts";
import { parseMilliseconds } from "../get/plan.ts";
import { parseResolve } from "../get/resolve.ts";
import { defaultStoreUrl } from "../state-directory.ts";
import { chooseKey } from "../store/key-place.ts";
import type { StoreChoice } from "../store/request.ts";

/** What signing in and signing out have in common. */
interface CommonPlan {
  readonly store: StoreChoice;
  /** PEM file. */
  readonly anchorsFile: string | undefined;
  /** Addresses by host in lower case. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** What `fairlead login` was asked to do. */
export interface LoginPlan extends CommonPlan {
  readonly issuer: URL;
  /** `undefined` for the one that it had before, or that it registers. */
  readonly clientId: string | undefined;
  readonly clientSecretFile: string | undefined;
  readonly scope: readonly string[];
  readonly origins: readonly string[];
  readonly account: string;
  readonly way: "browser" | "address" | "device";
  readonly timeoutMilliseconds: number;
  /** The file of `--store-key`, to be made where there is none. */
  readonly keyFile: string | undefined;
}

/** What `fairlead logout` was asked to do. */
export interface LogoutPlan extends CommonPlan {
  /** `undefined` for all. */
  readonly issuer: URL | undefined;
  /** `undefined` for all. */
  readonly account: string | undefined;
}

const common = {
  account: { type: "value" },
  store: { type: "value" },
  "store-key": { type: "value" },
  cacert: { type: "value" },
  resolve: { type: "values" },
} as const;

const loginSpecification = {
  options: {
    ...common,
    "client-id": { type: "value" },
    "client-secret-file": { type: "value" },
    scope: { type: "values" },
    for: { type: "values" },
    device: { type: "flag" },
    "no-browser": { type: "flag" },
    timeout: { type: "value" },
  },
  positionals: ["ISSUER"],
} as const;

const logoutSpecification = { options: common, positionals: ["[ISSUER]"] } as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the arguments of `fairlead login`.
 *
 * @throws ArgumentsError
 */
export function planLogin(args: readonly string[], env: Environment): LoginPlan {
  const { options, positionals } = parseArguments(loginSpecification, args);
  const { device, "no-browser": isSilent, "store-key": place } = options;
  if (device && isSilent) throw new ArgumentsError("--device needs no --no-browser: it opens none");
  if (options["client-secret-file"] !== undefined && options["client-id"] === undefined) {
    throw new ArgumentsError("--client-secret-file needs --client-id, whose secret it is");
  }
  if (options["client-id"] === "") throw new ArgumentsError("--client-id needs a name");
  return {
    ...commonOf(options, env),
    issuer: parseIssuer(positionals[0] ?? ""),
    clientId: options["client-id"],
    clientSecretFile: options["client-secret-file"],
    scope: [...new Set(options.scope.flatMap((each) => each.split(" ")).filter((each) => each !== ""))],
    origins: [...new Set(options.for.map(parseOrigin))],
    account: options.account ?? "",
    way: device ? "device" : isSilent ? "address" : "browser",
    timeoutMilliseconds: parseMilliseconds(options.timeout ?? "300"),
    keyFile: place?.startsWith("file:") === true ? place.slice("file:".length) : undefined,
  };
}

/**
 * Reads the arguments of `fairlead logout`.
 *
 * @throws ArgumentsError
 */
export function planLogout(args: readonly string[], env: Environment): LogoutPlan {
  const { options, positionals } = parseArguments(logoutSpecification, args);
  const [issuer] = positionals;
  return {
    ...commonOf(options, env),
    issuer: issuer === undefined ? undefined : parseIssuer(issuer),
    account: options.account,
  };
}

function commonOf(
  options: {
    readonly store: string | undefined;
    readonly "store-key": string | undefined;
    readonly cacert: string | undefined;
    readonly resolve: readonly string[];
  },
  env: Environment,
): CommonPlan {
  return {
    store: { url: options.store ?? defaultStoreUrl(env), key: chooseKey("--store-key", options["store-key"], env) },
    anchorsFile: options.cacert,
    addresses: parseResolve(options.resolve),
  };
}

/** A host alone is taken for its https URL. */
function parseIssuer(text: string): URL {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (url !== null && isSafe(url) && url.search === "" && url.hash === "") return url;
  throw new ArgumentsError("ISSUER is the https URL of an authorization server; http only on this machine");
}

function parseOrigin(text: string): string {
  const url = URL.parse(text);
  if (url !== null && isSafe(url) && url.pathname === "/" && url.search === "" && url.hash === "") return url.origin;
  throw new ArgumentsError(
    `--for takes https://HOST[:PORT], or http on this machine, not ${JSON.stringify(url?.origin ?? text)}`,
  );
}

function isSafe({ protocol, hostname, username, password }: URL): boolean {
  const isPrivate = protocol === "https:" || (protocol === "http:" && isLoopbackHost(hostname));
  return isPrivate && username === "" && password === "";
}
