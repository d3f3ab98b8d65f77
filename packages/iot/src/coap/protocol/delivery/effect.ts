import type { CoapMessage } from "../message.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** What the message layer wants done, in this order. The owners are what the driver gave. */
export type DeliveryEffect<Exchange, Request, Sending> =
  /** Send this datagram; the bytes may be sent again later and must not be changed. */
  | { readonly type: "send"; readonly bytes: Uint8Array }
  /** A request came, which did not come before. */
  | { readonly type: "request"; readonly received: ReceivedRequest<Request> }
  /** Nobody waits for the answers to this one any more. Not told of those that were answered in the usual way. */
  | { readonly type: "request-over"; readonly received: ReceivedRequest<Request> }
  | { readonly type: "response"; readonly exchange: Exchange; readonly response: CoapMessage }
  /** The peer has the request, and will answer later. */
  | { readonly type: "acknowledged"; readonly exchange: Exchange }
  /** The exchange has failed and is released. */
  | { readonly type: "failed"; readonly exchange: Exchange; readonly reason: DeliveryFailure }
  /** An answer or a ping was handed over; where it is confirmable, the peer has it. */
  | { readonly type: "sent"; readonly sending: Sending }
  | { readonly type: "not-sent"; readonly sending: Sending; readonly reason: DeliveryFailure };

/** Why a message did not do what it was for. */
export type DeliveryFailure =
  /** The peer rejected it. */
  | "reset"
  /** It was repeated as often as it may be, and never acknowledged. */
  | "not-acknowledged"
  /** The network said so, more than once, and no acknowledgement came. */
  | "unreachable"
  /** No answer came within the time that was set. */
  | "not-answered"
  /** As many as may wait were waiting. */
  | "queue-full"
  /** It does not fit into a datagram. */
  | "too-large"
  | "closed";
