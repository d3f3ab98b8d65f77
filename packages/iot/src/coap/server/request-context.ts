import type { CoapChannel, IncomingCoapRequest } from "../channel.ts";
import type { CoapContext, CoapDelivery, CoapScheme, CoapSecurity } from "../exchange.ts";

/** What a handler is told of a request that came by a channel. */
export class RequestContext implements CoapContext {
  readonly peer: string;
  readonly scheme: CoapScheme;
  readonly security: CoapSecurity | undefined;
  readonly delivery: CoapDelivery;
  readonly isMulticast: boolean;
  readonly isReachable: boolean;
  readonly maxMessageBytes: number;
  readonly takesGatheredBlocks: boolean;
  declare readonly signal: AbortSignal;
  readonly #incoming: IncomingCoapRequest;

  constructor(channel: CoapChannel, incoming: IncomingCoapRequest) {
    this.peer = channel.peer;
    this.scheme = channel.scheme;
    this.security = channel.security;
    this.delivery = incoming.delivery;
    this.isMulticast = incoming.isMulticast;
    this.isReachable = channel.scheme !== "coap";
    this.maxMessageBytes = channel.maxMessageBytes;
    this.takesGatheredBlocks = channel.takesGatheredBlocks;
    this.#incoming = incoming;
    Object.defineProperty(this, "signal", RequestContext.#signal);
  }

  /**
   * The signal is made when it is asked for, and most handlers do not. It is a property of the object's own, so that layers
   * may copy it with what they change; its getter is one for all, as objects with getters of their own are slow to make.
   */
  static readonly #signal: PropertyDescriptor & ThisType<RequestContext> = {
    enumerable: true,
    get(): AbortSignal {
      return this.#incoming.signal;
    },
  };
}
