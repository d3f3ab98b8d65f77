import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Store } from "@fairlead/store";
import { UsageError } from "@fairlead/core";
import { encode } from "cborg";
import { coapOptions, kindOfCoapCode, readOption, writeOption } from "../protocol/index.ts";
import { oscoreOverheadBytes } from "../protocol/oscore/cryptography.ts";
import type { OscoreHeader } from "../protocol/oscore/oscore-option.ts";
import { readPartialIv } from "../protocol/oscore/partial-iv.ts";
import {
  type OscoreMessage,
  type ProtectedRequest,
  protectRequest,
  protectResponse,
  type RequestBinding,
  type Unprotected,
  unprotectRequest,
  unprotectResponse,
} from "../protocol/oscore/protect-message.ts";
import {
  emptyReplayWindow,
  markSequenceNumber,
  type ReplayWindow,
  replayWindowFrom,
} from "../protocol/oscore/replay-window.ts";
import { deriveOscoreKeys, type OscoreKeys, type OscoreParameters } from "../protocol/oscore/security-context.ts";
import { nameContext, type OscoreContextName, toHex } from "./context-name.ts";
import { nodeOscoreCryptography } from "./node-cryptography.ts";
import { SequenceNumbers } from "./sequence-numbers.ts";

/** How a context is kept. */
export interface OscoreContextOptions {
  /**
   * Keeps the sequence numbers, so that none is used twice with the same keys: that would give them away. It must be one that
   * survives the process, unless the master secret does not either.
   */
  readonly store: Store;
  /** Numbers that are reserved at a time: 1,000 by default. A process that ends wastes those that it has not used. */
  readonly sequenceNumberStep?: number | undefined;
}

/**
 * Opens a security context with one peer: for requests to it by `withOscore`, for requests from it by `serveOscore`, or for
 * both. It is opened once at a time, by one process.
 *
 * @throws UsageError OPTION_INVALID for a secret that is too short, or IDs that are too long or the same.
 * @throws StoreError OSCORE_STORE_FULL, STORE_CORRUPT, STORE_WRITE_FAILED, STORE_CLOSED.
 *
 * @see RFC 8613 section 3
 */
export async function openOscoreContext(
  parameters: OscoreParameters,
  options: OscoreContextOptions,
): Promise<OscoreContext> {
  const { store, sequenceNumberStep: step = 1_000 } = options;
  if (!(Number.isInteger(step) && step >= 1)) {
    throw new UsageError("OPTION_INVALID", { detail: `sequenceNumberStep is an integer from 1, not ${step}` });
  }
  const keys = deriveKeys(parameters);
  const place = { store, key: recordKey(parameters), step, peer: namePeer(keys) };
  const { sequenceNumbers, wereUsed } = await SequenceNumbers.open(place);
  return new OscoreContext(keys, sequenceNumbers, wereUsed ? undefined : emptyReplayWindow);
}

/** What a request turns out to be, to the one that serves it. */
export type AcceptedRequest =
  | { readonly type: "request"; readonly request: OscoreMessage; readonly isFresh: boolean }
  /** It verifies, but may have come before the last restart: the peer has to repeat it with the Echo of this response. */
  | { readonly type: "challenge"; readonly response: OscoreMessage }
  /** With the code of the answer, which is not protected. RFC 8613 section 8.2. */
  | { readonly type: "refused"; readonly code: "4.00" | "4.01" };

/** A security context with one peer. Its keys are nowhere to be read. */
export class OscoreContext implements OscoreContextName {
  /** The peer as errors name it. */
  readonly peer: string;
  /** The peer's ID, hexadecimal. */
  readonly peerId: string;
  /** Hexadecimal; `undefined` without one. */
  readonly idContext: string | undefined;
  /** Most bytes that a request grows by. Layers above make their blocks smaller by it. */
  readonly requestOverheadBytes: number;
  readonly #keys: OscoreKeys;
  readonly #sequenceNumbers: SequenceNumbers;
  /** `undefined` when what the peer has sent was forgotten by a restart. */
  #replayWindow: ReplayWindow | undefined;
  /** Nobody knows it who has not been answered since the restart. RFC 8613 appendix B.1.2. */
  readonly #echo = randomBytes(16);

  /** For `openOscoreContext`. */
  constructor(keys: OscoreKeys, sequenceNumbers: SequenceNumbers, replayWindow: ReplayWindow | undefined) {
    const { peerId, idContext } = nameContext(keys.recipientId, keys.idContext);
    this.peer = namePeer(keys);
    this.peerId = peerId;
    this.idContext = idContext;
    this.requestOverheadBytes = oscoreOverheadBytes + keys.senderId.length + 1 + (keys.idContext?.length ?? 0);
    this.#keys = keys;
    this.#sequenceNumbers = sequenceNumbers;
    this.#replayWindow = replayWindow;
  }

  /**
   * Protects a request to the peer.
   *
   * @throws PolicyError OSCORE_SEQUENCE_EXHAUSTED, OSCORE_CONTEXT_TAKEN; StoreError STORE_WRITE_FAILED.
   */
  async protectRequest(request: OscoreMessage): Promise<ProtectedRequest> {
    return protectRequest(nodeOscoreCryptography, this.#keys, await this.#sequenceNumbers.next(), request);
  }

  /** Verifies what the peer answered. */
  unprotectResponse(binding: RequestBinding, header: OscoreHeader, payload: Uint8Array): Unprotected {
    return unprotectResponse(nodeOscoreCryptography, this.#keys, binding, header, payload);
  }

  /** Verifies a request of the peer's, once. Nothing is waited for between verifying it and marking it as seen. */
  acceptRequest(binding: RequestBinding, request: OscoreMessage): AcceptedRequest {
    const number = readPartialIv(binding.partialIv);
    const window = this.#replayWindow;
    const marked = window === undefined ? undefined : markSequenceNumber(window, number);
    if (window !== undefined && marked === undefined) return { type: "refused", code: "4.01" };
    const unprotected = unprotectRequest(nodeOscoreCryptography, this.#keys, binding, request);
    if (unprotected.type !== "message") return { type: "refused", code: "4.00" };
    const { message } = unprotected;
    if (kindOfCoapCode(message.code) !== "request") return { type: "refused", code: "4.00" };
    if (marked !== undefined) {
      this.#replayWindow = marked;
      return { type: "request", request: message, isFresh: false };
    }
    const echo = readOption(message, "echo");
    if (echo?.length !== this.#echo.length || !timingSafeEqual(echo, this.#echo)) {
      return {
        type: "challenge",
        response: { code: "4.01", options: [writeOption("echo", this.#echo)], payload: new Uint8Array(0) },
      };
    }
    this.#replayWindow = replayWindowFrom(number);
    const options = message.options.filter((option) => option.number !== coapOptions.echo.number);
    return { type: "request", request: { ...message, options }, isFresh: true };
  }

  /**
   * Protects an answer to the peer.
   *
   * @param by the request's nonce for the only answer to a request that was accepted; a number of its own for any other
   *
   * @throws PolicyError OSCORE_SEQUENCE_EXHAUSTED, OSCORE_CONTEXT_TAKEN; StoreError STORE_WRITE_FAILED.
   */
  async protectResponse(
    binding: RequestBinding,
    response: OscoreMessage,
    by: "request-nonce" | "own-number",
  ): Promise<OscoreMessage> {
    const number = by === "own-number" ? await this.#sequenceNumbers.next() : undefined;
    return protectResponse(nodeOscoreCryptography, this.#keys, binding, response, number);
  }
}

function namePeer({ recipientId }: OscoreKeys): string {
  return recipientId.length === 0 ? "the OSCORE peer with the empty ID" : `OSCORE peer ${toHex(recipientId)}`;
}

function deriveKeys(parameters: OscoreParameters): OscoreKeys {
  try {
    return deriveOscoreKeys(nodeOscoreCryptography, parameters);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError("OPTION_INVALID", { detail: error.message });
    throw error;
  }
}

/** Other parameters have another record. What is derived for it says nothing about the keys. */
function recordKey({ masterSecret, masterSalt, senderId, recipientId, idContext }: OscoreParameters): string {
  const info = encode(["sequence numbers", senderId, recipientId, idContext ?? null]);
  return toHex(nodeOscoreCryptography.deriveKey(masterSecret, masterSalt ?? new Uint8Array(0), info, 16));
}
