import { isWithinBasicScope, isWithinDigestDomain, type RememberedScheme } from "@fairlead/http/authentication";
import type { Credentials } from "./credentials.ts";
import type { DigestNonce } from "./digest-nonce.ts";
import type { OnAuthenticate } from "./question.ts";

/** Folders of one space that are known to want its credentials; past this the one that was found first is forgotten. */
const SCOPES_LIMIT = 64;

/**
 * One realm of one server or proxy: what it was answered, and for which of its URLs that is sent without being asked for.
 *
 * @see RFC 9110 section 11.5
 */
export class ProtectionSpace {
  readonly asker: OnAuthenticate;
  readonly realm: string;
  /** `undefined` once they were refused; how they were sent is remembered all the same. */
  credentials: Credentials | undefined;
  scheme: RememberedScheme;
  /** Of the strongest challenge that was answered here, and accepted: less would give away what that did not. */
  strength = 0;
  /** Whether the credentials were ever accepted. Until then nobody is given them who does not ask. */
  isProven = false;
  /** Of Digest, once it was challenged. */
  nonce: DigestNonce | undefined;
  readonly #scopes: URL[] = [];

  constructor(asker: OnAuthenticate, realm: string, scheme: RememberedScheme, credentials: Credentials) {
    this.asker = asker;
    this.realm = realm;
    this.scheme = scheme;
    this.credentials = credentials;
  }

  /** A URL wanted the credentials. */
  include(url: URL): void {
    if (this.#scopes.some((known) => isWithinBasicScope(known, url))) return;
    if (this.#scopes.length >= SCOPES_LIMIT) this.#scopes.shift();
    this.#scopes.push(url);
  }

  /** URLs that stand for their folders. */
  get scopes(): readonly URL[] {
    return this.#scopes;
  }

  /**
   * How surely a URL wants the credentials: the length of the folder that it lies in; 0 where it does not.
   *
   * @see RFC 7617 section 2.2; RFC 7616 section 3.3
   */
  depthOf(url: URL): number {
    switch (this.scheme) {
      case "basic":
      case "bearer":
        return Math.max(0, ...this.#scopes.filter((scope) => isWithinBasicScope(scope, url)).map(folderLength));
      case "digest": {
        const domain = this.nonce?.domain ?? [];
        return this.#scopes.some((challenged) => isWithinDigestDomain(domain, challenged, url)) ? 1 : 0;
      }
      case "ntlm":
      case "negotiate":
        return 1;
      case "password":
        return 0;
    }
  }
}

function folderLength({ pathname }: URL): number {
  return pathname.lastIndexOf("/") + 1;
}
