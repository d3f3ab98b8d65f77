import { type CoapType, maxExtendedTokenBytes } from "../message.ts";
import { writeCoapMessage } from "../write-message.ts";
import type { MessageContent } from "./message-content.ts";
import type { OpenExchange } from "./open-exchanges.ts";
import type { OutgoingMessage } from "./outbox.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { Slab } from "./slab.ts";

/** Whether a message wants to be acknowledged. */
export type Delivery = Extract<CoapType, "confirmable" | "non-confirmable">;

/** What a message of this side is about. */
export type Subject<Exchange, Request, Sending> =
  | { readonly type: "request"; readonly exchange: OpenExchange<Exchange> }
  | { readonly type: "response"; readonly received: ReceivedRequest<Request>; readonly sending: Sending }
  | { readonly type: "ping"; readonly sending: Sending };

/** A message of this side, from when it is put in line. */
export interface Outgoing<Exchange, Request, Sending> extends OutgoingMessage {
  readonly subject: Subject<Exchange, Request, Sending>;
}

/**
 * Makes a message that waits to be sent; it gets its message ID then.
 *
 * @param isExpectant whether the next one waits until the peer has said something. RFC 7252 section 4.7.
 */
export function outgoing<Exchange, Request, Sending>(
  type: Delivery,
  token: Uint8Array,
  content: MessageContent,
  subject: Subject<Exchange, Request, Sending>,
  isExpectant: boolean,
  slab: Slab,
): Outgoing<Exchange, Request, Sending> {
  return {
    bytes: writeMessage(type, 0, token, content, slab),
    isConfirmable: type === "confirmable",
    isExpectant,
    subject,
    messageId: -1,
    transmissions: 0,
    waitMilliseconds: 0,
    dueAt: 0,
    isAbandoned: false,
    unreachableTimes: 0,
  };
}

/** Writes a message into room of a slab. */
export function writeMessage(
  type: CoapType,
  messageId: number,
  token: Uint8Array,
  { code, options, payload }: MessageContent,
  slab: Slab,
): Uint8Array {
  return writeCoapMessage({ type, code, messageId, token, options, payload }, maxExtendedTokenBytes, slab.take);
}
