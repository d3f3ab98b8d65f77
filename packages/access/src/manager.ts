import { UsageError } from "@fairlead/core";
import type { PermanentRedirect } from "@fairlead/http/cache";
import type { Store } from "@fairlead/store";
import type { DatagramPath } from "@fairlead/transport";
import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import { openHttpAgent, openHttpsAgent, type AgentGround } from "./adapters/agent/agent.ts";
import { AgentGateway } from "./adapters/agent/agent-gateway.ts";
import type { AgentOptions } from "./adapters/agent/options.ts";
import { foreignExchange } from "./adapters/foreign-exchange.ts";
import { assemble, type ManagerParts } from "./assembly.ts";
import type { RequestAuthenticator } from "./authentication/request-authenticator.ts";
import { openCacheStorage, type OpenedStorage } from "./cache/open-response-cache.ts";
import type { ManagerCache } from "./cache/response-cache.ts";
import type { ConnectOptions } from "./connect/options.ts";
import type { Connectivity } from "./connectivity/connectivity.ts";
import type { ConnectDatagramsOptions } from "./datagrams/options.ts";
import type { DispatchHandler, ForeignOptions } from "./dispatch.ts";
import type { DownloadOptions, DownloadResult } from "./download/options.ts";
import { engine, EngineDispatcher } from "./engine-dispatcher.ts";
import { eventSourceClass, type EventSourceClass } from "./event-source/event-source-class.ts";
import { ManagedEventSource } from "./event-source/managed-event-source.ts";
import type { EventSourceOptions } from "./event-source/options.ts";
import type { ExportedMemory, ExportMemoryOptions } from "./exchange/export.ts";
import type { ImportedMemory, ImportMemoryOptions } from "./exchange/import.ts";
import type { FetchInit, FetchInput } from "./fetch/fetch-arguments.ts";
import { startFetch } from "./fetch/fetch.ts";
import type { ForgetGround, ForgottenCounts, MemoryName } from "./forget/forget.ts";
import type { ForgetRequest } from "./forget/scope.ts";
import type { HarRecording, RecordHarOptions } from "./har/har-recording.ts";
import { adoptOptions } from "./hop-options.ts";
import { Lifetime } from "./lifetime.ts";
import { openCollection, type CollectionName } from "./memory/collections.ts";
import type { Counters } from "./observe/counters.ts";
import type { ReadRecord } from "./memory/readers/collection-readers.ts";
import type { Observer } from "./observe/observer.ts";
import type { NetworkAccessManagerOptions } from "./options.ts";
import { answerError } from "./pipeline/answer.ts";
import { chooseBackend, type BackendChoice } from "./pool/backend-choice.ts";
import type { Reply } from "./reply.ts";
import { parseRequestUrl } from "./request-url.ts";
import { startRequest, type RequestOptions } from "./request.ts";
import { openStoreOption } from "./store-option.ts";
import { isHttp, type Target } from "./target.ts";
import type { UploadOptions } from "./upload/options.ts";
import { ManagedWebSocket } from "./websocket/managed-websocket.ts";
import type { WebSocketOptions } from "./websocket/options.ts";
import { webSocketClass, type WebSocketClass } from "./websocket/websocket-class.ts";

type ConnectCallback<Opaque> = (error: Error | null, data: Dispatcher.ConnectData<Opaque>) => void;
type EngineCallback<Opaque> = (error: Error | null, data: Dispatcher.ResponseData<Opaque>) => void;

/** What `openNetworkAccessManager` does, once this module is there. */
export async function openManager(options: NetworkAccessManagerOptions): Promise<NetworkAccessManager> {
  const { now } = options;
  const choice = await chooseBackend(options.tls ?? {});
  const { store, isOwned } = await openStoreOption(options.store, now);
  let cacheStorage: OpenedStorage;
  try {
    cacheStorage = await openCacheStorage(store, options.cache ?? {}, now ?? Date.now);
    return new NetworkAccessManager(options, choice, store, isOwned, cacheStorage);
  } catch (error) {
    cacheStorage?.close();
    if (isOwned) await store.close();
    throw error;
  }
}

/**
 * Makes requests and remembers what they teach: HSTS, cookies, TLS tickets. Being a `Dispatcher`, it also serves any
 * library that takes one.
 */
export class NetworkAccessManager extends EngineDispatcher implements AsyncDisposable {
  /** What it remembers. */
  readonly store: Store;
  /** The responses that it keeps; `undefined` when it was opened without a cache. */
  readonly cache: ManagerCache | undefined;
  readonly #parts: ManagerParts;
  readonly #lifetime: Lifetime;
  /** Translates for callers of undici 7. */
  #legacy: Dispatcher | undefined;
  /** Serves libraries of `node:http`; opened with the first agent. */
  #agents: AgentGateway | undefined;
  #webSocketClass: WebSocketClass | undefined;
  #eventSourceClass: EventSourceClass | undefined;

  /** Use `openNetworkAccessManager`. @internal */
  constructor(
    options: NetworkAccessManagerOptions,
    choice: BackendChoice,
    store: Store,
    ownsStore: boolean,
    cacheStorage: OpenedStorage,
  ) {
    super();
    this.store = store;
    const ending = new AbortController();
    this.#parts = assemble({ options, choice, store, cacheStorage, ending: ending.signal });
    this.#lifetime = new Lifetime(this.#parts, store, ownsStore, ending);
    this.cache = this.#parts.memories.responses;
  }

  /**
   * Whether there is an internet. Nothing is asked before somebody listens, waits or checks.
   *
   * @example
   * manager.connectivity.addEventListener("change", ({ state, portalUrl }) => console.log(state, portalUrl));
   */
  get connectivity(): Connectivity {
    return this.#parts.connectivity();
  }

  /**
   * Fetches by the Fetch Standard: the same arguments and results as the global `fetch`, over everything the manager
   * knows. {@link transactionOf} tells what happened on the way.
   *
   * @throws FetchError, a TypeError with the code, peer and remedy of what went wrong; UsageError for a bad URL; or the
   * signal's reason.
   */
  fetch(input: FetchInput, init?: FetchInit): Promise<Response> {
    try {
      return startFetch(input, init, this.#parts.fetches);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Makes one request by the shortest way, without the web's stream and header objects.
   *
   * @throws TransportError, TlsError, ProtocolError, PolicyError, TimeoutError, UsageError; or the signal's reason.
   */
  override request(url: string | URL, options?: RequestOptions): Promise<Reply>;
  /** The engine's own form, for libraries that take a dispatcher. */
  override request<Opaque = null>(options: Dispatcher.RequestOptions<Opaque>): Promise<Dispatcher.ResponseData<Opaque>>;
  override request<Opaque = null>(options: Dispatcher.RequestOptions<Opaque>, callback: EngineCallback<Opaque>): void;
  override request<Opaque>(
    first: string | URL | Dispatcher.RequestOptions<Opaque>,
    second: RequestOptions | EngineCallback<Opaque> = {},
  ): Promise<Reply | Dispatcher.ResponseData<Opaque>> | undefined {
    if (typeof second === "function") {
      super.request(first as Dispatcher.RequestOptions<Opaque>, second);
      return undefined;
    }
    if (typeof first !== "string" && !(first instanceof URL)) return super.request(first);
    try {
      return startRequest(first, second, this.#parts.requests);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * One hop for a library that takes a dispatcher, which follows redirects by itself. One that the policy refuses, the
   * manager's or that of the option `redirect`, ends the request; all others are handed on.
   */
  override dispatch(options: ForeignOptions, handler: DispatchHandler): boolean {
    // The runtime's own fetch hands over the callbacks of undici 7, which undici 8 translates.
    if (!("onRequestStart" in handler)) {
      this.#legacy ??= new (engine().Dispatcher1Wrapper)(this);
      return this.#legacy.dispatch(options, handler);
    }
    const { foreign, targets, underWay } = this.#parts;
    if (underWay.isClosing) {
      return answerError(handler, new UsageError("MANAGER_CLOSED", { operation: "dispatch" }));
    }
    let target: Target;
    try {
      target = targets.find(String(options.origin));
    } catch {
      // Without its cause, which quotes what may hold credentials.
      return answerError(handler, new UsageError("URL_INVALID", { operation: "dispatch", detail: "origin" }));
    }
    // Where a foreign library follows a redirect, nobody has asked whether it may lead there.
    if (!isHttp(target.protocol)) {
      const detail = target.protocol.slice(0, -1);
      return answerError(handler, new UsageError("URL_SCHEME_UNKNOWN", { operation: "dispatch", detail }));
    }
    return foreign.dispatch(adoptOptions(options, target, foreignExchange(options, foreign)), handler);
  }

  /**
   * An agent for `http:` URLs of `node:http` and all that is built on it: what is asked by it passes the manager's stages.
   * `https:` URLs take {@link httpsAgent}; a library that follows redirects takes both.
   *
   * A request is refused that sets for itself what is the manager's to decide, such as `rejectUnauthorized: false`. HSTS
   * upgrades it unseen; a redirect that the policy refuses is an error, any other is the library's to follow.
   *
   * @example
   * axios.create({ httpAgent: manager.httpAgent(), httpsAgent: manager.httpsAgent(), proxy: false });
   */
  httpAgent(options: AgentOptions = {}): HttpAgent {
    return openHttpAgent(options, this.#agentGround());
  }

  /** The same as {@link httpAgent}, for `https:` URLs. */
  httpsAgent(options: AgentOptions = {}): HttpsAgent {
    return openHttpsAgent(options, this.#agentGround());
  }

  /**
   * Brings a file: by parts where the rest is to be had, over cuts, and held to its digest. It appears under its name, or
   * takes the place of what was there, when it is whole.
   *
   * @throws FileError; PolicyError STATUS_UNEXPECTED, BODY_LIMIT; ProtocolError DIGEST_MISMATCH, RANGE_INVALID; what
   * `request` throws; or the signal's reason.
   *
   * @example
   * await manager.download("https://example.com/disc.iso", "disc.iso", { resume: true, digest: { "sha-256": expected } });
   */
  async download(url: string | URL, file: string, options: DownloadOptions = {}): Promise<DownloadResult> {
    const { download } = await import("./download/download.ts");
    return download(url, file, options, this.#parts.transfers);
  }

  /**
   * Sends a file, by `PUT` unless another method is named, and again to who redirects or wants to know who asks. The answer,
   * whatever its status, is the response.
   *
   * @throws FileError; FILE_CHANGED when the file does not stay the same; what `request` throws; or the signal's reason.
   *
   * @example
   * const response = await manager.upload("https://example.com/backups/today", "today.tar", { digest: "sha-256" });
   */
  async upload(url: string | URL, file: string, options: UploadOptions = {}): Promise<Reply> {
    const { upload } = await import("./upload/upload.ts");
    return upload(url, file, options, this.#parts.requests);
  }

  /**
   * Opens a source of server-sent events, which asks for its stream again whenever that ends or breaks off: an `EventSource`
   * that can also be iterated over. {@link transactionOf} tells of the latest stream.
   *
   * @throws UsageError for a bad URL or option.
   */
  eventSource(url: string | URL, options?: EventSourceOptions): ManagedEventSource {
    return new ManagedEventSource(this.#parts, url, options);
  }

  /**
   * Opens a WebSocket, by HTTP/1.1 or on a stream of HTTP/2, over everything the manager knows: a `WebSocket` that can also
   * be iterated over. {@link transactionOf} tells of its handshake.
   *
   * @param url of scheme ws or wss; http and https mean the same.
   * @throws UsageError for a bad URL or option.
   */
  webSocket(url: string | URL, options?: WebSocketOptions): ManagedWebSocket {
    return new ManagedWebSocket(this.#parts, url, options);
  }

  /** The class for libraries that make their own WebSockets: `new manager.WebSocket(url, protocols)`. */
  get WebSocket(): WebSocketClass {
    return (this.#webSocketClass ??= webSocketClass(this.#parts));
  }

  /** The class for libraries that make their own event sources: `new manager.EventSource(url)`. */
  get EventSource(): EventSourceClass {
    return (this.#eventSourceClass ??= eventSourceClass(this.#parts));
  }

  /**
   * Opens a path for datagrams to where a URL points, `coap:` or, secured by DTLS 1.2, `coaps:`: over the manager's names,
   * trust, identity and deadlines, and with its questions for a client certificate and about one that is refused. It is
   * closed with the manager.
   *
   * Datagrams go by no proxy. Where the proxy that is set does not allow to go straight, nothing is sent.
   *
   * @throws TransportError; TlsError TLS_OPTION_UNSUPPORTED where neither `tls.backend` nor `tls.datagrams` secures
   * datagrams, and others; TimeoutError; PolicyError DATAGRAMS_NEED_DIRECT; UsageError URL_INVALID, URL_SCHEME_UNKNOWN,
   * URL_USER_INFORMATION, OPTION_INVALID, MANAGER_CLOSED; or the signal's reason.
   *
   * @example
   * const path = await manager.connectDatagrams("coaps://sensor.example", { psk: { identity: "hub", key } });
   */
  async connectDatagrams(url: string | URL, options: ConnectDatagramsOptions = {}): Promise<DatagramPath> {
    const { connectDatagrams } = await import("./datagrams/connect-datagrams.ts");
    return connectDatagrams(url, options, this.#parts.datagrams);
  }

  /**
   * Opens a byte stream for another protocol than HTTP, over everything the manager knows: names, proxies (which open a
   * tunnel), trust, client certificates, sessions to resume. By TLS where the scheme says so: `mqtts`, `amqps`, `coaps+tcp`,
   * `tls`; in the clear by `mqtt`, `amqp`, `coap+tcp`, `tcp`. The last of each need a port in the URL. Whoever gets it ends
   * it; `close` ends it, too, and waits two seconds for its peer at the most.
   *
   * @throws UsageError URL_INVALID, URL_SCHEME_UNKNOWN, URL_USER_INFORMATION, OPTION_INVALID, MANAGER_CLOSED;
   * TransportError, TlsError, TimeoutError, PolicyError; or the signal's reason.
   *
   * @example
   * const stream = await manager.connect("tls://log.example:6514", { signal: AbortSignal.timeout(5_000) });
   */
  override connect(url: string | URL, options?: ConnectOptions): Promise<Duplex>;
  /** The engine's own form, a CONNECT of HTTP, for libraries that take a dispatcher. */
  override connect<Opaque = null>(options: Dispatcher.ConnectOptions<Opaque>): Promise<Dispatcher.ConnectData<Opaque>>;
  override connect<Opaque = null>(options: Dispatcher.ConnectOptions<Opaque>, callback: ConnectCallback<Opaque>): void;
  override connect<Opaque>(
    first: string | URL | Dispatcher.ConnectOptions<Opaque>,
    second: ConnectOptions | ConnectCallback<Opaque> = {},
  ): Promise<Duplex | Dispatcher.ConnectData<Opaque>> | undefined {
    if (typeof second === "function") {
      super.connect(first as Dispatcher.ConnectOptions<Opaque>, second);
      return undefined;
    }
    if (typeof first !== "string" && !(first instanceof URL)) return super.connect(first);
    const { connects } = this.#parts;
    return import("./connect/connect.ts").then(({ connectStream }) => connectStream(first, second, connects));
  }

  /** Forgets which client certificate `onClientCertificate` chose for an origin, or for all. */
  forgetClientCertificates(origin?: string): void {
    if (origin === undefined) this.#parts.clientCertificates?.forgetAll();
    else this.#parts.clientCertificates?.forgetOrigin(origin);
  }

  /**
   * Forgets what was learned of a site, within a time, or of a site within a time, in every partition and on behalf of its
   * pages, kept responses included, and closes the connections that tell of it once they are free. What is under way teaches
   * when it ends, and what other processes have in memory alone is theirs.
   *
   * @returns how much was forgotten, once that is durable.
   * @throws UsageError OPTION_INVALID; StoreError STORE_WRITE_FAILED when it could not be written: it stays forgotten here.
   *
   * @example
   * await manager.forget({ site: "example.com" });
   * await manager.forget({ since: new Date(Date.now() - 3_600_000) });
   */
  async forget(request: ForgetRequest): Promise<ForgottenCounts> {
    const { forget } = await import("./forget/forget.ts");
    return forget(request, this.#forgetGround());
  }

  /**
   * Forgets all of one kind, such as `cookies` or `responses`, or everything that it has learned.
   *
   * @returns how much was forgotten, once that is durable.
   * @throws UsageError OPTION_INVALID; StoreError STORE_WRITE_FAILED when it could not be written: it stays forgotten here.
   */
  async clear(name?: MemoryName): Promise<ForgottenCounts> {
    const { clear } = await import("./forget/forget.ts");
    return clear(name, this.#forgetGround());
  }

  /**
   * Forgets one thing: a record of a collection of its store, a cookie that is in memory alone, or what is kept of a resource.
   *
   * @param key of the record, or as `cache.resources()` gives it.
   * @returns whether there was one, once that is durable.
   * @throws UsageError OPTION_INVALID; StoreError STORE_WRITE_FAILED when it could not be written: it stays forgotten here.
   */
  async forgetRecord(name: MemoryName, key: string): Promise<boolean> {
    const { forgetRecord } = await import("./forget/forget.ts");
    return forgetRecord(name, key, this.#forgetGround());
  }

  /** Cookies that are in memory alone, those of the session for most, as records of its store would have them: secret. */
  unwrittenCookies(): readonly ReadRecord[] {
    const { verified, excepted } = this.#parts.memories.cookies;
    return [...verified.unwritten(), ...excepted.unwritten()];
  }

  /**
   * Exports what it remembers in its store; responses and cookies of the session are none of that.
   *
   * @throws UsageError OPTION_INVALID for a format that there is not, and for cookies without `secrets`.
   *
   * @example
   * const { bytes } = await manager.exportMemory({ format: "netscape-cookies", secrets: true });
   * await writeFile("cookies.txt", bytes, { mode: 0o600 });
   */
  async exportMemory(options: ExportMemoryOptions = {}): Promise<ExportedMemory> {
    const { exportMemory } = await import("./exchange/export.ts");
    return exportMemory(this.store, options);
  }

  /**
   * Imports what `exportMemory` or another program wrote, all of it or nothing, and uses it from now on. A file is believed:
   * whoever wrote it chooses what is remembered.
   *
   * @returns what was imported, once that is durable.
   * @throws StoreError IMPORT_INVALID, STORE_WRITE_FAILED; UsageError OPTION_INVALID for a format that there is not.
   */
  async importMemory(bytes: Uint8Array, options: Omit<ImportMemoryOptions, "now"> = {}): Promise<ImportedMemory> {
    const { importMemory } = await import("./exchange/import.ts");
    const imported = importMemory(this.store, bytes, { ...options, now: this.#parts.transfers.now });
    const { subscriptions } = this.#parts.memories;
    for (const name of Object.keys(imported.counts)) {
      // They are ours alone.
      subscriptions.retell(openCollection(this.store, name as CollectionName));
    }
    await this.store.flush();
    return imported;
  }

  /**
   * Has one more say who the client is, from the next request on, before those that do already.
   *
   * @returns what ends it.
   *
   * @example
   * manager.addAuthenticator(authenticator(client, { origins: ["https://api.example"] }));
   */
  addAuthenticator(authenticator: RequestAuthenticator): Disposable {
    return this.#parts.authenticators.add(authenticator);
  }

  /** Forgets what servers and proxies were answered: those of one origin, or all. */
  forgetCredentials(origin?: string): void {
    this.#parts.memories.credentials.forget(origin);
  }

  /** The redirects (301, 308) that are followed without asking, over restarts, for as long as they are fresh. */
  permanentRedirects(): readonly PermanentRedirect[] {
    return this.#parts.memories.responses?.permanentRedirects() ?? [];
  }

  /** Forgets what a URL redirects to for good, in every partition, or all such redirects. */
  forgetPermanentRedirects(url?: string | URL): void {
    this.#parts.memories.responses?.forgetPermanentRedirects(url === undefined ? undefined : parseRequestUrl(url));
  }

  /** What it has done since it was opened. `prometheusText` makes a page for Prometheus of it. */
  counters(): Counters {
    return this.#parts.tally.read();
  }

  /**
   * Has an observer told of requests and connections from now on, secrets included; see {@link Observer}.
   *
   * @returns what ends it.
   */
  observe(observer: Observer): Disposable {
    return this.#parts.observers.add(observer);
  }

  /**
   * Records what it does from now on, as an HTTP Archive with an entry for each hop; `JSON.stringify` writes it. Secrets
   * are left out by default, bodies are kept on demand.
   *
   * @example
   * using recording = await manager.recordHar();
   * await manager.request("https://example.com/");
   * await writeFile("requests.har", JSON.stringify(recording), { mode: 0o600 });
   */
  async recordHar(options: RecordHarOptions = {}): Promise<HarRecording> {
    const { HarRecording } = await import("./har/har-recording.ts");
    return new HarRecording((observer) => this.observe(observer), options);
  }

  /** Waits for what is under way, closes all connections, and makes what was learned durable. */
  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> {
    const closed = this.#lifetime.close();
    return callback === undefined ? closed : closed.then(callback);
  }

  /** Ends everything at once, then makes what was learned durable. */
  override destroy(reason?: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(reason: Error | null, callback: () => void): void;
  override destroy(first: Error | null | (() => void) = null, second?: () => void): Promise<void> {
    const callback = typeof first === "function" ? first : second;
    const reason = typeof first === "function" ? null : first;
    const destroyed = this.#lifetime.destroy(reason ?? undefined);
    return callback === undefined ? destroyed : destroyed.then(callback);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #forgetGround(): ForgetGround {
    const { memories, forgetful } = this.#parts;
    const { responses, subscriptions, cookies } = memories;
    return {
      store: this.store,
      responses,
      subscriptions,
      cookies: [cookies.verified, cookies.excepted],
      forgetful,
    };
  }

  #agentGround(): AgentGround {
    const { foreign, targets, tenants } = this.#parts;
    if (this.#agents === undefined) tenants.add((this.#agents = new AgentGateway(foreign)));
    const gateway = this.#agents;
    return { targets, connect: (target, options) => gateway.connect(target, options) };
  }
}
