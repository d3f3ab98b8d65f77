import koffi from "koffi";
import type { NativeFunction } from "../library.ts";

/** The functions of GnuTLS that only datagrams need. */
export type GnuTlsDtls = Readonly<Record<keyof typeof prototypes, NativeFunction>>;

/**
 * Binds them.
 *
 * @throws Error when the library cannot be loaded, or lacks one of them.
 */
export function bindGnuTlsDtls(path: string): GnuTlsDtls {
  const library = koffi.load(path);
  const bound = Object.entries(prototypes).map(([name, prototype]) => [
    name,
    library.func(prototype.replace("(", ` ${name}(`)),
  ]);
  // Bound by exactly these names.
  return Object.fromEntries(bound) as GnuTlsDtls;
}

const prototypes = {
  gnutls_dtls_set_mtu: "void (uintptr_t session, unsigned int mtu)",
  gnutls_dtls_get_data_mtu: "unsigned int (uintptr_t session)",
  gnutls_dtls_set_timeouts: "void (uintptr_t session, unsigned int retransmission, unsigned int total)",
  gnutls_dtls_get_timeout: "unsigned int (uintptr_t session)",
  gnutls_dtls_prestate_set: "void (uintptr_t session, void *state)",
  gnutls_transport_set_pull_timeout_function: "void (uintptr_t session, void *callback)",
  gnutls_certificate_server_set_request: "void (uintptr_t session, int request)",
} as const;
