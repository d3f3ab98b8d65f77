import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { inspect } from "node:util";
import { PolicyError, UsageError } from "@fairlead/core";
import type { IdentityQuestion, TlsIdentity } from "@fairlead/tls";
import type { ListenAddress } from "@fairlead/tls/sockets";
import { admission, type AdmissionOptions } from "./admission/index.ts";
import { openDriver } from "./open-driver.ts";
import { httpLimits, type Exchange, type HttpLimits } from "./exchange/index.ts";
import { answerByFetch } from "./fetch/index.ts";
import type { FetchHandler } from "./fetch-handler.ts";
import { exchangeEdge, redirectToHttps, type ForwardedTrust, type HstsOptions } from "./forwarded/index.ts";
import {
  createListener,
  type Admission,
  type Listener,
  type ListenTlsOptions,
  type ProxyProtocolOptions,
} from "./listen/index.ts";
import { checkIdentity } from "./listen/check-identity.ts";
import { Observers } from "./observers.ts";
import { OpenConnections, type DrainOptions } from "./life/index.ts";
import type { Plugin } from "./plugin.ts";
import { composePlugins } from "./plugins/index.ts";
import { ExchangeContext } from "./request-context.ts";
import type { ServerObserver } from "./server-observer.ts";
import { tellFailure } from "./tell-failure.ts";

/** What a server is made with. */
export interface HttpServerOptions {
  /** Answers the requests: `app.fetch` of Hono, h3 and others, or a function of your own. */
  readonly fetch: FetchHandler;
  /** What requests pass on their way to it, in this order. */
  readonly plugins?: readonly Plugin[] | undefined;
  /** Secures connections; without it they are plain. */
  readonly tls?: ListenTlsOptions | undefined;
  /** What is not named is as in `defaultHttpLimits`. */
  readonly limits?: Partial<HttpLimits> | undefined;
  /** Who may connect, and how many: see `admission`. A function decides by itself. */
  readonly admission?: AdmissionOptions | Admission | undefined;
  /** Reads who the client is from what a load balancer sends in front; from nobody by default. */
  readonly proxyProtocol?: ProxyProtocolOptions | undefined;
  /** Believes what proxies in front say of the client, by Forwarded and the like; from nobody by default. */
  readonly forwarded?: ForwardedTrust | undefined;
  /** Has browsers use https only; said over https and never over plain. */
  readonly hsts?: HstsOptions | undefined;
  /** Access logs, metrics, traces. */
  readonly observers?: readonly ServerObserver[] | undefined;
  /** Hears what handlers, plug-ins and observers throw; by default it becomes a warning of the process. */
  readonly onError?: ((error: unknown, request: Request | undefined) => void) | undefined;
}

/**
 * Makes a server, which `listen` or `take` starts. It may listen in several places.
 *
 * @throws UsageError OPTION_INVALID
 *
 * @example
 * const server = httpServer({ fetch: () => new Response("hello") });
 * const { port } = await server.listen({ port: 0, host: "localhost" });
 */
export function httpServer(options: HttpServerOptions): HttpServer {
  return new HttpServer(options);
}

/** A connection that was accepted when the server begins to close may still say what it wants. */
const ARRIVAL_MILLISECONDS = 1_000;

/** See {@link httpServer}. */
export class HttpServer implements AsyncDisposable {
  readonly #options: HttpServerOptions;
  readonly #listener: Listener;
  readonly #connections = new OpenConnections();
  readonly #onError: (error: unknown, request: Request | undefined) => void;
  #answer: (exchange: Exchange) => void;
  #closed: Promise<void> | undefined;

  constructor(options: HttpServerOptions) {
    const { tls, limits, observers = [], onError = warn } = options;
    this.#options = options;
    this.#onError = onError;
    this.#answer = this.#answerBy(options.fetch);
    const edge = exchangeEdge(options);
    const told = new Observers(observers, this.#report);
    const driverOptions = {
      limits: httpLimits(limits),
      observers: told,
      connections: this.#connections,
      onExchange: (exchange: Exchange): void => {
        this.#answer(edge(exchange));
      },
      onPlain: redirectToHttps((host) => this.#listener.hasCertificateFor(host)),
    };
    this.#listener = createListener({
      tls,
      proxyProtocol: options.proxyProtocol,
      admission: this.#failingClosed(
        typeof options.admission === "function" ? options.admission : admission(options.admission),
      ),
      idleMilliseconds: driverOptions.limits.idleMilliseconds,
      onConnection: (connection) => {
        openDriver(connection, driverOptions);
      },
      onFailure: (error, facts) => {
        told.tell("onConnectionFailure", error, facts);
      },
    });
  }

  /** What there is right now. */
  get load(): { readonly connections: number; readonly requests: number } {
    return this.#connections.count;
  }

  /** Fires when the server begins to close. */
  get closing(): AbortSignal {
    return this.#connections.closing;
  }

  /**
   * Listens on a TCP port or a Unix socket; may be called for several.
   *
   * @returns where: with the port that the system chose, or the path.
   * @throws TransportError ADDRESS_IN_USE, PERMISSION_DENIED or another.
   */
  async listen(address: { readonly port: number; readonly host?: string | undefined }): Promise<AddressInfo>;
  async listen(address: { readonly path: string }): Promise<string>;
  async listen(address: ListenAddress): Promise<AddressInfo | string>;
  async listen(address: ListenAddress): Promise<AddressInfo | string> {
    return this.#listener.listen(address);
  }

  /** Takes a stream that came from elsewhere as if it had been accepted here; it is the server's from now on. */
  take(stream: Duplex): void {
    this.#listener.take(stream);
  }

  /**
   * Shows another certificate to connections that begin from now on; those that there are go on with theirs.
   *
   * @throws UsageError OPTION_INVALID without `tls`.
   */
  setIdentity(identity: TlsIdentity | IdentityQuestion): void {
    const { tls } = this.#listener;
    if (tls === undefined)
      throw new UsageError("OPTION_INVALID", { detail: "tls", remedy: "make the server with tls" });
    if (typeof identity === "object") checkIdentity(identity);
    tls.setIdentity(identity);
  }

  /**
   * Answers requests that come from now on by another handler; those under way keep theirs.
   *
   * @throws UsageError OPTION_INVALID when it is no function.
   */
  replace(fetch: FetchHandler): void {
    this.#answer = this.#answerBy(fetch);
  }

  /**
   * Takes no more connections, and no more requests than are on their way; resolves when those are answered and what
   * handlers have left to `waitUntil` is done. A second call waits for the first; one with a grace of 0 cuts what is left.
   */
  close(options: DrainOptions = {}): Promise<void> {
    const { graceMilliseconds = Infinity } = options;
    const received = this.#listener.close({ graceMilliseconds: Math.min(graceMilliseconds, ARRIVAL_MILLISECONDS) });
    if (this.#closed === undefined) this.#connections.waitUntil(received, this.#report);
    const drained = this.#connections.drain(options);
    this.#closed ??= this.#close(drained);
    return this.#closed;
  }

  /** Cuts everything. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close({ graceMilliseconds: 0 });
  }

  async #close(drained: Promise<void>): Promise<void> {
    await drained;
    for (const plugin of this.#options.plugins ?? []) {
      try {
        await plugin.close?.();
      } catch (error) {
        this.#report(error);
      }
    }
  }

  /** An admission that fails lets nobody in. */
  #failingClosed(admit: Admission): Admission {
    return (client) => {
      try {
        return admit(client);
      } catch (error) {
        this.#report(error);
        return { type: "refuse", error: new PolicyError("ADDRESS_REFUSED", { cause: error }), answer: undefined };
      }
    };
  }

  readonly #report = (error: unknown): void => {
    tellFailure(() => this.#onError(error, undefined));
  };

  #answerBy(fetch: FetchHandler): (exchange: Exchange) => void {
    if (typeof (fetch as unknown) !== "function") {
      throw new UsageError("OPTION_INVALID", {
        detail: "fetch",
        remedy: "give a function, such as app.fetch of an app",
      });
    }
    const source = {
      waitUntil: (work: Promise<unknown>): void => {
        this.#connections.waitUntil(work, this.#report);
      },
      closing: this.#connections.closing,
    };
    return answerByFetch(composePlugins(this.#options.plugins ?? [], fetch), {
      onError: this.#onError,
      context: (exchange) => new ExchangeContext(exchange, source),
    });
  }
}

/** Tells where the request went, and nothing of what it carries. */
function warn(error: unknown, request: Request | undefined): void {
  const place = request === undefined ? "" : ` (${request.method} ${new URL(request.url).pathname})`;
  const { message, stack } = error instanceof Error ? error : new Error(inspect(error));
  const detail = stack === undefined ? {} : { detail: stack };
  process.emitWarning(`a handler failed: ${message}${place}`, { type: "FairleadServerWarning", ...detail });
}
