import type { TlsPsk } from "@fairlead/tls";
import type { EngineServerOptions } from "@fairlead/tls/engine";
import type { CallbackPointers } from "./callback-pointers.ts";
import { type OpenSsl, readBytes, readString, writeBytes, writePointer } from "./library.ts";

/** The keys that one side knows. What OpenSSL calls returns the length of a key, and 0 for none. */
export interface PskKeys {
  /** By whose key the handshake was authenticated. */
  readonly identity: string | undefined;
  /** TLS 1.2 and 1.3: writes identity and key to where there is room for as much. */
  offer?(identityAt: number, identityRoom: number, keyAt: number, keyRoom: number): number;
  /** TLS 1.2: writes the key of an identity, a C string. */
  lookUp?(identityAt: number, keyAt: number, keyRoom: number): number;
  /** TLS 1.3: makes a session of the key, which OpenSSL takes over; `false` ends the handshake. */
  find?(identityAt: number, identityLength: number, sessionAt: number): boolean;
}

/** A client's key. RFC 8446 section 4.2.11; RFC 4279. */
export class OfferedPsk implements PskKeys {
  readonly #openssl: OpenSsl;
  readonly #ssl: number;
  readonly #psk: TlsPsk;

  constructor(openssl: OpenSsl, ssl: number, { offerPsk }: CallbackPointers, psk: TlsPsk) {
    this.#openssl = openssl;
    this.#ssl = ssl;
    this.#psk = psk;
    openssl.SSL_set_psk_client_callback(ssl, offerPsk);
  }

  get identity(): string | undefined {
    return usesPsk(this.#openssl, this.#ssl) ? this.#psk.identity : undefined;
  }

  offer(identityAt: number, identityRoom: number, keyAt: number, keyRoom: number): number {
    const identity = Buffer.from(`${this.#psk.identity}\0`);
    const { key } = this.#psk;
    if (identity.length > identityRoom || key.length > keyRoom) return 0;
    writeBytes(identityAt, identity);
    writeBytes(keyAt, key);
    return key.length;
  }
}

/** The keys that a server finds by identity. */
export class KnownPsks implements PskKeys {
  readonly #openssl: OpenSsl;
  readonly #ssl: number;
  readonly #keyOf: (identity: string) => Uint8Array | undefined;
  #found: string | undefined;

  constructor(
    openssl: OpenSsl,
    ssl: number,
    { lookUpPsk, findPsk }: CallbackPointers,
    keyOf: NonNullable<EngineServerOptions["psk"]>,
  ) {
    this.#openssl = openssl;
    this.#ssl = ssl;
    this.#keyOf = keyOf;
    openssl.SSL_set_psk_server_callback(ssl, lookUpPsk);
    openssl.SSL_set_psk_find_session_callback(ssl, findPsk);
  }

  /** OpenSSL stops at the first identity that it can use, so the last that was found is the one. */
  get identity(): string | undefined {
    return usesPsk(this.#openssl, this.#ssl) ? this.#found : undefined;
  }

  lookUp(identityAt: number, keyAt: number, keyRoom: number): number {
    // It is asked for TLS 1.3 as well, when nothing was found.
    if (this.#openssl.SSL_version(this.#ssl) >= tls13) return 0;
    const key = this.#find(readString(identityAt));
    if (key === undefined || key.length > keyRoom) return 0;
    writeBytes(keyAt, key);
    return key.length;
  }

  find(identityAt: number, identityLength: number, sessionAt: number): boolean {
    writePointer(sessionAt, 0);
    // Longer ones are tickets.
    if (identityLength > maxIdentityBytes) return true;
    const key = this.#find(readBytes(identityAt, identityLength).toString());
    if (key === undefined) return true;
    const openssl = this.#openssl;
    const session = openssl.SSL_SESSION_new();
    const made =
      openssl.SSL_SESSION_set1_master_key(session, key, key.length) === 1 &&
      openssl.SSL_SESSION_set_cipher(session, openssl.SSL_CIPHER_find(this.#ssl, aes128GcmSha256)) === 1 &&
      openssl.SSL_SESSION_set_protocol_version(session, tls13) === 1;
    if (made) writePointer(sessionAt, session);
    else openssl.SSL_SESSION_free(session);
    return made;
  }

  /** What is no text, and what is too short for a key, is nobody's. */
  #find(identity: string): Uint8Array | undefined {
    if (identity.includes(notText)) return undefined;
    const key = this.#keyOf(identity);
    if (key === undefined || key.length < minKeyBytes) return undefined;
    this.#found = identity;
    return key;
  }
}

/** Neither a client with a key nor a server with keys resumes sessions, which would look the same in TLS 1.3. */
function usesPsk(openssl: OpenSsl, ssl: number): boolean {
  if (openssl.SSL_version(ssl) >= tls13) return openssl.SSL_session_reused(ssl) === 1;
  return openssl.SSL_get_psk_identity(ssl) !== 0;
}

/** What bytes decode to that are no UTF-8. */
const notText = "\uFFFD";
const tls13 = 0x0304;
/** Its hash is SHA-256, as RFC 8446 section 4.2.11 has it where none is agreed on. */
const aes128GcmSha256 = Buffer.of(0x13, 0x01);
const minKeyBytes = 16;
/** RFC 4279 section 5.3 */
const maxIdentityBytes = 128;
