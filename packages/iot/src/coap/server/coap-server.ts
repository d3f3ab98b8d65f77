import { UsageError } from "@fairlead/core";
import { serveBlocks, type ServeBlocksOptions } from "../blocks/serve-blocks.ts";
import { requireEcho, type RequireEchoOptions } from "../echo/require-echo.ts";
import type { CoapContext, CoapHandler } from "../exchange.ts";
import { heedNoResponse } from "../no-response/heed-no-response.ts";
import type { OscoreContext } from "../oscore/oscore-context.ts";
import { type FindOscoreContext, serveOscore, type ServeOscoreOptions } from "../oscore/serve-oscore.ts";
import { type CoapScheme, coapSchemes, formatCoapUri } from "../protocol/index.ts";
import { tracedHandler } from "../telemetry/traced.ts";
import { openListener, type OpenListenerOptions } from "./open-listener.ts";
import type { CoapResource } from "./resource.ts";
import { resourceHandler } from "./resource-handler.ts";

/** What a server answers by. */
export interface CoapServerOptions {
  /** What it has. */
  readonly resources?: readonly CoapResource[] | undefined;
  /** Answers everything, instead of resources. */
  readonly handler?: CoapHandler | undefined;
  /**
   * What strangers on plain UDP get before they have shown that they are where they say: three times the bytes that they
   * send, by default. On loopback, where nobody forges addresses, there are no strangers.
   */
  readonly echo?: RequireEchoOptions | undefined;
  /** How large bodies may be, and how much is kept of those under way. */
  readonly blocks?: ServeBlocksOptions | undefined;
  /** Has requests protected by OSCORE; without it, those that are get 4.02. RFC 8613. */
  readonly oscore?: CoapServerOscore | undefined;
  /** Told what a handler threw; the peer is told 5.00 and no more. By default nobody is. */
  readonly onError?: ((error: unknown, context: CoapContext) => void) | undefined;
}

/** How a server speaks OSCORE. */
export interface CoapServerOscore extends ServeOscoreOptions {
  /** Those that there are, or what finds one. */
  readonly contexts: readonly OscoreContext[] | FindOscoreContext;
}

/** Where a server listens. */
export interface CoapListenOptions extends OpenListenerOptions {
  /** `coap` by default. */
  readonly scheme?: CoapScheme | undefined;
  /** IP literal; `::` for all addresses. The loopback interface by default: be seen only when you mean to. */
  readonly host?: string | undefined;
  /** The scheme's own by default; with 0 the system chooses. */
  readonly port?: number | undefined;
}

/** One place where a server listens. */
export interface CoapServerListener extends AsyncDisposable {
  readonly scheme: CoapScheme;
  readonly host: string;
  readonly port: number;
  /** As a client asks it, without a path. */
  readonly url: string;
  close(): Promise<void>;
}

/** Answers CoAP requests, in as many places as it is told to. */
export interface CoapServer extends AsyncDisposable {
  /** All of it as one function: what each channel is served by. */
  readonly handler: CoapHandler;
  /** @throws TransportError ADDRESS_IN_USE, PERMISSION_DENIED; UsageError. */
  listen(options?: CoapListenOptions): Promise<CoapServerListener>;
  /** Stops listening everywhere. */
  close(): Promise<void>;
}

/**
 * Makes a server; it listens nowhere yet.
 *
 * @throws UsageError OPTION_INVALID unless it has either resources or a handler.
 *
 * @example
 * await using server = coapServer({ resources: [resource("hello", { get: () => coapAnswer("Content", "hello") })] });
 * const { url } = await server.listen({ port: 0 });
 */
export function coapServer({ resources, handler, blocks, echo, oscore, onError }: CoapServerOptions): CoapServer {
  if ((resources === undefined) === (handler === undefined)) {
    throw new UsageError("OPTION_INVALID", { detail: "resources", remedy: "give either resources or a handler" });
  }
  const answering = tracedHandler(tellingErrors(handler ?? resourceHandler(resources ?? []), onError));
  // What OSCORE protects is inside of it: blocks, Echo and No-Response among them. RFC 8613 section 4.1.
  const whole = heedNoResponse(requireEcho(echo)(serveBlocks(blocks)(answering)));
  return new ListeningServer(oscore === undefined ? whole : serveOscore(oscore.contexts, oscore)(whole));
}

class ListeningServer implements CoapServer {
  readonly handler: CoapHandler;
  readonly #listeners = new Set<CoapServerListener>();

  constructor(handler: CoapHandler) {
    this.handler = handler;
  }

  async listen({
    scheme = "coap",
    host = "127.0.0.1",
    port,
    ...how
  }: CoapListenOptions = {}): Promise<CoapServerListener> {
    const where = { scheme, host, port: port ?? coapSchemes[scheme].defaultPort };
    const opened = await openListener(where, this.handler, how);
    const listener: CoapServerListener = {
      ...{ scheme, host: opened.address.host, port: opened.address.port },
      url: formatCoapUri({ ...opened.address, scheme, path: [], query: [] }).slice(0, -1),
      close: async () => {
        this.#listeners.delete(listener);
        await opened.close();
      },
      [Symbol.asyncDispose]: () => listener.close(),
    };
    this.#listeners.add(listener);
    return listener;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function tellingErrors(handler: CoapHandler, onError: CoapServerOptions["onError"]): CoapHandler {
  if (onError === undefined) return handler;
  return async (request, context) => {
    try {
      return await handler(request, context);
    } catch (error) {
      onError(error, context);
      throw error;
    }
  };
}
