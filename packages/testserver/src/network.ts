import { resolve } from "node:path";
import type { Authority } from "./authority/authority.ts";
import { type ConnectionCounts, sumConnections } from "./connection-log.ts";
import { CaptivePortalTerms } from "./endpoints/captive-portal-terms.ts";
import type { Surroundings } from "./endpoints/exchange.ts";
import { endpointFamilies } from "./endpoints/index.ts";
import { createRouter } from "./endpoints/router.ts";
import { createLookup, type Lookup } from "./host-names.ts";
import type { HttpServiceOptions } from "./http-service.ts";
import { type EarlyDataListenerName, planEarlyData } from "./listeners/early-data.ts";
import { EarlyDataTerms } from "./listeners/early-data-terms.ts";
import { planEither } from "./listeners/either.ts";
import { planHttp, planHttps } from "./listeners/http.ts";
import { type Http2ListenerName, planHttp2 } from "./listeners/http2.ts";
import { type BoundListener, listen, type Listener, type ListenerPlan } from "./listeners/listener.ts";
import {
  type Authorities,
  eitherListener,
  mintAuthorities,
  mintGood,
  secureListeners,
  type SecureListenerName,
} from "./listeners/secure-listeners.ts";
import { type TcpListenerName, tcpListeners, planTcp } from "./listeners/tcp.ts";
import { describeNetwork, type Manifest } from "./manifest.ts";
import { caFileBeside, writeManifestFile, writePrivateFile } from "./manifest-file.ts";
import { type RecordedRequest, RequestLog, type RequestPredicate } from "./request-log.ts";

/** How a network is started. */
export interface TestNetworkOptions {
  /** Milliseconds since the epoch: the time of certificates and `Date` fields. `Date.now` by default. */
  readonly now?: () => number;
  /** Port of the first listener, the others follow on the next ones; 0, the default, lets the system choose each. */
  readonly port?: number;
  /** Address to listen on; `127.0.0.1` by default. Anything but loopback exposes servers that misbehave on demand. */
  readonly host?: string;
  /** How many requests are remembered; 1,000 by default. */
  readonly requestLimit?: number;
}

/** Names of all listeners. */
export type ListenerName =
  | "http"
  | "http-or-https"
  | Http2ListenerName
  | EarlyDataListenerName
  | SecureListenerName
  | TcpListenerName;

/** A running test network. Owned by who started it, who also closes it. */
export interface TestNetwork extends AsyncDisposable {
  /** The plain listener with all endpoints. */
  readonly http: Listener;
  /** The secure listener with all endpoints and a good certificate. */
  readonly https: Listener;
  readonly listeners: readonly Listener[];
  /** One listener by its name in the manifest. */
  listener(name: ListenerName): Listener;
  /** The authority to trust. Tests can mint further certificates with it, such as a client's. */
  readonly ca: Authority;
  /** An authority that has nothing to do with `ca`; signs what `https-untrusted-root` shows. */
  readonly otherCa: Authority;
  /** What listens where, as JSON takes it. */
  readonly manifest: Manifest;
  /**
   * Writes the manifest as JSON with mode 0600, whole or not at all, so that its appearance says "ready".
   *
   * `withCa` writes the authority's certificate beside it (`network.json`, `network.ca.pem`) and names that file in the
   * manifest. Who starts the network removes the files.
   */
  writeManifest(file: string, options?: { readonly withCa?: boolean }): Promise<Manifest>;
  /** The latest requests, the oldest first. A request is here before its response begins. */
  readonly requests: readonly RecordedRequest[];
  /** The first request that matches, of those remembered and those to come. Rejects when the network closes first. */
  waitForRequest(matches: RequestPredicate): Promise<RecordedRequest>;
  /** Forgets the requests so far. */
  clearRequests(): void;
  /** Sums over all listeners. */
  readonly connections: ConnectionCounts;
  /** Resolves `localhost` and names under `.test` to this network; pass it to `http.request`, undici or a manager. */
  readonly lookup: Lookup;
  /** `https://a.fairlead.test:4711` for `origin("https", "a.fairlead.test")`. */
  origin(scheme: "http" | "https", hostName: string): string;
  /** Ends every connection, listener and timer. Closing twice is harmless. */
  close(): Promise<void>;
}

/**
 * Starts servers on loopback that behave, and misbehave, on demand.
 *
 * @throws the system's error when the host or port cannot be had, and then leaves nothing open.
 *
 * @example
 * await using network = await startTestNetwork();
 * const response = await fetch(`${network.http.origin}/status/404`);
 */
export async function startTestNetwork(options: TestNetworkOptions = {}): Promise<TestNetwork> {
  const { now = Date.now, host = "127.0.0.1", port = 0, requestLimit = 1000 } = options;
  const authorities = await mintAuthorities(now());
  const requests = new RequestLog(requestLimit);
  const bound = new Map<string, BoundListener>();
  const close = async (): Promise<void> => {
    requests.close();
    await Promise.all([...bound.values()].map((listener) => listener.close()));
  };
  const find = (name: ListenerName): Listener => {
    const found = bound.get(name);
    if (found === undefined) throw new Error(`the listener ${name} is not bound yet`);
    return found.listener;
  };
  const surroundings: Surroundings = {
    port: (scheme) => find(scheme).port,
    earlyData: new EarlyDataTerms(),
    captivePortal: new CaptivePortalTerms(),
  };
  try {
    const plans = await planListeners(authorities, {
      router: createRouter(endpointFamilies.flatMap(({ endpoints }) => endpoints)),
      requests,
      now,
      surroundings,
    });
    for (const [index, plan] of plans.entries()) {
      bound.set(plan.name, await listen(plan, host, port === 0 ? 0 : port + index));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const listeners = [...bound.values()].map(({ listener }) => listener);
  let caFile: string | undefined;
  const describeNow = (): Manifest =>
    describeNetwork({
      startedAt: authorities.now,
      ca: authorities.root,
      caFile,
      listeners,
      families: endpointFamilies,
    });
  return {
    http: find("http"),
    https: find("https"),
    listeners,
    listener: find,
    ca: authorities.root,
    otherCa: authorities.other,
    get manifest() {
      return describeNow();
    },
    writeManifest: async (file, { withCa = false } = {}) => {
      const path = resolve(file);
      if (withCa) {
        const caPath = caFileBeside(path);
        await writePrivateFile(caPath, authorities.root.certificate);
        caFile = caPath;
      }
      const manifest = describeNow();
      await writeManifestFile(path, manifest);
      return manifest;
    },
    get requests() {
      return requests.entries;
    },
    waitForRequest: (matches) => requests.waitFor(matches),
    clearRequests: () => {
      requests.clear();
    },
    get connections() {
      return sumConnections(listeners.map(({ connections }) => connections));
    },
    lookup: createLookup(find("http").host),
    origin: (scheme, hostName) => `${scheme}://${hostName}:${find(scheme).port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function planListeners(authorities: Authorities, options: HttpServiceOptions): Promise<readonly ListenerPlan[]> {
  let lastNumber = 0;
  const nextNumber = (): number => (lastNumber += 1);
  const http = planHttp("http", "speaks HTTP/1.1 in the clear", nextNumber, options);
  const secure = await Promise.all(secureListeners.map((entry) => planHttps(entry, authorities, nextNumber, options)));
  const either = await planEither(eitherListener, authorities, nextNumber, options);
  const early = planEarlyData(await mintGood(authorities), nextNumber, options);
  const http2 = planHttp2(await mintGood(authorities), nextNumber, options);
  return [http, ...secure, either, early, http2, ...tcpListeners.map((entry) => planTcp(entry, nextNumber))];
}
