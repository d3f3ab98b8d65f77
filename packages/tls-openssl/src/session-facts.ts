import type { EngineFacts } from "@fairlead/tls/engine";
import { earlyStatus } from "./early-data.ts";
import type { EngineParts } from "./engine-parts.ts";
import { readBytes, readString, type OpenSsl } from "./library.ts";

/** What both sides agreed on, as OpenSSL names it. */
export function sessionFacts(openssl: OpenSsl, ssl: number, { peer, psk, early }: EngineParts): EngineFacts {
  const cipher = openssl.SSL_get_current_cipher(ssl);
  const [protocol, protocolLength] = [[0], [0]];
  openssl.SSL_get0_alpn_selected(ssl, protocol, protocolLength);
  const group = openssl.SSL_ctrl(ssl, negotiatedGroup, 0, null);
  const groupName = group > 0 ? readString(openssl.SSL_group_to_name(ssl, group)) : "";
  const pskIdentity = psk?.identity;
  // In TLS 1.3 a shared key looks like a session.
  const resumed = openssl.SSL_session_reused(ssl) === 1 && pskIdentity === undefined;
  const is12 = readString(openssl.SSL_get_version(ssl)) === "TLSv1.2";
  return {
    version: is12 ? "TLSv1.2" : "TLSv1.3",
    extendedMasterSecret: is12 ? openssl.SSL_ctrl(ssl, extendedMasterSecret, 0, null) === 1 : undefined,
    cipher: {
      name: readString(openssl.SSL_CIPHER_get_name(cipher)),
      standardName: readString(openssl.SSL_CIPHER_standard_name(cipher)),
    },
    alpnProtocol: protocol[0] ? readBytes(protocol[0], protocolLength[0] ?? 0).toString("latin1") : undefined,
    resumed,
    sessionLeaf: resumed ? peer.leaf() : undefined,
    pskIdentity,
    group: groupName === "" ? undefined : groupName,
    earlyData: earlyStatus(openssl, ssl),
    earlyBytes: early?.received,
  };
}

// OpenSSL, include/openssl/ssl.h.in
const extendedMasterSecret = 122;
const negotiatedGroup = 134;
