import { addressOf, cString, type GnuTls } from "./library.ts";
import { peerChain } from "./session-facts.ts";
import { verificationCode } from "./verification-status.ts";

/**
 * Asks about chain, dates, purpose and, of a server, its host at once, and names what is wrong as OpenSSL does;
 * `undefined` when the peer is who it should be. A client has no host.
 */
export function verifyPeer(gnutls: GnuTls, session: number, host: string | undefined): string | undefined {
  const asked = [
    { type: keyPurposeOid, value: cString(host === undefined ? clientPurpose : serverPurpose) },
    ...(host === undefined ? [] : [{ type: dnsHostname, value: cString(host) }]),
  ];
  const questions = Buffer.alloc(asked.length * questionBytes);
  asked.forEach(({ type, value }, index) => {
    questions.writeInt32LE(type, index * questionBytes);
    questions.writeBigUInt64LE(BigInt(addressOf(value)), index * questionBytes + 8);
  });
  const status = [invalid];
  const code = gnutls.gnutls_certificate_verify_peers(session, questions, asked.length, status);
  // Used once more, so that they are not collected while only their addresses are known.
  if (code < 0 || asked.some(({ value }) => value.length === 0)) return "UNSPECIFIED";
  return verificationCode(status[0] ?? invalid, peerChain(gnutls, session));
}

// GnuTLS, includes/gnutls/gnutls.h: gnutls_typed_vdata_st { int type; void *data; unsigned size }
const questionBytes = 24;
const dnsHostname = 1;
const keyPurposeOid = 2;
/** id-kp-serverAuth and id-kp-clientAuth, RFC 5280 section 4.2.1.12. */
const serverPurpose = "1.3.6.1.5.5.7.3.1";
const clientPurpose = "1.3.6.1.5.5.7.3.2";
const invalid = 2;
