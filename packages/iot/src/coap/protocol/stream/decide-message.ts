import { kindOfCoapCode } from "../code.ts";
import { type CoapAbort, type CoapCapabilities, type CoapRelease, readSignal } from "./signal.ts";
import { baseStreamLimits, type CoapStreamLimits, type CoapStreamMessage } from "./stream-message.ts";

/** What the peer has said of itself so far; each CSM changes only what it names. RFC 8323 section 5.3. */
export interface CoapPeerSettings extends CoapStreamLimits {
  /** Whether it has said that it divides bodies into blocks. */
  readonly blockWiseTransfer: boolean;
}

/** What a message of the peer's leads to. */
export type CoapStreamDecision =
  | { readonly type: "request" }
  | { readonly type: "response" }
  | { readonly type: "settings"; readonly settings: CoapPeerSettings }
  /** `custody`: the Pong waits until all that came before is processed. */
  | { readonly type: "ping"; readonly token: Uint8Array; readonly custody: boolean }
  /** The peer is there. */
  | { readonly type: "pong" }
  | { readonly type: "release"; readonly release: CoapRelease }
  | { readonly type: "aborted"; readonly abort: CoapAbort }
  /** Nothing: an empty message, or a signal that may be passed over. */
  | { readonly type: "ignore" }
  /** The peer broke a rule, and is told so by this Abort. */
  | { readonly type: "broken"; readonly abort: CoapAbort };

/**
 * Decides what a message of the peer's leads to.
 *
 * @param settings `undefined` until its first CSM.
 *
 * @see RFC 8323 sections 3.3, 3.4 and 5
 */
export function decideStreamMessage(
  message: CoapStreamMessage,
  settings: CoapPeerSettings | undefined,
): CoapStreamDecision {
  const kind = kindOfCoapCode(message.code);
  if (kind === "empty") return { type: "ignore" };
  if (message.code.startsWith("7")) return decideSignal(message, settings);
  if (settings === undefined) return settingsMissing;
  switch (kind) {
    case "request":
      return { type: "request" };
    case "success":
    case "client-error":
    case "server-error":
      return { type: "response" };
    case "reserved":
      return { type: "broken", abort: { diagnostic: `code ${message.code} is reserved` } };
  }
}

/** Adds what a CSM says to what was said before, or to the base values. */
export function applyCapabilities(
  { maxMessageBytes, blockWiseTransfer, maxTokenBytes }: CoapCapabilities,
  before: CoapPeerSettings = { ...baseStreamLimits, blockWiseTransfer: false },
): CoapPeerSettings {
  return {
    maxMessageBytes: maxMessageBytes ?? before.maxMessageBytes,
    blockWiseTransfer: blockWiseTransfer ?? before.blockWiseTransfer,
    maxTokenBytes: maxTokenBytes ?? before.maxTokenBytes,
  };
}

/** Whether blocks may be gathered into messages of several for this peer (BERT). RFC 8323 section 5.3.2. */
export function takesGatheredBlocks({ blockWiseTransfer, maxMessageBytes }: CoapPeerSettings): boolean {
  return blockWiseTransfer && maxMessageBytes > baseStreamLimits.maxMessageBytes;
}

function decideSignal(message: CoapStreamMessage, settings: CoapPeerSettings | undefined): CoapStreamDecision {
  const signal = readSignal(message);
  // An Abort is heard whenever it comes: it may say why there is no CSM.
  if (settings === undefined && signal.type !== "capabilities" && signal.type !== "abort") {
    if (signal.type !== "bad-option" || message.code !== "7.01") return settingsMissing;
  }
  switch (signal.type) {
    case "capabilities":
      return { type: "settings", settings: applyCapabilities(signal.capabilities, settings) };
    case "ping":
    case "release":
      return signal;
    case "pong":
      return { type: "pong" };
    case "abort":
      return { type: "aborted", abort: signal.abort };
    case "unknown":
      return { type: "ignore" };
    case "bad-option": {
      const diagnostic = `option ${signal.number} of ${message.code} cannot be used`;
      return {
        type: "broken",
        abort: { badCsmOption: message.code === "7.01" ? signal.number : undefined, diagnostic },
      };
    }
  }
}

const settingsMissing: CoapStreamDecision = {
  type: "broken",
  abort: { diagnostic: "the first message has to be a CSM" },
};
