/** The client's certificate, told by the proxy that TLS ended at: RFC 9440. */
export { type ClientCertFields, formatClientCert, readClientCert } from "./client-cert.ts";
