import { kindOfCoapCode } from "../code.ts";
import type { CoapMessage } from "../message.ts";
import { readCoapMessage } from "../read-message.ts";
import { writeCoapMessage } from "../write-message.ts";
import { emptyMessage } from "./empty-message.ts";
import type { MessageContent } from "./message-content.ts";
import { areEqual } from "./open-exchanges.ts";

/** What comes of a datagram from somebody who may be of the group. */
export type GroupReading =
  /** `acknowledgement` is to be sent back, if there is one; `response` is `undefined` for a copy. */
  | {
      readonly type: "response";
      readonly response: CoapMessage | undefined;
      readonly acknowledgement: Uint8Array | undefined;
    }
  | { readonly type: "ignore" };

/**
 * One request to a group, and the answers of its members: each comes from an address of its own, and belongs to the
 * request by its token alone.
 *
 * @see RFC 7252 section 8.2
 */
export class GroupExchange {
  /** The request, to be sent once. */
  readonly bytes: Uint8Array;
  readonly #token: Uint8Array;
  readonly #heard = new Set<string>();

  /** @param random gives integers from 0 to 2^32 - 1 that nobody can foretell */
  constructor({ code, options, payload }: MessageContent, random: () => number) {
    const [high, low] = [random(), random()];
    this.#token = Uint8Array.from([24, 16, 8, 0].flatMap((shift) => [high >> shift, low >> shift]));
    const [messageId, token] = [random() & 0xffff, this.#token];
    this.bytes = writeCoapMessage({ type: "non-confirmable", code, messageId, token, options, payload });
  }

  /**
   * Takes a datagram in.
   *
   * @param from the address that it came from
   */
  receive(datagram: Uint8Array, from: string): GroupReading {
    const reading = readCoapMessage(datagram);
    if (reading.type !== "message") return ignore;
    const { message } = reading;
    const { type, code, messageId, token } = message;
    const isSeparate = type === "confirmable" || type === "non-confirmable";
    const kind = kindOfCoapCode(code);
    if (!isSeparate || kind === "empty" || kind === "request" || !areEqual(token, this.#token)) return ignore;
    const acknowledgement = type === "confirmable" ? emptyMessage("acknowledgement", messageId) : undefined;
    const name = `${from} ${messageId}`;
    if (this.#heard.has(name)) return { type: "response", response: undefined, acknowledgement };
    this.#heard.add(name);
    return { type: "response", response: message, acknowledgement };
  }
}

const ignore: GroupReading = { type: "ignore" };
