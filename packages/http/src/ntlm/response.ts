import { concat } from "./bytes.ts";
import { md4 } from "./md4.ts";
import { upperCase, utf16 } from "./utf16.ts";

/** Hash functions that the platform has. */
export interface NtlmHashes {
  readonly md5: (bytes: Uint8Array) => Uint8Array;
  readonly hmacMd5: (key: Uint8Array, bytes: Uint8Array) => Uint8Array;
}

/** Whom the password belongs to. */
export interface NtlmUser {
  /** Empty where the server is to find it. */
  readonly domain: string;
  readonly username: string;
  /** Never logged. */
  readonly password: string;
}

/** The proof that the password is known, and what a session would be keyed with. */
export interface Ntlmv2Response {
  readonly ntChallengeResponse: Uint8Array;
  readonly lmChallengeResponse: Uint8Array;
  readonly sessionBaseKey: Uint8Array;
}

/** Everything that the proof covers. */
export interface Ntlmv2Input {
  readonly serverChallenge: Uint8Array;
  /** 8 random bytes. */
  readonly clientChallenge: Uint8Array;
  /** A FILETIME, 8 bytes. */
  readonly time: Uint8Array;
  /** Pairs as they are sent, with their end. */
  readonly targetInfo: Uint8Array;
}

/**
 * Computes the answer to a challenge by NTLMv2. There is no other version here.
 *
 * @see MS-NLMP section 3.3.2
 */
export function ntlmv2Response(input: Ntlmv2Input, user: NtlmUser, { hmacMd5 }: NtlmHashes): Ntlmv2Response {
  const { serverChallenge, clientChallenge, time, targetInfo } = input;
  const password = utf16(user.password);
  const passwordHash = md4(password);
  password.fill(0);
  const key = hmacMd5(passwordHash, utf16(upperCase(user.username) + user.domain));
  passwordHash.fill(0);
  const head = Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0);
  const temp = concat(head, time, clientChallenge, new Uint8Array(4), targetInfo, new Uint8Array(4));
  const proof = hmacMd5(key, concat(serverChallenge, temp));
  return {
    ntChallengeResponse: concat(proof, temp),
    lmChallengeResponse: concat(hmacMd5(key, concat(serverChallenge, clientChallenge)), clientChallenge),
    sessionBaseKey: hmacMd5(key, proof),
  };
}
