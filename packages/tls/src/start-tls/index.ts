/** TLS on connections that begin in the clear. */
export { startTls, type StartTlsOptions, type StartTlsProtocol } from "./start-tls.ts";
