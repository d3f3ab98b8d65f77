import { avIds, formatAvPairs, type AvPair } from "./av-pairs.ts";
import { concat } from "./bytes.ts";
import { channelBindingHash } from "./channel-binding-hash.ts";
import { parseChallengeMessage, type ChallengeMessage } from "./challenge-message.ts";
import { acceptedFlags, signature, version } from "./flags.ts";
import { ntlmv2Response, type NtlmHashes, type NtlmUser } from "./response.ts";
import { utf16 } from "./utf16.ts";

/** What the client's last message is made of. */
export interface AuthenticateInput {
  /** The first message, as it was sent. */
  readonly negotiate: Uint8Array;
  /** The server's message, as it came. */
  readonly challenge: Uint8Array;
  readonly user: NtlmUser;
  /** Host name of the service. */
  readonly host: string;
  /** The `tls-server-end-point` bytes; `undefined` in the clear. */
  readonly channelBinding: Uint8Array | undefined;
  /** 8 random bytes. */
  readonly clientChallenge: Uint8Array;
  readonly nowMilliseconds: number;
}

const HEAD_BYTES = 64;
const MIC_BYTES = 16;
/** The value of `MsvAvFlags` that announces a MIC. */
const HAS_MIC = 2;

/**
 * Formats the client's last message: an NTLMv2 response that is tied to the service's name and to the TLS connection, and
 * a MIC over all three messages where the server tells its time. `undefined` where the server's message cannot be read.
 *
 * @see MS-NLMP sections 2.2.1.3 and 3.1.5.1.2
 */
export function authenticateMessage(input: AuthenticateInput, hashes: NtlmHashes): Uint8Array | undefined {
  const { user, clientChallenge } = input;
  const challenge = parseChallengeMessage(input.challenge);
  if (challenge === undefined) return undefined;
  const { timestamp, serverChallenge, flags } = challenge;
  const response = ntlmv2Response(
    {
      serverChallenge,
      clientChallenge,
      time: timestamp ?? fileTime(input.nowMilliseconds),
      targetInfo: formatAvPairs(targetInfo(challenge, input, hashes)),
    },
    user,
    hashes,
  );
  const hasMic = timestamp !== undefined;
  const payloadAt = HEAD_BYTES + version.length + (hasMic ? MIC_BYTES : 0);
  const payload = [
    hasMic ? new Uint8Array(24) : response.lmChallengeResponse,
    response.ntChallengeResponse,
    utf16(user.domain),
    utf16(user.username),
    new Uint8Array(), // The workstation's name is nobody's business.
    new Uint8Array(), // No session key is exchanged.
  ];
  const fields = messageFields(payload, payloadAt, flags & acceptedFlags);
  const message = concat(signature, fields, version, new Uint8Array(hasMic ? MIC_BYTES : 0), ...payload);
  if (hasMic) {
    const mic = hashes.hmacMd5(response.sessionBaseKey, concat(input.negotiate, input.challenge, message));
    message.set(mic, HEAD_BYTES + version.length);
  }
  response.sessionBaseKey.fill(0);
  return message;
}

/** The server's facts, with ours in place of those that are ours to tell. */
function targetInfo(
  { targetInfo: pairs, timestamp }: ChallengeMessage,
  { host, channelBinding }: AuthenticateInput,
  { md5 }: NtlmHashes,
): readonly AvPair[] {
  const own: readonly number[] = [avIds.flags, avIds.targetName, avIds.channelBindings];
  const flags = (pairs.find(({ id }) => id === avIds.flags)?.value[0] ?? 0) & ~HAS_MIC;
  return [
    ...pairs.filter(({ id }) => !own.includes(id)),
    { id: avIds.flags, value: Uint8Array.of(timestamp === undefined ? flags : flags | HAS_MIC, 0, 0, 0) },
    { id: avIds.channelBindings, value: channelBindingHash(channelBinding, md5) },
    { id: avIds.targetName, value: utf16(`HTTP/${host}`) },
  ];
}

/** Type, then length and place of each part, then flags. */
function messageFields(payload: readonly Uint8Array[], payloadAt: number, flags: number): Uint8Array {
  const fields = new Uint8Array(HEAD_BYTES - signature.length);
  const view = new DataView(fields.buffer);
  view.setUint32(0, 3, true);
  let offset = payloadAt;
  payload.forEach(({ length }, index) => {
    const at = 4 + index * 8;
    view.setUint16(at, length, true);
    view.setUint16(at + 2, length, true);
    view.setUint32(at + 4, offset, true);
    offset += length;
  });
  view.setUint32(52, flags, true);
  return fields;
}

/** Tenths of microseconds since 1601. */
function fileTime(milliseconds: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const ticks = (BigInt(Math.trunc(milliseconds)) + 11_644_473_600_000n) * 10_000n;
  new DataView(bytes.buffer).setBigUint64(0, ticks, true);
  return bytes;
}
