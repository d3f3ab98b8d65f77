import type { FairleadError } from "@fairlead/core";
import type { CoapCode, CoapOption, CoapScheme } from "./protocol/index.ts";

export type { CoapScheme };

/** What is asked: method, options and body, without what only carries it (type, message ID, token). */
export interface CoapRequest {
  /** `0.01` to `0.07`: GET, POST, PUT, DELETE, FETCH, PATCH, iPATCH. */
  readonly code: CoapCode;
  /** By number; those of one number in their order. */
  readonly options: readonly CoapOption[];
  readonly payload: Uint8Array;
}

/** What is answered. */
export interface CoapResponse {
  /** Of class 2, 4 or 5. */
  readonly code: CoapCode;
  readonly options: readonly CoapOption[];
  readonly payload: Uint8Array;
}

/** Hears the responses that follow the first one to a request: notifications (RFC 7641), or those of a group. */
export interface CoapObserver {
  /** The next response, as it came: not yet judged for its freshness. */
  next(response: CoapResponse): void;
  /** Nothing will follow; called once. `undefined` when that is proper, such as behind an answer of class 4. */
  end(error: FairleadError | undefined): void;
}

/** How far the bodies of a request and of its response have come. */
export interface CoapProgress {
  /** Whether the request's body is being sent, or the response's received. */
  readonly direction: "up" | "down";
  /** Of the body, those that a resumed transfer had before included. */
  readonly transferredBytes: number;
  /** `undefined` where nobody has said it. For `down` it is what the server announced (Size2), which may be wrong. */
  readonly totalBytes: number | undefined;
}

/** How one request is made. */
export interface CoapCall {
  /** Gives the request up, and the observation that it began. */
  readonly signal?: AbortSignal | undefined;
  /** Whether a datagram is repeated until it is acknowledged, as by default. Streams do not tell the two apart. */
  readonly delivery?: CoapDelivery | undefined;
  /** Keeps the exchange open behind the first response, for those that follow. */
  readonly observer?: CoapObserver | undefined;
  /**
   * Calls with the same object go by one token, for whoever registers once more or deregisters: what comes behind the
   * newest call is its observer's alone, and another one before it ends. RFC 7641 sections 3.3.1 and 3.6.
   */
  readonly observation?: object | undefined;
  /** Told behind every block of a body that travels in several. */
  readonly onProgress?: ((progress: CoapProgress) => void) | undefined;
}

/** How a message is delivered over datagrams. RFC 7252 sections 4.2 and 4.3. */
export type CoapDelivery = "confirmable" | "non-confirmable";

/**
 * Asks, and gets the first response, whatever its code. Layers are functions from requester to requester: blocks, OSCORE,
 * Echo. A response that comes out has nothing left in it that a layer below has dealt with.
 *
 * @throws TransportError, TlsError; TimeoutError; ProtocolError COAP_RESET, COAP_RESPONSE_UNUSABLE; or the signal's reason.
 */
export type CoapRequester = (request: CoapRequest, call?: CoapCall) => Promise<CoapResponse>;

/** Who asks, and how the question came. */
export interface CoapContext {
  /** The peer as errors name it: `host:port`. Over plain UDP anybody can claim to be anybody. */
  readonly peer: string;
  readonly scheme: CoapScheme;
  /** Who the peer has shown to be; `undefined` where nothing is secured. */
  readonly security: CoapSecurity | undefined;
  readonly delivery: CoapDelivery;
  /** Whether it was sent to a group: what is no useful answer is then left unsaid (RFC 7252 section 8.2). */
  readonly isMulticast: boolean;
  /** Whether the peer has shown that it receives what is sent to it: always by DTLS and streams. RFC 9175 section 2.3. */
  readonly isReachable: boolean;
  /** Most bytes of one whole message to this peer, and whether it takes several blocks in one: as the channel has them. */
  readonly maxMessageBytes: number;
  readonly takesGatheredBlocks: boolean;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** A body that need not be in memory: it is read where and when a block of it is asked for. */
export interface CoapBody {
  readonly sizeBytes: number;
  /**
   * Reads so many bytes from `offset` on, fewer only where the body ends. Two calls never overlap in time.
   *
   * @throws whatever kept it from being read: the transfer ends by 5.00, or fails with it.
   */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** A response, and those that follow when the client observes. RFC 7641. */
export interface CoapAnswer extends CoapResponse {
  /**
   * How it is delivered where no acknowledgement carries it; as the request was by default. What is confirmable is sent up
   * to five times to whoever does not acknowledge it.
   */
  readonly delivery?: CoapDelivery | undefined;
  /**
   * What the payload is taken from where it is too much for memory; `payload` is then empty. An ETag must say which
   * version of it this is. `serveBlocks` divides it: without that layer nothing is sent of it.
   */
  readonly body?: CoapBody | undefined;
  /** More responses to the same request, sent behind this one without waiting for their delivery. RFC 9177 section 4.4. */
  readonly rest?: AsyncIterable<CoapResponse> | undefined;
  /**
   * The notifications behind it, each a response whole: without Observe, which is the sender's to number. The next one is
   * asked for when the last is delivered, so that an iterator may leave out states that nobody has seen. Its `return` is
   * called when the client has gone. Given only for a request with Observe 0.
   */
  readonly updates?: AsyncIterable<CoapResponse> | undefined;
}

/**
 * Answers requests; `undefined` says nothing at all, which is for groups and for No-Response (RFC 7967). Layers are
 * functions from handler to handler. What it throws is told as 5.00 without a reason.
 */
export type CoapHandler = (
  request: CoapRequest,
  context: CoapContext,
) => CoapAnswer | undefined | Promise<CoapAnswer | undefined>;

/** What secures an exchange, and who the peer is by it. */
export type CoapSecurity =
  | { readonly type: "psk"; readonly identity: string }
  /** `fingerprint`: SHA-256 of the certificate, hexadecimal; `undefined` for a client without one. */
  | { readonly type: "certificate"; readonly fingerprint: string | undefined; readonly subject: string | undefined }
  /** RFC 8613; both hexadecimal. */
  | { readonly type: "oscore"; readonly peerId: string; readonly idContext: string | undefined };
