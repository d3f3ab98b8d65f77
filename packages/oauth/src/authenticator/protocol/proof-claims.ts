/** What a proof is for. */
export interface ProofSubject {
  readonly method: string;
  readonly url: URL;
  /** The hash of the access token that it goes with: SHA-256, base64url. */
  readonly tokenHash: string;
  /** What the server wants in it; `undefined` for nothing. */
  readonly nonce: string | undefined;
  /** Names the proof; no other has that name. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
}

/** What a proof of possession says for a request to a service. RFC 9449 section 4.2. */
export function proofClaims({ method, url, tokenHash, nonce, id, issuedAt }: ProofSubject): Record<string, unknown> {
  return {
    jti: id,
    htm: method,
    // Without query and fragment.
    htu: url.origin + url.pathname,
    iat: issuedAt,
    ath: tokenHash,
    ...(nonce === undefined ? {} : { nonce }),
  };
}
