import type { BlocksChannel, BlocksOptions } from "../blocks/blocks-options.ts";
import { memoryBody } from "../blocks/bodies.ts";
import { downloadBody, type DownloadOptions } from "../blocks/download-body.ts";
import { uploadBody, type UploadOptions } from "../blocks/upload-body.ts";
import type { CoapChannel } from "../channel.ts";
import type { CoapBody, CoapRequest, CoapRequester } from "../exchange.ts";
import type { OscoreContext } from "../oscore/oscore-context.ts";
import { mappedIterable } from "../mapped-iterable.ts";
import { observe } from "../observe/observe.ts";
import {
  type CoapDestination,
  type CoapOption,
  type CoapUri,
  formatCoapUri,
  parseCoapUri,
  proxySchemeOptions,
  uriOptions,
} from "../protocol/index.ts";
import { tracedRequester } from "../telemetry/traced.ts";
import { ChannelPool, type ChannelPoolLimits, type OpenCoapChannel } from "./channel-pool.ts";
import { type ChannelRequesters, channelRequesters, type ClientBodyOptions } from "./channel-requesters.ts";
import { beginDownload, type CoapDownload } from "./coap-download.ts";
import { CoapReply } from "./coap-reply.ts";
import { type CoapMethod, type CoapRequestOptions, coapRequest } from "./coap-request.ts";
import { answeredWithin, withinDeadline } from "./deadline.ts";
import { discoverGroup, type DiscoveredDevice, type GroupDiscoveryOptions } from "./discover-group.ts";
import { type DiscoveredResource, discoveredResources, type DiscoveryFilter, wellKnownCore } from "./discovery.ts";
import { type OpenChannelOptions, openChannel } from "./open-channel.ts";
import { pooledRequester } from "./pooled-requester.ts";

/** How a client asks. */
export interface CoapClientOptions extends OpenChannelOptions, ClientBodyOptions {
  /** For a whole request, from opening a channel to the last block; 120,000 by default. */
  readonly timeoutMilliseconds?: number | undefined;
  readonly limits?: Partial<ChannelPoolLimits> | undefined;
  /** Finds the context of a server whose requests are protected by OSCORE; `undefined` for any other. RFC 8613. */
  readonly oscore?: ((destination: CoapDestination) => OscoreContext | undefined) | undefined;
  /**
   * URL of a proxy that everything is asked by, but for what a group is asked; its path does not count. It sees all that
   * OSCORE does not protect: its channel, not the server's, is what `coaps` and its keys secure.
   */
  readonly proxy?: string | URL | undefined;
  /** Opens channels, instead of what the scheme of a URL says. */
  readonly open?: OpenCoapChannel | undefined;
}

/** How a body is transferred block by block. `timeoutMilliseconds` is for each message, not for the whole. */
export type CoapTransferOptions = Omit<CoapRequestOptions, "body"> & Pick<BlocksOptions, "blockBytes">;

/** How a body is received. */
export type CoapDownloadOptions = CoapTransferOptions & Pick<DownloadOptions, "resume">;

/** How a body is sent. */
export type CoapUploadOptions = CoapTransferOptions &
  Pick<UploadOptions, "resume" | "onBegin"> & { readonly method?: "PUT" | "POST" | "PATCH" | "iPATCH" | undefined };

/** How a resource is observed. `timeoutMilliseconds` is for each registration, not for the whole. */
export type CoapObserveOptions = Omit<CoapRequestOptions, "onProgress"> & {
  /** GET by default. RFC 8132 section 2.4. */
  readonly method?: "GET" | "FETCH" | undefined;
};

/** What is looked for, and how long that may take. */
export type CoapDiscoverOptions = DiscoveryFilter & Pick<CoapRequestOptions, "signal" | "timeoutMilliseconds">;

/** Asks CoAP servers, by channels that it keeps for a while. */
export interface CoapClient extends AsyncDisposable {
  /**
   * Asks, and gets the answer whole, whatever its code.
   *
   * @throws UsageError for what cannot be asked; TransportError, TlsError, TimeoutError, ProtocolError, PolicyError; or the
   * signal's reason.
   */
  request(method: CoapMethod, url: string | URL, options?: CoapRequestOptions): Promise<CoapReply>;
  /** As {@link request}; so are the others. */
  get(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply>;
  post(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply>;
  put(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply>;
  delete(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply>;
  /** Gets what a body describes, such as a part. RFC 8132 section 2. */
  fetch(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply>;
  /** Changes a part. RFC 8132 section 3. */
  patch(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply>;
  /** Changes a part in a way that may be repeated. RFC 8132 section 3. */
  ipatch(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply>;
  /** Resolves when the server has shown that it is there. */
  ping(url: string | URL, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Begins to receive a body of any size; resolves with the first block, or what is answered instead of it. What goes on
   * with `resume` is the same version, or fails.
   *
   * @throws as {@link request}; ProtocolError COAP_REPRESENTATION_CHANGED.
   */
  download(url: string | URL, options?: CoapDownloadOptions): Promise<CoapDownload>;
  /**
   * Sends a body of any size, by PUT unless it says POST or another method.
   *
   * @throws as {@link request}; what reading `source` throws.
   */
  upload(url: string | URL, source: CoapBody | Uint8Array, options?: CoapUploadOptions): Promise<CoapReply>;
  /**
   * Observes a resource: gives its state, and each that follows, by a token of its own. Who reads slowly gets the latest. It
   * goes on over a channel that broke, and ends when the loop is left or the signal fires.
   *
   * @throws out of the loop: CoapObservationEnded when the server says no; as {@link request}.
   *
   * @example
   * for await (const state of client.observe("coap://device/sensors/temp", { signal })) console.log(state.text());
   */
  observe(url: string | URL, options?: CoapObserveOptions): AsyncIterable<CoapReply>;
  /**
   * Asks a device what it has, whatever the path of `url`.
   *
   * @throws as {@link request}; ProtocolError COAP_RESPONSE_UNUSABLE when it tells it in no form that is known.
   */
  discover(url: string | URL, options?: CoapDiscoverOptions): Promise<readonly DiscoveredResource[]>;
  /** Asks all devices of a group what they have, over plain UDP; those who answer are given as they do. */
  discoverGroup(options?: GroupDiscoveryOptions): AsyncIterable<DiscoveredDevice>;
  /** Asks whoever is where a URL points, by this client's channels and with whole bodies, as it is told. */
  requester(url: string | URL): CoapRequester;
  /** Closes all channels; what is under way fails with STREAM_CLOSED. */
  close(): Promise<void>;
}

/**
 * Makes a client. Channels are opened when they are needed, kept while they are used and a minute longer, and replaced
 * when they break; a request that changes nothing (GET, FETCH) is then asked once more.
 *
 * @example
 * await using client = coapClient();
 * const { code, payload } = await client.get("coap://localhost/sensors/temp");
 */
export function coapClient(options: CoapClientOptions = {}): CoapClient {
  return new PoolingClient(options);
}

class PoolingClient implements CoapClient {
  readonly #pool: ChannelPool;
  readonly #requesters = new WeakMap<CoapChannel, Map<OscoreContext | undefined, ChannelRequesters>>();
  readonly #bodies: ClientBodyOptions;
  readonly #oscore: CoapClientOptions["oscore"];
  readonly #proxy: CoapUri | undefined;
  readonly #timeoutMilliseconds: number;

  constructor(options: CoapClientOptions) {
    const open: OpenCoapChannel = options.open ?? ((destination, signal) => openChannel(destination, options, signal));
    this.#pool = new ChannelPool(open, { ...defaultLimits, ...options.limits });
    this.#bodies = { maxBodyBytes: options.maxBodyBytes, blockBytes: options.blockBytes };
    this.#oscore = options.oscore;
    this.#proxy = options.proxy === undefined ? undefined : parseCoapUri(String(options.proxy));
    this.#timeoutMilliseconds = options.timeoutMilliseconds ?? 120_000;
  }

  async request(method: CoapMethod, url: string | URL, said: CoapRequestOptions = {}): Promise<CoapReply> {
    const uri = parseCoapUri(String(url));
    const request = this.#asking(method, uri, said);
    const { timeoutMilliseconds = this.#timeoutMilliseconds, delivery, onProgress } = said;
    const response = await withinDeadline({ timeoutMilliseconds, signal: said.signal, uri }, (signal) =>
      this.#whole(uri)(request, { signal, delivery, onProgress }),
    );
    return new CoapReply(uri, response);
  }

  get(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply> {
    return this.request("GET", url, options);
  }

  post(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply> {
    return this.request("POST", url, options);
  }

  put(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply> {
    return this.request("PUT", url, options);
  }

  delete(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply> {
    return this.request("DELETE", url, options);
  }

  fetch(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply> {
    return this.request("FETCH", url, options);
  }

  patch(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply> {
    return this.request("PATCH", url, options);
  }

  ipatch(url: string | URL, options?: CoapRequestOptions): Promise<CoapReply> {
    return this.request("iPATCH", url, options);
  }

  async ping(url: string | URL, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const uri = parseCoapUri(String(url));
    const deadline = { timeoutMilliseconds: this.#timeoutMilliseconds, signal: options.signal, uri };
    await withinDeadline(deadline, async (signal) => {
      const lease = await this.#pool.lease(this.#proxy ?? uri, signal);
      try {
        await lease.channel.ping({ signal });
      } finally {
        lease.release();
      }
    });
  }

  async download(url: string | URL, said: CoapDownloadOptions = {}): Promise<CoapDownload> {
    const uri = parseCoapUri(String(url));
    const { blockBytes = this.#bodies.blockBytes, resume, signal, delivery, onProgress, timeoutMilliseconds } = said;
    const request = this.#asking("GET", uri, said);
    const channel = await this.#blocksChannel(uri, said);
    const call = { signal, delivery, onProgress };
    const ask = this.#messages(uri, timeoutMilliseconds);
    return beginDownload(uri, downloadBody(ask, request, { channel, blockBytes, resume }, call));
  }

  async upload(url: string | URL, source: CoapBody | Uint8Array, said: CoapUploadOptions = {}): Promise<CoapReply> {
    const uri = parseCoapUri(String(url));
    const { method = "PUT", blockBytes = this.#bodies.blockBytes, resume, onBegin } = said;
    const request = this.#asking(method, uri, said);
    const body = source instanceof Uint8Array ? memoryBody(source) : source;
    const channel = await this.#blocksChannel(uri, said);
    const ask = this.#messages(uri, said.timeoutMilliseconds);
    return new CoapReply(uri, await uploadBody(ask, request, body, { channel, blockBytes, resume, onBegin }, said));
  }

  observe(url: string | URL, said: CoapObserveOptions = {}): AsyncIterable<CoapReply> {
    const uri = parseCoapUri(String(url));
    const { method = "GET", timeoutMilliseconds = this.#timeoutMilliseconds, signal, delivery } = said;
    const request = this.#asking(method, uri, said);
    const requester = answeredWithin(timeoutMilliseconds, uri, this.#whole(uri));
    return mappedIterable(observe(requester, request, { signal, delivery }), (state) => new CoapReply(uri, state));
  }

  async discover(url: string | URL, said: CoapDiscoverOptions = {}): Promise<readonly DiscoveredResource[]> {
    const { signal, timeoutMilliseconds, ...filter } = said;
    const core = wellKnownCore(parseCoapUri(String(url)), filter);
    const reply = await this.get(formatCoapUri(core), {
      accept: "application/link-format",
      signal,
      timeoutMilliseconds,
    });
    return discoveredResources(core, reply);
  }

  discoverGroup(options: GroupDiscoveryOptions = {}): AsyncIterable<DiscoveredDevice> {
    return discoverGroup(options, (uri, said) => this.discover(formatCoapUri(uri), said));
  }

  requester(url: string | URL): CoapRequester {
    const uri = parseCoapUri(String(url));
    const whole = this.#whole(uri);
    if (this.#proxy === undefined) return whole;
    const scheme = proxySchemeOptions({ ...uri, path: [], query: [] });
    return (request, call) => whole({ ...request, options: merged(request.options, scheme) }, call);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #asking(method: CoapMethod, uri: CoapUri, said: CoapRequestOptions): CoapRequest {
    const where = this.#proxy === undefined ? uriOptions(uri) : proxySchemeOptions(uri);
    return coapRequest(method, where, said);
  }

  #whole(uri: CoapDestination): CoapRequester {
    const to = this.#proxy ?? uri;
    const requester = pooledRequester(this.#pool, to, ({ channel }) => this.#requestersOf(channel, uri).whole);
    return tracedRequester(uri, requester);
  }

  /** One message each, and so long may it take. */
  #messages(uri: CoapDestination, timeoutMilliseconds = this.#timeoutMilliseconds): CoapRequester {
    const to = this.#proxy ?? uri;
    const requester = pooledRequester(this.#pool, to, ({ channel }) => this.#requestersOf(channel, uri).message);
    return tracedRequester(uri, answeredWithin(timeoutMilliseconds, uri, requester));
  }

  /** One pair for each channel, and context behind a proxy's: they remember what is under way. */
  #requestersOf(channel: CoapChannel, destination: CoapDestination): ChannelRequesters {
    const context = this.#oscore?.(destination);
    const byContext = this.#requesters.get(channel) ?? new Map<OscoreContext | undefined, ChannelRequesters>();
    this.#requesters.set(channel, byContext);
    const known = byContext.get(context);
    if (known !== undefined) return known;
    const made = channelRequesters(channel, this.#bodies, context);
    byContext.set(context, made);
    return made;
  }

  /** What carries the blocks to a server. */
  async #blocksChannel(
    uri: CoapDestination,
    { timeoutMilliseconds, signal }: CoapTransferOptions,
  ): Promise<BlocksChannel> {
    const deadline = { timeoutMilliseconds: timeoutMilliseconds ?? this.#timeoutMilliseconds, signal, uri };
    const lease = await withinDeadline(deadline, (opening) => this.#pool.lease(this.#proxy ?? uri, opening));
    lease.release();
    return this.#requestersOf(lease.channel, uri).carrier;
  }
}

function merged(options: readonly CoapOption[], others: readonly CoapOption[]): readonly CoapOption[] {
  const named = new Set(others.map(({ number }) => number));
  const kept = options.filter(({ number }) => !named.has(number));
  return [...kept, ...others].sort((one, other) => one.number - other.number);
}

const defaultLimits: ChannelPoolLimits = { channels: 1_000, idleMilliseconds: 60_000 };
