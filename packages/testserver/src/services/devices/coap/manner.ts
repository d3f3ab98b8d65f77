import type { CoapBlock, CoapMessage } from "@fairlead/iot/coap/protocol";
import type { CoapAnswer } from "./resource.ts";

/** How a CoAP server departs from what it should do. */
export interface CoapManner {
  /** Whether it hears a request at all; `times` counts the same message from the same peer, from 1. */
  readonly hears?: (times: number) => boolean;
  /** Acknowledges every confirmable request at once, and answers after so long. */
  readonly separateAfterMilliseconds?: number;
  /** Answers every request by the block that it asks for, in place of what is there. */
  readonly answerBlock?: (asked: CoapBlock) => CoapAnswer;
  /** What is sent in place of an answer. */
  readonly send?: (answer: CoapMessage, nextMessageId: () => number) => readonly (CoapMessage | Uint8Array)[];
}
