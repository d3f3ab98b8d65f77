import type { EngineFacts } from "@fairlead/tls/engine";
import { readBytes, readString, type OpenSsl } from "./library.ts";

/** What both sides agreed on, as OpenSSL names it. */
export function sessionFacts(openssl: OpenSsl, ssl: number): EngineFacts {
  const cipher = openssl.SSL_get_current_cipher(ssl);
  const [protocol, protocolLength] = [[0], [0]];
  openssl.SSL_get0_alpn_selected(ssl, protocol, protocolLength);
  const group = openssl.SSL_ctrl(ssl, negotiatedGroup, 0, null);
  const groupName = group > 0 ? readString(openssl.SSL_group_to_name(ssl, group)) : "";
  const is12 = readString(openssl.SSL_get_version(ssl)) === "TLSv1.2";
  return {
    version: is12 ? "TLSv1.2" : "TLSv1.3",
    extendedMasterSecret: is12 ? openssl.SSL_ctrl(ssl, extendedMasterSecret, 0, null) === 1 : undefined,
    cipher: {
      name: readString(openssl.SSL_CIPHER_get_name(cipher)),
      standardName: readString(openssl.SSL_CIPHER_standard_name(cipher)),
    },
    alpnProtocol: protocol[0] ? readBytes(protocol[0], protocolLength[0] ?? 0).toString("latin1") : undefined,
    resumed: openssl.SSL_session_reused(ssl) === 1,
    group: groupName === "" ? undefined : groupName,
  };
}

// OpenSSL, include/openssl/ssl.h.in
const extendedMasterSecret = 122;
const negotiatedGroup = 134;
