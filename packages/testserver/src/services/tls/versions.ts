import { httpsService } from "./https-service.ts";

/** OpenSSL's lowest level of security, without which it speaks no version before TLS 1.2 and no weak cipher. */
export const anySecurity = "@SECLEVEL=0";

/** Services of one version of TLS each. */
export const versionServices = [
  httpsService({
    name: "https-tls10",
    does: "speaks TLS 1.0 only (RFC 8996 forbids it)",
    example: "curl --tlsv1.0 --tls-max 1.0 --ciphers DEFAULT@SECLEVEL=0 --cacert {ca} {origin}/echo",
    tls: () => ({ minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: `DEFAULT:${anySecurity}` }),
  }),
  httpsService({
    name: "https-tls11",
    does: "speaks TLS 1.1 only (RFC 8996 forbids it)",
    example: "curl --tlsv1.1 --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0 --cacert {ca} {origin}/echo",
    tls: () => ({ minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: `DEFAULT:${anySecurity}` }),
  }),
  httpsService({
    name: "https-tls12",
    does: "speaks TLS 1.2 only",
    tls: () => ({ maxVersion: "TLSv1.2" }),
  }),
  httpsService({
    name: "https-tls13",
    does: "speaks TLS 1.3 only",
    tls: () => ({ minVersion: "TLSv1.3" }),
  }),
] as const;
