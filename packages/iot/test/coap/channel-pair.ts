import { EventEmitter } from "node:events";
import { TransportError } from "@fairlead/core";
import type {
  CoapChannel,
  CoapChannelEvents,
  CoapExchange,
  CoapExchangeListener,
  CoapRequest,
  CoapResponse,
  CoapScheme,
  CoapSecurity,
} from "@fairlead/iot/coap";

/** How the two ends of a pair look. */
export interface PairOptions {
  readonly scheme?: CoapScheme;
  readonly security?: CoapSecurity;
  readonly maxMessageBytes?: number;
  readonly takesGatheredBlocks?: boolean;
}

/** Two channels joined in memory, over which nothing is lost: `client` and `server` by convention only. */
export function channelPair(options: PairOptions = {}): { readonly client: CoapChannel; readonly server: CoapChannel } {
  const client = new PairedChannel("server:5683", options);
  const server = new PairedChannel("client:40000", options);
  client.other = server;
  server.other = client;
  return { client, server };
}

class PairedChannel extends EventEmitter<CoapChannelEvents> implements CoapChannel {
  readonly scheme: CoapScheme;
  readonly security: CoapSecurity | undefined;
  readonly maxMessageBytes: number;
  readonly takesGatheredBlocks: boolean;
  readonly peer: string;
  closed = false;
  other: PairedChannel | undefined;
  readonly #exchanges = new Map<CoapExchangeListener, () => void>();

  constructor(
    peer: string,
    { scheme = "coap", security, maxMessageBytes = 1_152, takesGatheredBlocks = false }: PairOptions,
  ) {
    super();
    this.peer = peer;
    this.scheme = scheme;
    this.security = security;
    this.maxMessageBytes = maxMessageBytes;
    this.takesGatheredBlocks = takesGatheredBlocks;
  }

  open(listener: CoapExchangeListener): CoapExchange {
    let gone = new AbortController();
    this.#exchanges.set(listener, () => {
      gone.abort();
    });
    return {
      send: (request: CoapRequest, delivery = "confirmable") => {
        gone.abort();
        gone = new AbortController();
        const { signal } = gone;
        queueMicrotask(() => {
          this.other?.emit("request", {
            ...{ request, delivery, isMulticast: false, signal },
            respond: (response: CoapResponse | undefined) => {
              if (!signal.aborted && response !== undefined) listener.response(response);
              return Promise.resolve();
            },
          });
        });
      },
      release: () => {
        this.#exchanges.delete(listener);
        gone.abort();
      },
    };
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      for (const [listener, leave] of this.#exchanges) {
        leave();
        listener.failed(new TransportError("STREAM_CLOSED", { peer: this.peer, operation: "request" }));
      }
      this.#exchanges.clear();
      this.emit("close", undefined);
      void this.other?.close();
    }
    return Promise.resolve();
  }
}
