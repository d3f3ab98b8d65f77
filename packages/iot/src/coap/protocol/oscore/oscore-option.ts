import { maxPartialIvBytes } from "./partial-iv.ts";
import { maxOscoreIdBytes } from "./security-context.ts";

/** What the OSCORE option says of a message's protection: the compressed header of a COSE object. */
export interface OscoreHeader {
  /** In requests, in notifications, and in a response that does not go by its request's nonce. */
  readonly partialIv: Uint8Array | undefined;
  /** Sender ID of who asks; only in requests. */
  readonly keyId: Uint8Array | undefined;
  /** ID context of who asks; only in requests. */
  readonly idContext: Uint8Array | undefined;
}

/**
 * Reads the value of an OSCORE option; `undefined` where it is malformed: reserved bits, lengths that do not fit, a
 * partial IV with leading zeros, or an ID that no nonce has room for. Values are views.
 *
 * @see RFC 8613 section 6.1
 */
export function readOscoreOption(value: Uint8Array): OscoreHeader | undefined {
  const [flags] = value;
  if (flags === undefined) return { partialIv: undefined, keyId: undefined, idContext: undefined };
  const partialIvBytes = flags & 7;
  // A value of only zeros is written as none.
  if ((flags & 0xe0) !== 0 || flags === 0 || partialIvBytes > maxPartialIvBytes) return undefined;
  let at = 1 + partialIvBytes;
  const partialIv = partialIvBytes === 0 ? undefined : value.subarray(1, at);
  if (at > value.length || (partialIvBytes > 1 && partialIv?.[0] === 0)) return undefined;
  let idContext: Uint8Array | undefined;
  if ((flags & hasIdContext) !== 0) {
    const length = value[at];
    if (length === undefined || at + 1 + length > value.length) return undefined;
    idContext = value.subarray(at + 1, at + 1 + length);
    at += 1 + length;
  }
  if ((flags & hasKeyId) === 0) return at === value.length ? { partialIv, keyId: undefined, idContext } : undefined;
  const keyId = value.subarray(at);
  return keyId.length > maxOscoreIdBytes ? undefined : { partialIv, keyId, idContext };
}

/** Writes the value of an OSCORE option; what is too long for it has been refused when the context was derived. */
export function writeOscoreOption({ partialIv, keyId, idContext }: OscoreHeader): Uint8Array {
  const flags =
    (partialIv?.length ?? 0) | (keyId === undefined ? 0 : hasKeyId) | (idContext === undefined ? 0 : hasIdContext);
  if (flags === 0) return new Uint8Array(0);
  const context = idContext === undefined ? [] : [idContext.length, ...idContext];
  return Uint8Array.from([flags, ...(partialIv ?? []), ...context, ...(keyId ?? [])]);
}

const hasKeyId = 8;
const hasIdContext = 16;
