import { avIds, parseAvPairs, type AvPair } from "./av-pairs.ts";
import { negotiateFlags, signature } from "./flags.ts";

/** What the server answers the first message with. MS-NLMP section 2.2.1.2. */
export interface ChallengeMessage {
  readonly flags: number;
  readonly serverChallenge: Uint8Array;
  /** What the server says of itself; empty where it says nothing. */
  readonly targetInfo: readonly AvPair[];
  /** The server's clock, a FILETIME; where it is there, the messages have to be protected by a MIC. */
  readonly timestamp: Uint8Array | undefined;
}

/** The largest that is read; Windows sends some hundred bytes. */
const MAX_BYTES = 16_384;

const SHORTEST = 32;
const TARGET_INFO_AT = 40;

/**
 * Reads the server's message; `undefined` where it is none that can be answered: another message, one that does not speak
 * Unicode, one that points outside itself.
 */
export function parseChallengeMessage(bytes: Uint8Array): ChallengeMessage | undefined {
  if (bytes.length < SHORTEST || bytes.length > MAX_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!signature.every((each, index) => bytes[index] === each) || view.getUint32(8, true) !== 2) return undefined;
  const flags = view.getUint32(20, true);
  if ((flags & negotiateFlags.unicode) === 0) return undefined;
  const targetInfo = (flags & negotiateFlags.targetInfo) === 0 ? [] : targetInfoOf(bytes, view);
  const timestamp = targetInfo?.find(({ id }) => id === avIds.timestamp)?.value;
  if (targetInfo === undefined || (timestamp !== undefined && timestamp.length !== 8)) return undefined;
  return { flags, serverChallenge: bytes.slice(24, SHORTEST), targetInfo, timestamp };
}

function targetInfoOf(bytes: Uint8Array, view: DataView): readonly AvPair[] | undefined {
  if (bytes.length < TARGET_INFO_AT + 8) return undefined;
  const offset = view.getUint32(TARGET_INFO_AT + 4, true);
  const end = offset + view.getUint16(TARGET_INFO_AT, true);
  return end > bytes.length ? undefined : parseAvPairs(bytes.subarray(offset, end));
}
