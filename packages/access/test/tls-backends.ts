import type { TlsBackend } from "@fairlead/tls";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { nodeTls } from "@fairlead/tls/node";
import { loadOpensslTls } from "@fairlead/tls-openssl";

/** Every TLS backend: what the manager promises holds over each of them. */
export const tlsBackends: readonly TlsBackend[] = [nodeTls, loadOpensslTls(), loadGnutlsTls()];
