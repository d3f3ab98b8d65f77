import type { RouteSettings } from "@fairlead/access";
import { ArgumentsError, parseArguments, parsePort } from "../arguments.ts";
import { clientIdentity, routeOf } from "../get/plan.ts";
import { parseResolve } from "../get/resolve.ts";
import { type TlsBackendName, tlsBackendName } from "../get/tls-backend.ts";
import type { IdentityFiles } from "../identity-files.ts";
import { defaultStoreUrl } from "../state-directory.ts";
import { chooseKey } from "../store/key-place.ts";
import type { StoreChoice } from "../store/request.ts";

/** What `fairlead console` was asked to do. */
export type ConsolePlan = {
  readonly port: number;
  readonly opensBrowser: boolean;
} & (
  | { readonly type: "own"; readonly manager: ManagerPlan }
  /** @param path of the socket of another program. */
  | { readonly type: "attach"; readonly path: string }
);

/** How the console's own manager is opened. */
export interface ManagerPlan {
  /** What is requested first. */
  readonly url: string | undefined;
  readonly store: StoreChoice;
  readonly downloadFolder: string;
  readonly hasTestNetwork: boolean;
  /** PEM file. */
  readonly anchorsFile: string | undefined;
  readonly clientIdentity: IdentityFiles | undefined;
  readonly tlsBackend: TlsBackendName | undefined;
  readonly route: RouteSettings;
  readonly fetchIntermediates: boolean;
  /** Addresses by host in lower case. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly showsSecrets: boolean;
}

const specification = {
  options: {
    port: { type: "value", short: "p" },
    "no-open": { type: "flag" },
    attach: { type: "value" },
    "test-network": { type: "flag" },
    downloads: { type: "value" },
    store: { type: "value" },
    "store-key": { type: "value" },
    cacert: { type: "value" },
    cert: { type: "value" },
    key: { type: "value" },
    "tls-backend": { type: "value" },
    proxy: { type: "values" },
    "no-proxy": { type: "flag" },
    "fetch-intermediates": { type: "flag" },
    resolve: { type: "values" },
    "show-secrets": { type: "flag" },
  },
  positionals: ["[URL]"],
} as const;

/** Options that say what to attach to has said already. */
const ofTheManager = [
  ...["test-network", "downloads", "store", "store-key", "cacert", "cert", "key", "tls-backend", "proxy", "no-proxy"],
  ...["fetch-intermediates", "resolve", "show-secrets"],
] as const satisfies readonly (keyof (typeof specification)["options"])[];

/**
 * Reads the arguments of `fairlead console`.
 *
 * @throws ArgumentsError
 */
export function planConsole(args: readonly string[], env: Readonly<Record<string, string | undefined>>): ConsolePlan {
  const { options, positionals } = parseArguments(specification, args);
  const port = options.port === undefined ? 0 : parsePort(options.port);
  const page = { port, opensBrowser: !options["no-open"] };
  const { attach: path } = options;
  if (path !== undefined) {
    const given = ofTheManager.find((name) => isGiven(options[name]));
    if (given !== undefined) throw new ArgumentsError(`--${given} is for the other program to say`);
    if (positionals.length > 0) throw new ArgumentsError("give --attach or URL, not both");
    return { ...page, type: "attach", path };
  }
  const manager: ManagerPlan = {
    url: positionals[0],
    store: { url: options.store ?? defaultStoreUrl(env), key: chooseKey("--store-key", options["store-key"], env) },
    downloadFolder: options.downloads ?? ".",
    hasTestNetwork: options["test-network"],
    anchorsFile: options.cacert,
    clientIdentity: clientIdentity(options.cert, options.key),
    tlsBackend: options["tls-backend"] === undefined ? undefined : tlsBackendName(options["tls-backend"]),
    route: routeOf(options.proxy, options["no-proxy"], undefined),
    fetchIntermediates: options["fetch-intermediates"],
    addresses: parseResolve(options.resolve),
    showsSecrets: options["show-secrets"],
  };
  return { ...page, type: "own", manager };
}

function isGiven(value: boolean | string | undefined | readonly string[]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}
