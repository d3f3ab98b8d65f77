import type { EventEmitter } from "node:events";
import type { FairleadError } from "@fairlead/core";
import type { CoapDelivery, CoapRequest, CoapResponse, CoapScheme, CoapSecurity } from "./exchange.ts";

/** What a channel tells. A request that nobody listens for is answered by 4.04. */
export interface CoapChannelEvents {
  request: [incoming: IncomingCoapRequest];
  /** Once; `undefined` when either side closed it in the proper way. What is under way has failed before. */
  close: [reason: FairleadError | undefined];
}

/**
 * Exchanges with one peer, in both directions, whatever carries them: datagrams with their message layer (RFC 7252
 * section 4) or a stream (RFC 8323). It gives tokens, and delivers; what options mean is not its business, but for those
 * that a message layer must heed itself.
 */
export interface CoapChannel extends EventEmitter<CoapChannelEvents>, AsyncDisposable {
  /** The peer as errors name it: `host:port`. */
  readonly peer: string;
  readonly scheme: CoapScheme;
  readonly security: CoapSecurity | undefined;
  /** Most bytes of one whole message that can be sent now; a stream's peer may raise it (RFC 8323 section 5.3.1). */
  readonly maxMessageBytes: number;
  /** Whether blocks may be gathered into messages of several (BERT): the peer of a stream has said so. RFC 8323 section 6. */
  readonly takesGatheredBlocks: boolean;
  readonly closed: boolean;
  /** Begins an exchange with a token of its own. Nothing is sent yet. */
  open(listener: CoapExchangeListener): CoapExchange;
  /** Resolves when the peer has shown that it is there. RFC 7252 section 4.3, RFC 8323 section 5.4. */
  ping(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Ends it; a stream says so (RFC 8323 section 5.5). What is under way fails with STREAM_CLOSED. */
  close(): Promise<void>;
}

/** One token, and what is asked by it. */
export interface CoapExchange {
  /**
   * Sends a request. A second one with the same token is for whoever observes: it registers once more, or deregisters
   * (RFC 7641 sections 3.3.1 and 3.6).
   */
  send(request: CoapRequest, delivery?: CoapDelivery): void;
  /** Forgets the token: what still comes for it is rejected. Does nothing when it has failed, or the second time. */
  release(): void;
}

/** Hears what comes of an exchange; nothing behind `failed` or `release`. */
export interface CoapExchangeListener {
  response(response: CoapResponse): void;
  /** The peer has the request, and will answer by a message of its own. */
  acknowledged?(): void;
  /** The request cannot be answered any more; the token is released. */
  failed(error: FairleadError): void;
}

/** A request of the peer's, which came once: copies of it were sorted out. */
export interface IncomingCoapRequest {
  readonly request: CoapRequest;
  readonly delivery: CoapDelivery;
  readonly isMulticast: boolean;
  /**
   * Fires when the peer has gone, has rejected a response, or has asked again by the same token: of one token's requests
   * only the last is answered any more (RFC 7641 section 4.1).
   */
  readonly signal: AbortSignal;
  /**
   * Sends a response; a further one is a notification. The first rides on the acknowledgement if it comes in time.
   * Resolves when it was handed over, and with delivery `confirmable` when it was acknowledged.
   *
   * @param response `undefined` says nothing: the request is acknowledged, if it has to be, and no more.
   * @throws ProtocolError COAP_RESET when the peer knows nothing of it, or wants no more; TimeoutError; TransportError.
   */
  respond(response: CoapResponse | undefined, delivery?: CoapDelivery): Promise<void>;
}
