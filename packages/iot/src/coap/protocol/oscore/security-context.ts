import { encode } from "cborg";
import { oscoreAlgorithm, type OscoreCryptography, oscoreKeyBytes, oscoreNonceBytes } from "./cryptography.ts";

/** What both ends agree on beforehand. The other end has the two IDs the other way round. RFC 8613 section 3.2. */
export interface OscoreParameters {
  /** At least 16 bytes that nobody can guess. */
  readonly masterSecret: Uint8Array;
  /** Empty by default. */
  readonly masterSalt?: Uint8Array | undefined;
  /** 0 to 7 bytes; no other party has it with this secret. */
  readonly senderId: Uint8Array;
  /** 0 to 7 bytes, and not the sender's. */
  readonly recipientId: Uint8Array;
  /** Tells contexts apart that have the same recipient ID; it is sent with each request. At most 64 bytes here. */
  readonly idContext?: Uint8Array | undefined;
}

/** What is derived of the parameters, and does not change. RFC 8613 section 3.1. */
export interface OscoreKeys {
  readonly senderId: Uint8Array;
  readonly recipientId: Uint8Array;
  readonly idContext: Uint8Array | undefined;
  readonly senderKey: Uint8Array;
  readonly recipientKey: Uint8Array;
  readonly commonIv: Uint8Array;
}

/** The longest ID: what a nonce has room for. RFC 8613 section 3.3. */
export const maxOscoreIdBytes = oscoreNonceBytes - 6;

/**
 * Derives keys and common IV.
 *
 * @throws RangeError for a secret below 16 bytes, an ID or ID context that is too long, or two IDs that are the same.
 *
 * @see RFC 8613 section 3.2.1, with the examples of appendix C.1 to C.3
 */
export function deriveOscoreKeys(cryptography: OscoreCryptography, parameters: OscoreParameters): OscoreKeys {
  const { masterSecret, masterSalt = none, senderId, recipientId, idContext } = parameters;
  checkParameters(parameters);
  const derive = (id: Uint8Array, type: "Key" | "IV", lengthBytes: number): Uint8Array => {
    const info = encode([id, idContext ?? null, oscoreAlgorithm, type, lengthBytes]);
    return cryptography.deriveKey(masterSecret, masterSalt, info, lengthBytes);
  };
  return {
    ...{ senderId, recipientId, idContext },
    senderKey: derive(senderId, "Key", oscoreKeyBytes),
    recipientKey: derive(recipientId, "Key", oscoreKeyBytes),
    commonIv: derive(none, "IV", oscoreNonceBytes),
  };
}

function checkParameters({ masterSecret, senderId, recipientId, idContext }: OscoreParameters): void {
  if (masterSecret.length < minSecretBytes) {
    throw new RangeError(`a master secret has at least ${minSecretBytes} bytes, not ${masterSecret.length}`);
  }
  const idBytes = Math.max(senderId.length, recipientId.length);
  if (idBytes > maxOscoreIdBytes) throw new RangeError(`an ID has ${maxOscoreIdBytes} bytes at most, not ${idBytes}`);
  if (idContext !== undefined && idContext.length > maxIdContextBytes) {
    throw new RangeError(`an ID context has ${maxIdContextBytes} bytes at most, not ${idContext.length}`);
  }
  if (senderId.length === recipientId.length && senderId.every((byte, at) => byte === recipientId[at])) {
    throw new RangeError("sender and recipient have the same ID, so both would encrypt with the same key");
  }
}

const minSecretBytes = 16;
const maxIdContextBytes = 64;
const none = new Uint8Array(0);
