import { resolve } from "node:path";
import { mintAuthorities, mintGood } from "./authority/authorities.ts";
import type { Authority, MintedIdentity } from "./authority/authority.ts";
import { NetworkClock } from "./clock.ts";
import { type ConnectionCounts, sumConnections } from "./connection-log.ts";
import { EarlyDataTerms } from "./early-data-terms.ts";
import { Attempts } from "./endpoints/attempts.ts";
import { AuthenticationMemory } from "./endpoints/authentication/authentication-memory.ts";
import type { KerberosOptions } from "./endpoints/authentication/kerberos-options.ts";
import { CaptivePortalTerms } from "./endpoints/captive-portal-terms.ts";
import type { Surroundings } from "./endpoints/exchange.ts";
import { endpointFamilies } from "./endpoints/index.ts";
import { createRouter } from "./endpoints/router.ts";
import { FaultSet } from "./faults/fault-set.ts";
import { FaultRegistry, type Faults } from "./faults/faults.ts";
import { SocketPairs } from "./faults/socket-pairs.ts";
import { type Binding, bindServices } from "./gate/bind-services.ts";
import { createLookup, type Lookup } from "./host-names.ts";
import { createHttpService } from "./http-service.ts";
import { describeNetwork, type Manifest } from "./manifest.ts";
import { caFileBeside, writeManifestFile, writePrivateFile } from "./manifest-file.ts";
import { NetworkTickets } from "./network-tickets.ts";
import { type RecordedRequest, RequestLog, type RequestPredicate } from "./request-log.ts";
import { FileTree } from "./services/files/file-tree.ts";
import { MailStore } from "./services/mail/mail-store.ts";
import { serviceFamilies, type ServiceName } from "./services/index.ts";
import { NameMemory } from "./services/names/name-memory.ts";
import type { NetworkContext } from "./services/network-context.ts";
import type { Service } from "./services/service.ts";
import { type TrafficEvent, TrafficLog } from "./traffic-log.ts";

/** How a network is started. */
export interface TestNetworkOptions {
  /** Milliseconds since the epoch: the time that the network's clock runs by. `Date.now` by default. */
  readonly now?: () => number;
  /** The services to start, by name; all by default. */
  readonly services?: readonly ServiceName[];
  /** Port of the first service, the others follow on the next ones; 0, the default, lets the system choose each. */
  readonly port?: number;
  /** Address to listen on; `127.0.0.1` by default. Anything but loopback exposes servers that misbehave on demand. */
  readonly host?: string;
  /** The key with which `/auth/negotiate` and `proxy-negotiate` take logins by Kerberos; without it nobody gets in. */
  readonly kerberos?: KerberosOptions;
  /** How many requests are remembered; 1,000 by default. */
  readonly requestLimit?: number;
  /**
   * Has faults act on connections that are open when they come, which costs each connection a detour. `false` by
   * default: faults act on connections that begin after the service's first.
   */
  readonly faultsOnOpenConnections?: boolean;
}

/** A running test network. Owned by who started it, who also closes it. */
export interface TestNetwork extends AsyncDisposable {
  /** The plain service with all endpoints. */
  readonly http: Service;
  /** The secure service with all endpoints and a good certificate. */
  readonly https: Service;
  readonly services: readonly Service[];
  /** One service by its name in the manifest. */
  service(name: ServiceName): Service;
  /** The authority to trust. Tests can mint further certificates with it, such as a client's. */
  readonly ca: Authority;
  /** An authority that has nothing to do with `ca`; signs what `https-untrusted-root` shows. */
  readonly otherCa: Authority;
  /** The time of certificates, tickets, cookies, HSTS and caches. */
  readonly clock: NetworkClock;
  /** The faults of one service, or of all but the control service. */
  faults(service: ServiceName | "all"): Faults;
  /** What is where, as JSON takes it. */
  readonly manifest: Manifest;
  /** Writes the authority's certificate, PEM with mode 0600, and names the file in the manifest from now on. */
  writeCa(file: string): Promise<void>;
  /**
   * Writes the manifest as JSON with mode 0600, whole or not at all, so that its appearance says "ready".
   *
   * `withCa` writes the authority's certificate beside it (`network.json`, `network.ca.pem`). Who starts the network
   * removes the files.
   */
  writeManifest(file: string, options?: { readonly withCa?: boolean }): Promise<Manifest>;
  /** The latest requests, the oldest first. A request is here before its response begins. */
  readonly requests: readonly RecordedRequest[];
  /** The first request that matches, of those remembered and those to come. Rejects when the network closes first. */
  waitForRequest(matches: RequestPredicate): Promise<RecordedRequest>;
  /** Forgets the requests so far. */
  clearRequests(): void;
  /** What happened lately at all services, the oldest first. */
  readonly traffic: readonly TrafficEvent[];
  /** Calls a listener for what happens from now on, until the function that it returns is called. */
  followTraffic(listener: (event: TrafficEvent) => void): () => void;
  /** Sums over all services. */
  readonly connections: ConnectionCounts;
  /** Resolves `localhost` and names under `.test` to this network; pass it to `http.request`, undici or a manager. */
  readonly lookup: Lookup;
  /** `https://a.fairlead.test:4711` for `origin("https", "a.fairlead.test")`. */
  origin(scheme: "http" | "https", hostName: string): string;
  /** Ends every connection, port and timer. Closing twice is harmless. */
  close(): Promise<void>;
}

/**
 * Starts servers on loopback that behave, and misbehave, on demand.
 *
 * @throws the system's error when the host or port cannot be had, and then leaves nothing open; RangeError for a port
 * behind which there are not enough.
 *
 * @example
 * await using network = await startTestNetwork();
 * const response = await fetch(`${network.http.origin}/status/404`);
 */
export async function startTestNetwork(options: TestNetworkOptions = {}): Promise<TestNetwork> {
  const { host = "127.0.0.1", port = 0, requestLimit = 1000, faultsOnOpenConnections = false } = options;
  const clock = new NetworkClock(options.now ?? Date.now);
  const startedAt = clock.now();
  const authorities = await mintAuthorities();
  const traffic = new TrafficLog();
  const requests = new RequestLog(requestLimit);
  const bindings = new Map<string, Binding>();
  const find = (name: string): Service => {
    const found = bindings.get(name);
    if (found === undefined) throw new Error(`the service ${name} was not started`);
    return found.service;
  };
  const surroundings: Surroundings = {
    host,
    port: (service) => find(service).port,
    earlyData: new EarlyDataTerms(),
    captivePortal: new CaptivePortalTerms(),
    names: new NameMemory(),
    authentication: new AuthenticationMemory(),
    attempts: new Attempts(),
    kerberos: options.kerberos,
  };
  const router = createRouter(endpointFamilies.flatMap(({ endpoints }) => endpoints));
  const lookup = createLookup(host);
  const socketPairs = new SocketPairs();
  const faults = new FaultRegistry(() => [...bindings.values()].map(({ service, faults }) => ({ ...service, faults })));
  let good: Promise<MintedIdentity> | undefined;
  const context: NetworkContext = {
    clock,
    host,
    authorities,
    goodIdentity: () => (good ??= mintGood(authorities, clock.now())),
    tickets: new NetworkTickets(clock.now),
    lookup,
    traffic,
    faults,
    socketPairs,
    surroundings,
    mail: new MailStore(clock.now),
    files: new FileTree(clock.now),
    service: find,
    manifest: () => describeNow(),
    serveHttp: (source) => createHttpService({ router, requests, traffic, now: clock.now, surroundings }, source),
  };
  const close = async (): Promise<void> => {
    requests.close();
    await Promise.all([...bindings.values()].map(({ gate }) => gate.close()));
    await socketPairs.close();
  };
  try {
    await bindServices(serviceFamilies, bindings, {
      ...{ network: context, host, port, wanted: options.services },
      newFaultSet: () => new FaultSet({ areHeeded: faultsOnOpenConnections }),
    });
  } catch (error) {
    await close();
    throw error;
  }
  clock.onChange(() => {
    good = undefined;
    for (const { gate, followsClock } of bindings.values()) if (followsClock) gate.reopen();
  });
  const services = [...bindings.values()].map(({ service }) => service);
  let caFile: string | undefined;
  const describeNow = (): Manifest =>
    describeNetwork({ startedAt, ca: authorities.root, caFile, services, families: endpointFamilies });
  const writeCa = async (file: string): Promise<void> => {
    const path = resolve(file);
    await writePrivateFile(path, authorities.root.certificate);
    caFile = path;
  };
  return {
    get http() {
      return find("http");
    },
    get https() {
      return find("https");
    },
    services,
    service: find,
    ca: authorities.root,
    otherCa: authorities.other,
    clock,
    faults: (service) => faults.of(service),
    get manifest() {
      return describeNow();
    },
    writeCa,
    writeManifest: async (file, { withCa = false } = {}) => {
      const path = resolve(file);
      if (withCa) await writeCa(caFileBeside(path));
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
    get traffic() {
      return traffic.entries;
    },
    followTraffic: (listener) => traffic.follow(listener),
    get connections() {
      return sumConnections(services.map(({ connections }) => connections));
    },
    lookup,
    origin: (scheme, hostName) => `${scheme}://${hostName}:${find(scheme).port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}
