import type { CoapMessage } from "../message.ts";

/** A request of the peer's, from when it comes until nothing more is to be said to it. */
export interface ReceivedRequest<Owner> {
  readonly message: CoapMessage;
  readonly isMulticast: boolean;
  /** Whoever answers, for the driver to find again. */
  owner: Owner | undefined;
  /** When the acknowledgement that is owed has to be sent; infinity where none is owed any more, or ever was. */
  acknowledgeAt: number;
  /** Whether more than one answer is to come: the peer observes, and was told so. RFC 7641 section 3.1. */
  isObserved: boolean;
  /** Answered, or not to be answered any more. */
  isOver: boolean;
}
