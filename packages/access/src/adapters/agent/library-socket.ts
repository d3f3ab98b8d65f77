import type { ClientRequest } from "node:http";
import type { TlsFacts } from "../../transaction.ts";
import { InnerStream } from "./inner-stream.ts";

/** What is known of the connection behind a socket, once a response has come. */
export interface SocketFacts {
  readonly remoteAddress: string | undefined;
  readonly tls: TlsFacts | undefined;
}

/**
 * What a library of `node:http` sees for a socket: a stream to the manager, which knows by itself how to reach the server.
 * It has what such libraries read of a `net.Socket`; what there is to tell of the server is told from its response on.
 */
export class LibrarySocket extends InnerStream {
  readonly connecting = false;
  readonly pending = false;
  facts: SocketFacts | undefined;
  /** What is asked on it now, or was asked last. */
  request: ClientRequest | undefined;

  get remoteAddress(): string | undefined {
    return this.facts?.remoteAddress;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  /** A stream inside the process keeps it from nothing. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** The same for `https:` URLs, with what libraries read of a `tls.TLSSocket`. */
export class SecureLibrarySocket extends LibrarySocket {
  readonly encrypted = true;
  readonly alpnProtocol = "http/1.1";
  readonly authorizationError = null;

  /**
   * Whether the server was verified that answered last. A request that the manager lets go to no other is true from the
   * start.
   */
  get authorized(): boolean {
    return this.facts?.tls?.authorized ?? true;
  }

  getProtocol(): string | null {
    return this.facts?.tls?.protocol ?? null;
  }

  getCipher(): { readonly name: string } | undefined {
    const name = this.facts?.tls?.cipher;
    return name === undefined ? undefined : { name };
  }

  isSessionReused(): boolean {
    return this.facts?.tls?.resumed ?? false;
  }

  getSession(): undefined {
    return undefined;
  }

  /** What the transaction tells of the certificate; empty before a response, as `node:tls` has it before a handshake. */
  getPeerCertificate(): { readonly fingerprint256?: string; readonly valid_to?: string } {
    const { certificateFingerprint, certificateNotAfter } = this.facts?.tls ?? {};
    return {
      ...(certificateFingerprint !== undefined && { fingerprint256: certificateFingerprint }),
      ...(certificateNotAfter !== undefined && { valid_to: certificateNotAfter }),
    };
  }
}
