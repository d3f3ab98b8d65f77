import { AuthenticationError } from "@fairlead/core";
import { expectedResponseAuth, parseAuthenticationInfo, type DigestProof } from "@fairlead/http/authentication";
import type { ResponseCheck } from "./attempt.ts";
import { hashHex } from "./digest-nonce.ts";

/** What a server says after it let a request pass. */
export interface ServerInfo {
  readonly nextNonce: string | undefined;
  /** What is still to be checked, once the content is there. */
  readonly check: ResponseCheck | undefined;
}

/**
 * Reads `Authentication-Info` or its like, and checks that whoever sent it knows the password, where it says so.
 *
 * @throws AuthenticationError SERVER_NOT_AUTHENTICATED
 * @see RFC 7616 section 3.5
 */
export function readServerInfo(fieldValue: string, proof: DigestProof | undefined, peer: string): ServerInfo {
  const parameters = parseAuthenticationInfo(fieldValue);
  const claimed = parameters.get("rspauth")?.toLowerCase();
  // Only Digest says anything here; and RFC 2069 knew no proof.
  if (proof === undefined) return { nextNonce: undefined, check: undefined };
  const nextNonce = parameters.get("nextnonce");
  if (claimed === undefined || proof.qop === undefined) return { nextNonce, check: undefined };
  const verify = (contentHash: string): void => {
    if (claimed === expectedResponseAuth(proof, contentHash, hashHex)) return;
    const detail = "it does not know the password";
    throw new AuthenticationError("SERVER_NOT_AUTHENTICATED", { peer, operation: "authenticate", detail });
  };
  if (proof.qop === "auth-int") return { nextNonce, check: { hash: proof.hash, verify } };
  verify("");
  return { nextNonce, check: undefined };
}
