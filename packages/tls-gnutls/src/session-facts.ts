import type { EngineFacts } from "@fairlead/tls/engine";
import { cipherSuiteName } from "./cipher-suite-name.ts";
import { datumBytes, readBytes, readDatum, readString, type GnuTls } from "./library.ts";

/** What both sides agreed on. */
export function sessionFacts(gnutls: GnuTls, session: number): EngineFacts {
  const suite = cipherSuite(gnutls, session);
  return {
    version: isTls13(gnutls, session) ? "TLSv1.3" : "TLSv1.2",
    extendedMasterSecret: isTls13(gnutls, session)
      ? undefined
      : gnutls.gnutls_session_ext_master_secret_status(session) !== 0,
    cipher: { name: suite, standardName: suite },
    alpnProtocol: alpnProtocol(gnutls, session),
    resumed: isResumed(gnutls, session),
    group: groupName(gnutls, session),
  };
}

/** Whether an earlier session goes on. */
export function isResumed(gnutls: GnuTls, session: number): boolean {
  return gnutls.gnutls_session_is_resumed(session) !== 0;
}

/** Whether the session has agreed on TLS 1.3. */
export function isTls13(gnutls: GnuTls, session: number): boolean {
  return gnutls.gnutls_protocol_get_version(session) === tls13;
}

/** The registered name of the cipher suite. */
export function cipherSuite(gnutls: GnuTls, session: number): string {
  const cipher = gnutls.gnutls_cipher_get(session);
  const mac = gnutls.gnutls_mac_get(session);
  return cipherSuiteName({
    version: isTls13(gnutls, session) ? "TLSv1.3" : "TLSv1.2",
    keyExchange: readString(gnutls.gnutls_kx_get_name(gnutls.gnutls_kx_get(session))),
    cipher: readString(gnutls.gnutls_cipher_get_name(cipher)),
    hash: readString(gnutls.gnutls_digest_get_name(gnutls.gnutls_prf_hash_get(session))),
    mac: readString(gnutls.gnutls_mac_get_name(mac)),
  });
}

/** The protocol that was chosen by ALPN. */
export function alpnProtocol(gnutls: GnuTls, session: number): string | undefined {
  const datum = Buffer.alloc(datumBytes);
  const code = gnutls.gnutls_alpn_get_selected_protocol(session, datum);
  return code < 0 ? undefined : readDatum(datum).toString("latin1");
}

/** The key exchange group. */
function groupName(gnutls: GnuTls, session: number): string | undefined {
  const name = readString(gnutls.gnutls_group_get_name(gnutls.gnutls_group_get(session)));
  return name === "" ? undefined : name;
}

/** The certificates that the peer sent, DER, leaf first. */
export function peerChain(gnutls: GnuTls, session: number): readonly Buffer[] {
  const length = [0];
  const list = gnutls.gnutls_certificate_get_peers(session, length);
  if (list === 0) return [];
  return Array.from({ length: length[0] ?? 0 }, (_, index) =>
    readDatum(readBytes(list + index * datumBytes, datumBytes)),
  );
}

const tls13 = 5;
