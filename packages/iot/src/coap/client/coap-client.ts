import { TransportError } from "@fairlead/core";
import type { CoapCall, CoapRequest, CoapResponse } from "../exchange.ts";
import { type CoapCode, type CoapDestination, coapCodes, parseCoapUri } from "../protocol/index.ts";
import { ChannelPool, type ChannelPoolLimits, type OpenCoapChannel } from "./channel-pool.ts";
import { clientRequester } from "./client-requester.ts";
import { CoapReply } from "./coap-reply.ts";
import { type CoapMethod, type CoapRequestOptions, coapRequest } from "./coap-request.ts";
import { withinDeadline } from "./deadline.ts";
import { type OpenChannelOptions, openChannel } from "./open-channel.ts";

/** How a client asks. */
export interface CoapClientOptions extends OpenChannelOptions {
  /** For a whole request, from opening a channel to the last block; 120,000 by default. */
  readonly timeoutMilliseconds?: number | undefined;
  readonly limits?: Partial<ChannelPoolLimits> | undefined;
  /** Opens channels, instead of what the scheme of a URL says. */
  readonly open?: OpenCoapChannel | undefined;
}

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
  readonly #timeoutMilliseconds: number;

  constructor(options: CoapClientOptions) {
    const open: OpenCoapChannel = options.open ?? ((destination, signal) => openChannel(destination, options, signal));
    this.#pool = new ChannelPool(open, { ...defaultLimits, ...options.limits });
    this.#timeoutMilliseconds = options.timeoutMilliseconds ?? 120_000;
  }

  async request(method: CoapMethod, url: string | URL, said: CoapRequestOptions = {}): Promise<CoapReply> {
    const uri = parseCoapUri(String(url));
    const request = coapRequest(method, uri, said);
    const { timeoutMilliseconds = this.#timeoutMilliseconds, delivery, onProgress } = said;
    const response = await withinDeadline({ timeoutMilliseconds, signal: said.signal, uri }, (signal) =>
      this.#ask(uri, request, { signal, delivery, onProgress }),
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
      const lease = await this.#pool.lease(uri, signal);
      try {
        await lease.channel.ping({ signal });
      } finally {
        lease.release();
      }
    });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** What changes nothing is asked once more where a channel broke without an answer. */
  async #ask(destination: CoapDestination, request: CoapRequest, call: CoapCall): Promise<CoapResponse> {
    for (let triesLeft = safeMethods.has(request.code) ? 2 : 1; ; triesLeft -= 1) {
      const lease = await this.#pool.lease(destination, call.signal);
      try {
        return await clientRequester(lease.channel)(request, call);
      } catch (error) {
        const isBroken = lease.channel.closed && error instanceof TransportError;
        if (!isBroken || triesLeft === 1) throw error;
      } finally {
        lease.release();
      }
    }
  }
}

/** RFC 7252 section 5.1, RFC 8132 section 2. */
const safeMethods: ReadonlySet<CoapCode> = new Set([coapCodes.GET, coapCodes.FETCH]);
const defaultLimits: ChannelPoolLimits = { channels: 1_000, idleMilliseconds: 60_000 };
