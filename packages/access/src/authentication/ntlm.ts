import { AuthenticationError } from "@fairlead/core";
import type {
  AuthenticatedService,
  ConnectionBoundScheme,
  SchemeConversation,
  SchemeStep,
  UserCredentials,
} from "@fairlead/http/authentication";
import { authenticateMessage, negotiateMessage, ntlmUser, type NtlmHashes } from "@fairlead/http/ntlm";
import { createHash, createHmac, randomBytes } from "node:crypto";

/**
 * The scheme NTLM, in version 2 only, with channel binding over TLS. The user name may be `DOMAIN\name` or `name@domain`.
 *
 * @see MS-NLMP; MS-NTHT
 */
export const ntlm: ConnectionBoundScheme = {
  name: "NTLM",
  hasOwnCredentials: false,
  unavailable: () => undefined,
  open: (credentials, service) => new NtlmConversation(credentials, service),
};

const hashes: NtlmHashes = {
  md5: (bytes) => createHash("md5").update(bytes).digest(),
  hmacMd5: (key, bytes) => createHmac("md5", key).update(bytes).digest(),
};

class NtlmConversation implements SchemeConversation {
  #credentials: UserCredentials | undefined;
  readonly #service: AuthenticatedService;
  #negotiate: Uint8Array | undefined;

  constructor(credentials: UserCredentials | undefined, service: AuthenticatedService) {
    this.#credentials = credentials;
    this.#service = service;
  }

  next(fromServer: Uint8Array | undefined): Promise<SchemeStep> {
    try {
      return Promise.resolve(this.#step(fromServer));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  close(): void {
    this.#credentials = undefined;
  }

  #step(challenge: Uint8Array | undefined): SchemeStep {
    if (this.#negotiate === undefined && challenge === undefined) {
      this.#negotiate = negotiateMessage();
      return { token: this.#negotiate, done: false };
    }
    const { host, channelBinding } = this.#service;
    const [negotiate, credentials] = [this.#negotiate, this.#credentials];
    if (negotiate === undefined || credentials === undefined || challenge === undefined) {
      throw this.#invalid("a message out of turn");
    }
    const token = authenticateMessage(
      {
        negotiate,
        challenge,
        user: ntlmUser(credentials),
        host,
        channelBinding,
        clientChallenge: randomBytes(8),
        nowMilliseconds: Date.now(),
      },
      hashes,
    );
    if (token === undefined) throw this.#invalid("its challenge is not that of NTLM");
    // One answer to one challenge: the password proves nothing more here.
    this.close();
    return { token, done: true };
  }

  #invalid(detail: string): AuthenticationError {
    return new AuthenticationError("AUTHENTICATION_TOKEN_INVALID", {
      peer: this.#service.host,
      operation: "authenticate",
      detail: `NTLM: ${detail}`,
    });
  }
}
