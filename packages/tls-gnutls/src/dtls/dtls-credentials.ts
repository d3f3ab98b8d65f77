import { hkdfSync, randomBytes } from "node:crypto";
import type { DatagramClientOptions, DatagramServerOptions } from "@fairlead/tls/datagram";
import { leases, type Lease } from "@fairlead/tls/engine";
import { create as createCredentials, trust, type Credentials } from "../credentials.ts";
import type { GnuTls } from "../library.ts";
import { clientPsk, serverPsk } from "../psk.ts";

/** What one side shows and what it trusts; given back when its session is freed. */
export interface DtlsCredentials {
  readonly certificate: Lease<Credentials> | undefined;
  /** Credentials of a client's key; a server's are the same for all. */
  readonly key: number;
  release(): void;
}

/** Credentials of certificates are made once for the same inputs; a client's key belongs to its session alone. */
export interface DtlsCredentialStore {
  /** @throws UsageError OPTION_INVALID */
  forClient(options: DatagramClientOptions): DtlsCredentials;
  /** @throws UsageError OPTION_INVALID */
  forServer(options: DatagramServerOptions): DtlsCredentials;
}

/** What GnuTLS calls for credentials: for the key of a client, and for the certificate that a server wants. */
export interface DtlsCredentialCallbacks {
  readonly lookup: bigint;
  readonly retrieve: bigint;
}

/** Keeps the 32 that were used last. */
export function dtlsCredentialStore(
  gnutls: GnuTls,
  { lookup, retrieve }: DtlsCredentialCallbacks,
): DtlsCredentialStore {
  const kept = leases<Credentials>(32, ({ handle, ticketKey }) => {
    gnutls.gnutls_certificate_free_credentials(handle);
    ticketKey.fill(0);
  });
  const none = Buffer.alloc(0);
  let serverKeys = 0;
  return {
    forClient({ anchors, identity, psk, asksForIdentity }) {
      if (psk !== undefined) {
        const key = clientPsk(gnutls, psk);
        return { certificate: undefined, key, release: () => gnutls.gnutls_psk_free_client_credentials(key) };
      }
      const trusted: readonly unknown[] = Object.isFrozen(anchors) ? [anchors] : anchors;
      const mode = asksForIdentity ? "client that asks" : "client";
      const certificate = kept.lease([mode, identity?.certificate, identity?.privateKey, ...trusted], () =>
        createCredentials(gnutls, identity, none, (handle) => {
          trust(gnutls, handle, anchors);
          if (asksForIdentity) gnutls.gnutls_certificate_set_retrieve_function(handle, retrieve);
        }),
      );
      return { certificate, key: 0, release: () => certificate.release() };
    },
    forServer({ identity, clientCertificates, psk, tickets }) {
      if (psk !== undefined && serverKeys === 0) serverKeys = serverPsk(gnutls, lookup);
      const key = psk === undefined ? 0 : serverKeys;
      const clientAnchors = clientCertificates?.anchors ?? [];
      if (identity === undefined) return { certificate: undefined, key, release: () => undefined };
      const keys = tickets.type === "given" && tickets.keys ? Buffer.from(tickets.keys) : undefined;
      const given = [tickets.type, keys?.toString("latin1")];
      const inputs = ["server", ...given, identity.certificate, identity.privateKey, ...clientAnchors];
      const certificate = kept.lease(inputs, () =>
        createCredentials(gnutls, identity, ticketKey(keys), (handle) => trust(gnutls, handle, clientAnchors)),
      );
      return { certificate, key, release: () => certificate.release() };
    },
  };
}

/** GnuTLS wants 64 bytes; 48 hold as much entropy as it uses. */
function ticketKey(keys: Buffer | undefined): Buffer {
  return keys === undefined
    ? randomBytes(64)
    : Buffer.from(hkdfSync("sha256", keys, "", "fairlead gnutls datagram ticket keys", 64));
}
