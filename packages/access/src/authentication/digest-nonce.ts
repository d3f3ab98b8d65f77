import {
  answerDigest,
  type DigestAnswer,
  type DigestChallenge,
  type DigestHash,
  type DigestRequest,
  type DigestSession,
  type HashHex,
  type UserCredentials,
} from "@fairlead/http/authentication";
import { createHash, randomBytes, type Hash } from "node:crypto";

/** 128 bits. RFC 7616 section 5.12 asks for no less than that they are unpredictable. */
const CNONCE_BYTES = 16;

/** A nonce that a server gave, and how often it was used: each request takes the next count, however many are under way. */
export class DigestNonce {
  readonly #challenge: DigestChallenge;
  readonly #session: DigestSession | undefined;
  /** The session's own goes with every use of its first nonce: servers that bind to either then find the same. */
  readonly #cnonce: string | undefined;
  #count = 0;

  constructor(challenge: DigestChallenge, session?: DigestSession) {
    this.#challenge = challenge;
    this.#cnonce = challenge.session && session === undefined ? newCnonce() : undefined;
    this.#session = this.#cnonce === undefined ? session : { nonce: challenge.nonce, cnonce: this.#cnonce };
  }

  /** `undefined` when the content is not known that has to be. */
  answer(request: DigestRequest, credentials: UserCredentials): DigestAnswer | undefined {
    const use = { nonceCount: this.#count + 1, cnonce: this.#cnonce ?? newCnonce(), session: this.#session };
    const answer = answerDigest(this.#challenge, request, credentials, use, hashHex);
    if (answer !== undefined) this.#count += 1;
    return answer;
  }

  /** The one that the server wants to see next. RFC 7616 section 3.5. */
  followedBy(nonce: string): DigestNonce {
    return new DigestNonce({ ...this.#challenge, nonce }, this.#session);
  }

  get domain(): readonly string[] {
    return this.#challenge.domain;
  }
}

/** Hashes content as it comes. */
export function startHash(hash: DigestHash): Hash {
  return createHash(names[hash]);
}

/** Hashes bytes for the rules of Digest. */
export const hashHex: HashHex = (hash, bytes) => startHash(hash).update(bytes).digest("hex");

const names: Readonly<Record<DigestHash, string>> = { MD5: "md5", "SHA-256": "sha256", "SHA-512-256": "sha512-256" };

function newCnonce(): string {
  return randomBytes(CNONCE_BYTES).toString("base64url");
}
