import type { Duplex } from "node:stream";
import { FairleadError, TransportError, UsageError } from "@fairlead/core";
import type { TlsAcceptOptions, TlsPsk } from "./contract.ts";
import type { TlsVersion } from "./protocol/version.ts";

/**
 * Refuses a stream that nothing can be secured over any more.
 *
 * @throws TransportError STREAM_CLOSED, or the Fairlead error that the stream failed with.
 */
export function requireOpen(below: Duplex, peer: string | undefined): void {
  if (below.errored instanceof FairleadError) throw below.errored;
  if (!below.destroyed && below.readable && below.writable) return;
  throw new TransportError("STREAM_CLOSED", { peer, operation: "secure", cause: below.errored ?? undefined });
}

/**
 * URLs hold A-labels; a name in any other form would be sent and compared as something it is not.
 *
 * @throws UsageError OPTION_INVALID
 */
export function requireHost(host: string): void {
  if (/^[\x21-\x7e]+$/.test(host)) return;
  throw new UsageError("OPTION_INVALID", {
    detail: "host",
    remedy: "give the host name in ASCII, as in URL.hostname, or an IP literal without brackets",
  });
}

/**
 * Refuses a shared key that could be guessed, or an identity that not every peer takes (RFC 4279 section 5.3).
 *
 * @throws UsageError OPTION_INVALID
 */
export function requirePsk({ identity, key }: TlsPsk): void {
  const bytes = Buffer.byteLength(identity);
  if (bytes === 0 || bytes > 128 || identity.includes("\0")) {
    throw new UsageError("OPTION_INVALID", {
      detail: "psk.identity",
      remedy: "give 1 to 128 bytes as UTF-8, without NUL",
    });
  }
  if (!isUsableKey(key)) {
    throw new UsageError("OPTION_INVALID", { detail: "psk.key", remedy: "give 16 to 64 bytes of key" });
  }
}

/** Has a server's lookup give no key that could be guessed: an identity that has one is nobody's. */
export function usableKeys(lookUp: NonNullable<TlsAcceptOptions["psk"]>): NonNullable<TlsAcceptOptions["psk"]> {
  return (identity) => {
    const key = lookUp(identity);
    return key !== undefined && isUsableKey(key) ? key : undefined;
  };
}

function isUsableKey({ length }: Uint8Array): boolean {
  return length >= 16 && length <= 64;
}

/**
 * TLS 1.2 at least, whatever the library's own defaults are (RFC 9325 section 3.1.1).
 *
 * @throws UsageError OPTION_INVALID for versions the wrong way round.
 */
export function versionRange(options: {
  readonly minVersion?: TlsVersion | undefined;
  readonly maxVersion?: TlsVersion | undefined;
}): { readonly minVersion: TlsVersion; readonly maxVersion: TlsVersion } {
  const { minVersion = "TLSv1.2", maxVersion = "TLSv1.3" } = options;
  if (minVersion > maxVersion) {
    throw new UsageError("OPTION_INVALID", { detail: `minVersion ${minVersion} is above maxVersion ${maxVersion}` });
  }
  return { minVersion, maxVersion };
}
