import { kindOfCoapCode } from "../code.ts";
import { readCoapMessage } from "../read-message.ts";
import { emptyMessage } from "./empty-message.ts";

/** What to do with a datagram from somebody of whom nothing is kept. */
export type StrangerDecision =
  /** It asks for something: from now on there is something to keep. */
  { readonly type: "admit" } | { readonly type: "reject"; readonly reset: Uint8Array } | { readonly type: "ignore" };

/**
 * Decides what becomes of a datagram from a stranger. Only a request has anything kept; what cannot be for us is rejected
 * by four bytes, and never by more than came.
 *
 * @param longestToken bytes, as `readCoapMessage` has it
 *
 * @see RFC 7252 sections 4.2, 4.3
 */
export function decideStranger(datagram: Uint8Array, longestToken: number): StrangerDecision {
  const reading = readCoapMessage(datagram, longestToken);
  switch (reading.type) {
    case "message": {
      const { type, code, messageId } = reading.message;
      if (kindOfCoapCode(code) === "request") return { type: "admit" };
      const isRejected = type === "confirmable" || type === "non-confirmable";
      return isRejected ? { type: "reject", reset: emptyMessage("reset", messageId) } : ignore;
    }
    case "malformed": {
      const { header } = reading;
      if (header?.type !== "confirmable") return ignore;
      return { type: "reject", reset: emptyMessage("reset", header.messageId) };
    }
    case "other-version":
      return ignore;
  }
}

const ignore: StrangerDecision = { type: "ignore" };
