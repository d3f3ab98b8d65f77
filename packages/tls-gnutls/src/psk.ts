import type { TlsPsk } from "@fairlead/tls";
import { EngineFailure } from "@fairlead/tls/engine";
import { describe } from "./gnutls-errors.ts";
import { datumBytes, datums, giveDatum, readDatum, readDatumAt, type GnuTls } from "./library.ts";
import type { GnuTlsSetup } from "./prepare-session.ts";

/** A key that both sides know beforehand, in the life of one connection. RFC 8446 section 2.2; RFC 4279 */
export class SharedKey {
  readonly #gnutls: GnuTls;
  readonly #setup: GnuTlsSetup;
  /** A client's own credentials; a server's are its library's. */
  #credentials = 0;
  #isRefused = false;

  constructor(gnutls: GnuTls, setup: GnuTlsSetup) {
    this.#gnutls = gnutls;
    this.#setup = setup;
  }

  /** Whether a client gave an identity that has no key here. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Gives the session its credentials, where it has any. */
  prepare(session: number): void {
    const { side, options, serverPsk } = this.#setup;
    if (options.psk === undefined) return;
    if (side === "client") this.#credentials = clientPsk(this.#gnutls, options.psk);
    const credentials = side === "client" ? this.#credentials : serverPsk();
    const code = this.#gnutls.gnutls_credentials_set(session, pskCredentials, credentials);
    if (code < 0) throw failure(this.#gnutls, code);
  }

  /** The identity by which the two know each other, when it is not by certificates. */
  identity(session: number): string | undefined {
    const { side, options } = this.#setup;
    if (options.psk === undefined || this.#gnutls.gnutls_auth_get_type(session) !== pskCredentials) return undefined;
    return side === "client" ? options.psk.identity : clientIdentity(this.#gnutls, session);
  }

  /** Looks for the key of an identity, both given by the addresses of their datums; false where there is none. */
  find(identity: number, key: number): boolean {
    const { side, options } = this.#setup;
    const name = readDatumAt(identity).toString("utf8");
    const found = side === "server" ? options.psk?.(name) : undefined;
    this.#isRefused = found === undefined;
    if (found !== undefined) giveDatum(this.#gnutls, key, found);
    return found !== undefined;
  }

  free(): void {
    if (this.#credentials === 0) return;
    this.#gnutls.gnutls_psk_free_client_credentials(this.#credentials);
    this.#credentials = 0;
  }
}

/** Makes the credentials of all connections of all servers: the callback is told the session, and knows its keys. */
export function serverPsk(gnutls: GnuTls, callback: bigint): number {
  const credentials = allocate(gnutls, gnutls.gnutls_psk_allocate_server_credentials);
  gnutls.gnutls_psk_set_server_credentials_function2(credentials, callback);
  return credentials;
}

/** Makes the credentials of one client; whoever calls frees them. */
export function clientPsk(gnutls: GnuTls, { identity, key }: TlsPsk): number {
  const credentials = allocate(gnutls, gnutls.gnutls_psk_allocate_client_credentials);
  const copy = Buffer.from(key);
  const names = datums([Buffer.from(identity)]);
  const code = gnutls.gnutls_psk_set_client_credentials2(credentials, names, datums([copy]), rawKey);
  copy.fill(0);
  if (code >= 0) return credentials;
  gnutls.gnutls_psk_free_client_credentials(credentials);
  throw failure(gnutls, code);
}

/** The identity that a client of this server gave, when it was let in by its key. */
export function clientIdentity(gnutls: GnuTls, session: number): string | undefined {
  const datum = Buffer.alloc(datumBytes);
  return gnutls.gnutls_psk_server_get_username2(session, datum) < 0 ? undefined : readDatum(datum).toString("utf8");
}

function allocate(gnutls: GnuTls, make: GnuTls["gnutls_init"]): number {
  const out = [0];
  const code = make(out);
  const [credentials = 0] = out;
  if (code >= 0 && credentials !== 0) return credentials;
  throw failure(gnutls, code);
}

function failure(gnutls: GnuTls, code: number): EngineFailure {
  return new EngineFailure({ type: "library", detail: `psk: ${describe(gnutls, code)}` });
}

// GnuTLS, includes/gnutls/gnutls.h
const pskCredentials = 4;
const rawKey = 0;
