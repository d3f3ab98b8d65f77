import koffi from "koffi";
import type { NativeFunction } from "../library.ts";

/** The functions of OpenSSL that only datagrams need. */
export type OpenSslDtls = Readonly<Record<keyof typeof prototypes, NativeFunction>> & {
  /** What OpenSSL allows at its level of security, unless it is told otherwise. */
  readonly defaultSecurity: (context: number) => (...values: readonly number[]) => number;
};

/**
 * Binds them in the running executable.
 *
 * @throws Error when one of them is not among its symbols.
 */
export function bindOpenSslDtls(): OpenSslDtls {
  const executable = koffi.load(null);
  const bound = Object.entries(prototypes).map(([name, prototype]) => [
    name,
    executable.func(prototype.replace("(", ` ${name}(`)),
  ]);
  const securityType = koffi.proto("int", [...securityParameters]);
  // Bound by exactly these names.
  const functions = Object.fromEntries(bound) as Readonly<Record<keyof typeof prototypes, NativeFunction>>;
  return {
    ...functions,
    defaultSecurity(context) {
      const address = functions.SSL_CTX_get_security_callback(context);
      return (...values) => {
        // The prototype says that it returns an int.
        return koffi.call(address, securityType, ...values) as number;
      };
    },
  };
}

/** What a security callback is called with. */
export const securityParameters = ["uintptr_t", "uintptr_t", "int", "int", "int", "uintptr_t", "uintptr_t"] as const;

/** Writes bytes to where a C function expects them. */
export function writeBytes(at: number, bytes: Uint8Array): void {
  koffi.encode(at, "uint8_t", bytes, bytes.length);
}

const prototypes = {
  DTLS_client_method: "uintptr_t ()",
  DTLS_server_method: "uintptr_t ()",
  DTLSv1_listen: "int (uintptr_t ssl, uintptr_t address)",
  DTLS_set_timer_cb: "void (uintptr_t ssl, void *callback)",
  SSL_get1_session: "uintptr_t (uintptr_t ssl)",
  DTLS_get_data_mtu: "size_t (uintptr_t ssl)",
  BIO_ADDR_new: "uintptr_t ()",
  SSL_CTX_set_cookie_generate_cb: "void (uintptr_t context, void *callback)",
  SSL_CTX_set_cookie_verify_cb: "void (uintptr_t context, void *callback)",
  SSL_CTX_set_psk_client_callback: "void (uintptr_t context, void *callback)",
  SSL_CTX_set_psk_server_callback: "void (uintptr_t context, void *callback)",
  SSL_CTX_get_security_callback: "uintptr_t (uintptr_t context)",
  SSL_CTX_set_security_callback: "void (uintptr_t context, void *callback)",
} as const;
